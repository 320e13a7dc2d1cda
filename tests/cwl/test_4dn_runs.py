"""The 4DN-named files, run by cwltool from job files in 4DN's style."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cooler
import hictkpy
import pysam
import pytest
import yaml

from tests.conftest import body
from tests.cwl.conftest import BIN, FOLDER, Run, hicloom
from tests.snakemake.tables import assert_same_map

RESOLUTIONS = [5000, 10000, 25000, 50000]
TOOLS, WORKFLOWS = (
    yaml.safe_load(Path(__file__).with_name("contract.yaml").read_text())[kind]
    for kind in ("tools", "workflows")
)
# What a tool makes, by the id of its output, and which tools make what it reads.
CHAIN: dict[str, tuple[dict[str, str], list[str]]] = {
    "bwa-mem": ({"out_bam": "out.bam"}, []),
    "pairsam-parse-sort": ({"sorted_pairsam": "out.sam.pairs.gz"}, ["bwa-mem"]),
    "pairsam-merge": ({"merged_pairsam": "out.merged.sam.pairs.gz"}, ["pairsam-parse-sort"]),
    "pairsam-markasdup": ({"dupmarked_pairsam": "out.marked.sam.pairs.gz"}, ["pairsam-merge"]),
    "pairsam-filter": (
        {"lossless_bamfile": "out.lossless.bam", "filtered_pairs": "out.dedup.pairs.gz"},
        ["pairsam-markasdup"],
    ),
    "merge-pairs": ({"merged_pairs": "out.pairs.gz"}, []),
    "pairsqc-single": ({"report": "toy_report.zip"}, ["merge-pairs"]),
    "addfragtopairs": ({"pairs_with_frags": "out.ff.pairs.gz"}, ["merge-pairs"]),
    "cooler": ({"cool": "out.cool"}, ["merge-pairs"]),
    "cool2mcool": ({"mcool": "out.multires.cool"}, ["cooler"]),
    "pairs2hic": ({"hic": "out.hic"}, ["addfragtopairs"]),
    "add-hic-normvector-to-mcool": (
        {"mcool_with_hicnorm": "output.mcool"},
        ["pairs2hic", "cool2mcool"],
    ),
    "md5": ({"report": "report"}, []),
    "sha256": ({"report": "report"}, []),
    "validate": ({"report": "report_validatefiles"}, ["bwa-mem"]),
    "hi-c-processing-bam": (
        {"annotated_bam": "out.lossless.bam", "filtered_pairs": "out.dedup.pairs.gz"},
        ["bwa-mem"],
    ),
    "hi-c-processing-pairs": (
        {"merged_pairs": "out.pairs.gz", "hic": "out.hic", "mcool": "output.mcool"},
        [],
    ),
    "md5-validate": ({"md5_report": "report", "validatefiles_report": "report_validatefiles"}, []),
}
INDEXED = {"dupmarked_pairsam", "filtered_pairs", "merged_pairs", "pairs_with_frags"}


class Demo:
    """The example jobs, with the files that they name; each is run once, after those it needs."""

    def __init__(self, folder: Path, cwltool: Callable[..., Run]):
        self.folder = folder
        self._cwltool = cwltool
        self._runs: dict[str, Run] = {}

    def run(self, name: str) -> Run:
        """Run an example job, after those that make what it reads."""
        if name not in self._runs:
            for need in CHAIN[name][1]:
                self.run(need)
            job = self.folder / f"cwl/jobs/{name}.yml"
            words = ("--outdir", self.made(name).parent, FOLDER / f"{name}.cwl", job)
            self._runs[name] = self._cwltool(*words)
        return self._runs[name]

    def made(self, name: str, id_: str | None = None) -> Path:
        """The file that an example job makes as output `id_`, or as its first.

        Tools write into one folder; what makes files of the same names has its own.
        """
        files = CHAIN[name][0]
        folder = name if name in {*WORKFLOWS, "sha256"} else "4dn"
        return self.folder / "demo" / folder / files[id_ or next(iter(files))]

    def make(self, name: str, id_: str | None = None) -> Path:
        """That file, after its job was run."""
        run = self.run(name)
        assert run.code == 0, run.stderr
        return self.made(name, id_)

    def given(self, name: str) -> Path:
        """A file that the jobs read and none makes."""
        return self.folder / "demo" / name


@pytest.fixture(scope="session")
def demo(
    lanes: Path, cwltool: Callable[..., Run], tmp_path_factory: pytest.TempPathFactory
) -> Demo:
    """The example jobs on small data: `make demo` gives them larger files of these names."""
    folder = tmp_path_factory.mktemp("a demo")
    shutil.copytree(FOLDER / "jobs", folder / "cwl/jobs")
    new, libraries = folder / "demo/4dn", folder / "demo/results/libraries"
    new.mkdir(parents=True)
    for mate in (1, 2):
        shutil.copy(lanes / f"L1_{mate}.fastq.gz", folder / f"demo/R1_L1_{mate}.fastq.gz")
    for name in ("index.tgz", "toy.chrom.sizes", "toy.DpnII.txt"):
        shutil.copy(lanes / name, new)
    for seed, library in enumerate(("R1", "R2")):
        words = ["--chromsizes", lanes / "toy.chrom.sizes", "--pairs", "20000", "--seed", seed]
        hicloom("simulate", "pairs", *words, "--output", libraries / f"{library}.toy.pairs.gz")
    return Demo(folder, cwltool)


@pytest.fixture
def run(cwltool: Callable[..., Run], tmp_path: Path) -> Callable[..., Run]:
    """Run a file with a job of these inputs; outputs go to `tmp_path / "out"`."""

    def run_job(name: str, *options: str, **job: Any) -> Run:
        path = tmp_path / "job.json"
        path.write_text(json.dumps(job, default=lambda file: {"class": "File", "path": str(file)}))
        return cwltool(*options, "--outdir", tmp_path / "out", FOLDER / f"{name}.cwl", path)

    return run_job


def peer(*words: object, **options: Any) -> bytes:
    """What a program of the environment prints."""
    command = [str(BIN / str(words[0])), *map(str, words[1:])]
    return subprocess.run(command, check=True, capture_output=True, **options).stdout


def records(path: Path) -> list[str]:
    with pysam.AlignmentFile(str(path), check_sq=False) as bam:
        return [record.to_string() for record in bam]


@pytest.mark.parametrize("name", CHAIN)
def test_the_example_job_gives_the_files_of_the_contract(name: str, demo: Demo) -> None:
    done = demo.run(name)
    assert done.code == 0, done.stderr
    assert {id_: file["basename"] for id_, file in done.output.items()} == CHAIN[name][0]
    for id_, file in done.output.items():
        indexes = [f"{file['basename']}.px2"] if id_ in INDEXED else []
        assert [index["basename"] for index in file.get("secondaryFiles", [])] == indexes
        for made in (file, *file.get("secondaryFiles", [])):
            assert Path(made["path"]).stat().st_size > 0
    # In Docker, cwltool says that it sets no limits unless it is told to.
    warnings = [line for line in done.stderr.splitlines() if "WARNING" in line]
    assert [line for line in warnings if "Consider running with --strict-" not in line] == []


def test_every_file_of_the_contract_has_its_example_run() -> None:
    assert set(CHAIN) == {*TOOLS, *WORKFLOWS}


def test_a_bam_becomes_the_pairs_and_alignments_of_pairtools(demo: Demo, tmp_path: Path) -> None:
    """With the defaults of pairtools 0.2.2: walks are masked, molecules of 2000 bp are rescued."""
    bam, pairs = (
        demo.make("hi-c-processing-bam", id_) for id_ in ("annotated_bam", "filtered_pairs")
    )
    parsed, ordered, marked, sam = (
        tmp_path / name for name in ("1.pairs", "2.pairs", "3.pairs", "sam")
    )
    old = "--min-mapq 1 --walks-policy mask --max-molecule-size 2000 --max-inter-align-gap 20"
    options = ["-c", demo.given("4dn/toy.chrom.sizes"), "--add-columns", "mapq", *old.split()]
    peer("pairtools", "parse", *options, "-o", parsed, demo.made("bwa-mem"))
    peer("pairtools", "sort", "-o", ordered, parsed)
    keep = "--mark-dups --output-dups - --output-unmapped - --max-mismatch 3 --backend cython"
    peer("pairtools", "dedup", *keep.split(), "-o", marked, ordered)
    bare = peer("pairtools", "split", "--output-sam", sam, "--output-pairs", "-", marked)
    rows = [line.split("\t") for line in bare.decode().splitlines() if not line.startswith("#")]
    valid = [row for row in rows if row[7] in ("UU", "UR", "RU") and "chrM" not in row]
    assert body(pairs) == [" ".join(row) for row in valid]
    assert len(valid) > 500
    assert sorted(records(bam)) == sorted(records(sam))
    assert sum(row[7] == "DD" for row in rows) > 50


def test_pairs_become_the_maps_of_cooler(demo: Demo, tmp_path: Path) -> None:
    made, pairs = (demo.make("hi-c-processing-pairs", id_) for id_ in ("mcool", "merged_pairs"))
    replicates = [demo.given(f"results/libraries/{name}.toy.pairs.gz") for name in ("R1", "R2")]
    assert sorted(body(pairs)) == sorted(row for path in replicates for row in body(path))
    columns = "-c1 2 -p1 3 -c2 4 -p2 5".split()
    bins = f"{demo.given('4dn/toy.chrom.sizes')}:5000"
    peer("cooler", "cload", "pairs", *columns, bins, pairs, tmp_path / "x.cool")
    zooms = ["-r", ",".join(map(str, RESOLUTIONS)), "-o", tmp_path / "x.mcool"]
    balance = ["--balance", "--balance-args", "--convergence-policy store_nan"]
    peer("cooler", "zoomify", *balance, *zooms, tmp_path / "x.cool")
    assert_same_map(made, tmp_path / "x.mcool")


def test_the_hic_file_lacks_pairs_within_a_fragment_and_of_low_quality(demo: Demo) -> None:
    """`juicer_tools pre` drops the first where the pairs tell fragments; the .mcool has both."""
    made = demo.make("hi-c-processing-pairs", "hic")
    kept = 0
    for row in body(demo.make("addfragtopairs")):
        _, chrom1, _, chrom2, *_, mapq1, mapq2, frag1, frag2 = row.split()
        same = (chrom1, frag1) == (chrom2, frag2)
        kept += not same and min(int(mapq1), int(mapq2)) >= 30
    assert 0 < kept < 40_000
    assert sorted(hictkpy.MultiResFile(str(made)).resolutions()) == RESOLUTIONS
    for resolution in RESOLUTIONS:
        assert hictkpy.File(str(made), resolution).fetch().sum() == kept


def test_the_mcool_of_the_portal_holds_weights_and_norms(demo: Demo) -> None:
    made = str(demo.make("add-hic-normvector-to-mcool"))
    for group in cooler.fileops.list_coolers(made):
        bins = cooler.Cooler(f"{made}::{group}").bins()[:]
        assert {"weight", "KR", "VC", "VC_SQRT"} <= set(bins.columns)


def test_a_workflow_gives_what_its_tools_give_one_by_one(demo: Demo) -> None:
    names = "hi-c-processing-bam", "pairsam-filter"
    pairs = [body(demo.make(name, "filtered_pairs")) for name in names]
    assert pairs[0] == pairs[1]
    maps = demo.make("hi-c-processing-pairs", "mcool"), demo.make("add-hic-normvector-to-mcool")
    assert_same_map(*maps)


def test_sums_are_of_the_file_and_of_what_it_holds(demo: Demo) -> None:
    """sha256 tells the second only."""
    path = demo.given("R1_L1_1.fastq.gz")
    both = [path.read_bytes(), gzip.decompress(path.read_bytes())]
    assert demo.make("md5").read_text().split() == [hashlib.md5(text).hexdigest() for text in both]
    assert demo.make("sha256").read_text().split() == [hashlib.sha256(both[1]).hexdigest()]


def test_a_valid_file_is_reported_as_0_and_another_as_255(
    run: Callable[..., Run], demo: Demo, tmp_path: Path
) -> None:
    assert demo.make("validate").read_text() == "0\n"
    done = run("md5-validate", input_file=demo.given("4dn/toy.DpnII.txt"))
    assert done.code == 0, done.stderr
    assert (tmp_path / "out/report_validatefiles").read_text() == "255\n"


def test_a_key_that_no_input_has_is_passed_over(
    run: Callable[..., Run], demo: Demo, tmp_path: Path
) -> None:
    """4DN's own job for pairsam-parse-sort gives `nThreads`, which is called `Threads` there."""
    bam, sizes = demo.make("bwa-mem"), demo.given("4dn/toy.chrom.sizes")
    done = run("pairsam-parse-sort", bam=bam, chromsize=sizes, nThreads=1)
    assert done.code == 0, done.stderr
    assert body(tmp_path / "out/out.sam.pairs.gz") == body(demo.make("pairsam-parse-sort"))


