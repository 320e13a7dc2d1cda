"""A step as a CommandLineTool.

Each parameter of the step is an input of the same name. Where that is the name of a file to
write, the file is the output `NAME_file`; where it may be left out, so may the file. What a
step may take, `--memory`, is the input `memory` in MB. Beside them, `ram` and `disk` (MB) and
`threads` are what is asked for. There is no JavaScript.
"""

import re
from collections.abc import Sequence
from inspect import Parameter
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from cyclopts import App, Argument

from hicloom import __version__
from hicloom.options import parse_size

Table = dict[str, Any]
TYPES = {bool: "boolean", int: "int", float: "float", str: "string", Path: "File"}
THREADS, RAM, DISK = 2, 2048, 4096
# Options come after all arguments.
OPTIONS = 9
# What the texts say of streams, which these tools do not offer.
STREAMS = re.compile(r"[;,]\s+`?-`?\s+is\s+standard\s+\w+|\s*\(default: standard output\)")
OUTPUT = "The file to write."
MAP = "Which map of an .mcool, such as `::/resolutions/1000`; empty for a .cool."
MEMORY = "Memory (MB) to ask the machine for."
STORAGE = "Disk (MB) to ask for, once for outputs and once for temporary files."


def tool(verb: str, command: App, table: Table) -> Table:
    """The CommandLineTool of a verb; `table` says what its signature does not."""
    arguments = {
        argument.field_info.name: argument
        for argument in command.assemble_argument_collection(parse_docstring=True)
        if argument.parse and argument.show
    }
    label, _, doc = (command.default_command.__doc__ or "").partition("\n")
    writes: Table = table["outputs"][verb]
    stdout = any(told.get("from") == "stdout" for told in writes.values())
    return _present(
        cwlVersion="v1.2",
        **{"class": "CommandLineTool"},
        label=label,
        doc=_plain(re.split(r"\n *Parameters\n *---", doc)[0]) or None,
        requirements=_requirements("threads" in arguments),
        hints=_hints(table["images"].get(verb, "contacts")),
        baseCommand=_words(command),
        arguments=[_tmpdir()] if "tmpdir" in arguments else None,
        inputs=_inputs(verb, arguments, table) | _resources(verb, arguments, table),
        stdout="$(inputs.output)" if stdout else None,
        outputs={f"{name}_file": _output(name, told, table) for name, told in writes.items()},
    )


def _words(command: App) -> list[str]:
    """`hicloom`, the group of the verb if it has one, and the verb."""
    places = command.default_command.__module__.split(".")[2:]
    return ["hicloom", *(place.replace("_", "-") for place in places)]


def _requirements(threads: bool) -> Table:
    resources = {
        "coresMin": "$(inputs.threads)" if threads else 1,
        "ramMin": "$(inputs.ram)",
        "tmpdirMin": "$(inputs.disk)",
        "outdirMin": "$(inputs.disk)",
    }
    return {"ResourceRequirement": resources}


def _hints(image: str) -> Table:
    return {
        "DockerRequirement": {"dockerPull": f"hicloom-{image}:{__version__}"},
        "SoftwareRequirement": {"packages": {"hicloom": {"version": [__version__]}}},
    }


def _tmpdir() -> Table:
    return {"position": OPTIONS, "prefix": "--tmpdir", "valueFrom": "$(runtime.tmpdir)"}


def _inputs(verb: str, arguments: dict[str, Argument], table: Table) -> Table:
    inputs: Table = {}
    for name, argument in arguments.items():
        if name == "memory":
            inputs[name] = _memory(argument)
        elif name != "tmpdir":
            inputs[name] = _input(verb, argument, table)
        if name in table["maps"]:
            inputs["map"] = _setting("string", "", MAP)
    return inputs


def _input(verb: str, argument: Argument, table: Table) -> Table:
    name = argument.field_info.name
    writes: Table = table["outputs"][verb]
    is_name = name in writes
    default = writes[name].get("name") if is_name else _default(argument)
    type_ = "string" if is_name else _type(argument.hint)
    if name in table["files"]:
        type_ = type_.replace("string", "File")
    type_ = table["types"].get(verb, {}).get(name, type_)
    required = argument.required or (_is_rest(argument) and name in table["required"])
    if default is None and not required:
        type_ = _or_null(type_)
    binding = _binding(argument, default)
    if name in table["maps"]:
        type_, binding = _of_maps(argument, binding)
    indexed = table["indexed"].get(verb) == name
    return _present(
        type=type_,
        secondaryFiles=[{"pattern": ".px2", "required": True}] if indexed else None,
        default=default,
        doc=_doc(argument),
        inputBinding=binding,
    )


