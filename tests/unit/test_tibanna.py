"""Execution JSONs for tibanna: what its worker would stumble over is refused, with the reason."""

import contextlib
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from hicloom.errors import InputError
from hicloom.planning.model import cost
from hicloom.tibanna.check import check_execution
from hicloom.tibanna.make import Plan, execution_of, read_job
from hicloom.tibanna.process import Beside, read_process
from hicloom.tibanna.settling import needs
from hicloom.tibanna.sizing import size_of
from hicloom.tibanna.types import Placed, fits, told
from hicloom.workflow import layout
from tests.executions import NAMES, URL, Execution, execution, located

CWL = layout.folder() / "cwl"
Change = Callable[[Execution], object]


def problems(changed: Execution, cwl: Path | None = None) -> list[str]:
    """What is wrong with an execution."""
    return check_execution(changed, cwl).problems


@pytest.mark.parametrize("name", NAMES)
def test_an_execution_of_4dns_is_sound_with_another_url_alone(name: str) -> None:
    assert problems(execution(name)) == []


def test_its_machine_may_be_left_to_4dns_benchmarks_which_know_its_workflows() -> None:
    known, unknown = execution("md5"), execution("md5")
    unknown["args"]["app_name"] = "mine"
    assert problems(known) == []
    assert problems(unknown) == ["config.instance_type: is missing; give it, or cpu and mem (GB)"]


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (
            "hi-c-processing-pairs",
            lambda e: e["args"]["input_parameters"].update(nthread=1),
            "args.input_parameters.nthread: hi-c-processing-pairs.cwl has no input of that name; "
            "did you mean nthreads?",
        ),
        (
            "hi-c-processing-bam",
            lambda e: e["args"]["output_target"].update(out_pairs="x.pairs.gz"),
            "args.output_target.out_pairs: hi-c-processing-bam.cwl has no output of that name; "
            "there are annotated_bam, filtered_pairs",
        ),
        (
            "bwa-mem",
            lambda e: e["args"]["input_files"].pop("fastq2"),
            "args.input_files.fastq2: is missing; bwa-mem.cwl needs it",
        ),
        (
            "bwa-mem",
            lambda e: e["args"]["input_parameters"].update(nThreads="two"),
            "args.input_parameters.nThreads: 'two' is not int",
        ),
        (
            "bwa-mem",
            lambda e: e["args"]["input_files"].update(fastq1=located(["a_1.fq.gz"])),
            "args.input_files.fastq1: [a file] is not File",
        ),
        (
            "hi-c-processing-bam",
            lambda e: e["args"]["input_files"].update(input_bams=located("bam/L1.bam")),
            "args.input_files.input_bams: a file is not File[]",
        ),
        (
            "cooler",
            lambda e: e["args"]["secondary_files"].update(pairs=located("made/R1.px2")),
            "args.secondary_files.pairs: made/R1.px2 has another prefix than its file, "
            "made/R1.pairs.gz; the worker looks for made/R1.pairs.gz.px2",
        ),
        (
            "cooler",
            lambda e: e["args"].pop("secondary_files"),
            "args.secondary_files.pairs: made/R1.pairs.gz.px2 is missing; cooler.cwl needs it",
        ),
        (
            "cooler",
            lambda e: e["args"]["input_files"]["pairs"].update(rename="R1.pairs.gz"),
            "args.secondary_files.pairs: made/R1.pairs.gz.px2 has another prefix than its file, "
            "R1.pairs.gz; the worker looks for R1.pairs.gz.px2",
        ),
        (
            "cooler",
            lambda e: e["args"]["secondary_files"].update(pairs="s3://lab-data/R1.pairs.gz.px2"),
            "args.secondary_files.pairs: expected a table with bucket_name and object_key",
        ),
        (
            "md5",
            lambda e: e["args"]["input_files"].update(input_file=located("a b; rm -r x")),
            "args.input_files.input_file: 'a b; rm -r x' cannot be a key; letters, digits and "
            "._+-,:@ only, as the worker writes it into a shell script as it is",
        ),
        (
            "hi-c-processing-pairs",
            lambda e: e["args"]["input_files"].update(
                input_pairs=["s3://one-lab/1.pairs.gz", "s3://two-lab/2.pairs.gz"]
            ),
            "args.input_files.input_pairs: files of one argument must be in one bucket, not "
            "one-lab, two-lab",
        ),
        (
            "bwa-mem",
            lambda e: e["args"]["input_files"].update(fastq2="s3://other/reads/L1_1.fastq.gz"),
            "args.input_files.fastq2: s3://other/reads/L1_1.fastq.gz and "
            "s3://lab-data/reads/L1_1.fastq.gz would both be /data1/input/reads/L1_1.fastq.gz "
            "on the worker; give one of them a rename",
        ),
        (
            "md5",
            lambda e: e["args"]["input_files"]["input_file"].update(unzip="zip"),
            "args.input_files.input_file: unzip is 'zip'; expected gz or bz2",
        ),
        (
            "hi-c-processing-bam",
            lambda e: e["args"]["cwl_child_filenames"].remove("pairsam-merge.cwl"),
            "args.cwl_child_filenames: pairsam-merge.cwl is missing; hi-c-processing-bam.cwl "
            "runs it",
        ),
        (
            "hi-c-processing-pairs",
            lambda e: e["args"]["secondary_output_target"].update(mcool="maps/wt.mcool.px2"),
            "args.secondary_output_target.mcool: 'maps/wt.mcool.px2' belongs to none of its "
            "secondary files (no secondary files)",
        ),
        (
            "hi-c-processing-pairs",
            lambda e: e["args"]["secondary_output_target"].update(merged_pairs="px2/wt.px2"),
            "args.secondary_output_target.merged_pairs: px2/wt.px2 has another prefix than its "
            "file; readers look for maps/wt.pairs.gz.px2",
        ),
        (
            "md5",
            lambda e: e["args"]["output_target"].update(report={"object_prefix": "md5"}),
            "args.output_target.report: a file needs an object_key; below a prefix it goes to "
            "mnt/data1/out/",
        ),
        (
            "md5",
            lambda e: e["args"].update(output_S3_bucket="s3://lab-results/x"),
            "args.output_S3_bucket: 's3://lab-results/x' is no bare name of a bucket",
        ),
        (
            "hi-c-processing-bam",
            lambda e: e["args"].update(run_args="--parallel --debug"),
            "args.run_args: expected one word, such as --parallel; the worker does not quote it",
        ),
        (
            "md5",
            lambda e: e["args"].update(input_env={"AWS_SECRET_ACCESS_KEY": "not-told"}),
            "args.input_env.AWS_SECRET_ACCESS_KEY: no credentials here; the worker has its own "
            "role",
        ),
        (
            "md5",
            lambda e: e["args"].update(cwl_directory_url="https://me:not-told@lab.example/cwl"),
            "args.cwl_directory_url: holds a user or password, which everybody would see",
        ),
        (
            "md5",
            lambda e: e["config"].update(password="not-told"),
            "config.password: would stand in logs of AWS; use key_name",
        ),
        (
            "md5",
            lambda e: e["config"].update(ebs_size="3 x"),
            "config.ebs_size: '3 x' is no factor such as 8x",
        ),
        (
            "md5",
            lambda e: e["config"].update(behavior_on_capacity_limit="retry_without_spot"),
            "config.behavior_on_capacity_limit: retry_without_spot is for spot_instance: true",
        ),
        ("md5", lambda e: e["config"].pop("log_bucket"), "config.log_bucket: is missing"),
    ],
)
def test_what_the_worker_would_stumble_over_is_refused(
    name: str, change: Change, said: str
) -> None:
    changed = execution(name)
    change(changed)
    assert problems(changed) == [said]
    assert "not-told" not in said


