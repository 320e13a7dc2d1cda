"""Damaged D4 files: one line that says so, never a crash, never much memory."""

import contextlib
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hicloom.errors import InputError
from hicloom.formats import d4
from hicloom.formats.d4 import Layout, SimpleRange
from hicloom.formats.d4.frames import FRAME
from tests.conftest import Outcome
from tests.unit.d4s import LAYOUTS, Depth, piles, write, write_tracks

Cli = Callable[..., Outcome]
FORMS = ["sparse", "sparse, raw", "64 values", "1024 values, raw", "two tracks"]


@pytest.fixture(scope="module")
def depth() -> Depth:
    """Two chromosomes with some thousand runs."""
    rng = np.random.default_rng(3)
    return {"chr1": piles(rng, 60_000, 6000), "chr2": piles(rng, 5000, 300)}


def file_of(folder: Path, depth: Depth, form: str) -> bytes:
    """The bytes of a file."""
    path = folder / "whole.d4"
    if form == "two tracks":
        write_tracks(path, {"a": depth, "b": depth}, LAYOUTS["16 values"])
    else:
        write(path, depth, LAYOUTS[form])
    return path.read_bytes()


def read_all(path: Path) -> None:
    """Read every value."""
    with d4.open(path) as file:
        for track in file.tracks.values():
            for chrom in track.chromsizes:
                track.values(chrom)


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_was_cut_short_is_refused(tmp_path: Path, depth: Depth, form: str) -> None:
    data = file_of(tmp_path, depth, form)
    path = tmp_path / "cut.d4"
    for size in np.random.default_rng(4).integers(0, len(data), 50).tolist():
        path.write_bytes(data[:size])
        with pytest.raises(InputError, match=r"cut\.d4: (is no D4 file|damaged D4)"):
            d4.open(path)


@pytest.mark.parametrize("form", FORMS)
def test_flipped_bytes_crash_nothing_and_take_no_memory(
    tmp_path: Path, depth: Depth, form: str
) -> None:
    """In header, directories, metadata and tables; values may differ, where nothing can tell."""
    data = file_of(tmp_path, depth, form)
    path = tmp_path / "flipped.d4"
    rng = np.random.default_rng(5)
    # Half of them in the first 1,200 bytes: header, root directory, metadata.
    places = np.concatenate((rng.integers(0, 1200, 40), rng.integers(0, len(data), 40)))
    tracemalloc.start()
    for place in places.tolist():
        changed = bytearray(data)
        changed[place] ^= int(rng.integers(1, 256))
        path.write_bytes(changed)
        with contextlib.suppress(InputError):
            read_all(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * len(data) + (1 << 24)


def test_what_is_no_d4_is_refused(hicloom: Cli, tmp_path: Path) -> None:
    path = tmp_path / "x.d4"
    for content in (b"", b"d4\xdd\xdd", b"chr1\t0\t10\t3\n" * 100):
        path.write_bytes(content)
        outcome = hicloom("d4", "view", path)
        assert outcome.code == 2
        assert outcome.stderr == f"hicloom: {path}: is no D4 file (it does not begin as one)\n"
    outcome = hicloom("d4", "view", tmp_path / "absent.d4")
    assert outcome.code == 2
    assert "absent.d4: cannot be read (No such file or directory)" in outcome.stderr


def changed(path: Path, old: bytes, new: bytes, *, at: int = 0) -> None:
    """Replace bytes of a file by as many others."""
    assert len(old) == len(new)
    data = path.read_bytes()
    place = data.index(old, at)
    path.write_bytes(data[:place] + new + data[place + len(old) :])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A raw sparse file of one chromosome with three records."""
    path = tmp_path / "x.d4"
    values = np.array([0, 7, 0, 8, 0, 9], np.int32)
    return write(path, {"chr1": values}, Layout(SimpleRange(0, 1), level=None))


def test_frames_in_a_circle_end(small: Path) -> None:
    # The root directory goes on in the frame behind it, which goes on in the root directory.
    data = bytearray(small.read_bytes())
    data[8 : 8 + FRAME.size] = FRAME.pack(512, 512)
    data[8 + 512 : 8 + 512 + FRAME.size] = FRAME.pack(-512, 512)
    small.write_bytes(data)
    with pytest.raises(InputError, match="damaged D4: "):
        d4.open(small)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b'"size":6', b'"size":9', "its secondary table does not fit its chromosomes"),
        (b'"size":6', b'"size":-', "damaged D4"),
        (b'"high":1}', b'"high":4}', "primary table does not fit"),
        (b'"high":1}', b'"high":3}', "a dictionary of 3 values; their number is a power of two"),
        (b'"One"', b'"Two"', "no denominator"),
        (b'"SimpleKV"', b'"SimpleXY"', "a kind that is not known"),
        (b".ptab", b".pxab", "it has no .ptab"),
    ],
)
def test_metadata_that_cannot_be_are_refused(
    small: Path, old: bytes, new: bytes, problem: str
) -> None:
    changed(small, old, new)
    with pytest.raises(InputError, match=problem):
        read_all(small)


def test_records_out_of_order_are_refused(small: Path) -> None:
    data = small.read_bytes()
    record = (2).to_bytes(4, "little") + bytes(2) + (7).to_bytes(4, "little")
    changed(small, record, (5).to_bytes(4, "little") + record[4:], at=data.index(b"SimpleKV"))
    with pytest.raises(InputError, match="records of chr1 that are not sorted"):
        read_all(small)


def test_a_track_or_region_that_is_not_there(hicloom: Cli, small: Path, tmp_path: Path) -> None:
    bed = tmp_path / "x.bed"
    bed.write_text("chr1\t0\t6\nchr1\t2\t7\n")
    problems = {
        ("view", small, "--track", "x"): "no track 'x'; there are: one without a name",
        ("view", small, "chr2"): "region 'chr2': no chromosome 'chr2'; there are chr1",
        ("view", small, "chr1:3-3"): "3-3 is empty or not within chr1, which is 0-6",
        ("stat", small, "chr1:0-7"): "0-7 is empty or not within chr1, which is 0-6",
        ("stat", small, "--regions", bed): f"{bed}, line 2: 2-7 is empty or not within chr1",
        ("stat", small, "-s", "mode"): "--stat mode: expected mean, median",
        ("stat", small, "-s", "percentile=101"): "a percentage from 0 to 100",
        ("stat", small, "-s", "hist", "mean"): "or, alone, hist",
    }
    for words, problem in problems.items():
        outcome = hicloom("d4", *words)
        assert outcome.code == 2, words
        assert problem in outcome.stderr
        assert outcome.stderr.count("\n") == 1
        assert outcome.stdout == ""


def test_validate_says_what_is_wrong(hicloom: Cli, small: Path) -> None:
    assert hicloom("validate", small).stdout == f"{small}: OK (d4)\n"
    data = small.read_bytes()
    small.write_bytes(data[:-5])
    outcome = hicloom("validate", "--json", small)
    assert outcome.code == 2
    (violation,) = json.loads(outcome.stdout)["violations"]
    assert violation["kind"] == "unreadable"
    assert "it may be cut short" in violation["detail"]


def test_validate_compares_the_index_with_the_data(hicloom: Cli, small: Path) -> None:
    hicloom("d4", "index", small)
    # The sum of the one bin is 7 + 8 + 9.
    changed(small, (24).to_bytes(8, "little"), (25).to_bytes(8, "little"))
    outcome = hicloom("validate", small)
    assert outcome.code == 2
    assert outcome.stdout == f"{small}: wrong bin in the index: once at chr1: bin 0\n"
