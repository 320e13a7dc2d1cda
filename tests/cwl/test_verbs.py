"""hicloom-<verb>.cwl: what they say equals what the steps say, and each of them runs."""

import dataclasses
import gzip
import importlib
import inspect
import json
import re
import shutil
import types
import typing
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import cooler
import hictkpy
import pandas as pd
import pysam
import pytest
import yaml

from hicloom.cwl.files import texts
from hicloom.options import parse_size
from tests.conftest import body
from tests.cwl.conftest import FOLDER, Run
from tests.unit.test_vocabulary import RULES, rules, schema

FILES = {path.stem.removeprefix("hicloom-"): path for path in FOLDER.glob("hicloom-*.cwl")}
JOBS = {path.stem: yaml.safe_load(path.read_text()) for path in FOLDER.glob("jobs/hicloom-*.yml")}
HELPERS = "\n\n\n".join(path.read_text() for path in RULES)
MADE = "../../demo/tools/"
# Of other types in CWL: MB for a size such as 4G; files for their paths and addresses.
OTHERS = {"memory", "cool", "cools", "source", "d4", "d4s"}
# Numbers of the machine, not of the step.
ASKED = {"ram", "disk"}


@cache
def tool(verb: str) -> dict[str, Any]:
    """The CWL file of a verb."""
    whole: dict[str, Any] = yaml.safe_load(FILES[verb].read_text())
    return whole


@cache
def parameters(verb: str) -> dict[str, inspect.Parameter]:
    """The parameters of a step, with a table of options spread, without tmpdir."""
    words = [word.replace("-", "_") for word in tool(verb)["baseCommand"][1:]]
    step = getattr(importlib.import_module(".".join(("hicloom.steps", *words))), words[-1])
    found: dict[str, inspect.Parameter] = {}
    for name, parameter in inspect.signature(step).parameters.items():
        if dataclasses.is_dataclass(parameter.default):
            table = inspect.signature(type(parameter.default)).parameters
            found |= {key: part.replace(kind=part.KEYWORD_ONLY) for key, part in table.items()}
        elif name != "tmpdir":
            found[name] = parameter
    return found


def expected_default(parameter: inspect.Parameter) -> Any:
    """A default as CWL writes it: MB for memory, a list for a tuple, none for nothing."""
    default = parameter.default
    if default is parameter.empty or default is None or default == ():
        return None
    if parameter.name == "memory":
        return parse_size(default) // 2**20
    if parameter.name == "threads":
        return 2
    return list(default) if isinstance(default, tuple) else default


def flags(verb: str) -> dict[str, str]:
    """The options that a CWL file gives to its verb, with the inputs that they come from."""
    found = {}
    for name, part in tool(verb)["inputs"].items():
        binding = part.get("inputBinding", {})
        word = binding.get("prefix") or str(binding.get("valueFrom", "")).partition("=")[0]
        found[word] = name
    given = {binding["prefix"]: "tmpdir" for binding in tool(verb).get("arguments", [])}
    return {word: name for word, name in (found | given).items() if word.startswith("--")}


def outputs(verb: str) -> set[str]:
    """The parameters whose values are names of files to write."""
    return {name.removesuffix("_file") for name in tool(verb)["outputs"]}


def test_the_files_are_those_that_make_cwl_writes() -> None:
    assert {path.name: path.read_text() for path in FILES.values()} == texts()


@pytest.mark.parametrize("verb", sorted(FILES))
def test_inputs_are_the_parameters_of_the_step_in_their_order(verb: str) -> None:
    inputs, known = tool(verb)["inputs"], parameters(verb)
    extra = set(inputs) - set(known) - ASKED
    assert [name for name in inputs if name in known] == list(known)
    assert set(inputs) >= ASKED
    # The name of a map within a file; the file that standard output goes to.
    assert extra == ({"map"} if {"cool", "cools", "source"} & set(known) else set()) | (
        {"output"} if "stdout" in tool(verb) else set()
    )


