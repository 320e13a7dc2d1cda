import sys
from pathlib import Path

from hicloom.compat._inputs import Flag, Size
from hicloom.compat._resolutions import of_hic, powers_of_two
from hicloom.formats.chromsizes import read_chromsizes
from hicloom.formats.pairs import open_pairs
from hicloom.options import Natural
from hicloom.steps.hic import hic


def pairs2hic(
    *,
    input_pairs: Path,
    chromsizes: Path,
    output_prefix: str = "out",
    min_res: Size = 5000,
    higlass: Flag = False,
    maxmem: str = "14g",
    mapqfilter: Natural = 0,
    custom_res: str = "",
    no_balance: Flag = False,
) -> None:
    """Make a .hic file as `juicer_tools pre` and `addNorm` do: `<output_prefix>.hic`.

    Left out, as `pre` does, are pairs on chromosomes that `chromsizes` lacks and, where the
    pairs have columns frag1 and frag2, those with both ends on one fragment.

    Parameters
    ----------
    input_pairs : Path
        Pairs.
    chromsizes : Path
        Chromosomes of the map and their order.
    output_prefix : str
        The output's name without `.hic`.
    min_res : int
        The finest resolution in bp. It must be the first of `--custom-res`, or 5000 where
        neither that nor `--higlass` is given.
    higlass : bool
        `--min-res` times powers of two, until the whole genome is one tile of 256 bins.
    maxmem : str
        What gathering pixels, then the norms, may take, such as `14g`.
    mapqfilter : int
        Leave out pairs with a side below this mapping quality; means nothing where the pairs
        have no columns mapq1 and mapq2.
    custom_res : str
        Resolutions in bp with commas (default: those of juicer_tools, from 5000 to 2500000).
        Excludes `--higlass`, unless it is the default of the workflow hi-c-processing-pairs,
        which then counts as not given.
    no_balance : bool
        Compute no norms.

    Raises
    ------
    InputError
        If the resolutions contradict each other, or a pair lies beyond its chromosome.
    """
    sizes = of_hic(min_res, custom_res, higlass=higlass)
    if higlass:
        genome = sum(read_chromsizes(chromsizes).values())
        sizes = powers_of_two(min_res, genome, to_one_tile=True)
    with open_pairs(input_pairs) as reader:
        columns = set(reader.header.columns)
    if mapqfilter and not columns >= {"mapq1", "mapq2"}:
        print(f"{input_pairs}: has no mapq1 and mapq2; --mapqfilter means nothing", file=sys.stderr)
        mapqfilter = 0
    hic(
        str(input_pairs),
        output=Path(f"{output_prefix}.hic"),
        chromsizes=chromsizes,
        resolutions=sizes,
        norms=() if no_balance else ("VC", "VC_SQRT", "KR", "SCALE"),
        min_mapq=mapqfilter,
        drop_same_fragment=columns >= {"frag1", "frag2"},
        drop_other_chromosomes=True,
        memory=maxmem,
    )
