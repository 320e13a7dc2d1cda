"""A symmetric matrix whose norms are computed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hicloom.kernels import knight_ruiz, norms, symmetric

Vector = NDArray[np.float64]
Bins = NDArray[np.int32]
_Rows = tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.float32], Vector]


@dataclass(frozen=True)
class Symmetric:
    """A matrix by rows, of which those that hold nothing are left out.

    Attributes
    ----------
    bins : int32 array of shape (rows,)
        The bin of each row, ascending.
    rows : arrays
        See `kernels.symmetric`.
    sums : float64 array of shape (all bins,)
        Of the rows, also of those that hold nothing.
    """

    bins: Bins
    rows: _Rows
    sums: Vector

    @staticmethod
    def of(x: Bins, y: Bins, counts: NDArray[np.float32], bins: int) -> "Symmetric":
        """That of pixels of one triangle, x <= y, with so many bins."""
        sums = symmetric.row_sums(x, y, counts, bins)
        filled = sums > 0
        place = np.cumsum(filled, dtype=np.int32) - np.int32(1)
        here = np.flatnonzero(filled).astype(np.int32)
        return Symmetric(here, symmetric.by_rows(x, y, counts, place, len(here)), sums)

    def coverage(self) -> Vector:
        """VC, but for its scale, as all that follows; float64 of shape (all bins,)."""
        return self.sums.copy()

    def knight_ruiz(self) -> Vector:
        """KR."""
        return self._spread(knight_ruiz.knight_ruiz(*self.rows, self.sums[self.bins]))

    def iterative_scaling(self) -> Vector:
        """SCALE; of shape (0,) if it does not converge."""
        if not len(self.bins):
            return np.full(len(self.sums), np.nan)
        empty = len(self.bins) < len(self.sums)
        found = norms.iterative_scaling(*self.rows, self.sums[self.bins], empty)
        return self._spread(found[:-1], found[-1]) if len(found) else found

    def sum_factor(self, norm: Vector) -> float:
        """What a norm is multiplied with so that the sum of the matrix stays."""
        return norms.sum_factor(*self.rows, norms.inverse(norm[self.bins]))

    def distances(self, norm: Vector) -> Vector:
        """Sum of the normalised counts by distance (bins); float64 of the shape of the norm."""
        sums = np.zeros(len(norm))
        norms.add_distances(*self.rows, norms.inverse(norm[self.bins]), self.bins, sums)
        return sums

    def _spread(self, of_rows: Vector, others: float = np.nan) -> Vector:
        vector = np.full(len(self.sums), others)
        vector[self.bins] = of_rows
        return vector
