"""Files of a portal to the lanes of a sample table."""

from pathlib import Path

import pytest

from hicloom.errors import InputError
from hicloom.portal.samples import check_folder, plan_lanes, write_samples
from hicloom.portal.table import PortalFile
from hicloom.workflow.samples import Samples, read_samples

SETS = ("4DNESAAAAAA1", "4DNESAAAAAA2")
EXPERIMENTS = ("4DNEXAAAAAA1", "4DNEXAAAAAA2")
ONE = {EXPERIMENTS[0]: SETS[:1]}


def reads(
    name: str, end: str, mate: str = "", experiments: dict[str, tuple[str, ...]] = ONE
) -> PortalFile:
    """A FASTQ of the portal."""
    url = f"https://x/{name}.fastq.gz"
    file = f"{name}.fastq.gz"
    return PortalFile(
        f"m.tsv, {name}", url, file, name, "fastq", end=end, mate=mate, experiments=experiments
    )


def contacts(name: str, experiments: dict[str, tuple[str, ...]]) -> PortalFile:
    """A file of pairs of the portal."""
    url = f"https://x/{name}.pairs.gz"
    return PortalFile(
        f"m.tsv, {name}", url, f"{name}.pairs.gz", name, "pairs", experiments=experiments
    )


def test_mates_find_each_other_by_either_ones_word() -> None:
    files = [reads("F2", "2", mate="F1"), reads("F1", "1")]
    (lane,) = plan_lanes(files)
    assert [file.accession for file in lane.files] == ["F1", "F2"]
    assert (lane.library, lane.groups) == (EXPERIMENTS[0], SETS[:1])


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([reads("F1", "1", mate="F2")], "F1 lacks its mate F2 among the files"),
        ([reads("F2", "2")], r"F2 lacks its mate \(not named\)"),
        ([reads("F1", "1", "F2"), reads("F2", "1", "F1")], "F1 lacks its mate F2"),
        ([reads("F1", "")], "F1 is not said to be reads 1 or 2"),
        ([reads("F1", "1", "F2", {}), reads("F2", "2", "F1", {})], "F1 is of no experiment"),
        ([contacts("F1", {})], "F1 is of no experiment"),
        ([contacts("F1", {"../x": SETS[:1]})], "'../x' is no accession"),
        ([contacts("F1", ONE), contacts("F2", ONE)], "pairs of 4DNEXAAAAAA1 are on m.tsv, F1, too"),
    ],
)
def test_files_that_make_no_lanes(files: list[PortalFile], message: str) -> None:
    with pytest.raises(InputError, match=message):
        plan_lanes(files)


def test_an_experiment_of_two_sets_is_a_library_of_two_groups(tmp_path: Path) -> None:
    both = {EXPERIMENTS[0]: SETS}
    # The rows of one lane may name both sets, those of another only one.
    files = [reads("F1", "1", "F2", both), reads("F2", "2", "F1", both)]
    files += [reads("F3", "1", "F4"), reads("F4", "2", "F3")]
    samples = written(files, tmp_path)
    assert samples.groups == dict.fromkeys(SETS, EXPERIMENTS[:1])
    assert len(samples.libraries[EXPERIMENTS[0]]) == 2


def test_reads_that_two_experiments_share_are_a_lane_of_both(tmp_path: Path) -> None:
    both = dict.fromkeys(EXPERIMENTS, SETS[:1])
    samples = written([reads("F1", "1", "F2", both), reads("F2", "2", "F1", both)], tmp_path)
    assert list(samples.libraries) == list(EXPERIMENTS)
    assert samples.groups == {SETS[0]: EXPERIMENTS}


def test_pairs_of_whole_sets_are_libraries_by_themselves(tmp_path: Path) -> None:
    files = [contacts(f"F{n}", {"": (name,)}) for n, name in enumerate(SETS)]
    samples = written(files, tmp_path)
    assert samples.of_kind("pairs (dedup)") == list(SETS)
    assert samples.groups == {name: (name,) for name in SETS}


def test_reads_of_one_experiment_and_pairs_of_another_go_together(tmp_path: Path) -> None:
    files = [reads("F1", "1", "F2"), reads("F2", "2", "F1")]
    files.append(contacts("F3", {EXPERIMENTS[1]: SETS[:1]}))
    samples = written(files, tmp_path)
    assert samples.of_kind("fastq") == [EXPERIMENTS[0]]
    assert samples.of_kind("pairs (dedup)") == [EXPERIMENTS[1]]


@pytest.mark.parametrize("folder", ["a\tb", "a\nb", " a", "a "])
def test_folders_that_a_table_cannot_hold(folder: str) -> None:
    with pytest.raises(InputError, match="a sample table cannot hold this path"):
        check_folder(Path(folder))


def written(files: list[PortalFile], folder: Path) -> Samples:
    """The sample table of files, as the workflow reads it."""
    for file in files:
        (folder / file.name).touch()
    write_samples(plan_lanes(files), folder, folder / "samples.tsv")
    return read_samples(folder / "samples.tsv")
