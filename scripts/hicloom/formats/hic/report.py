"""Which norms a .hic file lacks."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hicloom.formats.hic.footer import NormKey
from hicloom.formats.hic.genome_wide import GENOME_WIDE, LEAST_GENOME_WIDE
from hicloom.formats.hic.reader import HicFile


def report_norms(path: Path, norms: Sequence[str]) -> None:
    """Say on stderr by resolution for which chromosomes a norm has not converged."""
    with HicFile(path) as file:
        names = list(file.header.chromsizes)
        filled = {one for one, two in file.pairs if one == two}
        empty = [name for chrom, name in enumerate(names) if chrom not in filled]
        for size in sorted(file.header.resolutions):
            if empty:
                _say(f"{size} bp: no contacts within {' '.join(empty)}, so no norms")
            for norm in norms:
                if norm in GENOME_WIDE and size < LEAST_GENOME_WIDE:
                    continue
                failed = [names[c] for c in sorted(filled) if not _is_there(file, norm, c, size)]
                if failed:
                    _say(f"{size} bp: {norm} has not converged for {' '.join(failed)}")


def _is_there(file: HicFile, norm: str, chrom: int, size: int) -> bool:
    vector = file.norm(NormKey(norm, chrom, size))
    return vector is not None and bool((np.isfinite(vector) & (vector > 0)).any())


def _say(message: str) -> None:
    print(message, file=sys.stderr)