def test_a_path_among_the_options_is_an_input_only_where_that_was_decided() -> None:
    """A new option that names a file to write would look like one that names a file to read."""
    known = (
        "against arms blacklist chromsizes compartments d4 dedup_stats exclude_reads"
        " expected fragments hic index insulation mcool pairs qc regions stats"
    ).split()
    for verb in FILES:
        inputs = tool(verb)["inputs"]
        read = {n for n in flags(verb).values() if "File" in str(inputs.get(n, {}).get("type"))}
        assert read <= set(known), verb
        assert outputs(verb) <= set(inputs), "every output has the input that names it"


@pytest.mark.parametrize("verb", sorted(FILES))
def test_defaults_are_those_of_the_step(verb: str) -> None:
    inputs = tool(verb)["inputs"]
    for name, parameter in parameters(verb).items():
        if name in outputs(verb) and parameter.kind is parameter.KEYWORD_ONLY:
            always = not str(tool(verb)["outputs"][f"{name}_file"]["type"]).endswith("?")
            assert ("default" in inputs[name]) == always, "a name by default, where there is a file"
            assert always or parameter.default is None
        else:
            assert inputs[name].get("default") == expected_default(parameter), name
            if "default" not in inputs[name]:
                told = parameter.default is parameter.empty
                kind = parameter.kind is parameter.VAR_POSITIONAL
                assert told or kind or _is_nullable(inputs[name]["type"]), name


def _is_nullable(type_: Any) -> bool:
    return "null" in type_ if isinstance(type_, list) else str(type_).endswith("?")


@pytest.mark.parametrize("verb", sorted(FILES))
def test_types_are_those_of_the_step(verb: str) -> None:
    for name, part in tool(verb)["inputs"].items():
        parameter = parameters(verb).get(name)
        if parameter is None or name in outputs(verb) or name in OTHERS:
            continue
        hint = _bare(parameter.annotation)
        found = {str(word).rstrip("?") for word in _words(part["type"])} - {"null"}
        if parameter.kind is parameter.VAR_POSITIONAL:
            hint = tuple[hint, ...]
        assert _cwl_type(hint) in found, name
        if typing.get_origin(hint) is typing.Literal:
            assert _symbols(part["type"]) == list(typing.get_args(hint))


def _bare(hint: Any) -> Any:
    """A type without its annotations and without None."""
    hint = hint.__origin__ if hasattr(hint, "__metadata__") else hint
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return _bare(next(part for part in typing.get_args(hint) if part is not types.NoneType))
    return hint


def _cwl_type(hint: Any) -> str:
    simple = {bool: "boolean", int: "int", float: "float", str: "string", Path: "File"}
    if typing.get_origin(hint) is typing.Literal:
        return "enum"
    if hint in simple:
        return simple[hint]
    return f"{simple.get(_bare(typing.get_args(hint)[0]), 'string')}[]"


def _words(type_: Any) -> list[Any]:
    parts = type_ if isinstance(type_, list) else [type_]
    return [part["type"] if isinstance(part, dict) else part for part in parts]


def _symbols(type_: Any) -> list[str]:
    parts = type_ if isinstance(type_, list) else [type_]
    return next(part["symbols"] for part in parts if isinstance(part, dict))


@pytest.mark.parametrize("verb", sorted(FILES))
def test_options_bear_the_names_of_parameters_and_follow_the_arguments(verb: str) -> None:
    known = parameters(verb)
    keywords = {n for n, parameter in known.items() if parameter.kind is parameter.KEYWORD_ONLY}
    found = {name: word for word, name in flags(verb).items() if name != "tmpdir"}
    assert found == {name: f"--{name.replace('_', '-')}" for name in keywords}
    places = {
        name: part["inputBinding"]["position"]
        for name, part in tool(verb)["inputs"].items()
        if "inputBinding" in part
    }
    positional = [name for name in known if name not in keywords]
    assert [places[name] for name in positional] == list(range(1, len(positional) + 1))
    assert all(places[name] == 9 for name in keywords)


