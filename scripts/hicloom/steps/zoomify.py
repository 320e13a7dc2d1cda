from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from hicloom import provenance
from hicloom.errors import InputError
from hicloom.matrix.balancing import (
    DEFAULTS,
    BalanceOptions,
    balance_map,
    check_memory_to_balance,
)
from hicloom.matrix.resolutions import choose
from hicloom.matrix.values import Columns, CountType, summed_columns
from hicloom.options import Memory, Output, Threads
from hicloom.outputs import atomic


def zoomify(
    cool: str,
    /,
    *,
    output: Output,
    resolutions: Annotated[Sequence[int] | None, Parameter(consume_multiple=True)] = None,
    balance: bool = True,
    balance_options: Annotated[BalanceOptions, Parameter(name="*")] = DEFAULTS,
    count_dtype: CountType | None = None,
    sum_columns: Columns = (),
    threads: Threads = 1,
    memory: Memory = "4G",
    tmpdir: Path | None = None,
) -> None:
    """Coarsen a contact map to many resolutions and balance each.

    Parameters
    ----------
    cool : str
        A map (.cool, or a map of an .mcool: `x.mcool::/resolutions/1000`).
    output : Path
        The multi-resolution map (.mcool).
    resolutions : sequence of int
        Bin sizes in bp, multiples of the map's (default: of 1000, 2000, 5000, 10000, 25000,
        50000, 100000, 250000, 500000, 1000000, 2500000, 5000000 and 10000000 those that are
        not above the longest chromosome).
    balance : bool
        Whether to balance.
    balance_options
        How to balance.
    count_dtype : str, optional
        Type of the counts of all maps (default: the map's). More than 2,147,483,647 contacts
        of two bins need int64.
    sum_columns : sequence of str
        Columns of the pixels to sum besides `count`; others are left out. Where there are
        others, this must be given (`count` alone leaves out all).
    threads : int
        Threads that compress and balance; the maps do not depend on them.
    memory : str
        Limit of memory; pixels that do not fit while balancing go to a temporary file.
    tmpdir : Path, optional
        Folder for that file (default: that of the output).

    Raises
    ------
    InputError
        If a resolution is not a multiple of the map's, its bins are not of equal size, or the
        memory is too little for them.
    WorkError
        If a count is beyond its type.
    """
    from hicloom.formats.cool import BinTable, PixelReader
    from hicloom.matrix.coarsening import check_memory, coarsen

    balance_options.check()
    with PixelReader(cool, threads=threads) as source:
        if source.bin_size is None:
            raise InputError(f"{cool}: has bins of unequal size; expected a map of equal bins")
        sizes = choose(resolutions, max(source.chromsizes.values()), source.bin_size)
        columns = summed_columns(source, count_dtype, sum_columns)
        check_memory(source, sizes, len(columns), threads, memory)
        if balance:
            check_memory_to_balance(BinTable(source.chromsizes, sizes[0]).n_bins, memory)
        with atomic(output) as (part,):
            coarsen(
                source,
                part,
                sizes,
                columns=columns,
                metadata={"command": provenance.command()},
                threads=threads,
            )
            for size in sizes if balance else ():
                uri = f"{part}::/resolutions/{size}"
                balance_map(uri, balance_options, threads, memory, tmpdir)
