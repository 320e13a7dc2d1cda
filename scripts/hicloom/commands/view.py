"""`hicloom view`: maps and depth in HiGlass."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

LOOPBACK = "127.0.0.1"


def view(
    file: Path,
    /,
    *files: Path,
    region: str | None = None,
    host: str = LOOPBACK,
    port: Annotated[int, Parameter(validator=Number(gte=0, lte=65535))] = 0,
    open_: Annotated[bool | None, Parameter(name="--open", negative="--no-open")] = None,
) -> None:
    """Show maps and depth in HiGlass, in the browser, without a network.

    Prints the address to open. Ends with Ctrl-C. Several maps are shown side by side; those of
    the same chromosomes move together, each below the depth of its genome. HiGlass itself is
    got once, by `hicloom fetch higlass`.

        hicloom view results/groups/R1.sacCer3.viewconf.json
        hicloom view a.mcool b.hic depth.bw --region chrII:1-20,000

    Parameters
    ----------
    file : Path
        An .mcool, .cool, .hic, bigWig or D4 file, or a viewconf (.json), for which the files
        that it names are looked for among `files`, then beside it.
    files : Path
        More of them.
    region : str, optional
        What is in view first: `chr1:1-20,000`, or of two sides `chr1|chr2:5-20` (1-based, both
        included; default: the genome).
    host : str
        Address to listen at. Beyond 127.0.0.1, whoever has the printed address can see the
        files, and the connection is not encrypted.
    port : int
        Port to listen at (default: a free one).
    open_ : bool, optional
        Whether to open the browser (default: where there is a screen).

    Raises
    ------
    InputError
        If a file cannot be shown, the region is not on it, the address is taken, or HiGlass or
        the extra `view` are not installed.
    """
    from hicloom.higlass.serving import serve

    serve([file, *files], region, host, port, open_)
