"""Checking an execution JSON against tibanna's worker and the CWL files that it names."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hicloom.errors import InputError
from hicloom.tibanna.inputs import check_inputs, unused, values_of
from hicloom.tibanna.machine import check_config, check_files, remarks
from hicloom.tibanna.outputs import check_outputs, not_uploaded
from hicloom.tibanna.process import Process, Table, read_process
from hicloom.workflow import layout


@dataclass(frozen=True)
class Verdict:
    """What is wrong, and what should be known; a line each."""

    process: Process
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_execution(path: Path) -> Table:
    """The tables of an execution JSON.

    Raises
    ------
    InputError
        If it is no JSON, or lacks `args` or `config`.
    """
    try:
        execution = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is no JSON (not UTF-8)") from None
    except json.JSONDecodeError as error:
        raise InputError(f"{path}: is no JSON (line {error.lineno}: {error.msg})") from None
    for section in ("args", "config"):
        if not isinstance(execution, dict) or not isinstance(execution.get(section), dict):
            raise InputError(f"{path}: expected an object with args and config; see docs/cloud.md")
    return dict(execution)


def check_execution(execution: Table, cwl: Path | None = None) -> Verdict:
    """What tibanna's worker would stumble over.

    Parameters
    ----------
    execution : dict
        With `args` and `config`.
    cwl : Path, optional
        Folder of the CWL files (default: `cwl_directory_local`, else those of this package,
        for what a URL serves is not fetched).

    Raises
    ------
    InputError
        If the CWL files are not there.
    """
    args, config = execution["args"], execution["config"]
    name = args.get("cwl_main_filename")
    if not isinstance(name, str) or "/" in name or not name:
        raise InputError("args.cwl_main_filename: expected the name of a CWL file")
    folder = cwl or _folder(args.get("cwl_directory_local"))
    process = read_process(folder, name)
    values = values_of(args)
    problems = [
        *check_files(args, process, folder),
        *check_inputs(args, process),
        *check_outputs(args, process, values),
        *check_config(config, str(args.get("app_name", ""))),
    ]
    if problems:
        return Verdict(process, problems)
    notes = [
        *not_uploaded(args, process),
        *unused(args, process),
        *remarks(args, config, process, values),
    ]
    return Verdict(process, notes=notes)


def _folder(local: Any) -> Path:
    return Path(local) if isinstance(local, str) and local else layout.folder() / "cwl"
