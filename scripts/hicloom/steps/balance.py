import shutil
from typing import Annotated

from cyclopts import Parameter

from hicloom.matrix.balancing import DEFAULTS, BalanceOptions, balance_map
from hicloom.options import Output, Threads
from hicloom.outputs import atomic


def balance(
    cool: str,
    /,
    *,
    output: Output,
    options: Annotated[BalanceOptions, Parameter(name="*")] = DEFAULTS,
    threads: Threads = 1,
) -> None:
    """Balance a contact map, or every one of a file.

    Parameters
    ----------
    cool : str
        A .cool or .mcool, or one of the maps of an .mcool: `x.mcool::/resolutions/1000`.
    output : Path
        A copy of the file with the weights.
    options
        How to balance.
    threads : int
        Processes for large maps.
    """
    from hicloom.formats.cool import open_cool, resolutions, split_uri

    options.check()
    path, group = split_uri(cool)
    sizes = [] if "::" in cool else resolutions(path)
    groups = [f"/resolutions/{size}" for size in sizes] or [group]
    for name in groups:
        open_cool(f"{path}::{name}")
    with atomic(output) as (part,):
        shutil.copyfile(path, part)
        for name in groups:
            balance_map(f"{part}::{name}", options, threads)