def _resources(verb: str, arguments: dict[str, Argument], table: Table) -> Table:
    memory = _memory(arguments["memory"])["default"] if "memory" in arguments else 0
    asked = {
        "ram": _setting("int", table["ram"].get(verb, 2 * memory or RAM), MEMORY),
        "disk": _setting("int", DISK, STORAGE),
    }
    for name, told in table["outputs"][verb].items():
        if told.get("from") == "stdout":
            return {name: _setting("string", told["name"], OUTPUT)} | asked
    return asked


def _output(name: str, told: Table, table: Table) -> Table:
    if told.get("from") == "stdout":
        return {"type": "stdout"}
    px2 = [{"pattern": ".px2", "required": told.get("px2") is True}]
    return _present(
        type=told.get("type", "File") + ("" if "name" in told else "?"),
        format=table["formats"][told["format"]] if "format" in told else None,
        secondaryFiles=px2 if "px2" in told else None,
        outputBinding={"glob": f"$(inputs.{name})"},
    )


def _type(hint: Any) -> Any:
    """The CWL type of a Python type."""
    if hint in TYPES:
        return TYPES[hint]
    origin, inner = get_origin(hint), [part for part in get_args(hint) if part is not NoneType]
    if origin is Literal:
        return {"type": "enum", "symbols": inner}
    if origin in (Union, UnionType):
        return _type(inner[0])
    if isinstance(origin, type) and issubclass(origin, Sequence):
        item = _type(inner[0])
        # cwltool 3.3 cannot read a list of choices that has a default; the verb checks them.
        return f"{item}[]" if isinstance(item, str) else "string[]"
    raise TypeError(f"no CWL type for {hint}")


def _or_null(type_: Any) -> Any:
    if isinstance(type_, str):
        return f"{type_}?"
    return ["null", *(type_ if isinstance(type_, list) else [type_])]


def _of_maps(argument: Argument, binding: Table) -> tuple[Any, Table]:
    """Addresses of maps, made of the files and the name of the map."""
    address = {"valueFrom": "$(self.path)$(inputs.map)"}
    if _is_rest(argument):
        return {"type": "array", "items": "File", "inputBinding": address}, binding
    return "File", binding | address


def _is_rest(argument: Argument) -> bool:
    """Whether it takes the rest of the arguments, perhaps none."""
    return argument.field_info.kind is Parameter.VAR_POSITIONAL


def _default(argument: Argument) -> Any:
    name, default = argument.field_info.name, argument.field_info.default
    if default in (Parameter.empty, None, ()):
        return None
    if name == "threads":
        return THREADS
    return list(default) if isinstance(default, tuple) else default


def _binding(argument: Argument, default: Any) -> Table:
    """How the value stands on the command line."""
    if argument.index is not None:
        return {"position": argument.index + 1}
    if default is True:
        # A flag that is left out would be true.
        return {"position": OPTIONS, "valueFrom": f"{argument.name}=$(self)"}
    return {"position": OPTIONS, "prefix": argument.name}


def _memory(argument: Argument) -> Table:
    megabytes = parse_size(argument.field_info.default) // 2**20
    binding = {"position": OPTIONS, "prefix": argument.name, "valueFrom": "$(self)M"}
    doc = _doc(argument).replace(", such as `4G`", " (MB)")
    return _setting("int", megabytes, doc) | {"inputBinding": binding}


def _setting(type_: str, default: Any, doc: str) -> Table:
    return {"type": type_, "default": default, "doc": doc}


def _present(**parts: Any) -> Table:
    """The parts that are there."""
    return {key: part for key, part in parts.items() if part is not None}


def _doc(argument: Argument) -> str:
    return _plain(argument.parameter.help or "")


def _plain(text: str) -> str:
    """A text without its indentation and its streams; a newline ends one of several lines."""
    lines = [line.strip() for line in STREAMS.sub("", text).strip().splitlines()]
    return "\n".join([*lines, ""] if len(lines) > 1 else lines)
