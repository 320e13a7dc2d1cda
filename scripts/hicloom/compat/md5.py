from pathlib import Path

from hicloom.compat._digests import of_content, of_file
from hicloom.compat._inputs import needed
from hicloom.outputs import atomic

REPORT = Path("report")


def md5(*, input_file: Path | None = None) -> None:
    """Write two lines into `report`: the md5 of a file, and of what it holds.

    Parameters
    ----------
    input_file : Path, optional
        Any file; if its name ends in `.gz`, the second line is of the inflated content, else
        it repeats the first.

    Raises
    ------
    InputError
        If there is none, or a `.gz` file is not gzip, damaged or truncated.
    """
    path = needed(input_file, "input-file")
    lines = (of_file(path, "md5"), of_content(path, "md5"))
    with atomic(REPORT) as (part,):
        part.write_text("".join(f"{line}\n" for line in lines))
