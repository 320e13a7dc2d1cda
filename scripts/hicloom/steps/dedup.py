import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hicloom import provenance
from hicloom.formats.pairs import (
    Block,
    Header,
    OrderCheck,
    PairsReader,
    PairsWriter,
    TriangleCheck,
    create_pairs,
    open_pairs,
)
from hicloom.formats.pairs.sam import COLUMNS, LosslessBam, create_lossless_bam
from hicloom.formats.stats import write_stats
from hicloom.formats.text import pieces_of
from hicloom.options import Natural, Output, Threads
from hicloom.process import chain, tool

Method = Literal["max", "sum"]
Backend = Literal["cython", "scipy"]


def dedup(
    pairs: Path,
    /,
    *,
    output: Output,
    stats: Path | None = None,
    stats_json: Path | None = None,
    dups: Path | None = None,
    lossless_bam: Path | None = None,
    max_mismatch: Natural = 3,
    method: Method = "max",
    backend: Backend = "cython",
    threads: Threads = 1,
) -> None:
    """Remove PCR and optical duplicates from sorted pairs with pairtools dedup.

    Two pairs with the same strands are duplicates when their first ends and their second
    ends are near each other. The first of them in the order of the file stays. Unmapped
    pairs are counted and dropped.

    Parameters
    ----------
    pairs : Path
        Sorted upper-triangular pairs; `-` is standard input.
    output : Path
        Pairs without duplicates: `.gz` is written as BGZF with a `.px2` index beside it;
        `-` is standard output.
    stats : Path, optional
        pairtools' statistics of the input and the duplicates as TSV (MultiQC reads it).
    stats_json : Path, optional
        The same statistics as JSON.
    dups : Path, optional
        Pairs file for the duplicates, with pair type DD.
    lossless_bam : Path, optional
        BAM file for every alignment of every pair, in the order of the pairs, duplicates
        flagged 0x400; needs pairs with SAM columns (`hicloom bam2pairs --keep-sam`), which
        the output then leaves out.
    max_mismatch : int
        How far (bp) the ends of duplicates may be apart.
    method : {"max", "sum"}
        Whether the larger distance of the two ends counts, or the sum of both.
    backend : {"cython", "scipy"}
        pairtools' algorithm. `cython` compares neighbours in one pass over the file;
        `scipy` works on chunks and joins chains of near pairs transitively.
    threads : int
        Threads that compress the output.

    Raises
    ------
    InputError
        If the pairs are not sorted, are in the lower triangle, or lack SAM columns.
    """
    wanted = {stats, stats_json} - {None}
    with contextlib.ExitStack() as stack:
        reader = stack.enter_context(open_pairs(pairs))
        table = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "stats.tsv"
        sinks = _open_sinks(stack, reader.header, output, dups, lossless_bam, threads)
        command = _command(max_mismatch, method, backend, sinks, table if wanted else None)
        with chain([command], feed=_checked(reader)) as line:
            assert line.stdout
            for block in PairsReader(pieces_of(line.stdout), "pairtools dedup").blocks():
                sinks.write(block)
        write_stats(table, tsv=stats, json=stats_json)


@dataclass
class _Sinks:
    """Where unique pairs, duplicates and all alignments go."""

    unique: PairsWriter
    duplicates: PairsWriter | None
    bam: LosslessBam | None

    def write(self, block: Block) -> None:
        if self.bam:
            self.bam.write(block)
            block = block.without(COLUMNS)
        if not (self.bam or self.duplicates):
            self.unique.write(block.text)
            return
        duplicate = block.strings("pair_type") == b"DD"
        mapped = (block.strings("chrom1") != b"!") & (block.strings("chrom2") != b"!")
        self.unique.write(block.select(mapped & ~duplicate))
        if self.duplicates:
            self.duplicates.write(block.select(duplicate))


def _open_sinks(
    stack: contextlib.ExitStack,
    header: Header,
    output: Path,
    dups: Path | None,
    lossless_bam: Path | None,
    threads: int,
) -> _Sinks:
    bam = None
    if lossless_bam:
        bam = stack.enter_context(create_lossless_bam(lossless_bam, header, threads))
        header = header.with_columns(*(name for name in header.columns if name not in COLUMNS))
    header = header.with_command(provenance.command())
    doubles = stack.enter_context(create_pairs(dups, header, threads)) if dups else None
    return _Sinks(stack.enter_context(create_pairs(output, header, threads)), doubles, bam)


def _command(
    max_mismatch: int, method: Method, backend: Backend, sinks: _Sinks, table: Path | None
) -> list[str]:
    """Every flag is given, also where it equals today's default."""
    command = [tool("pairtools", "pip install pairtools"), "dedup", "--mark-dups"]
    command += ["--max-mismatch", str(max_mismatch), "--method", method, "--backend", backend]
    command += ["--chunksize", "100000", "--carryover", "100", "--send-header-to", "dedup"]
    command += ["--unmapped-chrom", "!", "--no-yaml", "--nproc-in", "1", "--nproc-out", "1"]
    if sinks.duplicates or sinks.bam:
        command += ["--output-dups", "-"]
    if sinks.bam:
        command += ["--output-unmapped", "-"]
    if table:
        command += ["--output-stats", str(table)]
    return [*command, "--output", "-"]


def _checked(reader: PairsReader) -> Iterator[bytes]:
    order, triangle = OrderCheck(), TriangleCheck(reader.header)
    yield reader.header.encode()
    for block in reader.blocks():
        order.check(block)
        triangle.check(block)
        yield block.text.tobytes()
