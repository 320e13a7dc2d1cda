"""One word for one thing: verbs, rules and config sections agree, and every key is read."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hicloom.cli import verbs
from hicloom.matrix.balancing import BalanceOptions
from hicloom.steps.align import align
from hicloom.steps.bam2pairs import bam2pairs
from hicloom.steps.dedup import dedup
from hicloom.steps.filter import filter
from hicloom.steps.hic import hic
from hicloom.steps.index_genome import index_genome
from hicloom.steps.zoomify import zoomify
from hicloom.workflow import layout

ROOT = layout.folder()
RULES = sorted((ROOT / "workflows/rules").glob("*.smk"))
SCHEMAS = sorted((ROOT / "workflows/schemas").glob("*.yaml"))
CODE = [*RULES, ROOT / "Snakefile", *(ROOT / "scripts/hicloom/workflow").glob("*.py")]
TARGETS = {"all", "pairs"}
OPTIONS = {
    "parse": (bam2pairs, "parse"),
    "dedup": (dedup, "dedup"),
    "balance": (BalanceOptions, "bin", "balance"),
}
# Steps without a CWL file, and why; nor have the commands, which are no steps: they use the
# network or lay out the Snakemake workflow.
NO_CWL = {"plan": "it reads the sample table of the Snakemake workflow"}
# Rules that run commands, which use the network.
NO_STEP = {"fetch_fastq", "fetch_file"}
# Rules that run the commands of another program, by the words of these.
OTHERS = {
    "insulation": "cooltools insulation",
    "compartments": "cooltools eigs-cis",
    "expected": "cooltools expected-cis",
}
# Single keys that are options, too.
KEYS = {
    "input.chroms": index_genome,
    "map.aligner": align,
    "filter.pair_types": filter,
    "filter.drop_same_fragment": filter,
    "bin.resolutions": zoomify,
    "hic.engine": hic,
    "hic.norms": hic,
}
SECTIONS = ["input", "map", "parse", "dedup", "filter", "bin", "hic", "depth", "qc", "output"]


def rules() -> dict[str, str]:
    """The text of each rule that makes something, by its name."""
    texts = [path.read_text() for path in (*RULES, ROOT / "Snakefile")]
    parts = [
        re.split(r"^(?:rule|checkpoint) (\w+):\n", text, flags=re.MULTILINE)[1:] for text in texts
    ]
    named = {n: body for part in parts for n, body in zip(part[::2], part[1::2], strict=True)}
    return {name: body for name, body in named.items() if name not in TARGETS}


def schema(name: str) -> dict[str, Any]:
    """A schema of the workflow."""
    whole: dict[str, Any] = yaml.safe_load((ROOT / f"workflows/schemas/{name}").read_text())
    return whole


def keys(node: dict[str, Any], *above: str) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every key of a schema with its path."""
    for name, part in node.get("properties", {}).items():
        yield (*above, name), part
        yield from keys(part, *above, name)


ENTRIES = [pytest.param(p, k, id=".".join(k)) for p in SCHEMAS for k, _ in keys(schema(p.name))]


def test_the_sections_of_config_are_the_stages() -> None:
    assert list(schema("config.schema.yaml")["properties"]) == SECTIONS


@pytest.mark.parametrize("name", sorted(rules().keys() - OTHERS))
def test_a_rule_bears_the_name_of_the_verb_that_it_runs(name: str) -> None:
    commands = re.findall(r"hicloom ([a-z0-9-]+)(?: ([a-z]+))?", rules()[name])
    assert {verb for verb, _ in commands} <= set(verbs())
    assert name.replace("_", "-") in {w for verb, sub in commands for w in (verb, f"{verb}-{sub}")}


@pytest.mark.parametrize("name", OTHERS)
def test_a_rule_of_another_program_runs_the_command_for_it(name: str) -> None:
    assert f'"{OTHERS[name]} ' in rules()[name].replace('"(', '"')
    assert "hicloom " not in rules()[name]


