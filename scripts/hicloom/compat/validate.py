import sys
from pathlib import Path
from typing import Literal

from hicloom.compat._inputs import needed
from hicloom.errors import InputError
from hicloom.outputs import atomic
from hicloom.steps import validate as step

REPORT = Path("report_validatefiles")
# With 255 UCSC's validateFiles ends on the first error.
VALID, INVALID = 0, 255


def validate(
    *, input_file: Path | None = None, type: Literal["fastq", "fasta", "bam"] = "fastq"
) -> None:
    """Check a file, and write 0 (valid) or 255 into `report_validatefiles`.

    The command itself ends with 0 either way, for a report that says so is what a job waits
    for; what is wrong is printed.

    Parameters
    ----------
    input_file : Path, optional
        Plain or gzip.
    type : {"fastq", "fasta", "bam"}
        What it should hold.

    Raises
    ------
    InputError
        If there is no file.
    """
    path = needed(input_file, "input-file")
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    with atomic(REPORT) as (part,):
        part.write_text(f"{_code(path, type)}\n")


def _code(path: Path, kind: Literal["fastq", "fasta", "bam"]) -> int:
    try:
        step.validate(path, kind=kind)
    except InputError as error:
        print(f"hicloom: {error}", file=sys.stderr)
        return INVALID
    return VALID