def test_names_may_hold_blanks_and_quotes(
    run: Callable[..., Run], demo: Demo, tmp_path: Path
) -> None:
    """Those of folders always (as here); those of files where cwltool is told so."""
    copies = [tmp_path / f"{name}'s pairs.gz" for name in ("R1", "R2")]
    for copy in copies:
        shutil.copy(demo.given(f"results/libraries/{copy.name[:2]}.toy.pairs.gz"), copy)
    done = run("merge-pairs", "--relax-path-checks", input_pairs=copies)
    assert done.code == 0, done.stderr
    assert body(tmp_path / "out/out.pairs.gz") == body(demo.make("merge-pairs"))


def test_a_job_of_one_key_runs_on_the_defaults(
    run: Callable[..., Run], demo: Demo, tmp_path: Path
) -> None:
    """Powers of two of 5 kb: one tile of 256 bins holds the whole genome already."""
    done = run("cool2mcool", input_cool=demo.make("cooler"))
    assert done.code == 0, done.stderr
    made = str(tmp_path / "out/out.multires.cool")
    assert cooler.fileops.list_coolers(made) == ["/resolutions/5000"]


def test_several_lanes_become_one_library(
    run: Callable[..., Run], demo: Demo, tmp_path: Path
) -> None:
    """Every pair of a lane that is given twice is a duplicate of itself."""
    bam, sizes = demo.make("bwa-mem"), demo.given("4dn/toy.chrom.sizes")
    again = shutil.copy(bam, tmp_path / "again.bam")
    done = run("hi-c-processing-bam", input_bams=[bam, again], chromsize=sizes)
    assert done.code == 0, done.stderr
    once = [row.split()[0] for row in body(demo.make("pairsam-filter", "filtered_pairs"))]
    twice = [row.split()[0] for row in body(tmp_path / "out/out.dedup.pairs.gz")]
    assert sorted(once) == sorted(twice)
    lossless = records(tmp_path / "out/out.lossless.bam")
    assert len(lossless) == 2 * len(records(demo.made("pairsam-filter", "lossless_bamfile")))


