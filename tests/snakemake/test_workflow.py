"""The workflow from its four entry points, on simulated reads."""

from collections.abc import Callable
from pathlib import Path

import h5py
import pytest

from tests.conftest import Outcome
from tests.snakemake.conftest import CONFIG, Project
from tests.snakemake.tables import assert_same_map, pairs

ONE_MAP = """
filter: {maps: {no_filter: ""}}
output: {pictures: false}
"""
LANE = ("pairs.gz", "pairs.gz.px2")
LIBRARY = {"pairs.gz", "pairs.gz.px2", "duplicates.pairs.gz", "duplicates.pairs.gz.px2"}
LIBRARY |= {"stats.tsv", "stats.json", "qc.json"}


def test_a_run_makes_the_promised_files_and_no_others(finished: Project) -> None:
    maps = {
        f"{group}.toy.{name}.{ending}"
        for group in ("pool", "solo")
        for name in ("no_filter", "mapq_30")
        for ending in ("mcool", "png")
    }
    views = {f"{group}.toy.viewconf.json" for group in ("pool", "solo")}
    expected = {
        "lanes/A": {f"{lane}.{end}" for lane in ("L1", "L2") for end in ("bam", *LANE)},
        "lanes/B": {f"L1.{end}" for end in ("bam", *LANE)},
        "libraries": {f"{library}.toy.{end}" for library in "AB" for end in LIBRARY},
        "multiqc": {"multiqc_report.html", "multiqc_data", "content"},
        "groups": {"pool.toy.pairs.gz", "pool.toy.pairs.gz.px2", *maps, *views},
    }
    for folder, names in expected.items():
        found = finished.path(f"results/{folder}").iterdir()
        made = {path.name for path in found}
        # Snakemake's own, in a folder that is an output.
        assert made - {".snakemake_timestamp"} == names


def test_main_chromosomes_only(finished: Project) -> None:
    chromosomes = {
        name
        for row in pairs(finished.path("results/libraries/A.toy.pairs.gz"))
        for name in (row.split(" ")[1], row.split(" ")[3])
    }
    assert chromosomes == {"chr1", "chr2"}


def test_a_group_holds_the_pairs_of_its_libraries(finished: Project) -> None:
    of_libraries = [
        row
        for library in "AB"
        for row in pairs(finished.path(f"results/libraries/{library}.toy.pairs.gz"))
    ]
    assert sorted(pairs(finished.path("results/groups/pool.toy.pairs.gz"))) == sorted(of_libraries)


def test_every_pair_is_in_its_map_and_a_filter_takes_some_away(finished: Project) -> None:
    rows = pairs(finished.path("results/groups/pool.toy.pairs.gz"))
    sure = [row for row in rows if min(map(int, row.split(" ")[8:10])) >= 30]
    assert 0 < len(sure) < len(rows)
    for name, wanted in (("no_filter", rows), ("mapq_30", sure)):
        with h5py.File(finished.path(f"results/groups/pool.toy.{name}.mcool")) as file:
            sums = {level.attrs["sum"] for level in file["resolutions"].values()}
        assert sums == {len(wanted)}


def test_a_second_run_does_nothing(finished: Project) -> None:
    code, said = finished.run()
    assert (code, "Nothing to be done" in said) == (0, True)


def test_a_new_lane_table_does_not_undo_what_is_done(finished: Project) -> None:
    table = finished.path("config/samples.tsv")
    text = table.read_text()
    table.write_text(f"# a remark\n{text}")
    _, said = finished.run("--dry-run")
    table.write_text(text)
    assert "Nothing to be done" in said


def test_a_report_is_written(finished: Project) -> None:
    code, said = finished.run("--report", "report.html")
    assert code == 0, said
    assert "pool.toy.mapq_30.png" in finished.path("report.html").read_text()


def test_describe_prints_libraries_maps_and_files(
    finished: Project, hicloom: Callable[..., Outcome]
) -> None:
    outcome = hicloom("describe", finished.path("results"))
    assert outcome.code == 0, outcome.stderr
    assert "5k 10k 20k" in outcome.stdout
    assert "pool.toy.no_filter.mcool" in outcome.stdout


def merged_nodups(row: str) -> str:
    """A row of pairs as Juicer's long format: strands 0 and 16, one fragment for all."""
    name, chrom1, pos1, chrom2, pos2, strand1, strand2, _, mapq1, mapq2 = row.split(" ")
    one, two = ({"+": "0", "-": "16"}[strand] for strand in (strand1, strand2))
    ends = (one, chrom1, pos1, "0", two, chrom2, pos2, "1")
    return " ".join((*ends, mapq1, "-", "-", mapq2, "-", "-", name, name)) + "\n"


@pytest.fixture(scope="session")
def entered(finished: Project, new_project: Callable[[str], Project], data: Path) -> Project:
    """A run of library A from each other stage at which it can enter."""
    project, results = new_project("entries"), finished.path("results")
    project.path("given").symlink_to(results)
    lanes = "given/lanes/A"
    final = pairs(results / "libraries/A.toy.pairs.gz")
    project.path("merged_nodups.txt").write_text("".join(map(merged_nodups, final)))
    project.write(
        CONFIG.format(genome=data / "genome.fa.gz") + ONE_MAP,
        [
            "library lane bam pairs stage merged_nodups",
            f"Bam L1 {lanes}/L1.bam",
            f"Bam L2 {lanes}/L2.bam",
            f"Raw L1  {lanes}/L1.pairs.gz raw",
            f"Raw L2  {lanes}/L2.pairs.gz raw",
            "Final L1  given/libraries/A.toy.pairs.gz",
            "Juicer L1    merged_nodups.txt",
        ],
    )
    code, said = project.run()
    assert code == 0, said
    return project


@pytest.mark.parametrize("entry", ["Bam", "Raw", "Final"])
def test_every_entry_point_gives_the_same_pairs(
    entry: str, entered: Project, finished: Project
) -> None:
    fresh = entered.path(f"results/libraries/{entry}.toy.pairs.gz")
    assert pairs(fresh) == pairs(finished.path("results/libraries/A.toy.pairs.gz"))


@pytest.mark.parametrize("entry", ["Raw", "Final", "Juicer"])
def test_every_entry_point_gives_the_same_maps(entry: str, entered: Project) -> None:
    one, other = (entered.path(f"results/groups/{e}.toy.no_filter.mcool") for e in ("Bam", entry))
    assert_same_map(one, other)


def test_lanes_are_temporary_unless_asked_for(entered: Project) -> None:
    assert not [path for path in entered.path("results/lanes").rglob("*") if path.is_file()]
