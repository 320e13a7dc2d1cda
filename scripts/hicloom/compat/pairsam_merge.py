from collections.abc import Sequence
from pathlib import Path

from hicloom.compat._inputs import Cores, needed
from hicloom.steps.merge_pairs import merge_pairs


def pairsam_merge(
    *, outprefix: str = "out", nthreads: Cores = 8, input_pairsams: Sequence[Path] | None = None
) -> None:
    """Merge sorted pairsam files: `<outprefix>.merged.sam.pairs.gz`.

    Parameters
    ----------
    outprefix : str
        The output's name without its endings.
    nthreads : int
        Threads that compress.
    input_pairsams : sequence of Path, optional
        Files with the same chromosomes and columns.

    Raises
    ------
    InputError
        If there is none, or one is not sorted or differs (see `hicloom merge-pairs`).
    """
    output = Path(f"{outprefix}.merged.sam.pairs.gz")
    merge_pairs(needed(input_pairsams, "input-pairsams"), output=output, threads=nthreads)
