import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

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
from hicloom.options import Enzyme, Natural, Output, Threads
from hicloom.outputs import is_stream, scratch
from hicloom.process import chain, tool

if TYPE_CHECKING:
    from hicloom.formats.names import NameSet
    from hicloom.qc.counts import PairCounts

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
    duplicate_names: Path | None = None,
    lossless_bam: Path | None = None,
    keep_duplicates: bool = False,
    max_mismatch: Natural = 3,
    method: Method = "max",
    backend: Backend = "cython",
    qc: Path | None = None,
    multiqc: Path | None = None,
    name: str | None = None,
    chromsizes: Path | None = None,
    arms: Path | None = None,
    fragments: Path | None = None,
    enzyme: Enzyme | None = None,
    threads: Threads = 1,
) -> None:
    """Remove PCR and optical duplicates from sorted pairs, or mark them, with pairtools dedup.

    Two pairs with the same strands are duplicates when their first ends and their second
    ends are near each other. The first of them in the order of the file stays. Unmapped
    pairs are counted and dropped, unless `--keep-duplicates` is given.

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
    duplicate_names : Path, optional
        File for the read names of the duplicates, as hashes of 8 bytes each, for
        `hicloom d4 create --exclude-reads`.
    lossless_bam : Path, optional
        BAM file for every alignment of every pair, in the order of the pairs, duplicates
        flagged 0x400; needs pairs with SAM columns (`hicloom bam2pairs --keep-sam`), which
        the output then leaves out.
    keep_duplicates : bool
        Drop nothing: every pair goes to `output` in its place, duplicates with pair type DD
        and, where there are SAM columns, their alignments flagged 0x400. The other files hold
        what they hold without it.
    max_mismatch : int
        How far (bp) the ends of duplicates may be apart.
    method : {"max", "sum"}
        Whether the larger distance of the two ends counts, or the sum of both.
    backend : {"cython", "scipy"}
        pairtools' algorithm. `cython` compares neighbours in one pass over the file;
        `scipy` works on chunks and joins chains of near pairs transitively.
    qc : Path, optional
        JSON file for every number of the library with its verdict, as `hicloom stats --output`
        writes it of pairs without duplicates, and of the duplicates (docs/qc.md).
    multiqc : Path, optional
        Folder for what MultiQC shows of it.
    name : str, optional
        Name of the library in these (default: that of the output, without endings).
    chromsizes : Path, optional
        Names and lengths of the chromosomes that count in these (default: those of the header).
    arms : Path, optional
        BED file with the arms of chromosomes, for P(s) within them.
    fragments : Path, optional
        Restriction sites of `hicloom fragments`: classes of fragments are counted.
    enzyme : {"4", "6"}, optional
        Bases that the enzyme's site has: where strand orientations are expected to agree.
    threads : int
        Threads that compress the output.

    Raises
    ------
    InputError
        If the pairs are not sorted, are in the lower triangle, or lack SAM columns.
    """
    wanted = {stats, stats_json, qc, multiqc} - {None}
    with contextlib.ExitStack() as stack:
        reader = stack.enter_context(open_pairs(pairs))
        table = stack.enter_context(scratch()) / "stats.tsv"
        sinks = _open_sinks(stack, reader.header, output, dups, lossless_bam, threads)
        sinks.keep_duplicates = keep_duplicates
        sinks.names = _new_names() if duplicate_names else None
        if qc or multiqc:
            files = {"chromsizes": chromsizes, "arms": arms, "fragments": fragments}
            sinks.counts = _new_counts(reader, sinks, mismatch=max_mismatch, **files)
        command = _command(max_mismatch, method, backend, sinks, table if wanted else None)
        with chain([command], feed=_checked(reader)) as line:
            assert line.stdout
            for block in PairsReader(pieces_of(line.stdout), "pairtools dedup").blocks():
                sinks.write(block)
        if duplicate_names and sinks.names:
            sinks.names.write(duplicate_names)
        if stats or stats_json:
            write_stats(table.read_text(), tsv=stats, json=stats_json)
        if sinks.counts:
            named = name or ("pairs" if is_stream(output) else output.name.partition(".")[0])
            _write_library(named, sinks.counts, table, enzyme, output=qc, for_multiqc=multiqc)


@dataclass
class _Sinks:
    """Where the pairs, the duplicates among them and all alignments go."""

    output: PairsWriter
    duplicates: PairsWriter | None
    bam: LosslessBam | None
    keep_duplicates: bool = False
    names: "NameSet | None" = None
    counts: "PairCounts | None" = None

    @property
    def take_duplicates(self) -> bool:
        return bool(self.duplicates or self.names or self.counts) or self.take_unmapped

    @property
    def take_unmapped(self) -> bool:
        return bool(self.bam) or self.keep_duplicates

    def write(self, block: Block) -> None:
        if self.bam:
            self.bam.write(block)
            block = block.without(COLUMNS)
        if self.counts:
            self.counts.add(block.text)
        if self.names:
            starts, ends = block.bounds("readID")
            duplicate = _is_duplicate(block)
            self.names.add(block.text, starts[duplicate], ends[duplicate])
        if self.duplicates:
            self.duplicates.write(block.select(_is_duplicate(block)))
        if self.take_duplicates and not self.keep_duplicates:
            mapped = (block.strings("chrom1") != b"!") & (block.strings("chrom2") != b"!")
            self.output.write(block.select(mapped & ~_is_duplicate(block)))
        else:
            self.output.write(block.text)


def _new_names() -> "NameSet":
    # Brings numba, for which no other run of this step waits.
    from hicloom.formats.names import NameSet

    return NameSet()


def _new_counts(reader: PairsReader, sinks: _Sinks, **options: Any) -> "PairCounts":
    from hicloom.qc.files import counts_for

    left_out = COLUMNS if sinks.bam else ()
    columns = tuple(name for name in reader.header.columns if name not in left_out)
    return counts_for(reader, columns=columns, **options)


def _write_library(
    name: str, counts: "PairCounts", table: Path, enzyme: Enzyme | None, **files: Path | None
) -> None:
    from hicloom.qc.document import Library
    from hicloom.qc.files import write_library
    from hicloom.qc.totals import Totals

    write_library(Library(name, counts, Totals.read(table), enzyme=enzyme), **files)


def _is_duplicate(block: Block) -> NDArray[np.bool_]:
    return block.strings("pair_type") == b"DD"


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
    if sinks.take_duplicates:
        command += ["--output-dups", "-"]
    if sinks.take_unmapped:
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
