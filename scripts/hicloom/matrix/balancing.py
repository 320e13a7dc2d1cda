"""Balancing of contact maps (iterative correction): the options, and running cooler's."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hicloom.errors import InputError, WorkError

if TYPE_CHECKING:
    import cooler

CHUNK = 10_000_000


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
        """Raise InputError where the options exclude each other."""
        if self.cis_only and self.trans_only:
            raise InputError("--cis-only and --trans-only exclude each other; give one of them")


DEFAULTS = BalanceOptions()


def balance_map(uri: str, options: BalanceOptions, threads: int = 1) -> None:
    """Add a column of weights to the bins of the map at `uri`, in place; say how it went.

    The weights are those of `cooler balance` (Imakaev et al. 2012, doi:10.1038/nmeth.2148),
    whatever the number of threads: balanced = count * weight1 * weight2.

    Raises
    ------
    InputError
        If the column is there already and `force` is off.
    WorkError
        If balancing does not converge and the policy is `error`.
    """
    import cooler
    import numpy as np

    from hicloom.formats.cool import store_column

    clr = cooler.Cooler(uri)
    if options.name in clr.bins().columns and not options.force:
        raise InputError(f"{uri}: has a column '{options.name}' already; --force replaces it")
    with _pool(threads if clr.info["nnz"] > CHUNK else 1) as mapper, warnings.catch_warnings():
        # An empty chromosome has no median; what has not converged is reported below.
        warnings.simplefilter("ignore")
        weights, stats = cooler.balance_cooler(
            clr,
            ignore_diags=options.ignore_diags,
            mad_max=options.mad_max,
            min_nnz=options.min_nnz,
            min_count=options.min_count,
            blacklist=_blacklisted(clr, options.blacklist),
            cis_only=options.cis_only,
            trans_only=options.trans_only,
            tol=options.tol,
            max_iters=options.max_iters,
            chunksize=CHUNK,
            map=mapper,
        )
    converged = bool(np.all(stats["converged"]))
    _report(clr, options, converged, int(np.isfinite(weights).sum()))
    if not converged and options.convergence_policy == "error":
        raise WorkError(f"{uri}: balancing has not converged in {options.max_iters} iterations")
    if not converged and options.convergence_policy == "store_nan":
        weights[:] = np.nan
    if converged or options.convergence_policy != "discard":
        store_column(uri, options.name, weights, stats)


def _report(clr: "cooler.Cooler", options: BalanceOptions, converged: bool, used: int) -> None:
    stored = {"store_nan": "NaN is stored", "store_final": "the last weights are stored"}
    verdict = (
        f"balancing has converged, {used} of {clr.info['nbins']} bins have weights"
        if converged
        else f"balancing has NOT converged in {options.max_iters} iterations, "
        + stored.get(options.convergence_policy, "nothing is stored")
    )
    print(f"{clr.binsize} bp: {verdict}", file=sys.stderr)


@contextmanager
def _pool(threads: int) -> Iterator[Any]:
    """A `map` that keeps the order, so that sums do not depend on the number of workers."""
    if threads == 1:
        yield map
        return
    from multiprocess import Pool

    with Pool(threads) as pool:
        yield pool.imap


def _blacklisted(clr: "cooler.Cooler", path: Path | None) -> Any:
    """Ids of the bins that overlap a region of a BED file."""
    import numpy as np

    if path is None:
        return None
    try:
        lines = path.read_text().splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    bins = [np.zeros(0, int)]
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
