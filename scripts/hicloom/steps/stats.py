import tempfile
from collections.abc import Iterator
from pathlib import Path

from hicloom.errors import InputError
from hicloom.formats.pairs import PairsReader, open_pairs
from hicloom.formats.stats import write_stats
from hicloom.process import chain, tool


def stats(pairs: Path, /, *, tsv: Path | None = None, json: Path | None = None) -> None:
    """Count pairs by type, chromosome, distance and strands with pairtools stats.

    Parameters
    ----------
    pairs : Path
        Pairs of any stage; `-` is standard input.
    tsv : Path, optional
        pairtools' two-column table, which MultiQC reads.
    json : Path, optional
        The same numbers as nested JSON.

    Raises
    ------
    InputError
        If the input is not pairs, or no output is asked for.
    """
    if not (tsv or json):
        raise InputError("nothing to write: give --tsv, --json or both")
    with open_pairs(pairs) as reader, tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "stats.tsv"
        command = [tool("pairtools", "pip install pairtools"), "stats", "--no-yaml"]
        command += ["--nproc-in", "1", "--nproc-out", "1", "--output", str(table), "-"]
        with chain([command], feed=_text(reader)):
            pass
        write_stats(table, tsv=tsv, json=json)


def _text(reader: PairsReader) -> Iterator[bytes]:
    yield reader.header.encode()
    yield from reader.texts()
