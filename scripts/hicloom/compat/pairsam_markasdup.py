from pathlib import Path

from hicloom.compat._inputs import needed
from hicloom.steps.dedup import dedup


def pairsam_markasdup(*, input_pairsam: Path | None = None, outprefix: str = "out") -> None:
    """Mark duplicates of a sorted pairsam file: `<outprefix>.marked.sam.pairs.gz` and `.px2`.

    Nothing is dropped: duplicates have pair type DD and SAM flag 0x400, and unmapped pairs
    stay as they are.

    Parameters
    ----------
    input_pairsam : Path, optional
        Sorted pairs with SAM columns.
    outprefix : str
        The output's name without its endings.

    Raises
    ------
    InputError
        If there is none, or it is not sorted (see `hicloom dedup`).
    """
    dedup(
        needed(input_pairsam, "input-pairsam"),
        output=Path(f"{outprefix}.marked.sam.pairs.gz"),
        keep_duplicates=True,
        max_mismatch=3,
        method="max",
        backend="cython",
    )
