"""`hicloom index-genome`: the folder of the index, chromsizes and the tarball."""

import gzip
import tarfile
from pathlib import Path
from typing import Any

import pytest

from hicloom.errors import InputError
from hicloom.formats.genome import BwaIndex
from hicloom.steps.index_genome import index_genome
from tests import lanes

FILES = ("amb", "ann", "bwt", "chrom.sizes", "dict", "pac", "sa")
SIZES = "chr1\t6000\nchr2\t4000\nscaffold_1\t1500\n"


@pytest.fixture(scope="module")
def fasta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lanes.write_fasta(tmp_path_factory.mktemp("it's a génome") / "g.fa", lanes.genome())


@pytest.fixture(scope="module")
def index(fasta: Path) -> Path:
    folder = fasta.parent / "index"
    options: dict[str, Any] = {"chromsizes": fasta.parent / "main.sizes", "chroms": "chr[0-9]+"}
    index_genome(fasta, output=folder, tgz=fasta.parent / "index.tgz", **options)
    return folder


def test_the_folder_holds_the_index_its_dictionary_and_all_chromsizes(index: Path) -> None:
    assert sorted(path.name for path in index.iterdir()) == [f"genome.{end}" for end in FILES]
    assert (index / "genome.chrom.sizes").read_text() == SIZES


def test_chromsizes_hold_the_names_that_match_as_a_whole(index: Path) -> None:
    assert (index.parent / "main.sizes").read_text() == "chr1\t6000\nchr2\t4000\n"


def test_the_tarball_holds_the_files_at_its_top_as_4dn_expects(index: Path) -> None:
    with tarfile.open(index.parent / "index.tgz") as tar:
        assert tar.getnames() == [f"genome.{end}" for end in FILES]
        packed = tar.extractfile("genome.bwt")
        assert packed is not None
        assert packed.read() == (index / "genome.bwt").read_bytes()


def test_a_gzipped_genome_gives_the_same_index(index: Path, fasta: Path, tmp_path: Path) -> None:
    packed = tmp_path / "g.fa.gz"
    packed.write_bytes(gzip.compress(fasta.read_bytes()))
    index_genome(packed, output=tmp_path / "index")
    for end in ("bwt", "sa", "pac", "ann", "amb"):
        assert (tmp_path / "index" / f"genome.{end}").read_bytes() == (
            index / f"genome.{end}"
        ).read_bytes()


def test_an_index_is_replaced_and_other_folders_are_left_alone(fasta: Path, tmp_path: Path) -> None:
    old = tmp_path / "index"
    old.mkdir()
    (old / "genome.bwt").write_text("old")
    index_genome(fasta, output=old)
    assert BwaIndex.find(old).chromsizes()["chr1"] == 6000
    (old / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds other files \(notes.txt\)"):
        index_genome(fasta, output=old)
    assert (old / "notes.txt").exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "is empty"),
        ("@r\nACGT\n+\nIIII\n", "is not FASTA"),
        (">a\nACGT\n>b\nACGT\n>a\nGG\n", "sequence a is there twice"),
        (">a\n>b\nACGT\n", "sequence a is empty"),
        (">\nACGT\n", "a sequence has no name"),
    ],
)
def test_what_is_no_genome_is_refused_and_leaves_nothing(
    tmp_path: Path, text: str, expected: str
) -> None:
    (tmp_path / "g.fa").write_text(text)
    with pytest.raises(InputError, match=expected):
        index_genome(tmp_path / "g.fa", output=tmp_path / "index")
    assert [path.name for path in tmp_path.iterdir()] == ["g.fa"]


@pytest.mark.parametrize(("chroms", "expected"), [("chrX", "matches none"), ("(", "regular")])
def test_a_wrong_selection_of_chromosomes_is_refused(
    fasta: Path, tmp_path: Path, chroms: str, expected: str
) -> None:
    with pytest.raises(InputError, match=expected):
        index_genome(fasta, output=tmp_path / "index", chroms=chroms)


@pytest.mark.parametrize("end", ["bwt", "sa", "pac"])
def test_a_truncated_index_is_refused(index: Path, tmp_path: Path, end: str) -> None:
    for path in index.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    cut = tmp_path / f"genome.{end}"
    cut.write_bytes(cut.read_bytes()[:-1])
    with pytest.raises(InputError, match=f"genome.{end}: is truncated"):
        BwaIndex.find(tmp_path)


def test_a_missing_file_is_named_with_the_command_that_builds_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"genome.bwt: .* missing; .* hicloom index-genome"):
        BwaIndex.find(tmp_path)
    with pytest.raises(InputError, match=r"other.amb: .* missing"):
        BwaIndex.find(tmp_path / "other")
