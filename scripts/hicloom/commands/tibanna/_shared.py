"""What the commands of tibanna share."""

import sys
from collections.abc import Iterator
from pathlib import Path

from hicloom.errors import InputError
from hicloom.tibanna.check import Verdict
from hicloom.tibanna.process import Table


def report(path: Path, verdict: Verdict) -> None:
    """Print a line for each problem and refuse the file; tell notes on standard error."""
    for problem in verdict.problems:
        print(f"{path}: {problem}")
    if verdict.problems:
        count = len(verdict.problems)
        raise InputError(f"{path}: {count} {'problem' if count == 1 else 'problems'}, see above")
    for note in verdict.notes:
        print(f"hicloom: {path}: {note}", file=sys.stderr)


def urls_of(execution: Table) -> Iterator[str]:
    """The URLs of all input and secondary files of an execution that was found sound."""
    from hicloom.tibanna.entries import flat, read_entries

    for section, urls in (("input_files", True), ("secondary_files", False)):
        for entry in read_entries(section, execution["args"], urls=urls)[0].values():
            yield from (f"s3://{entry.bucket}/{key}" for key in flat(entry.keys))