def commands(rule: str) -> Iterator[tuple[str, str]]:
    """The verbs that a rule runs, each with its command and what params put there."""
    text = rules()[rule]
    line = re.sub(r'"\n\s*"', "", text[text.index("shell:") :])
    for match in re.finditer(r"hicloom ([a-z0-9-]+(?: [a-z]+(?= ))?)([^|]*)", line):
        named = re.findall(r"\{params\.(\w+)", match[2])
        filled = [
            re.search(rf"^        {name}=(.*?)(?=^ {{,8}}\w)", text, re.M | re.S) for name in named
        ]
        yield match[1].replace(" ", "-"), match[2] + "".join(part[1] for part in filled if part)


def given(text: str) -> set[str]:
    """The options in a command, with those that helpers of the rules put there."""
    words = set(re.findall(r"--[a-z][a-z0-9-]*", text))
    for section in re.findall(r"options\(config\[\"(\w+)\"\](?:\[\"(\w+)\"\])?\)", text):
        part = schema("config.schema.yaml")
        for name in filter(None, section):
            part = part["properties"][name]
        words |= {f"--{key.replace('_', '-')}" for key in part["properties"]}
    for name in re.findall(r"\b(extras|filtering|judging)\b", text):
        words |= given(HELPERS.partition(f"def {name}(")[2].partition("\n\n\n")[0])
    return words


RUNS = [(rule, verb, given(text)) for rule in rules() for verb, text in commands(rule)]


@pytest.mark.parametrize(
    ("rule", "verb", "words"), [pytest.param(*run, id="-".join(run[:2])) for run in RUNS]
)
def test_what_a_rule_gives_to_a_verb_its_cwl_file_can_give(
    rule: str, verb: str, words: set[str]
) -> None:
    if not verb.startswith("fetch"):
        assert words <= set(flags(verb)), rule


def test_options_of_rules_were_found() -> None:
    found = {(rule, verb): words for rule, verb, words in RUNS}
    assert {"--max-mismatch", "--stats-json", "--dups", "--lossless-bam"} <= found["dedup", "dedup"]
    assert {"--pair-types", "--drop-same-fragment"} <= found["dedup", "filter"]
    assert {"--balance", "--mad-max", "--resolutions"} <= found["zoomify", "zoomify"]


class Chain:
    """The example jobs, which go on from each other, in a folder laid out as a checkout's."""

    def __init__(self, folder: Path, cwltool: Callable[..., Run]):
        shutil.copytree(FOLDER / "jobs", folder / "cwl/jobs")
        self.jobs = folder / "cwl/jobs"
        self.files = folder / "demo/tools"
        self._cwltool = cwltool
        self._runs: dict[str, Run] = {}

    def run(self, verb: str) -> Run:
        """Run the job of a verb after those whose outputs it reads; each once."""
        job = JOBS[f"hicloom-{verb}"]
        if verb not in self._runs:
            for name in _paths(job):
                self.run(MAKERS[name])
            options = ("--outdir", self.files)
            self._runs[verb] = self._cwltool(
                *options, FILES[verb], self.jobs / f"hicloom-{verb}.yml"
            )
        return self._runs[verb]

    def path(self, verb: str, output: str = "output_file") -> Path:
        """A file that the job of a verb made."""
        run = self.run(verb)
        assert run.code == 0, run.stderr
        return Path(run.output[output]["path"])


def _paths(part: Any) -> Iterator[str]:
    """The names of files in a job that other jobs make."""
    if isinstance(part, dict) and str(part.get("path")).startswith(MADE):
        yield part["path"].removeprefix(MADE)
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _paths(inner)


MAKERS = {
    value: name.removeprefix("hicloom-")
    for name, job in JOBS.items()
    for value in job.values()
    if isinstance(value, str)
}


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory, cwltool: Callable[..., Run]) -> Chain:
    """The example jobs, run when they are asked for."""
    return Chain(tmp_path_factory.mktemp("a checkout"), cwltool)


