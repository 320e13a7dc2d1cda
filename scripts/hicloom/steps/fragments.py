import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Literal

import numpy as np

from hicloom.enzymes import enzyme_sites, motif_sites
from hicloom.errors import InputError
from hicloom.formats.fasta import read_fasta
from hicloom.formats.fragments import bed_lines, juicer_line
from hicloom.kernels.sites import find_motif
from hicloom.options import Output
from hicloom.outputs import atomic, is_stream


def fragments(
    fasta: Path,
    /,
    *,
    output: Output,
    enzyme: str | None = None,
    motif: Sequence[str] = (),
    format: Literal["juicer", "bed"] = "juicer",
) -> None:
    """List where a restriction enzyme, or a mix of several, cuts a genome.

    Parameters
    ----------
    fasta : Path
        Genome, plain or gzip; `-` is standard input. Chromosomes are listed in its order.
    output : Path
        File to write; `-` is standard output.
    enzyme : str, optional
        HindIII, DpnII, MboI, Sau3AI, MseI, NcoI, NlaIII, BglII, EcoRI, CviAII, Csp6I,
        HinfI, DdeI, Arima (GATC, GANTC) or Arima2 (these, CTNAG and TTAA).
    motif : sequence of str
        Instead of an enzyme: motifs in IUPAC letters, separated by commas, `^` at the cut
        (`GATC,G^ANTC`); without `^` the cut is before the motif. One that reads otherwise
        on the other strand is looked for on both.
    format : {"juicer", "bed"}
        `juicer`: a line a chromosome with its name, the 1-based first bases of the motifs
        and its length. `bed`: a line a fragment, 0-based, half-open, edges at the cuts.

    Raises
    ------
    InputError
        If the FASTA is wrong, or the enzyme unknown or one of a protocol without sites.
    """
    motifs = [word for option in motif for word in option.split(",") if word]
    if bool(enzyme) == bool(motifs):
        raise InputError("fragments: give either --enzyme or --motif")
    sites = enzyme_sites(enzyme) if enzyme else motif_sites(motifs)
    write_line = bed_lines if format == "bed" else juicer_line
    with _create(output) as out:
        for name, bases in read_fasta(fasta):
            places = [
                find_motif(bases, site.motif) + (site.cut if format == "bed" else 0)
                for site in sites
            ]
            out.write(write_line(name, np.unique(np.concatenate(places)), len(bases)).encode())


@contextlib.contextmanager
def _create(output: Path) -> Iterator[IO[bytes]]:
    if is_stream(output):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with atomic(output) as (part,), part.open("wb") as file:
        yield file
