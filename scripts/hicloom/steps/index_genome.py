import re
import sys
import tarfile
from contextlib import ExitStack
from pathlib import Path

from hicloom.errors import InputError, WorkError
from hicloom.options import Output
from hicloom.outputs import atomic, atomic_folder

_NAME = "genome"
_BUILD = "import sys, pybwa; pybwa.BwaIndex.index(sys.argv[1], prefix=sys.argv[2])"


def index_genome(
    fasta: Path,
    /,
    *,
    output: Output,
    chromsizes: Path | None = None,
    chroms: str = ".*",
    tgz: Path | None = None,
) -> None:
    """Build the bwa index of a genome, and its chromsizes.

    Parameters
    ----------
    fasta : Path
        The genome, plain or gzip.
    output : Path
        Folder of the index: genome.amb, .ann, .bwt, .pac, .sa, .dict and .chrom.sizes. An
        index that is there already is replaced.
    chromsizes : Path, optional
        Also write `name<TAB>length` (bp) of the sequences that `chroms` selects.
    chroms : str
        Regular expression that the whole name of a sequence must match to be in
        `chromsizes`, such as `chr[0-9XY]+` for the main chromosomes.
    tgz : Path, optional
        Also write the index as a tar.gz, as 4DN's bwa-mem.cwl takes it.

    Raises
    ------
    InputError
        If the file is no FASTA, is empty, names a sequence twice, or no name matches.
    """
    from hicloom.formats.chromsizes import write_chromsizes
    from hicloom.formats.genome import BwaIndex, fasta_sizes

    sizes = fasta_sizes(fasta)
    chosen = _select(sizes, chroms)
    print(f"indexing {len(sizes)} sequences, {sum(sizes.values()):,} bp", file=sys.stderr)
    with ExitStack() as stack:
        folder = stack.enter_context(atomic_folder(output, f"{_NAME}.*"))
        _build(fasta, folder / _NAME)
        write_chromsizes(folder / f"{_NAME}.chrom.sizes", sizes)
        BwaIndex.find(folder)
        if chromsizes:
            (part,) = stack.enter_context(atomic(chromsizes))
            write_chromsizes(part, chosen)
        if tgz:
            (part,) = stack.enter_context(atomic(tgz))
            _pack(folder, part)


def _build(fasta: Path, prefix: Path) -> None:
    """Run bwa's indexer in a process of its own, as it ends the one it is in when it fails."""
    from hicloom.process import run

    try:
        run([sys.executable, "-c", _BUILD, fasta, prefix])
    except WorkError as error:
        raise WorkError(f"{fasta}: the index could not be built: {error}") from None


def _select(sizes: dict[str, int], chroms: str) -> dict[str, int]:
    try:
        pattern = re.compile(chroms)
    except re.error as error:
        raise InputError(f"--chroms {chroms}: is not a regular expression ({error})") from None
    chosen = {name: size for name, size in sizes.items() if pattern.fullmatch(name)}
    if not chosen:
        raise InputError(f"--chroms {chroms}: matches none of {', '.join(list(sizes)[:5])}, ...")
    return chosen


def _pack(folder: Path, part: Path) -> None:
    """A tarball of the folder's files that depends on nothing but their names and contents."""
    from isal import igzip

    with (
        part.open("wb") as raw,
        igzip.IGzipFile("", "wb", fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted(folder.iterdir()):
            tar.add(path, path.name, filter=_plain)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mtime = member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o644
    return member
