"""`hicloom describe`: what a run or a file holds."""

from pathlib import Path


def describe(path: Path, /) -> None:
    """Print what a run made, or what a file holds and what made it.

    Told are the assembly, the numbers, the date and the parameters where the file records them,
    and the programs with their versions and commands, the first one first.

    Parameters
    ----------
    path : Path
        The folder `results` of a run, or a pairs file or its index, a `.cool`, `.mcool`, `.hic`,
        `.d4`, bigWig, BAM or CRAM file, whatever its name.

    Raises
    ------
    InputError
        If it is none of these.
    """
    from hicloom.origins import describe_file
    from hicloom.workflow.summary import summarise

    print(summarise(path) if path.is_dir() else describe_file(path))