@pytest.mark.parametrize("verb", sorted(FILES))
def test_every_verb_runs_from_its_example_job_without_a_warning(verb: str, chain: Chain) -> None:
    run = chain.run(verb)
    assert run.code == 0, run.stderr
    assert "WARNING" not in run.stderr
    job = JOBS[f"hicloom-{verb}"]
    for name, part in tool(verb)["outputs"].items():
        asked = job.get(name.removesuffix("_file")) or "?" not in part["type"]
        assert (run.output[name] is not None) == bool(asked), "null is what was not asked for"


def test_reads_are_as_many_as_the_job_asks_for(chain: Chain) -> None:
    with gzip.open(chain.path("simulate-reads", "output1_file")) as reads:
        assert sum(1 for _ in reads) == 4 * 5000


def test_alignments_are_read_by_pysam(chain: Chain) -> None:
    with pysam.AlignmentFile(str(chain.path("align")), check_sq=False) as bam:
        assert len({record.query_name for record in bam}) == 5000


@pytest.mark.parametrize("verb", ["bam2pairs", "sort-pairs", "merge-pairs", "dedup", "filter"])
def test_pairs_come_with_their_index(verb: str, chain: Chain) -> None:
    path = chain.path(verb)
    assert [
        Path(px2["path"]).name for px2 in chain.run(verb).output["output_file"]["secondaryFiles"]
    ]
    assert Path(f"{path}.px2").is_file()
    assert body(path)


def test_dedup_takes_what_merging_a_lane_with_itself_doubled(chain: Chain) -> None:
    lane, merged, unique = (
        body(chain.path(verb)) for verb in ("bam2pairs", "merge-pairs", "dedup")
    )
    assert len(merged) == 2 * len(lane)
    assert len({row.split(" ")[0] for row in unique}) == len(unique)
    counts = json.loads(chain.path("dedup", "stats_json_file").read_text())
    assert counts["total_dups"] == len(body(chain.path("dedup", "dups_file"))) >= len(lane) / 2


def test_the_filter_of_the_job_holds(chain: Chain) -> None:
    rows = [row.split(" ") for row in body(chain.path("filter"))]
    assert {row[7] for row in rows} <= {"UU", "UR", "RU"}
    assert {name for row in rows for name in (row[1], row[3])} == {"chr1", "chr2"}
    assert min(int(value) for row in rows for value in row[8:10]) >= 30
    assert not [row for row in rows if row[1] == row[3] and row[10] == row[11]]


def test_contacts_of_juicer_are_sorted_into_the_upper_triangle(chain: Chain) -> None:
    places = [tuple(row.split(" ")[1:5]) for row in body(chain.path("convert-pairs"))]
    assert places == [
        ("chr1", "1100", "chr1", "1900"),
        ("chr1", "1200", "chr1", "90500"),
        ("chr1", "4100", "chr2", "150100"),
        ("chr1", "250000", "chr2", "77"),
    ]


def test_a_query_finds_the_rows_of_its_regions(chain: Chain) -> None:
    rows = [row.split(" ") for row in body(chain.path("filter"))]
    between = [r for r in rows if (r[1], r[3]) == ("chr1", "chr2") and int(r[2]) <= 100_000]
    within = [r for r in rows if r[1] == r[3] == "chr1" and max(int(r[2]), int(r[4])) <= 50_000]
    found = [line.split("\t") for line in chain.path("query").read_text().splitlines()]
    assert found == between + within != []


def test_an_index_is_made_anew_beside_a_copy(chain: Chain) -> None:
    path = chain.path("index-pairs")
    assert Path(f"{path}.px2").read_bytes() == Path(f"{chain.path('filter')}.px2").read_bytes()


def test_maps_hold_every_pair(chain: Chain) -> None:
    pairs = len(body(chain.path("filter")))
    assert cooler.Cooler(str(chain.path("cload"))).info["sum"] == pairs
    assert cooler.Cooler(str(chain.path("merge-cool"))).info["sum"] == 2 * pairs
    for size in (1000, 5000, 10000):
        map_ = cooler.Cooler(f"{chain.path('zoomify')}::/resolutions/{size}")
        assert map_.info["sum"] == pairs
        hic = hictkpy.File(chain.path("hic"), size)
        assert hic.fetch().sum() == pairs


