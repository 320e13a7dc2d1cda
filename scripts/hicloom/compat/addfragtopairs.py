from pathlib import Path

from hicloom.steps.annotate_fragments import annotate_fragments
from hicloom.steps.index_pairs import index_pairs


def addfragtopairs(
    *, input_pairs: Path, restriction_file: Path | None = None, outprefix: str = "out"
) -> None:
    """Add the restriction fragments of the two ends: `<outprefix>.ff.pairs.gz` and its `.px2`.

    Parameters
    ----------
    input_pairs : Path
        Sorted pairs. Columns frag1 and frag2 that are there already are replaced.
    restriction_file : Path, optional
        Sites in Juicer's format; without it the pairs are copied, byte for byte, and indexed.
    outprefix : str
        The output's name without its endings.

    Raises
    ------
    InputError
        If the pairs are not sorted, or lie on a chromosome that the sites lack (see
        `hicloom annotate-fragments`).
    """
    output = Path(f"{outprefix}.ff.pairs.gz")
    if restriction_file:
        annotate_fragments(input_pairs, fragments=restriction_file, output=output, replace=True)
    else:
        index_pairs(input_pairs, output=output)