def write_tool(folder: Path, outputs: str) -> None:
    """A tool that takes nothing."""
    head = "cwlVersion: v1.2\nclass: CommandLineTool\nbaseCommand: [touch, a, b]\ninputs: {}\n"
    (folder / "md5.cwl").write_text(f"{head}outputs: {outputs}\n")


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        (
            "{report: {type: 'File[]', outputBinding: {glob: '*'}}}",
            "md5.cwl: output report is File[]; tibanna's worker uploads single files, no arrays",
        ),
        (
            "{report: File, sum: int}",
            "md5.cwl: output sum is int; tibanna's worker uploads files and folders only",
        ),
        (
            "{report: {type: Directory, outputBinding: {glob: a}}}",
            "md5.cwl: no output is a file; the worker's md5sum fails on folders alone",
        ),
    ],
)
def test_an_output_that_cannot_be_uploaded_is_refused(
    outputs: str, said: str, tmp_path: Path
) -> None:
    """The uploader reads `path` of every output: a list or null is a TypeError after the run."""
    write_tool(tmp_path, outputs)
    changed = execution("md5")
    changed["args"]["input_files"] = {}
    assert problems(changed, tmp_path) == [said]


def made(name: str, job: dict[str, Any], folder: Path, **plan: Any) -> Execution:
    """The execution that is made of a job."""
    path = folder / "job.yml"
    path.write_text(yaml.safe_dump(job))
    process = read_process(CWL, name)
    settings = {"cwl": URL, "into": "s3://lab-results/run", "logs": "lab-logs", "name": "r"} | plan
    return execution_of(process, read_job(path, process), Plan(**settings))


