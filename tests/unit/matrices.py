"""Simulated pairs and maps for the tests of the matrix steps."""

from pathlib import Path

import cooler
import numpy as np
import pandas as pd

from hicloom.steps.cload import cload
from hicloom.steps.simulate.pairs import pairs as simulate_pairs

# Lengths that are no multiples of 1000, one that is, and a chromosome shorter than a bin;
# sorted by name, chr10 comes before chr2.
CHROMSIZES = {"chr1": 400_000, "chr2": 250_001, "chr10": 99_999, "scaf_1": 900}


def write_chromsizes(path: Path) -> Path:
    path.write_text("".join(f"{name}\t{length}\n" for name, length in CHROMSIZES.items()))
    return path


def simulated(folder: Path, number: int = 30_000, seed: int = 1) -> Path:
    """Sorted pairs on CHROMSIZES."""
    path = folder / f"{seed}.pairs.gz"
    sizes = write_chromsizes(folder / "sizes")
    simulate_pairs(chromsizes=sizes, output=path, pairs=number, seed=seed, assembly="toy")
    return path


def simulated_map(folder: Path, number: int = 30_000, seed: int = 1) -> Path:
    """A map of 1000 bp of such pairs."""
    path = folder / f"{seed}.cool"
    cload(simulated(folder, number, seed), output=path)
    return path


def pixels(uri: object) -> pd.DataFrame:
    """The pixel table of a map."""
    return cooler.Cooler(str(uri)).pixels()[:]


def weights(uri: object, name: str = "weight") -> np.ndarray:
    """A column of the bins."""
    return cooler.Cooler(str(uri)).bins()[name][:].to_numpy()