def test_the_map_named_beside_the_file_is_the_one_that_is_read(chain: Chain) -> None:
    table = pd.read_csv(chain.path("dump"), sep="\t")
    map_ = cooler.Cooler(f"{chain.path('zoomify')}::/resolutions/10000")
    assert list(table.columns[-2:]) == ["count", "balanced"]
    pixels = map_.matrix(balance=False, as_pixels=True).fetch("chr1")
    assert list(table["count"]) == list(pixels["count"])
    balanced = cooler.Cooler(f"{chain.path('balance')}::/resolutions/5000")
    assert {"weight", "cis_weight"} <= set(balanced.bins().columns)


def test_norms_of_the_job_are_added(chain: Chain) -> None:
    columns = cooler.Cooler(f"{chain.path('add-hic-norms')}::/resolutions/5000").bins().columns
    assert {"VC", "KR"} <= set(columns)
    assert "VC_SQRT" not in columns


def test_what_goes_to_standard_output_is_a_file(chain: Chain) -> None:
    lines = chain.path("validate").read_text().splitlines()
    assert [line.rpartition(": ")[2][:2] for line in lines] == ["OK", "OK", "OK"]
    assert "5000" in chain.path("describe").read_text()


def test_a_picture_is_a_png(chain: Chain) -> None:
    assert chain.path("plot").read_bytes().startswith(b"\x89PNG")


def test_a_flag_that_is_on_by_default_can_be_turned_off(
    chain: Chain, cwltool: Callable[..., Run], tmp_path: Path
) -> None:
    job = {"cool": {"class": "File", "path": str(chain.path("cload"))}, "balance": False}
    job |= {"resolutions": [5000]}
    (tmp_path / "job.yml").write_text(yaml.safe_dump(job))
    run = cwltool("--outdir", tmp_path, FILES["zoomify"], tmp_path / "job.yml")
    assert run.code == 0, run.stderr
    made = cooler.Cooler(f"{run.output['output_file']['path']}::/resolutions/5000")
    assert "weight" not in made.bins().columns


@pytest.mark.parametrize(
    ("verb", "change", "message"),
    [
        ("cload", {"bin_size": "wide"}, "bin_size"),
        ("bam2pairs", {"walks_policy": "none"}, "walks_policy"),
        ("dedup", {"pairs": None}, "pairs"),
        ("filter", {"pairs": "x.pairs.gz"}, "pairs"),
    ],
    ids=["a text for a number", "no such choice", "nothing", "a text for a file"],
)
def test_a_wrong_type_is_refused_before_work_starts(
    verb: str,
    change: dict[str, Any],
    message: str,
    chain: Chain,
    cwltool: Callable[..., Run],
    tmp_path: Path,
) -> None:
    job = JOBS[f"hicloom-{verb}"] | change
    (chain.jobs / "wrong.yml").write_text(yaml.safe_dump(job))
    chain.run(verb)
    run = cwltool("--outdir", tmp_path, FILES[verb], chain.jobs / "wrong.yml")
    assert run.code == 1
    assert f"`{message}`" in run.stderr or f"'{message}'" in run.stderr, run.stderr
    assert "[job" not in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_query_without_an_index_is_refused_before_work_starts(
    chain: Chain, cwltool: Callable[..., Run], tmp_path: Path
) -> None:
    shutil.copy(chain.path("filter"), tmp_path / "bare.pairs.gz")
    job = {"pairs": {"class": "File", "path": "bare.pairs.gz"}, "regions": ["chr1"]}
    (tmp_path / "job.yml").write_text(yaml.safe_dump(job))
    run = cwltool("--outdir", tmp_path / "out", FILES["query"], tmp_path / "job.yml")
    assert run.code == 1
    assert "bare.pairs.gz.px2" in run.stderr or ".px2" in run.stderr
    assert "[job" not in run.stderr
