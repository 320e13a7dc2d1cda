"""Simulated pairs and maps for the tests of the matrix steps."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cooler
import h5py
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


# What two programs never write alike.
OF_A_RUN = {"creation-date", "generated-by", "metadata", "genome-assembly"}
STORAGE = "shape maxshape dtype chunks compression compression_opts shuffle fletcher32".split()


def assert_same_maps(ours: object, theirs: object) -> None:
    """Two maps (URIs) are equal in every dataset, in how it is stored, and in every attribute."""
    one, two = _opened(ours), _opened(theirs)
    with one.file, two.file:
        assert set(one.attrs) == set(two.attrs)
        # cooler guesses the size of bins, and cannot where no chromosome holds two.
        guessed = {"bin-size", "bin-type"} if two.attrs["bin-type"] == "variable" else set()
        for name in set(one.attrs) - OF_A_RUN - guessed:
            assert one.attrs[name] == two.attrs[name], name
            # cooler takes the type of bin-size from where it got it.
            assert name == "bin-size" or type(one.attrs[name]) is type(two.attrs[name]), name
        for table in ("chroms", "bins", "pixels", "indexes"):
            assert set(one[table]) == set(two[table])
            for name in one[table]:
                _assert_same_datasets(one[table][name], two[table][name])


def _opened(uri: object) -> Any:
    path, _, group = str(uri).partition("::")
    return h5py.File(path)[group or "/"]


def _assert_same_datasets(one: h5py.Dataset, two: h5py.Dataset) -> None:
    np.testing.assert_array_equal(one[:], two[:], strict=True)
    assert one.id.get_type() == two.id.get_type(), one.name
    assert dict(one.attrs) == dict(two.attrs), one.name
    for name in STORAGE:
        assert getattr(one, name) == getattr(two, name), f"{one.name}: {name}"


def made_by_cooler(
    path: Path, lengths: Mapping[str, int], bin_size: int, rows: Sequence[Any], **options: Any
) -> Path:
    """A map of pixels (bin1, bin2, count), unique and in order."""
    names = options.get("columns", ["bin1_id", "bin2_id", "count"])
    columns = np.array(rows).reshape(-1, len(names)).T
    dtypes = {"bin1_id": "int64", "bin2_id": "int64", "count": "int32"} | options.get("dtypes", {})
    table = {name: c.astype(dtypes[name]) for name, c in zip(names, columns, strict=True)}
    bins = cooler.binnify(pd.Series(dict(lengths)), bin_size)
    options = {"ordered": True, "assembly": "toy", **options}
    cooler.create_cooler(str(path), bins, iter([table]), **options)
    return path