def in_s3(*names: str) -> Any:
    """Files of a job."""
    files = [{"class": "File", "location": f"s3://lab-data/{name}"} for name in names]
    return files[0] if len(files) == 1 else files


HIC = {
    "group": "wt",
    "assembly": "toy",
    "libraries": ["R1"],
    "fastq1": [[in_s3("L1_1.fq.gz")]],
    "fastq2": [[in_s3("L1_2.fq.gz")]],
    "index": in_s3("index.tgz"),
    "chromsizes": in_s3("toy.chrom.sizes"),
    "ram": 9000,
    "threads": 6,
}


def test_a_job_of_the_whole_workflow_becomes_an_execution(tmp_path: Path) -> None:
    """Outputs have the names that hic.cwl gives them, the machine is its largest job's size."""
    run = made("hic.cwl", HIC, tmp_path)
    args, config = run["args"], run["config"]
    assert problems(run) == []
    assert args["input_files"]["fastq1"] == located([["L1_1.fq.gz"]])
    assert args["output_target"] == {
        "pairs": "run/wt.toy.pairs.gz",
        "mcool": "run/wt.toy.no_filter.mcool",
        "hic": "run/wt.toy.no_filter.hic",
        "library_pairs": "run/wt.toy.libraries",
        "library_stats": "run/wt.toy.stats",
    }
    assert args["secondary_output_target"] == {"pairs": ["run/wt.toy.pairs.gz.px2"]}
    assert {"hic-library.cwl", "hicloom-align.cwl"} < set(args["cwl_child_filenames"])
    assert (config["cpu"], config["mem"], config["ebs_size"]) == (6, 9, "8x")


