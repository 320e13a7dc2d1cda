"""BGZF that is inflated piece by piece, by any thread, many blocks in one call."""

import gzip
import io
from collections.abc import Callable

import numpy as np
import pytest

from hicloom.errors import InputError
from hicloom.formats.bgzf import EOF_BLOCK, BgzfWriter, inflating
from hicloom.formats.bgzf.lazy import lazy_pieces

# Numbers compress to about a third: more than one of the pieces that are read at a time.
TEXT = np.random.default_rng(1).integers(0, 1000, 600_000).astype("<u4").tobytes()


def bgzip(text: bytes) -> bytes:
    coded = io.BytesIO()
    with BgzfWriter(coded) as out:
        out.write(text)
    return coded.getvalue()


def read(coded: bytes) -> bytes:
    pieces = list(lazy_pieces(io.BufferedReader(io.BytesIO(coded)), "x"))  # type: ignore[arg-type]
    assert len(pieces) > 1 or len(coded) < 1 << 18
    # From the last to the first: they do not depend on one another.
    return b"".join([piece().tobytes() for piece in reversed(pieces)][::-1])


def start_of_block(coded: bytes, number: int) -> int:
    place = 0
    for _ in range(number):
        place += int.from_bytes(coded[place + 16 : place + 18], "little") + 1
    return place


@pytest.fixture(params=["at once", "one by one"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to inflate: with the library's functions, and without."""
    if request.param == "one by one":
        monkeypatch.setattr(inflating, "libdeflate", lambda: None)


def test_the_package_deflate_shows_the_functions_of_libdeflate() -> None:
    # Without them everything works, but takes longer.
    assert inflating.libdeflate() is not None


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("encode", [gzip.compress, bgzip, bytes])
def test_pieces_make_the_text(encode: Callable[[bytes], bytes]) -> None:
    assert read(encode(TEXT)) == TEXT


@pytest.mark.usefixtures("way")
def test_empty_blocks_may_lie_between_others() -> None:
    assert read(EOF_BLOCK + bgzip(b"some") + bgzip(b"text")) == b"sometext"


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("at", [30, -8, -4, -2], ids=["data", "checksum", "size", "huge size"])
def test_a_damaged_block_is_refused_with_its_place(at: int) -> None:
    coded = bytearray(bgzip(TEXT))
    start, end = start_of_block(coded, 3), start_of_block(coded, 4)
    coded[start + at if at > 0 else end + at] ^= 0x55
    with pytest.raises(InputError, match=rf"x: damaged BGZF block at byte {start}"):
        read(bytes(coded))


def test_a_file_cut_between_or_within_blocks_is_refused() -> None:
    coded = bgzip(TEXT)
    for cut in (len(coded) - len(EOF_BLOCK), start_of_block(coded, 3), len(coded) - 40):
        with pytest.raises(InputError, match="x: truncated"):
            read(coded[:cut])


def test_what_follows_blocks_must_be_one() -> None:
    with pytest.raises(InputError, match=f"x: no BGZF block at byte {len(bgzip(TEXT))}"):
        read(bgzip(TEXT) + bytes(100))
