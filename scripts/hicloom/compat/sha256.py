from pathlib import Path

from hicloom.compat._digests import of_content
from hicloom.compat._inputs import needed
from hicloom.outputs import atomic

REPORT = Path("report")


def sha256(*, input_file: Path | None = None) -> None:
    """Write one line into `report`: the sha256 of what a file holds.

    Parameters
    ----------
    input_file : Path, optional
        Any file; if its name ends in `.gz`, the digest is of the inflated content.

    Raises
    ------
    InputError
        If there is none, or a `.gz` file is not gzip, damaged or truncated.
    """
    digest = of_content(needed(input_file, "input-file"), "sha256")
    with atomic(REPORT) as (part,):
        part.write_text(f"{digest}\n")
