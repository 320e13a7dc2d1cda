from pathlib import Path

from hicloom.compat._inputs import needed
from hicloom.steps.filter import filter


def pairsam_filter(
    *,
    input_pairsam: Path | None = None,
    outprefix: str = "out",
    chromsize: Path | None = None,
) -> None:
    """Split a marked pairsam file into its alignments and its unique pairs.

    `<outprefix>.lossless.bam` holds every alignment of every pair. `<outprefix>.dedup.pairs.gz`
    (with `.px2`) holds the pairs of types UU, UR and RU on the chromosomes of `chromsize`,
    without SAM columns.

    Parameters
    ----------
    input_pairsam : Path, optional
        Sorted pairs with SAM columns, duplicates marked.
    outprefix : str
        The outputs' names without their endings.
    chromsize : Path, optional
        Chromosomes to keep (default: all).

    Raises
    ------
    InputError
        If there is no input, or it has no SAM columns, or `chromsize` does not fit it (see
        `hicloom filter`).
    """
    filter(
        needed(input_pairsam, "input-pairsam"),
        output=Path(f"{outprefix}.dedup.pairs.gz"),
        lossless_bam=Path(f"{outprefix}.lossless.bam"),
        pair_types=("UU", "UR", "RU"),
        chromsizes=chromsize,
    )
