"""Checking tables and settings against strict schemas, with one clear line for what is wrong."""

import sys
from pathlib import Path
from typing import Any, NoReturn

from hicloom.errors import HicloomError, InputError

Settings = dict[str, Any]


def load_schema(path: Path) -> Settings:
    """A JSON Schema (draft 2020-12) written as YAML."""
    import yaml

    schema: Settings = yaml.safe_load(path.read_text())
    return schema


def check(settings: Settings, schema: Settings, source: str) -> Settings:
    """`settings` with the schema's defaults filled in, at every level.

    Parameters
    ----------
    settings
        What the user wrote; not changed.
    schema
        As `load_schema` returns it.
    source
        Where the settings came from; starts the message.

    Raises
    ------
    InputError
        For an unknown key, a wrong type or a value that is not allowed: the first of them,
        in the order of the schema.
    """
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import relevance

    errors = sorted(Draft202012Validator(schema).iter_errors(settings), key=relevance)
    if errors:
        raise InputError(f"{source}: {_explain(errors[0])}")
    filled: Settings = _filled(settings, schema)
    return filled


def leave(error: HicloomError) -> NoReturn:
    """End a workflow that cannot start, with the one line and the exit code of a verb."""
    print(f"hicloom: {error}", file=sys.stderr)
    sys.exit(error.exit_code)


def _filled(value: Any, schema: Settings) -> Any:
    if not isinstance(value, dict):
        return value
    known = schema.get("properties", {})
    absent = {key: part["default"] for key, part in known.items() if "default" in part}
    return {key: _filled(part, known.get(key, {})) for key, part in (absent | value).items()}


def _explain(error: Any) -> str:
    """One line of a validation error: where, what was found, what was expected."""
    place = ".".join(str(step) for step in error.absolute_path)
    prefix = f"{place}: " if place else ""
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        unknown = [str(key) for key in error.instance if key not in known]
        return f"{prefix}unknown {', '.join(unknown)}; known here: {', '.join(known)}"
    if error.validator == "required":
        absent = [key for key in error.validator_value if key not in error.instance]
        return f"{prefix}{', '.join(absent)} is missing"
    return f"{prefix}{error.instance!r} is not {_expected(error)}"


def _expected(error: Any) -> str:
    rule, wanted = error.validator, error.validator_value
    phrases = {
        "type": lambda: f"of type {wanted if isinstance(wanted, str) else ' or '.join(wanted)}",
        "enum": lambda: f"one of {', '.join(map(str, wanted))}",
        "minimum": lambda: f"at least {wanted}",
        "maximum": lambda: f"at most {wanted}",
        "exclusiveMinimum": lambda: f"above {wanted}",
        "minItems": lambda: f"a list of at least {wanted}",
        "minProperties": lambda: f"a table of at least {wanted}",
        "uniqueItems": lambda: "a list without repeats",
        "pattern": lambda: f"of the form {wanted}",
    }
    return phrases[rule]() if rule in phrases else f"right: {error.message}"
