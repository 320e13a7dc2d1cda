"""The depth tracks of a run, from reads and from pairs."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyBigWig
import pytest

from hicloom.formats import d4
from hicloom.steps.d4.create import create
from tests.alignments import depth_of
from tests.conftest import body
from tests.snakemake.conftest import CONFIG, Project

DEPTH = CONFIG.replace("depth:\n  activate: false", "depth:\n  activate: true")
SETTINGS = 'filter: {maps: {no_filter: ""}}\noutput: {pictures: false, duplicates: true}\n'


@pytest.fixture(scope="module")
def run(new_project: Callable[[str], Project], finished: Project) -> Project:
    """A run of library A from its two lanes' alignments and of library B from its pairs."""
    project = new_project("with depth")
    for name in ("L1", "L2"):
        shutil.copy(finished.path(f"results/lanes/A/{name}.bam"), project.path(f"{name}.bam"))
    shutil.copy(finished.path("results/libraries/B.toy.pairs.gz"), project.path("B.pairs.gz"))
    shutil.copy(finished.path("results/reference/toy.chrom.sizes"), project.path("sizes"))
    rows = ["library lane group bam pairs", "A L1 pool L1.bam", "A L2 pool L2.bam"]
    project.write(
        DEPTH.replace("fasta: {genome}", "chromsizes: sizes") + SETTINGS,
        [*rows, "B L1 pool,solo  B.pairs.gz"],
    )
    code, said = project.run()
    assert code == 0, said
    return project


def tracks(path: Path) -> list[str]:
    """The names of a file's tracks."""
    with d4.open(path) as file:
        return list(file.tracks)


def test_a_library_from_alignments_has_three_tracks(run: Project, tmp_path: Path) -> None:
    library = run.path("results/libraries/A.toy.d4")
    assert tracks(library) == ["all", "mapq30", "dedup"]
    sums = [sum(v.sum() for v in depth_of(library, name).values()) for name in tracks(library)]
    assert sums[0] > sums[1] > 0
    assert sums[0] > sums[2] > 0
    # The lanes together are what the track `all` counts.
    lanes = [run.path("L1.bam"), run.path("L2.bam")]
    create(lanes, sum=True, chromsizes=run.path("sizes"), output=tmp_path / "x.d4")
    summed = depth_of(tmp_path / "x.d4")
    for chrom, depth in depth_of(library, "all").items():
        np.testing.assert_array_equal(depth, summed[chrom])


def test_the_track_without_duplicates_lacks_the_names_of_dups(run: Project, tmp_path: Path) -> None:
    rows = body(run.path("results/libraries/A.toy.duplicates.pairs.gz"))
    assert rows
    (tmp_path / "names").write_text("".join(row.split()[0] + "\n" for row in rows))
    create(
        [run.path("L1.bam"), run.path("L2.bam")],
        sum=True,
        chromsizes=run.path("sizes"),
        exclude_reads=tmp_path / "names",
        output=tmp_path / "x.d4",
    )
    expected = depth_of(tmp_path / "x.d4")
    for chrom, depth in depth_of(run.path("results/libraries/A.toy.d4"), "dedup").items():
        np.testing.assert_array_equal(depth, expected[chrom])


def test_a_library_from_pairs_has_the_ends_of_its_contacts(run: Project) -> None:
    library = run.path("results/libraries/B.toy.d4")
    assert tracks(library) == ["ends"]
    rows = body(run.path("results/libraries/B.toy.pairs.gz"))
    assert sum(values.sum() for values in depth_of(library, "ends").values()) == 2 * len(rows)


def test_a_group_has_a_track_a_library_and_a_bigwig_of_all(run: Project) -> None:
    group = run.path("results/groups/pool.toy.d4")
    assert tracks(group) == ["A", "B"]
    parts = depth_of(group, "A"), depth_of(group, "B")
    with pyBigWig.open(str(run.path("results/groups/pool.toy.depth.bw"))) as bigwig:
        assert list(bigwig.chroms()) == ["chr1", "chr2"]
        for chrom, size in bigwig.chroms().items():
            summed = np.nan_to_num(bigwig.values(chrom, 0, size, numpy=True))
            np.testing.assert_array_equal(summed, parts[0][chrom] + parts[1][chrom])
    assert tracks(run.path("results/groups/solo.toy.d4")) == ["B"]


def test_single_tracks_and_names_are_temporary(run: Project) -> None:
    files = {path.name for path in run.path("results/libraries").iterdir()}
    assert {name for name in files if ".d4" in name} == {"A.toy.d4", "B.toy.d4"}
    assert not [name for name in files if name.endswith(".names")]


def test_depth_can_be_switched_off(finished: Project) -> None:
    assert not [*finished.path("results").rglob("*.d4"), *finished.path("results").rglob("*.bw")]
