"""Reading .hic files: damage is told in one line."""

import struct
from pathlib import Path

import numpy as np
import pytest

from hicloom.errors import InputError
from hicloom.formats.hic import CIS, HicFile, NormKey
from tests.unit.hicfiles import SHAPES, write_hic, write_maps


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_hic(tmp_path_factory.mktemp("hic") / "x.hic", SHAPES["sparse"]())


def message(path: Path) -> str:
    """What is said of a file that is read throughout."""
    with pytest.raises(InputError) as failure, HicFile(path) as file:
        for one, two in file.pairs:
            file.pixels(one, two, 1000)
        for key in file.norms:
            file.norm(key)
    return str(failure.value).removeprefix(f"{path}: ").removesuffix("; copy or make it again")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert message(tmp_path / "x.hic") == "no such file"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "it is empty"),
        (b"\x1f\x8b\x08\x04", "it is not a .hic file"),
        (b"HIC\0" + struct.pack("<i", 9), "it is of version 9; versions 7 and 8 are read"),
        (b"HIC\0" + struct.pack("<iq", 8, 0), "it ends within a text"),
    ],
)
def test_what_is_no_hic_file_is_refused(content: bytes, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "x.hic"
    path.write_bytes(content)
    assert message(path) == expected


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(share: float, made: Path, tmp_path: Path) -> None:
    path, content = tmp_path / "x.hic", made.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert message(path) == "it ends too early, or points beyond its end"


def test_a_damaged_block_is_refused(made: Path, tmp_path: Path) -> None:
    with HicFile(made) as file:
        position, size = file.zooms(0, 0)[1000][0].tolist()[1:]
    content = bytearray(made.read_bytes())
    content[position + size // 2] ^= 0xFF
    path = tmp_path / "x.hic"
    path.write_bytes(content)
    assert message(path).startswith(f"block at byte {position}: ")


def test_norms_are_listed_by_resolution_then_chromosome(made: Path) -> None:
    """As Juicer has them, the coarsest resolution first."""
    with HicFile(made) as file:
        places = [(-key.resolution, key.chrom, CIS.index(key.norm)) for key in file.norms]
        assert places == sorted(places)
        assert {key.chrom for key in file.norms} == {0, 1, 2, 3}


def test_what_is_not_there_is_none_or_empty(made: Path) -> None:
    with HicFile(made) as file:
        assert file.norm(NormKey("GW_KR", 0, 1000)) is None
        assert all(len(column) == 0 for column in file.pixels(0, 0, 777))


def test_a_file_that_ends_before_its_norms_has_none(tmp_path: Path) -> None:
    """As `juicer_tools pre -n` leaves it."""
    path = tmp_path / "x.hic"
    write_maps(path, SHAPES["sparse"]())
    with HicFile(path) as file:
        end = file.norm_section
    path.write_bytes(path.read_bytes()[:end])
    with HicFile(path) as file:
        assert file.norms == []
        assert {norm for norm, _ in file.expected} == {"NONE"}
        assert np.isfinite(file.expected["NONE", 1000].values).all()
