"""Real reads on the cluster: four libraries of yeast, one of two lanes, in two groups."""

import shutil
from collections.abc import Callable

import pytest

from tests.cluster.machines import NODES, Cluster
from tests.cluster.project import Project
from tests.conftest import SHARED, Outcome
from tests.engines import assert_same_run, mate_of
from tests.snakemake.conftest import Project as Native

YEAST = SHARED / "data" / "yeast"
pytestmark = [
    pytest.mark.prove,
    pytest.mark.shared,
    pytest.mark.skipif(not YEAST.is_dir(), reason="the yeast reads are not there"),
]
CONFIG = """
input: {assembly: sacCer3, fasta: yeast/genome/sacCer3.fa.gz, chroms: "chr[IVX]+"}
bin: {resolutions: [5000, 20000, 100000]}
qc: {multiqc: false, report: false}
output: {pictures: false, viewconf: false, crate: false}
"""


def rows() -> list[str]:
    """The sample table: groups are named as their libraries, without the replicate."""
    ones = sorted((YEAST / "fastq").rglob("*_1.fastq.gz"))
    found = [one.relative_to(YEAST.parent) for one in ones]
    lanes = [(one.parts[-3], one.parts[-2], one) for one in found]
    table = [f"{lib} {lane} {lib[:-3]} {one} {mate_of(one, 2)}" for lib, lane, one in lanes]
    return ["library lane group fastq1 fastq2", *table]


def test_yeast_on_both_nodes_gives_what_it_gives_here(
    slurm: Cluster,
    pulled: Outcome,
    make_project: Callable[[str], Project],
    new_project: Callable[[str], Native],
) -> None:
    native = new_project("yeast")
    native.path("yeast").symlink_to(YEAST)
    native.write(CONFIG, rows())
    code, said = native.run()
    assert code == 0, said
    project = make_project("yeast")
    shutil.copytree(YEAST, project.folder / "yeast")
    project.write(CONFIG, rows())
    code, said = project.run(seconds=1500)
    assert code == 0, said + slurm.logs()
    assert {record["NodeList"] for record in project.records()} == set(NODES)
    assert_same_run(project.folder / "results", native.path("results"))
