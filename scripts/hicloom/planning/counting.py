"""How many read pairs the lanes of a sample table hold, without reading them to their end."""

import io
import zlib
from pathlib import Path

from hicloom.formats.pairs import open_pairs
from hicloom.formats.px2 import read_px2
from hicloom.planning.model import pairs_of_bytes
from hicloom.workflow.samples import Lane, is_remote

_HEAD = 4 << 20
_GZIP_MAGIC = b"\x1f\x8b"
_LINES = {"fastq": 4, "pairs": 1, "merged_nodups": 1}


def read_pairs(lane: Lane, genome: float) -> int | None:
    """About how many pairs a lane holds; None where its file is still to be downloaded.

    Pairs files with an index tell it. Texts are judged by the lines of their first 4 MiB, BAM
    files by what a pair takes in those that `hicloom align` writes.
    """
    if is_remote(lane.files[0]):
        return None
    path = Path(lane.files[0])
    index = path.with_name(f"{path.name}.px2")
    if lane.kind == "pairs" and index.is_file():
        with open_pairs(path) as reader:
            return read_px2(index).lines - reader.header_lines
    if lane.kind == "bam":
        return pairs_of_bytes("align", path.stat().st_size, genome)
    return lines(path) // _LINES[lane.kind]


def lines(path: Path) -> int:
    """About how many lines a text has, plain or gzip, by those at its start."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
    text = _inflated(head) if head.startswith(_GZIP_MAGIC) else head
    found = text.count(b"\n")
    return found if len(head) == size else int(found * size / len(head))


def _inflated(head: bytes) -> bytes:
    """The text of a gzip file's start, across its members (BGZF has many), as far as it goes."""
    text = io.BytesIO()
    while head.startswith(_GZIP_MAGIC):
        member = zlib.decompressobj(wbits=31)
        try:
            text.write(member.decompress(head))
        except zlib.error:
            break
        head = member.unused_data
    return text.getvalue()
