from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hicloom import provenance
from hicloom.errors import InputError
from hicloom.formats.fragments import fragment_numbers, read_sites
from hicloom.formats.pairs import Block, create_pairs, open_pairs
from hicloom.kernels.text import Pool
from hicloom.options import Output, Threads

_COLUMNS = ("frag1", "frag2")
_UNMAPPED = "!"


def annotate_fragments(
    pairs: Path,
    /,
    *,
    fragments: Path,
    output: Output,
    replace: bool = False,
    threads: Threads = 1,
) -> None:
    """Add columns frag1 and frag2: the restriction fragments that the two ends lie on.

    Fragments are counted from 0 on each chromosome; a motif's first base begins the next
    fragment. The numbers are those of 4DN's fragment_4dnpairs.pl and Juicer's fragment.pl.

    Parameters
    ----------
    pairs : Path
        Pairs; `-` is standard input.
    fragments : Path
        Sites in Juicer's format, or fragments as BED (see `hicloom fragments`).
    output : Path
        The same pairs with two columns more: `.gz` is written as BGZF, with a `.px2` index
        when they are sorted; `-` is standard output.
    replace : bool
        Overwrite columns frag1 and frag2 where the pairs have them (else that is an error).
    threads : int
        Threads that compress the output.

    Raises
    ------
    InputError
        If a chromosome of the pairs is not in `fragments`, or the columns are there already.
    """
    sites = read_sites(fragments)
    with open_pairs(pairs) as reader:
        old = reader.header.columns
        if not replace and set(_COLUMNS) & set(old):
            raise InputError(f"{reader.source}: has frag1 or frag2 already; give --replace")
        new = (*old, *(name for name in _COLUMNS if name not in old))
        header = reader.header.with_columns(*new).with_command(provenance.command())
        with create_pairs(output, header, threads) as out:
            for block in reader.blocks():
                out.write(_annotated(block, new, sites, fragments))


def _annotated(
    block: Block, columns: tuple[str, ...], sites: dict[str, NDArray[np.int64]], path: Path
) -> NDArray[np.uint8]:
    """The block's lines with the fragment columns in their places among `columns`."""
    pool = Pool(block.text)
    found = {f"frag{side}": pool.numbers(_fragments(block, side, sites, path)) for side in "12"}
    if columns[:-2] == block.header.columns:
        return pool.weave([(block.starts, block.ends), *found.values()])
    return pool.weave([found.get(name) or block.bounds(name) for name in columns])


def _fragments(
    block: Block, side: str, sites: dict[str, NDArray[np.int64]], path: Path
) -> NDArray[np.int64]:
    """0-based fragment of one side of each line; 0 where it is not mapped, as 4DN writes."""
    fragments = fragment_numbers(block, side, sites)
    if (unknown := np.flatnonzero(fragments < 0)).size:
        names = block.strings(f"chrom{side}")[unknown]
        strange = names != _UNMAPPED.encode()
        if strange.any():
            name = names[strange][0].decode(errors="replace")
            raise block.error(int(unknown[strange][0]), f"chromosome {name} is not in {path}")
        fragments[unknown] = 0
    return fragments
