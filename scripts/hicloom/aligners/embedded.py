"""bwa mem -SP5, embedded (PyPI pybwa), in forked workers that share one index in memory."""

import contextlib
import os
import signal
import threading
import warnings
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import pybwa
import pysam

from hicloom.aligners import Settings
from hicloom.errors import WorkError
from hicloom.formats.bam import encode_header, encode_records, make_header
from hicloom.formats.bgzf import EOF_BLOCK
from hicloom.formats.fastq import Batch, Read
from hicloom.formats.genome import BwaIndex
from hicloom.outputs import scratch
from hicloom.process import silence, silenced

_UNMAPPED, _MATE_UNMAPPED, _REVERSE, _MATE_REVERSE = 0x4, 0x8, 0x10, 0x20
_READ1, _READ2, _NOT_PRIMARY = 0x40, 0x80, 0x900
_AHEAD = 3
_ENDING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
# As bwa reads bases: whatever is not A, C, G or T is N.
_COMPLEMENT = bytes({65: 84, 67: 71, 71: 67, 84: 65}.get(base & ~32, 78) for base in range(256))


def align(batches: Iterable[Batch], bam: Path, settings: Settings) -> None:
    """Align batches of read pairs and write their records, in order, to `bam`.

    Raises
    ------
    InputError
        If a file of the index is missing, or a batch holds a wrong record.
    WorkError
        If a worker dies.
    """
    index = BwaIndex.find(settings.index)
    aligner = Embedded(index, settings)
    programs = (_program(settings), {**settings.program, "PP": "bwa"})
    header = make_header(index.chromsizes(), settings.read_group, programs)
    pieces = _aligned(aligner, batches, settings.threads)
    with contextlib.closing(pieces), bam.open("wb") as out:
        out.write(encode_header(header))
        for piece in pieces:
            out.write(piece)
        out.write(EOF_BLOCK)


def _program(settings: Settings) -> dict[str, str]:
    flags = "-SP5M" if settings.split_as_secondary else "-SP5"
    package = version("pybwa")
    return {"ID": "bwa", "PN": "pybwa", "VN": package, "CL": f"bwa mem {flags} (embedded)"}


class Embedded:
    """An index in memory, and how to align to it; forked workers share its pages."""

    def __init__(self, index: BwaIndex, settings: Settings):
        self._group = settings.read_group["ID"] if settings.read_group else None
        self._header = make_header(index.chromsizes(), None, ())
        with _as_pybwa_wants(index) as prefix, silenced(), warnings.catch_warnings():
            # pybwa leaves the .dict to the garbage collector to close.
            warnings.simplefilter("ignore", ResourceWarning)
            self._bwa = pybwa.BwaMem(prefix=prefix)
        self._options = pybwa.BwaMemOptions(
            interleaved_paired_end=True,
            skip_mate_rescue=True,
            skip_pairing=True,
            query_coord_as_primary=True,
            keep_mapq_for_supplementary=True,
            short_split_as_secondary=settings.split_as_secondary,
            threads=1,
            chunk_size=2**30,
        ).finalize()

    def align(self, batch: Batch) -> bytes:
        """The records of one batch, as BGZF blocks."""
        # pybwa takes whatever has a name, a sequence and a quality.
        reads = batch.reads()
        hits = self._bwa.align(reads, self._options)  # type: ignore[arg-type]
        return encode_records(self._header, self._mended(reads, hits))

    def _mended(
        self, reads: list[Read], hits: list[list[pysam.AlignedSegment]]
    ) -> Iterator[pysam.AlignedSegment]:
        """The records as `bwa mem` writes them, where pybwa 2.3.2 differs, and the read group."""
        for place, (read, records) in enumerate(zip(reads, hits, strict=True)):
            side = _READ2 if place % 2 else _READ1
            for record in records:
                record.flag = flag = _mended_flag(record.flag | side)
                if flag & _NOT_PRIMARY and flag & _REVERSE:
                    _mend_sequence(record, read)
                if self._group:
                    record.set_tag("RG", self._group, "Z")
                yield record


def _mended_flag(flag: int) -> int:
    """bwa gives an unmapped mate the place and the strand of the mapped read."""
    if flag & _MATE_UNMAPPED and flag & _REVERSE and not flag & _UNMAPPED:
        return flag | _MATE_REVERSE
    return flag


def _mend_sequence(record: pysam.AlignedSegment, read: Read) -> None:
    """Give a reverse, hard-clipped record its bases; pybwa takes those of the wrong end."""
    left, right = _hard_clips(record.cigartuples or [])
    kept = slice(left, len(read.sequence) - right)
    bases = read.sequence.encode("latin-1").translate(_COMPLEMENT)[::-1][kept]
    record.query_sequence = bases.decode()
    record.query_qualities_str = read.quality[::-1][kept]


def _hard_clips(cigar: list[tuple[int, int]]) -> tuple[int, int]:
    """Bases that are clipped off at the left and at the right end."""
    ends = cigar[:1], cigar[1:][-1:]
    left, right = (sum(n for kind, n in end if kind == pysam.CHARD_CLIP) for end in ends)
    return left, right


def _aligned(
    aligner: Embedded, batches: Iterable[Batch], threads: int
) -> Generator[bytes, None, None]:
    """The records of each batch, in order, a bounded number of batches ahead."""
    with _workers(aligner, threads) as pool:
        waiting: deque[Future[bytes]] = deque()
        try:
            for batch in batches:
                waiting.append(pool.submit(_align_in_worker, batch))
                if len(waiting) >= _AHEAD * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise WorkError("an aligner process died (killed, or out of memory?)") from None


_aligner: Embedded | None = None


def _align_in_worker(batch: Batch) -> bytes:
    assert _aligner is not None
    return _aligner.align(batch)


@contextlib.contextmanager
def _workers(aligner: Embedded, threads: int) -> Iterator[ProcessPoolExecutor]:
    """Forked workers that end when this process does, whatever ends it."""
    alive, held = os.pipe()
    start = (aligner, alive, held)
    pool = ProcessPoolExecutor(threads, get_context("fork"), _start_worker, start)
    try:
        with _signals_held(), warnings.catch_warnings():
            # Python 3.12 warns of threads at a fork; a worker uses none of their locks.
            warnings.simplefilter("ignore", DeprecationWarning)
            pool.submit(os.getpid)
        yield pool
        pool.shutdown()
    finally:
        # After an error the workers end at once, whatever they are at.
        os.close(held)
        pool.shutdown(cancel_futures=True)
        os.close(alive)


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Keep signals to end for later: at a fork, Python would lose what a handler raises."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker(aligner: Embedded, alive: int, held: int) -> None:
    global _aligner
    _aligner = aligner
    os.close(held)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    threading.Thread(target=_end_with_parent, args=(alive,), daemon=True).start()
    # bwa tells the insert sizes of each batch.
    silence()


def _end_with_parent(alive: int) -> None:
    """Wait for the end of a pipe whose other end only the parent holds."""
    os.read(alive, 1)
    os._exit(1)


@contextlib.contextmanager
def _as_pybwa_wants(index: BwaIndex) -> Iterator[Path]:
    """The prefix of links to the index, with the `.dict` beside them that pybwa asks for."""
    with scratch() as folder:
        prefix = folder / "genome"
        for path in index.files():
            prefix.with_suffix(path.suffix).symlink_to(path.absolute())
        sizes = index.chromsizes().items()
        lines = (f"@SQ\tSN:{name}\tLN:{length}\n" for name, length in sizes)
        prefix.with_suffix(".dict").write_text("@HD\tVN:1.6\n" + "".join(lines))
        yield prefix
