from collections.abc import Sequence
from pathlib import Path

from hicloom.compat._inputs import Flag, Size, needed
from hicloom.compat._resolutions import of_hic, of_mcool
from hicloom.matrix.resolutions import choose
from hicloom.steps import merge_pairs as step
from hicloom.steps.index_pairs import index_pairs


def merge_pairs(
    *,
    outprefix: str = "out",
    input_pairs: Sequence[Path] | None = None,
    min_res: Size | None = None,
    custom_res: str = "",
    higlass: Flag = False,
    juicer_res: Flag = False,
) -> None:
    """Merge the pairs of replicates: `<outprefix>.pairs.gz` and its `.px2`.

    A single file is copied, byte for byte, and indexed. The header is that of the first file,
    with the `#command:` lines of all.

    Parameters
    ----------
    outprefix : str
        The output's name without its endings.
    input_pairs : sequence of Path, optional
        Sorted pairs with the same chromosomes and columns.
    min_res : int, optional
        What pairs2hic and cooler will be told. With it the resolutions of the maps to come are
        checked before the pairs are merged.
    custom_res : str
        What pairs2hic and cool2mcool will be told.
    higlass : bool
        What pairs2hic will be told.
    juicer_res : bool
        What cool2mcool will be told.

    Raises
    ------
    InputError
        If there is none, or one is not sorted or differs (see `hicloom merge-pairs`), or the
        resolutions contradict each other.
    """
    if min_res is not None:
        _check(min_res, custom_res, higlass, juicer_res)
    output = Path(f"{outprefix}.pairs.gz")
    first, *others = needed(input_pairs, "input-pairs")
    if others:
        step.merge_pairs([first, *others], output=output)
    else:
        index_pairs(first, output=output)


def _check(min_res: int, custom_res: str, higlass: bool, juicer_res: bool) -> None:
    """What pairs2hic and cool2mcool would refuse after hours."""
    of_hic(min_res, custom_res, higlass=higlass)
    sizes = of_mcool(custom_res, juicer_res=juicer_res)
    choose(sizes, max(sizes, default=min_res), min_res)
