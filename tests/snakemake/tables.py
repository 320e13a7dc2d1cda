"""What makes two results the same: the rows of pairs, the pixels and weights of maps."""

from pathlib import Path

import cooler
import numpy as np

from tests.conftest import body


def pairs(path: Path) -> list[str]:
    """The rows of a pairs file; headers hold commands, which differ from run to run."""
    return body(path)


def assert_same_map(one: Path, other: Path) -> None:
    """Compare two .mcool files pixel by pixel and weight by weight, at every resolution."""
    names = cooler.fileops.list_coolers(str(one))
    assert names == cooler.fileops.list_coolers(str(other))
    for name in names:
        left, right = (cooler.Cooler(f"{path}::{name}") for path in (one, other))
        assert left.pixels()[:].equals(right.pixels()[:])
        weights = [map_.bins()["weight"][:].to_numpy() for map_ in (left, right)]
        np.testing.assert_allclose(*weights, rtol=1e-8)
