"""Genomes: FASTA sequences, and the index that bwa builds of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hicloom.errors import InputError
from hicloom.formats.archive import is_archive, unpack
from hicloom.formats.fasta import read_fasta
from hicloom.outputs import scratch

BWA_SUFFIXES = (".amb", ".ann", ".bwt", ".pac", ".sa")
_BUILD = "hicloom index-genome FASTA --output FOLDER"


def fasta_sizes(path: Path) -> dict[str, int]:
    """Lengths (bp) of the sequences of a FASTA file (plain or gzip), in its order.

    Raises
    ------
    InputError
        If it is no FASTA, holds nothing, or two sequences share a name.
    """
    return {name: len(letters) for name, letters in read_fasta(path)}


@dataclass(frozen=True)
class BwaIndex:
    """The files `<prefix>.amb`, `.ann`, `.bwt`, `.pac` and `.sa`, found and whole."""

    prefix: Path

    @classmethod
    def find(cls, path: Path) -> "BwaIndex":
        """The index in a folder, or with the prefix `path`.

        Raises
        ------
        InputError
            If a file of it is missing or has not the size that its genome asks for.
        """
        prefix = find_prefix(path, ".bwt")
        for suffix in BWA_SUFFIXES:
            require(add_suffix(prefix, suffix))
        index = cls(prefix)
        index._check_sizes()
        return index

    def files(self) -> list[Path]:
        """Every file of it; `.alt` is there only for genomes with alternative contigs."""
        paths = [add_suffix(self.prefix, suffix) for suffix in (*BWA_SUFFIXES, ".alt")]
        return [path for path in paths if path.exists()]

    def chromsizes(self) -> dict[str, int]:
        """Lengths (bp) by name, in the order of the index.

        `.ann` has a line for the whole, then two a sequence: `gi name comment` and
        `offset length ambiguities`.
        """
        lines = add_suffix(self.prefix, ".ann").read_text().splitlines()[1:]
        names = [line.split()[1] for line in lines[::2]]
        return dict(zip(names, (int(line.split()[1]) for line in lines[1::2]), strict=True))

    def _check_sizes(self) -> None:
        """Refuse a truncated index, on which bwa would end this process.

        The sizes follow from bwa 0.7.17's bwt_dump_bwt, bwt_dump_sa and bns_fasta2bntseq.
        """
        try:
            length = sum(self.chromsizes().values())
        except (ValueError, IndexError):
            raise _damaged(add_suffix(self.prefix, ".ann")) from None
        strands = 2 * length
        occurrences = 8 * ((strands + 127) // 128 + 1)
        sizes = {
            ".bwt": 40 + 4 * ((strands + 15) // 16 + occurrences),
            ".sa": 56 + 8 * (strands // 32),
            ".pac": length // 4 + 2,
        }
        for suffix, size in sizes.items():
            path = add_suffix(self.prefix, suffix)
            if path.stat().st_size != size:
                raise _damaged(path)


@contextmanager
def unpacked(path: Path, tmpdir: Path | None = None) -> Iterator[Path]:
    """The folder of an index that is packed in an archive, for as long as the block runs.

    Any other `path` is given back as it is.

    Raises
    ------
    InputError
        If the archive is damaged or unsafe, or its files lie in several folders; what the
        block raises of the folder names the archive.
    WorkError
        If the disk of `tmpdir` (default: the system's) is full.
    """
    if not is_archive(path):
        yield path
        return
    with scratch(tmpdir) as unpacked_to:
        unpack(path, unpacked_to)
        folder = _folder_of_files(path, unpacked_to)
        try:
            yield folder
        except InputError as error:
            told = str(error).replace(f"{folder}/", f"{path}: ").replace(str(folder), str(path))
            raise InputError(told) from None


def _folder_of_files(path: Path, folder: Path) -> Path:
    """The one folder that holds the files of an index."""
    folders = {file.parent for file in folder.rglob("*") if file.is_file()}
    if len(folders) != 1:
        raise InputError(f"{path}: expected the files of one index, in one folder; pack it anew")
    return folders.pop()


def find_prefix(path: Path, suffix: str, how: str | None = None) -> Path:
    """The prefix of an index: `path` itself, or that of the one file in it with `suffix`.

    Raises
    ------
    InputError
        If `path` is a folder without such a file, or with several; `how` builds one.
    """
    if not path.is_dir():
        return path
    found = sorted(path.glob(f"*{suffix}"))
    if len(found) > 1:
        prefix = found[0].name.removesuffix(suffix)
        raise InputError(
            f"{path}: holds several indexes; give the prefix of one, as {path}/{prefix}"
        )
    if not found:
        require(path / f"genome{suffix}", how)
    return found[0].with_name(found[0].name.removesuffix(suffix))


def require(path: Path, how: str | None = None) -> None:
    """Raise InputError unless a file of an index is there; `how` is the command to build it."""
    if not path.is_file():
        raise InputError(
            f"{path}: this file of the index is missing; build the index with: {how or _BUILD}"
        )


def add_suffix(prefix: Path, suffix: str) -> Path:
    """`prefix` with `suffix` behind it, whatever dots it holds."""
    return prefix.with_name(prefix.name + suffix)


def _damaged(path: Path) -> InputError:
    return InputError(f"{path}: is truncated or damaged; build the index again with: {_BUILD}")
