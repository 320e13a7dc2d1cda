import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from hicloom.errors import InputError
from hicloom.formats.bgzf import BgzfWriter
from hicloom.formats.pairs.indexed import open_indexed
from hicloom.formats.regions import parse_region
from hicloom.options import Output
from hicloom.outputs import STREAM, atomic, is_stream


def query(
    pairs: Path,
    /,
    *regions: str,
    count: bool = False,
    header: bool = False,
    output: Output = STREAM,
) -> None:
    """Print the pairs of one or several regions, found through the .px2 index.

    A region has a side for each end of a pair, as pairix writes it: `chr1:1-10|chr2:5-20`,
    `chr1|chr2`, `chr1:1,000-2,000|*` or `*|chr2`. Positions are 1-based, both included.
    `chr1:1-10` alone means that both ends lie there. When the file keeps the chromosomes the
    other way round (chr2|chr1), the region is turned; `*` is not turned.

    Parameters
    ----------
    pairs : Path
        Sorted BGZF-compressed pairs with their `.px2` (see `hicloom index-pairs`).
    regions : str
        One or several, quoted for the shell; printed in this order, a pair that is in two of
        them twice.
    count : bool
        Print the number of pairs instead, one line a region.
    header : bool
        Print the file's header first.
    output : Path
        Where to write: `.gz` is compressed with BGZF, `-` is standard output.

    Raises
    ------
    InputError
        If a region is malformed, names a chromosome that neither header nor index know, the
        index is missing or belongs to another file, or the file is not BGZF.
    """
    if not regions:
        raise InputError("query: give at least one region, such as 'chr1:1-10000|chr2'")
    with open_indexed(pairs) as file:
        known = file.chromosomes()
        wanted = [parse_region(region, known) for region in regions]
        with _sink(output) as sink:
            if header:
                sink.write(file.header_text())
            for one, two in wanted:
                if count:
                    sink.write(b"%d\n" % sum(n for _, n in file.find(one, two)))
                else:
                    for text, _ in file.find(one, two):
                        sink.write(text)


@contextlib.contextmanager
def _sink(output: Path) -> Iterator[BinaryIO | BgzfWriter]:
    if is_stream(output):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with atomic(output) as (part,), part.open("wb") as raw:
        if output.name.endswith(".gz"):
            with BgzfWriter(raw) as compressed:
                yield compressed
        else:
            yield raw
