"""SAM columns of pairs (pairtools' sam1 and sam2), and the lossless BAM made of them."""

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hicloom.errors import InputError
from hicloom.formats.pairs.block import Block
from hicloom.formats.pairs.header import Header
from hicloom.outputs import atomic

_FIELD, _NEXT_RECORD = b"\x19", b"\x19NEXT_SAM\x19"
COLUMNS = ("sam1", "sam2")


def sam_text(block: Block) -> bytes:
    """The alignments of a block's pairs as SAM lines, in the order of the pairs."""
    text = block.text.tobytes()
    bounds = [block.bounds(column) for column in COLUMNS]
    spans = np.stack([edge for pair in bounds for edge in pair], axis=1).tolist()
    fields = [text[start:end] for row in spans for start, end in (row[:2], row[2:])]
    records = b"\n".join(field for field in fields if field not in (b".", b""))
    return records.replace(_NEXT_RECORD, b"\n").replace(_FIELD, b"\t") + b"\n" * bool(records)


@contextlib.contextmanager
def create_lossless_bam(path: Path, header: Header, threads: int) -> Iterator["LosslessBam"]:
    """A BAM that takes every alignment of the pairs written to it.

    Raises
    ------
    InputError
        If the pairs carry no SAM columns.
    """
    if not set(COLUMNS) <= set(header.columns):
        raise InputError(
            "a lossless BAM needs pairs with SAM columns; make them with: "
            "hicloom bam2pairs --keep-sam"
        )
    lines = [f.partition(": ")[2] for f in header.fields if f.startswith("#samheader:")]
    with atomic(path) as (part,):
        bam = LosslessBam(part, lines, threads)
        try:
            yield bam
            bam.finish()
        except BrokenPipeError:
            # The thread that reads the pipe says why it stopped.
            bam.finish()
            raise
        finally:
            bam.close()


class LosslessBam:
    """SAM text goes through a pipe to htslib, which parses and compresses it in a thread."""

    def __init__(self, path: Path, header_lines: list[str], threads: int):
        outlet, inlet = os.pipe()
        self._pipe = open(inlet, "wb")  # noqa: SIM115
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._convert, args=(outlet, path, threads))
        self._thread.start()
        self._pipe.write("".join(f"{line}\n" for line in header_lines).encode())

    def write(self, block: Block) -> None:
        """Append the alignments of these pairs."""
        self._pipe.write(sam_text(block))

    def finish(self) -> None:
        """Wait until all is written; raise what went wrong."""
        self.close()
        if self._error:
            raise self._error

    def close(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._pipe.close()
        self._thread.join()

    def _convert(self, outlet: int, path: Path, threads: int) -> None:
        import pysam

        try:
            with (
                open(outlet, "rb") as pipe,
                pysam.AlignmentFile(pipe, "r", check_sq=False) as source,
                pysam.AlignmentFile(
                    os.fspath(path), "wb", header=source.header, threads=threads
                ) as out,
            ):
                for record in source:
                    out.write(record)
        except BaseException as error:
            self._error = error
