import shutil
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from hicloom.matrix.balancing import (
    DEFAULTS,
    BalanceOptions,
    balance_map,
    check_memory_to_balance,
)
from hicloom.options import Memory, Output, Threads
from hicloom.outputs import atomic


def balance(
    cool: str,
    /,
    *,
    output: Output,
    options: Annotated[BalanceOptions, Parameter(name="*")] = DEFAULTS,
    threads: Threads = 1,
    memory: Memory = "4G",
    tmpdir: Path | None = None,
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
        Threads; the weights do not depend on them.
    memory : str
        Limit of memory; pixels that do not fit go to a temporary file.
    tmpdir : Path, optional
        Folder for that file (default: that of the output).

    Raises
    ------
    InputError
        If there is no map, or the memory is too little for its bins.
    """
    from hicloom.formats.cool import PixelReader, resolutions, split_uri

    options.check()
    path, group = split_uri(cool)
    sizes = [] if "::" in cool else resolutions(path)
    groups = [f"/resolutions/{size}" for size in sizes] or [group]
    for name in groups:
        with PixelReader(f"{path}::{name}") as reader:
            check_memory_to_balance(reader.n_bins, memory)
    with atomic(output) as (part,):
        shutil.copyfile(path, part)
        for name in groups:
            balance_map(f"{part}::{name}", options, threads, memory, tmpdir)
