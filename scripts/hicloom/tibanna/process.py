"""CWL files as a runner sees them: inputs, outputs and steps, in one form however written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from hicloom.errors import InputError

Table = dict[str, Any]
# The same as SafeLoader, ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Beside(NamedTuple):
    """A file that lies beside another: `.px2` is added to its name, `^.bai` replaces an ending."""

    pattern: str
    required: bool

    def of(self, path: str) -> str:
        """The path of the file beside `path`."""
        ending = self.pattern.lstrip("^")
        for _ in range(len(self.pattern) - len(ending)):
            folder, slash, name = path.rpartition("/")
            path = folder + slash + (name.rpartition(".")[0] or name)
        return path + ending


@dataclass(frozen=True)
class Port:
    """An input or output: its type as written, its default, what lies beside its files."""

    name: str
    kind: Any
    default: Any
    beside: tuple[Beside, ...]
    node: Table


@dataclass(frozen=True)
class Step:
    """A step of a workflow: what runs, and where its inputs come from."""

    process: "Process"
    inputs: dict[str, Table]
    scattered: frozenset[str]


@dataclass(frozen=True)
class Process:
    """A tool or workflow; `file` is the CWL file that holds it."""

    file: str
    node: Table
    inputs: dict[str, Port]
    outputs: dict[str, Port]
    steps: dict[str, Step] = field(default_factory=dict)

    def files(self) -> Iterator[str]:
        """The files of this process and of all that it runs, each perhaps several times."""
        yield self.file
        for step in self.steps.values():
            yield from step.process.files()

    def tools(self) -> Iterator["Process"]:
        """The tools that it runs; itself, if it is one."""
        if not self.steps:
            yield self
        for step in self.steps.values():
            yield from step.process.tools()


def read_process(folder: Path, name: str) -> Process:
    """Read a CWL file and all that it runs, which lie in the same folder.

    Parameters
    ----------
    folder : Path
        A flat folder: tibanna's worker fetches files by their names.
    name : str
        The main file. Of a packed one (`cwltool --pack`) it is the process `main`.

    Raises
    ------
    InputError
        If a file is missing, is no CWL, or runs a file outside the folder.
    """
    document = _load(folder, name)
    if "$graph" in document:
        parts = {_short(part["id"]): part for part in document["$graph"]}
        if "main" not in parts:
            raise InputError(f"{folder / name}: a packed file without #main; use cwltool --pack")
        return _process(parts["main"], name, folder, parts)
    return _process(document, name, folder, {})


def _load(folder: Path, name: str) -> Table:
    path = folder / name
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; --cwl names the folder of CWL files") from None
    except (UnicodeDecodeError, yaml.YAMLError):
        raise InputError(f"{path}: is no CWL file") from None
    if not isinstance(document, dict) or not {"class", "$graph"} & document.keys():
        raise InputError(f"{path}: is no CWL file")
    return document


def _process(node: Table, file: str, folder: Path, parts: Mapping[str, Table]) -> Process:
    steps = {
        name: Step(
            _run(step["run"], file, folder, parts),
            {key: _source(entry) for key, entry in _entries(step.get("in", {}), "source")},
            frozenset(map(_short, _listed(step.get("scatter", [])))),
        )
        for name, step in _entries(node.get("steps", {}), "run")
    }
    return Process(file, node, _ports(node["inputs"]), _ports(node["outputs"]), steps)


def _run(run: Any, file: str, folder: Path, parts: Mapping[str, Table]) -> Process:
    if isinstance(run, dict):
        return _process(run, file, folder, parts)
    name = _short(run)
    if name in parts:
        return _process(parts[name], file, folder, parts)
    if "/" in run.removeprefix("./"):
        raise InputError(
            f"{folder / file}: runs {run}, in another folder; tibanna's worker has one folder"
        )
    return _process(_load(folder, name), name, folder, {})


def _ports(nodes: Any) -> dict[str, Port]:
    return {name: _port(name, node) for name, node in _entries(nodes, "type")}


def _port(name: str, node: Table) -> Port:
    beside = [
        Beside(b.rstrip("?"), not b.endswith("?"))
        if isinstance(b, str)
        else Beside(b["pattern"], b.get("required") is not False)
        for b in _listed(node.get("secondaryFiles", []))
    ]
    return Port(name, node["type"], node.get("default"), tuple(beside), node)


def _source(entry: Table) -> Table:
    """An input of a step; several sources stay a list."""
    source = entry.get("source")
    return entry | {"source": _trimmed(source)} if isinstance(source, str) else entry


def _trimmed(source: str) -> str:
    """`input` or `step/output`, of `#main/step/output` too."""
    return source.removeprefix("#").removeprefix("main/")


def _entries(nodes: Any, shorthand: str) -> Iterator[tuple[str, Table]]:
    """Names and contents of a map or a list of things with an id.

    `File` is short for `{type: File}`, with `type` as the shorthand.
    """
    pairs = nodes.items() if isinstance(nodes, dict) else ((node["id"], node) for node in nodes)
    for name, node in pairs:
        yield _short(name), node if isinstance(node, dict) else {shorthand: node}


def _short(name: str) -> str:
    """The last part of an id."""
    return name.rpartition("#")[2].rpartition("/")[2]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
