"""Types of CWL, and what fits them."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

INT32 = 2**31


class Placed(NamedTuple):
    """A file where the worker puts it."""

    path: str


def alternatives(kind: Any) -> Iterator[Any]:
    """The types of a union, none of them in short form: `File?` is `null` or `File`."""
    if isinstance(kind, list):
        for part in kind:
            yield from alternatives(part)
    elif isinstance(kind, dict):
        composed = kind["type"] in ("array", "enum", "record")
        yield from [kind] if composed else alternatives(kind["type"])
    elif kind.endswith("?"):
        yield "null"
        yield from alternatives(kind[:-1])
    elif kind.endswith("[]"):
        yield {"type": "array", "items": kind[:-2]}
    else:
        yield "File" if kind in ("stdout", "stderr") else kind


def fits(value: Any, kind: Any) -> bool:
    """Whether a value, in which files are `Placed`, is of a type."""
    return any(_fits(value, one) for one in alternatives(kind))


def _fits(value: Any, kind: Any) -> bool:
    if not isinstance(kind, dict):
        return _SIMPLE.get(kind, lambda _: False)(value)
    if kind["type"] == "array":
        return isinstance(value, list) and all(fits(item, kind["items"]) for item in value)
    if kind["type"] == "enum":
        return value in map(_symbol, kind["symbols"])
    return isinstance(value, dict)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, float) or _is_whole(value)


_SIMPLE: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "int": lambda value: _is_whole(value) and -INT32 <= value < INT32,
    "long": _is_whole,
    "float": _is_number,
    "double": _is_number,
    "string": lambda value: isinstance(value, str),
    "File": lambda value: isinstance(value, Placed),
    "Any": lambda value: value is not None,
}


def holds(kind: Any, name: str) -> bool:
    """Whether a type is, or is a list of, something: `File`, `Directory`, `null`."""
    for one in alternatives(kind):
        if one == name or (isinstance(one, dict) and "items" in one and holds(one["items"], name)):
            return True
    return False


def is_list(kind: Any) -> bool:
    """Whether a type has lists among its values."""
    return any(isinstance(one, dict) and one["type"] == "array" for one in alternatives(kind))


def told(kind: Any) -> str:
    """A type in words: `int or null`, `File[][]`, `one of max, sum`."""
    return " or ".join(map(_told, alternatives(kind)))


def _told(kind: Any) -> str:
    if not isinstance(kind, dict):
        return str(kind)
    if kind["type"] == "array":
        return f"{told(kind['items'])}[]"
    return f"one of {', '.join(map(_symbol, kind['symbols']))}" if "symbols" in kind else "record"


def _symbol(name: str) -> str:
    """A symbol of an enum, which packed files give a long name."""
    return name.rpartition("#")[2].rpartition("/")[2]
