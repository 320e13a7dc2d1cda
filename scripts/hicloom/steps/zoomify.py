from collections.abc import Mapping, Sequence
from typing import Annotated

from cyclopts import Parameter

from hicloom import provenance
from hicloom.matrix.balancing import DEFAULTS, BalanceOptions, balance_map
from hicloom.matrix.resolutions import choose
from hicloom.options import Output, Threads
from hicloom.outputs import atomic


def zoomify(
    cool: str,
    /,
    *,
    output: Output,
    resolutions: Annotated[Sequence[int] | None, Parameter(consume_multiple=True)] = None,
    balance: bool = True,
    balance_options: Annotated[BalanceOptions, Parameter(name="*")] = DEFAULTS,
    threads: Threads = 1,
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
    threads : int
        Processes for large maps.

    Raises
    ------
    InputError
        If a resolution is not a multiple of the map's.
    """
    from hicloom.formats.cool import coarsen, copy_map, finish_mcool, open_cool

    balance_options.check()
    clr = open_cool(cool)
    sizes = choose(resolutions, int(clr.chromsizes.max()), clr.binsize)
    with atomic(output) as (part,):
        made: dict[int, str] = {clr.binsize: clr.uri}
        for size in sizes:
            target = f"{part}::/resolutions/{size}"
            if size == clr.binsize:
                copy_map(clr.uri, target)
            else:
                finer = _source(made, size)
                coarsen(made[finer], target, size // finer, provenance.command(), threads)
            made[size] = target
            if balance:
                balance_map(target, balance_options, threads)
        finish_mcool(part)


def _source(made: Mapping[int, str], size: int) -> int:
    """The coarsest map so far that `size` is a multiple of: the least to read."""
    return max(finer for finer in made if size % finer == 0)
