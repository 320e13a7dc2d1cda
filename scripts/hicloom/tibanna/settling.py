"""What a run of a CWL process will need and how its outputs will be called, before it runs.

Parameter references are looked up; what only a run can tell is `UNKNOWN`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from hicloom.tibanna.process import Port, Process, Step, Table

Values = Mapping[str, Any]
_REFERENCE = re.compile(r"\$\(inputs\.(\w+)\)")


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()


class Needs(NamedTuple):
    """What a machine must have for the largest job of a run: cores, memory (MB)."""

    cores: int
    ram: int


def needs(process: Process, given: Values) -> Needs:
    """The largest job's cores and memory, as the tools' ResourceRequirements ask for."""
    asked = [_asked(tool, values) for tool, values in _jobs(process, _settle(process, given))]
    return Needs(max(need.cores for need in asked), max(need.ram for need in asked))


def output_name(process: Process, port: Port, given: Values) -> Any:
    """The file name of an output; None if it will be null, UNKNOWN if only the run can tell."""
    return _name(process, port, _settle(process, given))


def ending(process: Process, port: Port) -> str:
    """What an output's name ends on, where that is all that is known: `.bam` of `*.bam`."""
    if not process.steps:
        glob = (port.node.get("outputBinding") or {}).get("glob")
        return glob.rpartition("*")[2] if isinstance(glob, str) and "*" in glob else ""
    step, inner = _maker(process, port)
    return ending(step.process, inner) if step and inner else ""


def _settle(process: Process, given: Values) -> dict[str, Any]:
    """A value for each input: the given one, else the default."""
    known = {name: given.get(name) for name in process.inputs}
    return {n: process.inputs[n].default if v is None else v for n, v in known.items()}


def _jobs(process: Process, values: Values) -> Iterator[tuple[Process, Values]]:
    """Every tool with the values of its inputs."""
    if not process.steps:
        yield process, values
    for step in process.steps.values():
        yield from _jobs(step.process, _handed(step, values))


def _handed(step: Step, values: Values) -> dict[str, Any]:
    """What the inputs of a step get from those of its workflow."""
    own = {name: _linked(entry, values) for name, entry in step.inputs.items()}
    own |= dict.fromkeys(own.keys() & step.scattered, UNKNOWN)
    made = {
        name: interpolate(entry["valueFrom"], own)
        for name, entry in step.inputs.items()
        if "valueFrom" in entry
    }
    return _settle(step.process, own | made)


def _linked(entry: Table, values: Values) -> Any:
    source = entry.get("source")
    value = None if source is None else UNKNOWN
    if isinstance(source, str) and source in values:
        value = values[source]
    return entry.get("default") if value is None else value


def interpolate(text: Any, values: Values) -> Any:
    """A value or text with its `$(inputs.NAME)` filled in."""
    if not isinstance(text, str):
        return text
    whole = _REFERENCE.fullmatch(text)
    if whole:
        return values.get(whole[1])
    found = [values.get(name) for name in _REFERENCE.findall(text)]
    filled = _REFERENCE.sub(lambda match: str(values.get(match[1])), text)
    if UNKNOWN in found or None in found or "$(" in filled or "${" in filled:
        return UNKNOWN
    return filled


def _asked(tool: Process, values: Values) -> Needs:
    node = _requirement(tool, "ResourceRequirement")
    cores, ram = (interpolate(node.get(key), values) for key in ("coresMin", "ramMin"))
    # CWL's own defaults, where nothing is asked or nothing can be told.
    return Needs(*(v if isinstance(v, int) else least for v, least in ((cores, 1), (ram, 256))))


def _requirement(tool: Process, name: str) -> Table:
    for section in ("requirements", "hints"):
        nodes = tool.node.get(section) or {}
        if isinstance(nodes, list):
            nodes = {node["class"]: node for node in nodes}
        if name in nodes:
            found: Table = nodes[name]
            return found
    return {}


def image(tool: Process) -> str | None:
    """The Docker image of a tool."""
    return _requirement(tool, "DockerRequirement").get("dockerPull")


def _name(process: Process, port: Port, values: Values) -> Any:
    if process.steps:
        step, inner = _maker(process, port)
        return _name(step.process, inner, _handed(step, values)) if step and inner else UNKNOWN
    if port.kind == "stdout":
        glob = process.node.get("stdout")
    else:
        glob = (port.node.get("outputBinding") or {}).get("glob")
    name = interpolate(glob, values)
    if not isinstance(name, str):
        return name
    return UNKNOWN if "*" in name else name.rpartition("/")[2]


def _maker(process: Process, port: Port) -> tuple[Step | None, Port | None]:
    """The step that makes an output, and the output there."""
    source = port.node.get("outputSource")
    if not isinstance(source, str) or "/" not in source:
        return None, None
    name, inner = source.rpartition("#")[2].removeprefix("main/").split("/")[-2:]
    step = process.steps.get(name)
    return (step, step.process.outputs.get(inner)) if step else (None, None)
