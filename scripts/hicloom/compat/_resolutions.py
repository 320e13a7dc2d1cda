"""Which resolutions 4DN's tools choose."""

from hicloom.errors import InputError
from hicloom.matrix.resolutions import STANDARD

JUICER = (
    *(5_000, 10_000, 25_000, 50_000, 100_000),
    *(250_000, 500_000, 1_000_000, 2_500_000),
)
"""What `juicer_tools pre` makes unless told otherwise, in bp."""

_TILE = 256


def custom(text: str, *, instead: str = "") -> list[int]:
    """The bin sizes (bp) of a `custom_res`; none where it is empty.

    Parameters
    ----------
    text : str
        Numbers with commas between them.
    instead : str
        Option that excludes a `custom_res`. The default of the workflow hi-c-processing-pairs
        then counts as none, for in CWL it cannot be taken back.

    Raises
    ------
    InputError
        If it holds anything else, or another option excludes it.
    """
    words = [word.strip() for word in text.split(",")] if text.strip() else []
    if not all(word.isdecimal() and int(word) for word in words):
        raise InputError(f"--custom-res {text}: expected bin sizes with commas, as 5000,10000")
    sizes = [int(word) for word in words]
    if not (instead and sizes):
        return sizes
    if sizes == list(STANDARD):
        return []
    raise InputError(f"--{instead} and --custom-res exclude each other; give one of them")


def of_hic(min_res: int, custom_res: str, *, higlass: bool) -> list[int]:
    """The bin sizes (bp) of a .hic file; none where `higlass` leaves them to the genome.

    Raises
    ------
    InputError
        If the inputs contradict each other.
    """
    sizes = custom(custom_res, instead="higlass" if higlass else "")
    if higlass:
        return []
    if sizes and sizes[0] != min_res:
        raise InputError(
            f"--min-res {min_res}: is not the first of --custom-res {custom_res}; make them agree"
        )
    if not sizes and min_res != JUICER[0]:
        raise InputError(
            f"--min-res {min_res}: must be {JUICER[0]} for the default resolutions of juicer_tools;"
            " give --custom-res or --higlass for others"
        )
    return sizes or list(JUICER)


def of_mcool(custom_res: str, *, juicer_res: bool) -> list[int]:
    """The bin sizes (bp) of an .mcool file; none where they are the map's times powers of two.

    Raises
    ------
    InputError
        If the inputs contradict each other.
    """
    sizes = custom(custom_res, instead="juicer-res" if juicer_res else "")
    return list(JUICER) if juicer_res else sizes


def powers_of_two(base: int, genome: int, *, to_one_tile: bool) -> list[int]:
    """`base` times 1, 2, 4 ... until the genome (bp) needs two tiles of 256 bins, or one.

    Two is where `cooler zoomify` 0.8.3 ends, one is the end of the helper of HiGlass
    (`cooler.contrib.higlass`, cooler 0.7).
    """
    tiles = -(-genome // (_TILE * base))
    levels = (tiles - 1).bit_length() + to_one_tile
    return [base << level for level in range(max(1, levels))]
