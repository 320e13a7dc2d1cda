"""The Snakemake workflow with inputs and results in S3."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.cloud.storage import KEY, SECRET, Fault, Storage, breaking
from tests.snakemake.conftest import LANES, Project
from tests.snakemake.tables import assert_same_map, pairs

CONFIG = """
input: {{assembly: toy, fasta: {folder}/genome.fa.gz, chroms: "chr[0-9]+"}}
bin: {{resolutions: [5000, 10000]}}
filter: {{maps: {{no_filter: ""}}}}
hic: {{activate: false}}
depth: {{activate: false}}
qc: {{multiqc: false}}
output: {{pictures: false}}
"""
ROWS = [
    "library lane group fastq1 fastq2",
    "A L1 pool {0}/a1_1.fq.gz {0}/a1_2.fq.gz",
    "B L1 pool {0}/b1_1.fq.gz {0}/b1_2.fq.gz",
]
MADE = [
    "libraries/A.toy.pairs.gz",
    "libraries/A.toy.pairs.gz.px2",
    "libraries/B.toy.stats.tsv",
    "groups/pool.toy.pairs.gz",
    "groups/pool.toy.no_filter.mcool",
]


@pytest.fixture(scope="module")
def uploaded(s3: Storage, data: Path) -> str:
    """The folder of reads and genome in S3."""
    for path in (data / "genome.fa.gz", *(p for lane in LANES for p in data.glob(f"{lane}_*"))):
        s3.put(path, "lab-data", f"toy/{path.name}")
    return "s3://lab-data/toy"


@contextmanager
def watched_commands() -> Iterator[set[bytes]]:
    """The command lines of all processes, looked at five times a second meanwhile."""
    commands: set[bytes] = set()
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.2):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    commands.add(path.read_bytes())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield commands
    finally:
        ended.set()
        thread.join()


@pytest.fixture
def in_storage(
    new_project: Callable[[str], Project], uploaded: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    """Run a project whose inputs and results are in a storage: its exit code and what it said."""

    def run(storage: Storage, *words: str, rows: list[str] = ROWS) -> tuple[int, str]:
        for name, value in storage.environment.items():
            monkeypatch.setenv(name, value)
        project = new_project("cloud")
        project.write(CONFIG.format(folder=uploaded), [row.format(uploaded) for row in rows])
        profile = ("--workflow-profile", "config/profiles/s3.yaml")
        with watched_commands() as commands:
            code, said = project.run(*profile, *words)
        assert any(b"snakemake" in command for command in commands)
        assert not any(SECRET.encode() in command for command in commands)
        assert KEY not in said
        assert SECRET not in said
        for path in project.folder.rglob("*"):
            assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path
        return code, said

    return run


Run = Callable[..., tuple[int, str]]


def to(prefix: str) -> tuple[str, str]:
    """Where results go."""
    return "--default-storage-prefix", f"s3://lab-results/{prefix}"


def test_results_in_s3_are_those_on_this_machine(
    in_storage: Run,
    s3: Storage,
    new_project: Callable[[str], Project],
    data: Path,
    tmp_path: Path,
) -> None:
    here = new_project("here")
    here.write(CONFIG.format(folder=data), [row.format(data) for row in ROWS])
    code, said = here.run()
    assert code == 0, said

    code, said = in_storage(s3, *to("run"))
    assert code == 0, said
    there = s3.get("lab-results", "run/results", tmp_path / "there")
    for name in MADE:
        ours, theirs = here.path(f"results/{name}"), there / name
        assert theirs.is_file(), name
        if name.endswith(".pairs.gz"):
            assert pairs(ours) == pairs(theirs)
        if name.endswith(".mcool"):
            assert_same_map(ours, theirs)
    code, said = in_storage(s3, *to("run"))
    assert (code, "Nothing to be done" in said) == (0, True), said


def test_every_kind_of_input_may_be_in_s3_and_results_here(
    s3: Storage,
    new_project: Callable[[str], Project],
    write_pairs: Callable[..., Path],
    chromsizes: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A run of final pairs; of the other kinds, that the jobs which read them are found."""
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    made = write_pairs("made.pairs.gz", ["r1 chr1 10 chr1 90000 + - UU 60 60"] * 20)
    s3.put(chromsizes, "lab-data", "toy.chrom.sizes")
    for name in ("final.pairs.gz", "raw.pairs.gz", "nodups.txt.gz", "a.bam", "index.tgz"):
        s3.put(made, "lab-data", name)
    config = "{input: {assembly: toy, chromsizes: s3://lab-data/toy.chrom.sizes, index: %s},"
    config += " bin: {resolutions: [10000]}, hic: {activate: false}, depth: {activate: false},"
    config += " qc: {multiqc: false}, output: {pictures: false}}"
    project = new_project("kinds")
    head, final = "library pairs stage bam merged_nodups", "F s3://lab-data/final.pairs.gz dedup"
    project.write(config % "''", [head, final])
    code, said = project.run()
    assert code == 0, said
    assert len(pairs(project.path("results/libraries/F.toy.pairs.gz"))) == 20
    rows = ["R s3://lab-data/raw.pairs.gz raw", "B   s3://lab-data/a.bam"]
    rows += ["N    s3://lab-data/nodups.txt.gz"]
    project.write(config % "s3://lab-data/index.tgz", [head, *rows])
    code, said = project.run("--dry-run")
    assert code == 0, said
    for name in ("raw.pairs.gz", "a.bam", "nodups.txt.gz"):
        assert f"s3://lab-data/{name} (retrieve from storage)" in said


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            Fault("GET", "lab-data", "ExpiredToken"),
            "samples.tsv, line 2: s3://lab-data/toy/a1_1.fq.gz: the credentials have expired",
        ),
        (
            Fault("GET", "lab-results", "InvalidAccessKeyId", 403),
            "--default-storage-prefix s3://lab-results/x/: the credentials are not valid there",
        ),
        (
            Fault("GET", "lab-data", "PermanentRedirect", 301),
            "line 2: s3://lab-data/toy/a1_1.fq.gz: the bucket is in another region",
        ),
    ],
)
def test_a_storage_that_refuses_is_told_in_one_line_before_anything_runs(
    fault: Fault, said: str, in_storage: Run, s3: Storage
) -> None:
    with breaking(s3, fault) as broken:
        code, words = in_storage(broken, *to("x"))
    assert code == 2, words
    assert said in words
    assert "Traceback" not in words
    assert s3.keys("lab-results", "x/") == []


def test_an_object_that_is_missing_is_named_with_its_line(in_storage: Run, s3: Storage) -> None:
    row = "C L1 pool {0}/c1_1.fq.gz {0}/b1_2.fq.gz"
    code, words = in_storage(s3, *to("x"), rows=[*ROWS, row])
    assert code == 2, words
    assert "samples.tsv, line 4: s3://lab-data/toy/c1_1.fq.gz: there is no such object" in words


def test_an_upload_that_is_cut_fails_its_job_and_leaves_no_object(
    in_storage: Run, s3: Storage
) -> None:
    """The plugin tries again, then gives up; what was stored before stays and is used again."""
    fault = Fault("PUT", "A.toy.pairs.gz")
    with breaking(s3, fault) as broken:
        code, words = in_storage(broken, *to("cut"), "--storage-s3-retries", "2", "--retries", "0")
    assert code == 1, words
    assert fault.met >= 2
    assert "cut/results/libraries/A.toy.pairs.gz" in words
    assert "cut/results/libraries/A.toy.pairs.gz" not in s3.keys("lab-results", "cut/")
    assert "cut/results/reference/toy.chrom.sizes" in s3.keys("lab-results", "cut/")