def words_of(folder: Path) -> set[str]:
    """The verbs in a folder of modules; those of a group as `group-verb`."""
    paths = (path.relative_to(folder).with_suffix("") for path in folder.rglob("[a-z]*.py"))
    return {"-".join(path.parts).replace("_", "-") for path in paths}


def test_every_step_has_a_cwl_file_and_no_other_command_has_one() -> None:
    files = {path.stem.removeprefix("hicloom-") for path in ROOT.glob("cwl/hicloom-*.cwl")}
    assert files == words_of(ROOT / "scripts/hicloom/steps") - set(NO_CWL)
    assert not files & words_of(ROOT / "scripts/hicloom/commands")


def test_a_cwl_file_runs_the_verb_of_its_name() -> None:
    for path in ROOT.glob("cwl/hicloom-*.cwl"):
        words = yaml.safe_load(path.read_text())["baseCommand"]
        assert "-".join(words) == path.stem


@pytest.mark.parametrize("name", sorted(rules().keys() - NO_STEP))
def test_a_rule_has_the_cwl_files_of_its_verbs(name: str) -> None:
    for verb in re.findall(r"hicloom ([a-z0-9-]+)", rules()[name]):
        assert (ROOT / f"cwl/hicloom-{verb}.cwl").is_file() or verb == "d4"


@pytest.mark.parametrize("name", OPTIONS)
def test_the_keys_of_a_section_are_the_options_of_its_verb(name: str) -> None:
    step, *place = OPTIONS[name]
    section = schema("config.schema.yaml")
    for part in place:
        section = section["properties"][part]
    options = inspect.signature(step).parameters
    for key, part in section["properties"].items():
        assert part["default"] == options[key].default, "defaults agree too"


@pytest.mark.parametrize("name", KEYS)
def test_the_default_of_a_key_is_that_of_its_option(name: str) -> None:
    *section, key = name.split(".")
    expected = inspect.signature(KEYS[name]).parameters[key].default
    found = dict(keys(schema("config.schema.yaml")))[*section, key]["default"]
    assert found == ([] if expected is None else type(found)(expected))


@pytest.mark.parametrize("name", rules())
def test_rules_are_short_quiet_and_quoted(name: str) -> None:
    lines = [line for line in rules()[name].splitlines() if line.strip()]
    commands = " ".join(line for line in lines if line.lstrip().startswith('"'))
    assert len(lines) <= 24, "a rule has 25 lines at most, its name among them"
    assert "2> {log:q}" in rules()[name]
    assert not re.search(r"\{(input|output|log)[^}:]*\}", commands), "paths are quoted"
    assert not re.search(r"^    (script|run|wrapper):", rules()[name], flags=re.MULTILINE)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_schemas_are_strict_and_say_what_everything_is(path: Path) -> None:
    whole = schema(path.name)
    for names, part in [((path.name,), whole), *keys(whole)]:
        assert part.get("description"), names
        if part["type"] == "object":
            assert "additionalProperties" in part, names
            assert part["additionalProperties"] is not True, names
        if part is not whole:
            assert "default" in part, names


@pytest.mark.parametrize(("path", "names"), ENTRIES)
def test_every_key_is_read(path: Path, names: tuple[str, ...]) -> None:
    if not any(name in OPTIONS for name in names[:-1]):
        assert f'"{names[-1]}"' in "\n".join(file.read_text() for file in CODE), names


def test_every_key_is_explained_to_users() -> None:
    text = (ROOT / "config/README.md").read_text()
    for path in SCHEMAS:
        for names, _ in keys(schema(path.name)):
            assert f"`{names[-1]}`" in text, names


def test_every_column_of_samples_has_a_line() -> None:
    columns = schema("samples.schema.yaml")["properties"]
    head = (ROOT / "config/samples.tsv").read_text().splitlines()[0].split("\t")
    assert set(head) <= set(columns)
