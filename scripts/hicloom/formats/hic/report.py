"""Which norms a .hic file lacks."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hicloom.formats.hic.footer import NormKey
from hicloom.formats.hic.genome_wide import GENOME_WIDE, LEAST_GENOME_WIDE
from hicloom.formats.hic.grid import BP, FRAG, Grid
from hicloom.formats.hic.reader import HicFile

_WORDS = {BP: "bp", FRAG: "fragments"}


def report_norms(path: Path, norms: Sequence[str]) -> None:
    """Say on stderr by resolution for which chromosomes a norm has not converged."""
    for unit in _WORDS:
        with HicFile(path, unit) as file:
            filled = {one for one, two in file.pairs if one == two}
            for grid in reversed(file.grids):
                _report(file, grid, norms, filled)


def _report(file: HicFile, grid: Grid, norms: Sequence[str], filled: set[int]) -> None:
    names = list(file.header.chromsizes)
    if empty := [name for chrom, name in enumerate(names) if chrom not in filled]:
        _say(grid, f"no contacts within {' '.join(empty)}, so no norms")
    for norm in norms:
        if norm in GENOME_WIDE and (grid.unit == FRAG or grid.size < LEAST_GENOME_WIDE):
            continue
        keys = [NormKey(norm, chrom, grid.size, grid.unit) for chrom in sorted(filled)]
        if failed := [names[key.chrom] for key in keys if not _is_there(file, key)]:
            _say(grid, f"{norm} has not converged for {' '.join(failed)}")


def _is_there(file: HicFile, key: NormKey) -> bool:
    vector = file.norm(key)
    return vector is not None and bool((np.isfinite(vector) & (vector > 0)).any())


def _say(grid: Grid, message: str) -> None:
    print(f"{grid.size} {_WORDS[grid.unit]}: {message}", file=sys.stderr)
