import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

from hicloom.formats.pairs import index_path
from hicloom.formats.pairs.indexed import build_index
from hicloom.formats.px2 import PAIRIX_LIMIT
from hicloom.options import Threads
from hicloom.outputs import atomic


def index_pairs(pairs: Path, /, *, output: Path | None = None, threads: Threads = 1) -> None:
    """Index sorted pairs, so that regions can be queried (writes FILE.px2, as pairix does).

    Files that hicloom sorts, merges or deduplicates already have their index; this is for
    files that other programs wrote.

    Parameters
    ----------
    pairs : Path
        BGZF-compressed pairs, in the order of chrom1, chrom2, pos1, pos2. Chromosomes may
        come in any order as long as each pair of them stands in one piece.
    output : Path, optional
        Where to put a copy of the pairs, byte for byte, with the index beside it (default: the
        index lies beside `pairs`).
    threads : int
        Threads that decompress.

    Raises
    ------
    InputError
        If the file is not BGZF, is truncated, is no pairs file, or is not sorted.
    """
    index, top = build_index(pairs, threads=threads)
    with ExitStack() as stack:
        if output:
            copy, part = stack.enter_context(atomic(output, index_path(output)))
            shutil.copyfile(pairs, copy)
        else:
            (part,) = stack.enter_context(atomic(index_path(pairs)))
        part.write_bytes(index.encode())
    if top > PAIRIX_LIMIT:
        print(
            f"hicloom: {pairs}: positions up to {top}; pairix finds only those up to "
            f"{PAIRIX_LIMIT}, hicloom query finds all",
            file=sys.stderr,
        )
