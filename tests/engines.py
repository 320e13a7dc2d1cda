"""The same run in several engines: what must be equal, whichever of them made it.

Bytes differ, and may differ only, in

- the header of a pairs file: `@PG` and `#command:` lines hold the commands with their paths
  (and `@PG` of the BAM file before it). BGZF blocks shift with it, and so do the offsets in
  the `.px2`, which is why the index is compared by its answers;
- an .mcool: `creation-date`, and `command` in the metadata, which CWL's paths are part of;
  HDF5 then lays out its objects elsewhere;
- a .hic: `software` in its attributes, which is the command; all places shift with it.

The tables of statistics and their JSON are equal byte for byte.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import cooler
import hictkpy
import numpy as np
import pandas as pd
import yaml

from hicloom.formats.hic import HicFile
from hicloom.formats.pairs import open_pairs
from hicloom.steps.query import query
from tests.conftest import body
from tests.snakemake.tables import assert_same_map

NORMS = ("VC", "VC_SQRT", "KR", "SCALE")
DATED = {"creation-date", "metadata"}


def assert_same_run(one: Path, other: Path) -> None:
    """Compare the results of two runs of one group, however they are laid out in folders.

    Parameters
    ----------
    one, other : Path
        The folder `results` of the Snakemake workflow, or the outputs of hic.cwl. The names
        of files carry library, group, assembly and filter, so they must agree.
    """
    ours, theirs = (results(folder) for folder in (one, other))
    assert sorted(ours) == sorted(theirs)
    for name, path in ours.items():
        compare = next(how for ending, how in COMPARISONS.items() if name.endswith(ending))
        compare(path, theirs[name])


def results(folder: Path) -> dict[str, Path]:
    """What a run promises, by name: pairs, maps and statistics; not lanes, not pictures."""
    found = {path.name: path for path in sorted(folder.rglob("*")) if "lanes" not in path.parts}
    return {name: path for name, path in found.items() if name.endswith(tuple(COMPARISONS))}


def assert_same_pairs(one: Path, other: Path) -> None:
    """Compare columns, chromosomes and rows, and what the indices find."""
    with open_pairs(one) as ours, open_pairs(other) as theirs:
        assert ours.header.columns == theirs.header.columns
        assert list(ours.header.chromsizes.items()) == list(theirs.header.chromsizes.items())
        assert b"".join(ours.texts()) == b"".join(theirs.texts())
        names = list(ours.header.chromsizes)
    regions = [*names, f"{names[0]}:1-50,000|*", f"{names[0]}|{names[-1]}"]
    assert _found(one, regions) == _found(other, regions)


def _found(pairs: Path, regions: Sequence[str]) -> bytes:
    """The answer to a query, which must not be empty."""
    answer = pairs.with_name("answer.txt")
    query(pairs, *regions, output=answer)
    text = answer.read_bytes()
    answer.unlink()
    assert text
    return text


def assert_same_mcool(one: Path, other: Path) -> None:
    """Compare bins with weights and norms, pixels and attributes at every resolution, exactly."""
    names = cooler.fileops.list_coolers(str(one))
    assert names == cooler.fileops.list_coolers(str(other))
    for name in names:
        ours, theirs = (cooler.Cooler(f"{path}::{name}") for path in (one, other))
        assert {"weight", "KR", "VC", "VC_SQRT"} <= set(ours.bins().columns)
        for left, right in ((ours.bins(), theirs.bins()), (ours.pixels(), theirs.pixels())):
            pd.testing.assert_frame_equal(left[:], right[:], check_exact=True)
        assert _undated(ours.info) == _undated(theirs.info)


def _undated(info: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in info.items() if key not in DATED}


def assert_same_hic(one: Path, other: Path) -> None:
    """Compare counts, expected counts, vectors and normalised values at every resolution."""
    with hictkpy.MultiResFile(one) as ours, hictkpy.MultiResFile(other) as theirs:
        assert list(ours.resolutions()) == list(theirs.resolutions())
        assert ours.chromosomes() == theirs.chromosomes()
        for size in ours.resolutions():
            left, right = ours[size], theirs[size]
            for norm in ("NONE", *NORMS):
                maps = (file.fetch(normalization=norm).to_coo() for file in (left, right))
                np.testing.assert_array_equal(*([m.row, m.col, m.data] for m in maps))
                if norm != "NONE":
                    np.testing.assert_array_equal(left.weights(norm), right.weights(norm))
    with HicFile(one) as ours, HicFile(other) as theirs:
        attributes = [{**f.header.attributes, "software": ""} for f in (ours, theirs)]
        assert attributes[0] == attributes[1]
        assert ours.expected.keys() == theirs.expected.keys()
        for key, expected in ours.expected.items():
            np.testing.assert_array_equal(expected.values, theirs.expected[key].values)
            assert expected.factors == theirs.expected[key].factors


def assert_same_text(one: Path, other: Path) -> None:
    """Compare two files byte for byte."""
    assert one.read_text() == other.read_text()


COMPARISONS: dict[str, Callable[[Path, Path], None]] = {
    ".pairs.gz": assert_same_pairs,
    ".mcool": assert_same_mcool,
    ".hic": assert_same_hic,
    ".stats.tsv": assert_same_text,
    ".stats.json": assert_same_text,
}


def hic_job(path: Path, lanes: dict[str, Iterable[Path]], **inputs: Any) -> Path:
    """Write a job of hic.cwl.

    Parameters
    ----------
    path : Path
        The job file.
    lanes : dict of str to iterable of Path
        By library, the files of read 1 (`..._1.fastq.gz`) of its lanes; read 2 lies beside them.
    inputs
        All others, as job files write them; see `entry`.
    """
    reads = {
        f"fastq{mate}": [[entry(mate_of(one, mate)) for one in ones] for ones in lanes.values()]
        for mate in (1, 2)
    }
    path.write_text(yaml.safe_dump({"libraries": list(lanes)} | reads | inputs))
    return path


def entry(path: Path) -> dict[str, str]:
    """A file or folder as job files name it."""
    return {"class": "Directory" if path.is_dir() else "File", "path": str(path)}


def mate_of(one: Path, mate: int) -> Path:
    """Read 1 or 2 of a lane, from the name of read 1."""
    before, _, after = one.name.rpartition("_1.")
    return one.with_name(f"{before}_{mate}.{after}")


def pairs_job(path: Path, pairs: Sequence[Path], chromsizes: Path, sites: Path) -> Path:
    """Write a job of hi-c-processing-pairs.cwl, as 4DN's job files are."""
    job = {
        "input_pairs": list(map(entry, pairs)),
        "chromsizes": entry(chromsizes),
        "restriction_file": entry(sites),
        "min_res": 5000,
        "custom_res": "5000,10000",
        "maxmem": "1g",
        "nthreads": 2,
        "memory_mb": 2000,
        "disk_mb": 1000,
    }
    path.write_text(yaml.safe_dump(job))
    return path


def assert_same_pairs_run(one: Path, other: Path) -> None:
    """Compare the outputs of two runs of hi-c-processing-pairs.cwl."""
    assert body(one / "out.pairs.gz") == body(other / "out.pairs.gz")
    assert_same_map(one / "output.mcool", other / "output.mcool")
    assert_same_hic(one / "out.hic", other / "out.hic")
