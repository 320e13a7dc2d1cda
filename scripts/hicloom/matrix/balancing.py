"""Balancing of contact maps (iterative correction), as `cooler balance` does it."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hicloom.errors import InputError, WorkError
from hicloom.options import parse_size

if TYPE_CHECKING:
    import cooler
    import numpy as np
    from numpy.typing import NDArray

    from hicloom.formats.cool import PixelReader
    from hicloom.matrix.correction import Correction

MEMORY = "4G"
"""The usual limit."""

_PROCESS = 300 << 20
"""What the program takes with its libraries and what it reads ahead."""

_BYTES_PER_BIN = 100
"""Totals, weights and what else there is of a bin, at most at a time."""


@dataclass(frozen=True)
class BalanceOptions:
    """What is left out of balancing, when it ends, and what is stored.

    Parameters
    ----------
    ignore_diags
        Diagonals left out, the main one first.
    mad_max
        Leave out bins whose log sum is this many median absolute deviations below the
        median; 0 for none.
    min_nnz
        Leave out bins with fewer pixels.
    min_count
        Leave out bins with a smaller sum.
    blacklist
        BED file of regions whose bins are left out.
    cis_only
        Balance each chromosome alone.
    trans_only
        Balance contacts between chromosomes only.
    tol
        Variance of the bins' sums at which balancing has converged.
    max_iters
        Iterations after which it has not.
    convergence_policy
        What to store then: NaN, the last weights, nothing, or fail.
    name
        Column of the bins for the weights.
    force
        Replace such a column.
    """

    ignore_diags: int = 2
    mad_max: int = 5
    min_nnz: int = 10
    min_count: int = 0
    blacklist: Path | None = None
    cis_only: bool = False
    trans_only: bool = False
    tol: float = 1e-5
    max_iters: int = 200
    convergence_policy: Literal["store_nan", "store_final", "discard", "error"] = "store_nan"
    name: str = "weight"
    force: bool = False

    def check(self) -> None:
        """Raise InputError where the options exclude each other or one makes no sense."""
        if self.cis_only and self.trans_only:
            raise InputError("--cis-only and --trans-only exclude each other; give one of them")
        if self.max_iters < 1:
            raise InputError(f"--max-iters {self.max_iters}: expected 1 or more")


DEFAULTS = BalanceOptions()


def check_memory_to_balance(bins: int, memory: str) -> None:
    """Check that a map with that many bins can be balanced within a limit.

    Raises
    ------
    InputError
        If not even what is known of each bin fits.
    """
    least = _fixed(bins)
    if parse_size(memory) < least:
        raise InputError(
            f"--memory {memory}: too little to balance a map of {bins} bins; "
            f"give at least {-(-least >> 20)}M"
        )


def _fixed(bins: int) -> int:
    return _PROCESS + bins * _BYTES_PER_BIN


def balance_map(
    uri: str,
    options: BalanceOptions,
    threads: int = 1,
    memory: str = MEMORY,
    tmpdir: Path | None = None,
) -> None:
    """Add a column of weights to the bins of the map at `uri`, in place; say how it went.

    The weights are those of `cooler balance` (Imakaev et al. 2012, doi:10.1038/nmeth.2148), to
    the bit the same with any number of threads and any memory: balanced = count * weight1 *
    weight2.

    Parameters
    ----------
    memory : str
        Pixels that do not fit into it go to a file.
    tmpdir : Path, optional
        Where that file lies (default: beside the map).

    Raises
    ------
    InputError
        If the column is there already and `force` is off, or the memory is too little.
    WorkError
        If balancing does not converge and the policy is `error`.
    """
    from hicloom.formats.cool import PixelReader, store_column
    from hicloom.matrix.correction import correct_map

    with PixelReader(uri, threads=threads) as reader:
        _check_name(uri, options)
        check_memory_to_balance(reader.n_bins, memory)
        blacklist = _blacklisted(uri, options.blacklist)
        room = parse_size(memory) - _fixed(reader.n_bins)
        correction = correct_map(reader, options, blacklist, threads, room, tmpdir)
    _report(reader, options, correction)
    if not correction.converged and options.convergence_policy == "error":
        raise WorkError(f"{uri}: balancing has not converged in {options.max_iters} iterations")
    if not correction.converged and options.convergence_policy == "store_nan":
        correction.weights[:] = float("nan")
    if correction.converged or options.convergence_policy != "discard":
        attributes = _attributes(options, correction)
        store_column(uri, options.name, correction.weights, attributes, threads=threads)


def _check_name(uri: str, options: BalanceOptions) -> None:
    import h5py

    from hicloom.formats.cool import split_uri

    path, group = split_uri(uri)
    with h5py.File(path, "r") as file:
        there = options.name in file[group]["bins"]
    if there and not options.force:
        raise InputError(f"{uri}: has a column '{options.name}' already; --force replaces it")


def _report(reader: "PixelReader", options: BalanceOptions, correction: "Correction") -> None:
    stored = {"store_nan": "NaN is stored", "store_final": "the last weights are stored"}
    verdict = (
        f"balancing has converged in {correction.rounds} iterations, "
        f"{correction.used} of {reader.n_bins} bins have weights"
        if correction.converged
        else f"balancing has NOT converged in {options.max_iters} iterations, "
        + stored.get(options.convergence_policy, "nothing is stored")
    )
    print(f"{reader.bin_size} bp: {verdict}", file=sys.stderr)


def _attributes(options: BalanceOptions, correction: "Correction") -> dict[str, Any]:
    """What `cooler balance` writes beside weights, and the number of iterations."""
    return {
        "tol": options.tol,
        "min_nnz": options.min_nnz,
        "min_count": options.min_count,
        "mad_max": options.mad_max,
        "cis_only": options.cis_only,
        "ignore_diags": options.ignore_diags,
        "scale": correction.scale,
        "converged": correction.variance < options.tol,
        "var": correction.variance,
        "divisive_weights": False,
        "iterations": correction.iterations,
    }


def _blacklisted(uri: str, path: Path | None) -> "NDArray[np.int64]":
    """Ids of the bins that overlap a region of a BED file."""
    import numpy as np

    bins = [np.zeros(0, np.int64)]
    if path is None:
        return bins[0]
    import cooler

    clr = cooler.Cooler(uri)
    try:
        lines = path.read_text().splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith(("#", "track", "browser")):
            bins.append(np.arange(*_extent(clr, line.split("\t"), f"{path}, line {number}")))
    return np.concatenate(bins)


def _extent(clr: "cooler.Cooler", fields: list[str], place: str) -> tuple[int, int]:
    try:
        name, start, end = fields[0], int(fields[1]), int(fields[2])
        low, high = clr.extent((name, start, end))
    except (ValueError, IndexError):
        raise InputError(
            f"{place}: expected chrom<TAB>start<TAB>end within a chromosome of the map"
        ) from None
    return int(low), int(high)
