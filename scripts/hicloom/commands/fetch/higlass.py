"""The command `fetch higlass`."""

from pathlib import Path

from hicloom.higlass.script import SCRIPT

PACKAGE = "higlass-python==0.4.8"
MEMBER = "higlass/static/index.js"
SHA256 = "1cd817ae127d8b678f40af4db509ecadb8e770ba0a74467811ee91d93ffde0b5"


def higlass(*, output: Path = SCRIPT) -> None:
    """Get HiGlass 1.11, which `hicloom view` shows files with, out of a package on PyPI.

    The wheel of higlass-python 0.4.8 carries it. Nothing is downloaded when it is there already.

    Parameters
    ----------
    output : Path
        Where it is kept; elsewhere than at the default, the variable HICLOOM_HIGLASS must name
        it.

    Raises
    ------
    WorkError
        If PyPI cannot be reached, or what came is not the expected file.
    """
    from hicloom.remote.wheel import fetch_member

    fetch_member(PACKAGE, MEMBER, SHA256, output)
