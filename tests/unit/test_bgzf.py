import gzip
import io
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hicloom.errors import InputError
from hicloom.formats.bgzf import (
    BLOCK,
    EOF_BLOCK,
    BgzfReader,
    BgzfWriter,
    BlockOffsets,
    gunzip,
    has_eof,
    is_bgzf,
)

TEXT = b"".join(b"read%d\tchr1\t%d\n" % (i, i * i) for i in range(300_000))


def compress(text: bytes, threads: int = 1, step: int = 999_983) -> tuple[bytes, BlockOffsets]:
    coded = io.BytesIO()
    with BgzfWriter(coded, threads=threads) as out:
        for start in range(0, len(text), step):
            out.write(text[start : start + step])
    return coded.getvalue(), out.offsets()


def test_any_gzip_reader_reads_what_is_written() -> None:
    assert gzip.decompress(compress(TEXT)[0]) == TEXT


@pytest.mark.parametrize("threads", [2, 3])
def test_the_bytes_depend_neither_on_threads_nor_on_the_pieces_written(threads: int) -> None:
    assert compress(TEXT, threads, step=70_001)[0] == compress(TEXT)[0]


def test_an_empty_file_is_the_eof_block_alone() -> None:
    assert compress(b"")[0] == EOF_BLOCK


def test_incompressible_text_still_fits_into_blocks() -> None:
    noise = random.Random(1).randbytes(3 * BLOCK)
    assert gzip.decompress(compress(noise)[0]) == noise


def test_arrays_are_written_as_their_bytes() -> None:
    coded = io.BytesIO()
    with BgzfWriter(coded) as out:
        out.write(np.frombuffer(b"some text", np.uint8))
    assert gzip.decompress(coded.getvalue()) == b"some text"


def test_a_failed_write_leaves_no_whole_file() -> None:
    coded = io.BytesIO()

    def fail() -> None:
        with BgzfWriter(coded, threads=2) as out:
            out.write(TEXT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not coded.getvalue().endswith(EOF_BLOCK)


@pytest.mark.parametrize("threads", [1, 2])
def test_the_reader_gives_text_and_offsets_of_the_writer(threads: int) -> None:
    coded, written = compress(TEXT)
    reader = BgzfReader(io.BytesIO(coded), "x", threads=threads)
    assert b"".join(reader.chunks()) == TEXT
    places = np.append(np.arange(0, len(TEXT), 777), len(TEXT))
    assert (reader.offsets().virtual(places) == written.virtual(places)).all()


def test_virtual_offsets_are_block_start_and_place_within() -> None:
    _, offsets = compress(TEXT)
    second = int(offsets.file[1])
    found = offsets.virtual(np.array([0, BLOCK - 1, BLOCK, BLOCK + 7]))
    assert found.tolist() == [0, BLOCK - 1, second << 16, second << 16 | 7]


@pytest.mark.parametrize("size", [0, 100, BLOCK, BLOCK + 100])
def test_the_end_of_the_text_is_the_start_of_the_eof_block(size: int) -> None:
    coded, offsets = compress(TEXT[:size])
    end = offsets.virtual(np.array([size]))
    assert end.tolist() == [(len(coded) - len(EOF_BLOCK)) << 16]


def test_any_stretch_of_text_is_read_by_its_virtual_offsets() -> None:
    coded, offsets = compress(TEXT)
    reader = BgzfReader(io.BytesIO(coded), "x")
    draw = random.Random(2)
    for _ in range(100):
        begin = draw.randint(0, len(TEXT))
        end = min(len(TEXT), begin + draw.choice([0, 10, BLOCK, 40 * BLOCK]))
        low, high = offsets.virtual(np.array([begin, end])).tolist()
        assert b"".join(reader.range(low, high)) == TEXT[begin:end]


def test_files_put_one_behind_the_other_are_read_as_one() -> None:
    coded = compress(TEXT)[0] + compress(b"the end")[0]
    reader = BgzfReader(io.BytesIO(coded), "x")
    assert b"".join(reader.chunks()) == TEXT + b"the end"
    place = reader.offsets().virtual(np.array([len(TEXT)])).tolist()
    assert place == [len(compress(TEXT)[0]) << 16]


@pytest.mark.parametrize("encode", [gzip.compress, lambda text: compress(text)[0]])
def test_gunzip_reads_gzip_and_bgzf(encode: Callable[[bytes], bytes]) -> None:
    assert b"".join(gunzip(io.BytesIO(encode(TEXT)), "x", threads=2)) == TEXT


@pytest.mark.parametrize("encode", [gzip.compress, lambda text: compress(text)[0]])
def test_a_truncated_file_is_refused_by_name(encode: Callable[[bytes], bytes]) -> None:
    cut = encode(TEXT)[:-40]
    with pytest.raises(InputError, match=r"reads\.gz: truncated"):
        list(gunzip(io.BytesIO(cut), "reads.gz"))


def test_a_file_cut_between_blocks_is_refused() -> None:
    cut = compress(TEXT)[0][: -len(EOF_BLOCK)]
    with pytest.raises(InputError, match="truncated"):
        list(gunzip(io.BytesIO(cut), "reads.gz"))


def test_a_damaged_block_is_refused_with_its_place() -> None:
    coded, offsets = compress(TEXT)
    start = int(offsets.file[2])
    bad = bytearray(coded)
    bad[start + 100] ^= 0xFF
    with pytest.raises(InputError, match=rf"x: damaged BGZF block at byte {start}"):
        list(BgzfReader(io.BytesIO(bad), "x").chunks())


def test_text_that_is_not_compressed_is_refused() -> None:
    with pytest.raises(InputError, match="not compressed"):
        list(gunzip(io.BytesIO(b"plain text"), "x"))


def test_files_are_told_apart(tmp_path: Path) -> None:
    whole, cut, plain = tmp_path / "whole.gz", tmp_path / "cut.gz", tmp_path / "plain.gz"
    whole.write_bytes(compress(TEXT)[0])
    cut.write_bytes(compress(TEXT)[0][:-1])
    plain.write_bytes(gzip.compress(TEXT))
    assert [is_bgzf(path) for path in (whole, cut, plain)] == [True, True, False]
    assert [has_eof(path) for path in (whole, cut, plain)] == [True, False, False]