def test_memory_and_disk_follow_the_model_where_the_number_of_pairs_is_told(tmp_path: Path) -> None:
    """Of 100 million pairs of a human genome, `hic` takes most memory, alignments most disk."""
    process = read_process(CWL, "hic.cwl")
    hic, align = (cost(step, 10**8, 31 * 10**8) for step in ("hic", "align"))
    size = size_of(process, 10**8, 31 * 10**8)
    assert size.memory == int(1.25 * max(hic.memory, align.memory))
    assert 2 * align.disk < 1000 * size.disk < 5 * align.disk
    config = made("hic.cwl", HIC, tmp_path, pairs=10**8, genome=31 * 10**8)["config"]
    assert (config["mem"], config["ebs_size"]) == (9, size.disk)
    config = made("hic.cwl", HIC | {"ram": 1000}, tmp_path, pairs=10**8, genome=31 * 10**8)[
        "config"
    ]
    assert config["mem"] == -(-size.memory // 1024)


@pytest.mark.parametrize("name", ["hi-c-processing-bam", "hi-c-processing-pairs"])
def test_4dns_workflows_are_measured_by_what_their_tools_do(name: str) -> None:
    small, large = (size_of(read_process(CWL, f"{name}.cwl"), n, 10**8) for n in (10**6, 10**9))
    assert small.memory < large.memory
    assert 50 * small.disk < large.disk


def test_what_was_not_measured_is_said() -> None:
    with pytest.raises(InputError, match=r"what md5\.cwl takes was not measured"):
        size_of(read_process(CWL, "md5.cwl"), 1, 1)


def test_what_lies_beside_a_file_is_added(tmp_path: Path) -> None:
    job = {"pairs": in_s3("R1.pairs.gz"), "regions": ["chr1"], "output": "chr1.pairs"}
    run = made("hicloom-query.cwl", job, tmp_path)
    assert problems(run) == []
    assert run["args"]["secondary_files"]["pairs"] == located("R1.pairs.gz.px2")
    assert run["args"]["output_target"] == {"output_file": "run/chr1.pairs"}


def test_an_output_that_would_be_null_is_refused_with_the_parameter_that_makes_it(
    tmp_path: Path,
) -> None:
    job = {"pairs": in_s3("R1.pairs.gz"), "output": "x.pairs.gz"}
    said = problems(made("hicloom-filter.cwl", job, tmp_path))
    assert (
        "hicloom-filter.cwl: output stats_file will be null, at which tibanna's worker breaks; "
        "give the parameter stats" in said
    )
    whole = job | {"stats": "x.tsv", "lossless_bam": "x.bam"}
    assert problems(made("hicloom-filter.cwl", whole, tmp_path)) == []


@pytest.mark.parametrize("path", sorted(CWL.glob("*.cwl")), ids=lambda path: path.stem)
def test_every_cwl_file_is_understood(path: Path) -> None:
    process = read_process(CWL, path.name)
    assert set(process.files()) <= {other.name for other in CWL.glob("*.cwl")}
    assert needs(process, {}).cores >= 1
    assert all(told(port.kind) for port in (*process.inputs.values(), *process.outputs.values()))


@pytest.mark.parametrize(
    ("job", "said"),
    [
        ({"index": {"class": "Directory", "location": "s3://lab-data/index"}}, "no folders"),
        ({"chromsizes": {"class": "File", "path": "toy.chrom.sizes"}}, "is not in S3"),
    ],
)
def test_a_job_that_the_worker_cannot_be_given_is_refused(
    job: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        made("hic.cwl", HIC | job, tmp_path)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (3, "int", True),
        (True, "int", False),
        (2**31, "int", False),
        (2**31, "long", True),
        (None, "int?", True),
        (3, "double", True),
        ("sum", {"type": "enum", "symbols": ["file.cwl#method/sum"]}, True),
        ("min", {"type": "enum", "symbols": ["sum"]}, False),
        ([["a"]], {"type": "array", "items": "string[]"}, True),
        (Placed("x"), ["Directory", "File"], True),
        (Placed("x"), "Directory", False),
        ("x", "File", False),
    ],
)
def test_values_fit_the_types_of_cwl(value: Any, kind: Any, expected: bool) -> None:
    assert fits(value, kind) is expected


def test_patterns_of_secondary_files_are_those_of_cwl() -> None:
    """`^` takes an ending off."""
    assert Beside(".px2", True).of("a/x.pairs.gz") == "a/x.pairs.gz.px2"
    assert Beside("^.bai", True).of("a.b/x.bam") == "a.b/x.bai"
    assert Beside("^^.dict", True).of("x.fa.gz") == "x.dict"


def places(node: Any, *above: Any) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a JSON."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from places(value, *above, key)


@pytest.mark.parametrize("name", ["cooler", "hi-c-processing-pairs"])
@pytest.mark.parametrize("junk", [None, 5, True, "x y", "", [], {}, [[]], {"a": [1]}], ids=str)
def test_whatever_stands_anywhere_is_told_or_taken(name: str, junk: Any) -> None:
    """Never a traceback."""
    for *above, last in places(execution(name)):
        changed = node = execution(name)
        for key in above:
            node = node[key]
        node[last] = deepcopy(junk)
        with contextlib.suppress(InputError):
            if above:
                check_execution(changed)