def test_outputs_take_the_names_of_the_job(
    run: Callable[..., Run], demo: Demo, tmp_path: Path
) -> None:
    """4DN's script ignores this `outprefix` and its CWL file then finds no output."""
    done = run("addfragtopairs", input_pairs=demo.make("merge-pairs"), outprefix="my sample")
    assert done.code == 0, done.stderr
    assert body(tmp_path / "out/my sample.ff.pairs.gz") == body(demo.made("merge-pairs"))
    assert (tmp_path / "out/my sample.ff.pairs.gz.px2").exists()


def test_higlass_goes_with_the_default_list_of_the_workflow(
    run: Callable[..., Run], demo: Demo, tmp_path: Path
) -> None:
    """In CWL a default cannot be taken back, so that exactly this one counts as not given.

    The .hic file has 1 kb only, as one tile of 256 bins of it holds the genome (230 kb).
    """
    pairs, sizes = (
        demo.given("results/libraries/R1.toy.pairs.gz"),
        demo.given("4dn/toy.chrom.sizes"),
    )
    given = {"input_pairs": [pairs], "chromsizes": sizes, "maxmem": "1g", "nthreads": 2}
    done = run("hi-c-processing-pairs", higlass=True, **given)
    assert done.code == 0, done.stderr
    assert hictkpy.MultiResFile(str(tmp_path / "out/out.hic")).resolutions() == [1000]
    mcool = cooler.fileops.list_coolers(str(tmp_path / "out/output.mcool"))
    assert mcool[:3] == ["/resolutions/1000", "/resolutions/2000", "/resolutions/5000"]


