from collections.abc import Iterator
from pathlib import Path

from hicloom import provenance
from hicloom.formats.pairs import (
    SORTED,
    UPPER_TRIANGLE,
    PairsReader,
    PlaceCheck,
    TriangleCheck,
    create_pairs,
    open_pairs,
)
from hicloom.formats.pairs.flip import Flipper
from hicloom.options import Memory, Output, Threads
from hicloom.sorting import sort_command, write_sorted


def sort_pairs(
    pairs: Path,
    /,
    *,
    output: Output,
    flip: bool = False,
    threads: Threads = 1,
    memory: Memory = "2G",
    tmpdir: Path | None = None,
) -> None:
    """Sort pairs by chrom1, chrom2, pos1, pos2, pair_type; equal rows keep their order.

    Chromosomes are ordered as bytes (the C locale), as pairtools orders them.

    Parameters
    ----------
    pairs : Path
        Pairs in any order, plain or compressed; `-` is standard input.
    output : Path
        Sorted pairs: `.gz` is written as BGZF with a `.px2` index beside it; `-` is
        standard output.
    flip : bool
        Move pairs of the lower triangle to the upper one first (else they are refused).
    threads : int
        Threads that sort and compress.
    memory : str
        What sorting may take, such as `4G`; more than that is spilled to `tmpdir`.
    tmpdir : Path, optional
        Folder for spilled chunks (default: the system's). It needs about a third of the
        size of the uncompressed text.

    Raises
    ------
    InputError
        If the input is not pairs, a pair lies off the header's chromosomes, or it is in the
        lower triangle and `flip` is off.
    """
    with open_pairs(pairs) as reader:
        header = reader.header.with_values(sorted=SORTED, shape=UPPER_TRIANGLE)
        command = sort_command(reader.header, threads=threads, memory=memory, tmpdir=tmpdir)
        with create_pairs(output, header.with_command(provenance.command()), threads) as out:
            write_sorted(out, _upper(reader, flip), command)


def _upper(reader: PairsReader, flip: bool) -> Iterator[bytes]:
    flipper, triangle = Flipper(reader.header), TriangleCheck(reader.header)
    places = PlaceCheck(reader.header)
    for block in reader.blocks():
        places.check(block)
        if flip:
            yield flipper.flip(block)
        else:
            triangle.check(block)
            yield block.text.tobytes()
