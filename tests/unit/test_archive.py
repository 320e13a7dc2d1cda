"""Tar archives: what is unpacked, and what is refused."""

import io
import tarfile
from pathlib import Path

import pytest

from hicloom.errors import InputError
from hicloom.formats.archive import unpack
from hicloom.formats.genome import BwaIndex, unpacked
from hicloom.steps.align import align
from hicloom.steps.index_genome import index_genome
from tests import lanes


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, link, 0
    return info


def pack(path: Path, *members: tarfile.TarInfo, data: bytes = b"x") -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for info in members:
            info.size = len(data) if info.isfile() else 0
            archive.addfile(info, io.BytesIO(data))
    return path


def test_files_are_written_whoever_may_read_them(tmp_path: Path) -> None:
    archive = pack(tmp_path / "x.tgz", member("./a/g.bwt"), member("g.ann"), member("a/._g.bwt"))
    unpack(archive, tmp_path / "out")
    files = {path.relative_to(tmp_path / "out").as_posix() for path in tmp_path.glob("out/**/*.*")}
    assert files == {"a/g.bwt", "g.ann"}, "without what macOS adds"
    assert (tmp_path / "out/a/g.bwt").read_bytes() == b"x"


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (member("/etc/g.bwt"), "/etc/g.bwt leads out of the archive's folder"),
        (member("a/../../g.bwt"), "a/../../g.bwt leads out of the archive's folder"),
        (member("g.bwt", tarfile.SYMTYPE, "/etc/passwd"), "g.bwt is neither a file nor a folder"),
        (member("g.bwt", tarfile.LNKTYPE, "g.ann"), "g.bwt is neither a file nor a folder"),
        (member("g.bwt", tarfile.CHRTYPE), "g.bwt is neither a file nor a folder"),
        (member("g.bwt", tarfile.FIFOTYPE), "g.bwt is neither a file nor a folder"),
        (member("g.ann"), "holds g.ann twice"),
    ],
)
def test_what_leads_out_of_the_folder_or_is_no_file_is_refused(
    tmp_path: Path, bad: tarfile.TarInfo, message: str
) -> None:
    archive = pack(tmp_path / "x.tgz", member("g.ann"), bad)
    with pytest.raises(InputError, match=message):
        unpack(archive, tmp_path / "out" / "deep")
    assert {path.name for path in (tmp_path / "out").rglob("*")} == {"deep", "g.ann"}


@pytest.mark.parametrize("cut", [3, 40, -6])
def test_a_truncated_archive_is_refused(tmp_path: Path, cut: int) -> None:
    archive = pack(tmp_path / "x.tgz", member("g.bwt"), data=bytes(range(256)) * 99)
    archive.write_bytes(archive.read_bytes()[:cut])
    with pytest.raises(InputError, match=r"x\.tgz: is not a whole tar archive"):
        unpack(archive, tmp_path / "out")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("genome")
    index_genome(lanes.write_fasta(folder / "g.fa", lanes.genome()), output=folder / "index")
    return folder / "index"


@pytest.mark.parametrize(
    ("name", "mode"), [("x.tgz", "w:gz"), ("x.TAR.GZ", "w:gz"), ("x.tar", "w")]
)
@pytest.mark.parametrize("within", [".", "some/folder"])
def test_reads_are_aligned_to_a_packed_index(
    index: Path, tmp_path: Path, name: str, mode: str, within: str
) -> None:
    with tarfile.open(tmp_path / name, mode) as archive:  # type: ignore[call-overload]
        archive.add(index, arcname=within)
    ends, spare = lanes.write_lane(tmp_path, lanes.genome(), pairs=20), tmp_path / "spare"
    spare.mkdir()
    align(*ends, output=tmp_path / "packed.bam", index=tmp_path / name, tmpdir=spare)
    align(*ends, output=tmp_path / "plain.bam", index=index)
    assert (tmp_path / "packed.bam").read_bytes() == (tmp_path / "plain.bam").read_bytes()
    assert not list(spare.iterdir())


def test_what_is_wrong_with_the_index_is_said_of_the_archive(index: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tgz", "w:gz") as archive:
        for path in index.iterdir():
            if path.suffix != ".sa":
                archive.add(path, arcname=path.name)
    message = r"x\.tgz: genome\.sa: this file of the index is missing"
    with pytest.raises(InputError, match=message), unpacked(tmp_path / "x.tgz") as folder:
        BwaIndex.find(folder)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    """Where only the checksum, at the end, can tell."""
    archive = pack(tmp_path / "x.tgz", member("g.bwt"))
    data = bytearray(archive.read_bytes())
    data[-8] ^= 1
    archive.write_bytes(data)
    with pytest.raises(InputError, match=r"x\.tgz: is not a whole tar archive \(CRC"):
        unpack(archive, tmp_path / "out")


def test_an_archive_holds_one_index(tmp_path: Path) -> None:
    archive = pack(tmp_path / "x.tgz", member("a/g.bwt"), member("b/g.bwt"))
    message = "expected the files of one index, in one folder"
    with pytest.raises(InputError, match=message), unpacked(archive):
        pass


def test_a_missing_archive_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match=r"none\.tgz: no such file"),
        unpacked(tmp_path / "none.tgz"),
    ):
        pass
