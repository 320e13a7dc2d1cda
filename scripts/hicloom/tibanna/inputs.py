"""Whether the inputs of an execution are what its CWL process takes."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from hicloom.tibanna.entries import Entry, apply, flat, read_entries
from hicloom.tibanna.process import Port, Process, Table
from hicloom.tibanna.types import Placed, fits, holds, told


def values_of(args: Table) -> dict[str, Any]:
    """What the process is given: parameters, and files where the worker puts them."""
    entries, _ = read_entries("input_files", args, urls=True)
    placed = {name: _placed(entry) for name, entry in entries.items()}
    parameters = args.get("input_parameters") or {}
    return placed | (parameters if isinstance(parameters, dict) else {})


def check_inputs(args: Table, process: Process) -> Iterator[str]:
    """What is wrong with files and parameters, a line each."""
    files, faults = read_entries("input_files", args, urls=True)
    beside, more = read_entries("secondary_files", args, urls=False)
    yield from faults + more
    parameters = args.get("input_parameters") or {}
    if not isinstance(parameters, dict):
        yield "args.input_parameters: expected a table of arguments"
        return
    for section in ("input_files", "input_parameters", "secondary_files"):
        for name in _names(args, section):
            if name not in process.inputs:
                yield unknown(f"args.{section}", name, "input", process, process.inputs)
    for name in sorted(files.keys() & parameters.keys()):
        yield f"args.input_parameters.{name}: is among input_files, too; give it once"
    for port in process.inputs.values():
        if port.name in files or port.name not in _names(args, "input_files"):
            yield from _check_value(port, files.get(port.name), parameters, process)
    yield from _check_places([*files.values(), *beside.values()])
    for port in process.inputs.values():
        is_sound = port.name in beside or port.name not in _names(args, "secondary_files")
        if port.name in files and flat(files[port.name].names) and is_sound:
            yield from _check_beside(port, files[port.name], beside.get(port.name), process)
    for name in sorted(beside.keys() - set(_names(args, "input_files"))):
        yield f"args.secondary_files.{name}: there is no such file among input_files"


def unused(args: Table, process: Process) -> Iterator[str]:
    """Secondary files that the process does not ask for."""
    for name in _names(args, "secondary_files"):
        port = process.inputs.get(name)
        if port and not port.beside:
            yield f"args.secondary_files.{name}: {process.file} does not use them"


def unknown(where: str, name: str, what: str, process: Process, known: dict[str, Port]) -> str:
    """That there is no such input or output, and what was perhaps meant."""
    near = get_close_matches(name, known, 1, 0.85)
    there = f"did you mean {near[0]}?" if near else f"there are {', '.join(known) or 'none'}"
    return f"{where}.{name}: {process.file} has no {what} of that name; {there}"


def _names(args: Table, section: str) -> list[str]:
    """The arguments in a section, in their order."""
    table = args.get(section)
    return list(table) if isinstance(table, dict) else []


def _check_value(
    port: Port, entry: Entry | None, parameters: Table, process: Process
) -> Iterator[str]:
    where = entry.where if entry else f"args.input_parameters.{port.name}"
    value = _placed(entry) if entry else parameters.get(port.name)
    if value is None and (port.default is not None or holds(port.kind, "null")):
        return
    is_file = holds(port.kind, "File") or holds(port.kind, "Directory")
    if value is None:
        section = "input_files" if is_file else "input_parameters"
        yield f"args.{section}.{port.name}: is missing; {process.file} needs it"
    elif not fits(value, port.kind):
        yield f"{where}: {_shown(value)} is not {told(port.kind)}{_hint(port)}"


def _hint(port: Port) -> str:
    folders = holds(port.kind, "Directory") and not holds(port.kind, "File")
    return "; tibanna's worker has no folders as inputs" if folders else ""


def _placed(entry: Entry) -> Any:
    return apply(lambda name: Placed(entry.path(name)), entry.names)


def _shown(value: Any) -> str:
    """A value as it is told, short."""
    text = repr(apply(lambda v: "a file" if isinstance(v, Placed) else v, value))
    text = text if len(text) <= 60 else f"{text[:57]}..."
    return text.replace("'a file'", "a file")


def _check_places(entries: list[Entry]) -> Iterator[str]:
    """Objects of two buckets may have one key, and so one place on the worker."""
    taken: dict[str, tuple[str, str]] = {}
    for entry in entries:
        for key, name in zip(flat(entry.keys), flat(entry.names), strict=True):
            there = taken.setdefault(entry.path(name), (entry.bucket, key))
            if there != (entry.bucket, key):
                yield (
                    f"{entry.where}: s3://{entry.bucket}/{key} and s3://{'/'.join(there)} would "
                    f"both be {entry.path(name)} on the worker; give one of them a rename"
                )


def _check_beside(
    port: Port, files: Entry, beside: Entry | None, process: Process
) -> Iterator[str]:
    """Secondary files are found by the name of their file, so they must lie beside it."""
    where = f"args.secondary_files.{port.name}"
    paths = [files.path(name) for name in flat(files.names)]
    there = [beside.path(name) for name in flat(beside.names)] if beside else []
    wanted = [pattern.of(path) for path in paths for pattern in port.beside]
    stray = [path for path in there if not _fits_beside(path, paths, wanted)]
    for path in stray:
        yield (
            f"{where}: {_key(path)} has another prefix than its file, {_key(paths[0])}; the "
            f"worker looks for {_key(wanted[0]) if wanted else 'it beside that'}"
        )
    needed = [pattern.of(path) for path in paths for pattern in port.beside if pattern.required]
    for path in needed:
        if not stray and path not in there:
            yield f"{where}: {_key(path)} is missing; {process.file} needs it"


def _fits_beside(path: str, files: list[str], wanted: list[str]) -> bool:
    """Whether a secondary file is one that is looked for, or could be one of these files'."""
    return path in wanted if wanted else any(path.startswith(_stem(file)) for file in files)


def _key(path: str) -> str:
    """A path below the folder of inputs, which is the key where nothing is renamed."""
    return path.removeprefix("/data1/").partition("/")[2]


def _stem(path: str) -> str:
    """A path without its endings."""
    folder, slash, name = path.rpartition("/")
    return folder + slash + name.partition(".")[0]
