from pathlib import Path

from hicloom.compat._inputs import Cores, Size, needed
from hicloom.steps.cload import cload


def cooler(
    *,
    pairs: Path | None = None,
    chrsizes: Path | None = None,
    binsize: Size | None = None,
    ncores: Cores = 8,
    outprefix: str = "out",
    max_split: Size = 2,
) -> None:
    """Bin pairs as `cooler cload pairix` does: `<outprefix>.cool`.

    Pairs on chromosomes that `chrsizes` lacks are left out, and counted on stderr.

    Parameters
    ----------
    pairs : Path, optional
        Pairs; no index is needed beside them.
    chrsizes : Path, optional
        Chromosomes of the map and their order.
    binsize : int, optional
        In bp.
    ncores : int
        Threads that decompress the pairs.
    outprefix : str
        The output's name without `.cool`.
    max_split : int
        Taken and not used: the pairs are read once, from start to end, not by regions.

    Raises
    ------
    InputError
        If an input is missing, or a pair lies beyond its chromosome.
    """
    cload(
        needed(pairs, "pairs"),
        chromsizes=needed(chrsizes, "chrsizes"),
        bin_size=needed(binsize, "binsize"),
        output=Path(f"{outprefix}.cool"),
        drop_other_chromosomes=True,
        threads=ncores,
    )
