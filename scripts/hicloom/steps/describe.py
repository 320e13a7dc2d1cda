"""`hicloom describe`: what a run or a file holds."""

from pathlib import Path


def describe(path: Path, /) -> None:
    """Print what a run made, or what a pairs file, map or D4 holds and what made it.

    Parameters
    ----------
    path : Path
        The folder `results` of a run, a pairs file, a `.mcool` or a `.d4`.

    Raises
    ------
    InputError
        If it is none of these.
    """
    from hicloom.steps.d4.ls import ls
    from hicloom.workflow.summary import describe_mcool, describe_pairs, summarise

    if path.is_dir():
        print(summarise(path))
    elif path.suffix == ".d4":
        ls(str(path))
    elif path.suffix == ".mcool":
        print(describe_mcool(path))
    else:
        print(describe_pairs(path))