def refused(run: Run, message: str, folder: Path) -> None:
    """It ended badly, said why, and left no file."""
    assert run.code == 1
    assert message in " ".join(run.stderr.split())
    assert "Traceback" not in run.stderr
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_value_of_another_type_is_refused_before_anything_runs(
    run: Callable[..., Run], demo: Demo, tmp_path: Path
) -> None:
    pairs, sizes = (
        demo.given("results/libraries/R1.toy.pairs.gz"),
        demo.given("4dn/toy.chrom.sizes"),
    )
    done = run("hi-c-processing-pairs", input_pairs=[pairs], chromsizes=sizes, min_res="5 kb")
    refused(done, "\"'5 kb'\" is not int", tmp_path / "out")
    assert "[step" not in done.stderr


def test_pairs_without_their_index_are_refused(
    run: Callable[..., Run], demo: Demo, tmp_path: Path
) -> None:
    pairs = shutil.copy(demo.given("results/libraries/R1.toy.pairs.gz"), tmp_path / "bare.pairs.gz")
    done = run("cooler", pairs=pairs, chrsizes=demo.given("4dn/toy.chrom.sizes"), binsize=5000)
    refused(done, "Missing required secondary file 'bare.pairs.gz.px2'", tmp_path / "out")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"min_res": 1000, "custom_res": "5000,10000"}, "is not the first of --custom-res"),
        ({"min_res": 5000, "custom_res": "5000", "higlass": True}, "--higlass and --custom-res"),
        ({"min_res": 5000, "custom_res": "5000", "juicer_res": True}, "--juicer-res and --custom"),
        ({"min_res": 5000, "custom_res": "5000,12000"}, "12000 is not a multiple of the base"),
    ],
)
def test_resolutions_that_contradict_each_other_end_the_workflow_at_its_first_step(
    settings: dict[str, Any], message: str, run: Callable[..., Run], demo: Demo, tmp_path: Path
) -> None:
    """Before pairs are merged; pairs2hic would say so after hours."""
    pairs, sizes = (
        demo.given("results/libraries/R1.toy.pairs.gz"),
        demo.given("4dn/toy.chrom.sizes"),
    )
    done = run("hi-c-processing-pairs", input_pairs=[pairs], chromsizes=sizes, **settings)
    refused(done, message, tmp_path / "out")
    assert set(re.findall(r"\[step (.*?)\]", done.stderr)) == {"merge-pairs"}


def test_resolutions_that_contradict_each_other_are_refused_by_a_tool_too(
    run: Callable[..., Run], demo: Demo, tmp_path: Path
) -> None:
    pairs, sizes = (
        demo.given("results/libraries/R1.toy.pairs.gz"),
        demo.given("4dn/toy.chrom.sizes"),
    )
    done = run("pairs2hic", input_pairs=pairs, chromsizes=sizes, custom_res="1000,5000")
    refused(done, "--min-res 5000: is not the first of --custom-res 1000,5000", tmp_path / "out")


def test_an_input_that_may_be_null_and_is_needed_is_asked_for(
    run: Callable[..., Run], demo: Demo, tmp_path: Path
) -> None:
    pairs, sizes = (
        demo.given("results/libraries/R1.toy.pairs.gz"),
        demo.given("4dn/toy.chrom.sizes"),
    )
    done = run("cooler", pairs=pairs, chrsizes=sizes)
    refused(done, "hicloom: --binsize: is not given", tmp_path / "out")
