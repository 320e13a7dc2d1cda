"""Small BAM files of every kind of alignment, and the depth that hicloom makes of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pysam
from hypothesis import strategies as st
from numpy.typing import NDArray

from hicloom.formats import d4

CHROMSIZES = {"chr1": 3000, "chr2": 700, "chr10": 5000}
# What CIGARs are made of: M, I, D, N, then P, = and X; clips come at the ends.
_INNER = (0, 1, 2, 3, 6, 7, 8)
_QUERY = (0, 1, 4, 7, 8)
_REFERENCE = (0, 2, 3, 7, 8)

Depth = dict[str, NDArray[Any]]


def header(order: str = "unsorted") -> pysam.AlignmentHeader:
    """The header of CHROMSIZES."""
    references = [{"SN": name, "LN": size} for name, size in CHROMSIZES.items()]
    return pysam.AlignmentHeader.from_dict({"HD": {"VN": "1.6", "SO": order}, "SQ": references})


def alignment(
    name: str,
    chrom: int,
    position: int,
    cigar: Sequence[tuple[int, int]],
    *,
    flag: int = 0,
    mapq: int = 60,
    tags: Sequence[tuple[str, Any]] = (),
    of: pysam.AlignmentHeader | None = None,
) -> pysam.AlignedSegment:
    """A record; `position` is 0-based, `cigar` pairs of operation and length."""
    record = pysam.AlignedSegment(of or header())
    record.query_name, record.flag, record.mapping_quality = name, flag, mapq
    record.reference_id, record.reference_start = chrom, position
    record.query_sequence = "A" * sum(size for kind, size in cigar if kind in _QUERY)
    record.cigartuples = list(cigar) or None
    record.set_tags(list(tags))
    return record


@st.composite
def alignments(draw: st.DrawFn) -> pysam.AlignedSegment:
    """Any alignment within its chromosome, with any flags and tags, or an unmapped read."""
    chrom = draw(st.integers(0, len(CHROMSIZES) - 1))
    inner = draw(st.lists(st.tuples(st.sampled_from(_INNER), st.integers(1, 60)), max_size=5))
    match = draw(st.sampled_from((0, 7, 8))), draw(st.integers(1, 80))
    cigar = [match, *inner, match]
    for at, kind in ((0, 4), (len(cigar) + 1, 4), (0, 5)):
        if draw(st.booleans()):
            cigar.insert(at, (kind, draw(st.integers(1, 20))))
    span = sum(size for kind, size in cigar if kind in _REFERENCE)
    position = draw(st.integers(0, list(CHROMSIZES.values())[chrom] - span))
    flag = draw(st.sampled_from((0, 16, 99, 147, 4, 256, 272, 512, 1024, 2048, 2064, 1280, 2304)))
    tags = [("NM", 3), ("XB", [1, 2, 3]), ("XZ", "SAz"), ("SA", "chr1,1,+,9M,60,0;"), ("XF", 1.5)]
    return alignment(
        f"read{draw(st.integers(0, 20))}",
        chrom,
        position,
        cigar,
        flag=flag,
        mapq=draw(st.sampled_from((0, 1, 29, 30, 60, 255))),
        tags=draw(st.lists(st.sampled_from(tags), unique_by=lambda tag: tag[0])),
    )


def write_bam(path: Path, records: Sequence[pysam.AlignedSegment], mode: str = "wb") -> Path:
    """Write records in this order."""
    with pysam.AlignmentFile(str(path), mode, header=header()) as out:
        for record in records:
            out.write(record)
    return path


def sort_bam(path: Path) -> Path:
    """The same records sorted by coordinate."""
    target = path.with_suffix(".sorted.bam")
    pysam.samtools.sort("-o", str(target), str(path), catch_stdout=False)
    return target


def depth_of(path: Path, track: str = "") -> Depth:
    """The depth of each base in a D4 file, by chromosome."""
    with d4.open(path) as file:
        return {chrom: file.values(chrom, track=track) for chrom in file.chromsizes}


def assert_same_depth(one: Depth, other: Depth) -> None:
    """Compare base by base."""
    assert list(one) == list(other)
    for chrom in one:
        np.testing.assert_array_equal(one[chrom], other[chrom], chrom)
