"""hic.cwl: its defaults are those of the Snakemake workflow, and it runs jobs side by side."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cooler
import hictkpy
import pytest
import yaml

from tests.conftest import body
from tests.cwl.conftest import FOLDER, Run
from tests.engines import entry, hic_job
from tests.unit.test_vocabulary import keys, rules, schema

# Keys of config that hic.cwl has no input for, and why.
WITHOUT = {
    "samples": "the job lists the lanes",
    "fasta": "the job gives an index",
    "chroms": "the job gives chromsizes",
    "enzyme": "the job gives the sites",
    "ena_report": "CWL steps use no network",
    "maps": "one filter a run",
    "arms": "hicloom-stats.cwl takes them",
    "multiqc": "hicloom-multiqc.cwl makes it of the outputs",
    "downstream": "cooltools is no step",
    **dict.fromkeys(("report", "chromosome"), "hicloom-report.cwl makes it of the outputs"),
    **dict.fromkeys(("viewconf", "crate", "checksums"), "of a run of Snakemake"),
    "chunk_reads": "lanes are mapped whole",
    "activate": "every run makes both maps, and no depth",
    **dict.fromkeys(("lane_bam", "lane_pairs", "lossless_bam"), "no output is left out"),
    **dict.fromkeys(("duplicates", "pictures"), "no output is left out"),
}
# Two threads are there on every machine, and `cwltool --parallel` refuses what is not.
OTHER_DEFAULTS = {"threads": 2, "resolutions": None, "index": None, "chromsizes": None}


def workflow(name: str) -> dict[str, Any]:
    """A CWL file."""
    whole: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text())
    return whole


def runs() -> Iterator[dict[str, Any]]:
    """The steps of hic.cwl and of the workflow within it."""
    for name in ("hic.cwl", "hic-library.cwl"):
        yield from workflow(name)["steps"].values()


def settings() -> dict[str, dict[str, Any]]:
    """The keys of config that have a value, by their last names."""
    found = {names[-1]: part for names, part in keys(schema("config.schema.yaml"))}
    return {name: part for name, part in found.items() if "properties" not in part}


@pytest.mark.parametrize("key", [key for key in settings() if key not in WITHOUT])
def test_a_setting_of_config_is_an_input_with_the_same_default(key: str) -> None:
    inputs = workflow("hic.cwl")["inputs"]
    default = settings()[key]["default"] or None
    if key == "drop_same_fragment":
        default = False
    expected = OTHER_DEFAULTS.get(key, default) if key != "assembly" else None
    assert inputs[key].get("default") == expected


def test_choices_are_those_of_config() -> None:
    inputs = workflow("hic.cwl")["inputs"]
    for key, part in settings().items():
        if "enum" in part and key not in WITHOUT:
            assert inputs[key]["type"]["symbols"] == part["enum"]


def test_every_step_is_a_verb_that_a_rule_runs_too() -> None:
    text = "\n".join(rules().values())
    verbs = {Path(step["run"]).stem.removeprefix("hicloom-") for step in runs()}
    parts = {"hic-library", "hic-folder"}
    assert parts < verbs
    for verb in verbs - parts:
        assert f"hicloom {verb} " in text


def test_steps_get_the_inputs_that_their_tools_have() -> None:
    for step in runs():
        inputs = workflow(step["run"])["inputs"]
        helpers = {"library", "group", "assembly", "name", "drop_same_fragment"}
        assert set(step["in"]) - helpers <= set(inputs)
        asked = {"ram", "disk", "threads", "memory"} & set(inputs) - (
            {"ram"} if step["run"] == "hic-folder.cwl" else set()
        )
        assert asked <= set(step["in"]), "what is asked of the machine reaches every job"


def test_outputs_are_one_file_or_folder_each_and_never_null() -> None:
    types = {name: part["type"] for name, part in workflow("hic.cwl")["outputs"].items()}
    assert types == {
        "pairs": "File",
        "mcool": "File",
        "hic": "File",
        "library_pairs": "Directory",
        "library_stats": "Directory",
    }


@pytest.fixture(scope="module")
def run(
    lanes: Path, cwltool: Callable[..., Run], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Run, Path]:
    """Two libraries of a lane each, jobs side by side, with all that is off by default."""
    folder = tmp_path_factory.mktemp("hic")
    job = hic_job(
        folder / "job.yml",
        {"A": [lanes / "L1_1.fastq.gz"], "B": [lanes / "L2_1.fastq.gz"]},
        index=entry(lanes / "index.tgz"),
        chromsizes=entry(lanes / "toy.chrom.sizes"),
        group="pool",
        assembly="toy",
        drop_same_fragment=True,
        fragments=entry(lanes / "toy.DpnII.txt"),
        filter_name="mapq_30",
        expression="mapq1 >= 30 and mapq2 >= 30",
        resolutions=[5000, 10000],
        pair_types=["UU"],
        norms=["VC"],
        threads=1,
        memory=500,
        ram=1000,
    )
    return cwltool(
        "--parallel", "--outdir", folder / "out", FOLDER / "hic.cwl", job
    ), folder / "out"


def test_names_carry_group_library_assembly_and_filter(run: tuple[Run, Path]) -> None:
    done, out = run
    assert done.code == 0, done.stderr
    pairs = {f"{name}.toy.pairs.gz{end}" for name in "AB" for end in ("", ".px2")}
    endings = ("stats.tsv", "stats.json", "qc.json")
    stats = {f"{name}.toy.{end}" for name in "AB" for end in endings}
    assert {path.name for path in out.rglob("*") if path.is_file()} == {
        *pairs,
        *stats,
        "pool.toy.pairs.gz",
        "pool.toy.pairs.gz.px2",
        "pool.toy.mapq_30.mcool",
        "pool.toy.mapq_30.hic",
    }
    assert {path.name for path in (out / "pool.toy.libraries").iterdir()} == pairs
    assert {path.name for path in (out / "pool.toy.stats").iterdir()} == stats


def test_what_is_off_by_default_can_be_asked_for(run: tuple[Run, Path]) -> None:
    rows = [row.split(" ") for row in body(run[1] / "pool.toy.pairs.gz")]
    assert {row[7] for row in rows} == {"UU"}
    assert not [row for row in rows if row[1] == row[3] and row[10] == row[11]]
    sure = sum(min(map(int, row[8:10])) >= 30 for row in rows)
    assert 0 < sure < len(rows)
    for size in (5000, 10000):
        map_ = cooler.Cooler(f"{run[1]}/pool.toy.mapq_30.mcool::/resolutions/{size}")
        hic = hictkpy.File(run[1] / "pool.toy.mapq_30.hic", size)
        assert map_.info["sum"] == hic.fetch().sum() == sure
        assert {"weight", "VC"} <= set(map_.bins().columns)
        assert "KR" not in map_.bins()
