"""The .hic of a run, beside the .mcool of the same pairs."""

import shutil
from collections.abc import Callable

import cooler
import hictkpy
import numpy as np
import pytest

from tests.snakemake.conftest import CONFIG, Project

RESOLUTIONS = (5000, 10000, 20000)
SETTINGS = 'filter: {maps: {no_filter: ""}}\noutput: {pictures: false}\n'


@pytest.fixture(scope="module")
def run(new_project: Callable[[str], Project], finished: Project) -> Project:
    """A run from the final pairs of the other run, with .hic files."""
    project = new_project("with hic")
    for name in "AB":
        source = finished.path(f"results/libraries/{name}.toy.pairs.gz")
        shutil.copy(source, project.path(f"{name}.pairs.gz"))
    shutil.copy(finished.path("results/reference/toy.chrom.sizes"), project.path("sizes"))
    config = CONFIG.replace("fasta: {genome}", "chromsizes: sizes")
    config = config.replace("activate: false", "activate: true")
    rows = ["library group pairs", "A pool A.pairs.gz", "B pool B.pairs.gz"]
    project.write(config + SETTINGS, rows)
    code, said = project.run()
    assert code == 0, said
    return project


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_both_maps_hold_the_same_pixels(run: Project, resolution: int) -> None:
    name = str(run.path("results/groups/pool.toy.no_filter"))
    ours = cooler.Cooler(f"{name}.mcool::resolutions/{resolution}")
    hic = hictkpy.File(f"{name}.hic", resolution)
    assert {n: ours.chromsizes[n] for n in ours.chromnames} == hic.chromosomes()
    pixels = ours.pixels()[:]
    theirs = hic.fetch().to_coo()
    order = np.lexsort((theirs.col, theirs.row))
    assert len(pixels) > 50
    np.testing.assert_array_equal(pixels["bin1_id"], theirs.row[order])
    np.testing.assert_array_equal(pixels["bin2_id"], theirs.col[order])
    np.testing.assert_array_equal(pixels["count"], theirs.data[order])


def test_the_norms_of_the_hic_are_in_the_mcool(run: Project) -> None:
    name = str(run.path("results/groups/pool.toy.no_filter"))
    bins = cooler.Cooler(f"{name}.mcool::resolutions/10000").bins()[:]
    hic = hictkpy.File(f"{name}.hic", 10000)
    for norm in ("VC", "VC_SQRT"):
        np.testing.assert_allclose(bins[norm], hic.weights(norm, divisive=True), equal_nan=True)
