import sys
from pathlib import Path
from typing import Literal

from hicloom import provenance
from hicloom.formats.chromsizes import read_chromsizes
from hicloom.formats.contacts import ContactReader
from hicloom.formats.pairs import Header, create_pairs
from hicloom.formats.text import open_text
from hicloom.options import Memory, Output, Threads
from hicloom.outputs import is_stream
from hicloom.sorting import sort_command, write_sorted


def convert_pairs(
    contacts: Path,
    /,
    *,
    output: Output,
    format: Literal["merged_nodups", "medium", "short", "validpairs"],
    chromsizes: Path,
    assembly: str = "unknown",
    drop_unknown: bool = False,
    threads: Threads = 1,
    memory: Memory = "2G",
    tmpdir: Path | None = None,
) -> None:
    """Convert Juicer's or HiC-Pro's contacts to sorted pairs of the upper triangle.

    Mapping qualities and Juicer's fragment numbers become the columns mapq1, mapq2, frag1,
    frag2 where the format has them. Every pair type is UU, for both ends are mapped; no
    pair is dropped for a low mapping quality.

    Parameters
    ----------
    contacts : Path
        Contacts, plain or gzip; `-` is standard input.
    output : Path
        Sorted pairs: `.gz` is written as BGZF with a `.px2` index beside it; `-` is
        standard output.
    format : {"merged_nodups", "medium", "short", "validpairs"}
        Juicer's merged_nodups.txt (long format), medium or short format, or HiC-Pro's
        validPairs and allValidPairs.
    chromsizes : Path
        Chromosomes and lengths; their order defines the upper triangle.
    assembly : str
        Name of the genome assembly, for the header.
    drop_unknown : bool
        Leave out contacts on chromosomes that are not in `chromsizes`, and count them (else
        they are an error).
    threads : int
        Threads that sort and compress.
    memory : str
        What sorting may take, such as `4G`; more than that is spilled to `tmpdir`.
    tmpdir : Path, optional
        Folder for spilled chunks (default: the system's).

    Raises
    ------
    InputError
        If a line does not fit the format, or a position its chromosome.
    """
    sizes = read_chromsizes(chromsizes)
    source = "standard input" if is_stream(contacts) else str(contacts)
    with open_text(contacts) as pieces:
        empty = Header.new(sizes, (), assembly).with_command(provenance.command())
        reader = ContactReader(pieces, source, format, empty, drop_unknown=drop_unknown)
        command = sort_command(reader.header, threads=threads, memory=memory, tmpdir=tmpdir)
        with create_pairs(output, reader.header, threads) as out:
            write_sorted(out, reader.pairs(), command)
    if reader.dropped:
        print(
            f"convert-pairs: left out {reader.dropped} contacts on other chromosomes",
            file=sys.stderr,
        )
