"""config.yaml: defaults, and the one line that each mistake gives before anything runs."""

import copy
from pathlib import Path
from typing import Any

import pytest

from hicloom.workflow import layout
from hicloom.workflow.experiment import open_experiment

SCHEMAS = layout.folder() / "workflows/schemas"
RIGHT: dict[str, Any] = {
    "input": {"assembly": "toy", "samples": "samples.tsv", "fasta": "g.fa"},
    "hic": {"activate": False},
}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory with a genome and one lane of reads."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/usr/bin")
    for name in ("g.fa", "1.fq", "2.fq"):
        Path(name).touch()
    Path("samples.tsv").write_text("library\tfastq1\tfastq2\nA\t1.fq\t2.fq\n")


def refusal(settings: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line with which the settings are refused, with exit code 2."""
    with pytest.raises(SystemExit) as stop:
        open_experiment(settings, *schemas())
    assert stop.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


def schemas() -> tuple[Path, Path]:
    """The schemas of settings and of samples."""
    return SCHEMAS / "config.schema.yaml", SCHEMAS / "samples.schema.yaml"


def test_what_is_left_out_takes_its_default() -> None:
    settings = copy.deepcopy(RIGHT)
    open_experiment(settings, *schemas())
    assert settings["parse"]["walks_policy"] == "mask"
    assert settings["bin"]["balance"]["mad_max"] == 5
    assert settings["filter"]["maps"] == {
        "no_filter": "",
        "mapq_30": "mapq1 >= 30 and mapq2 >= 30",
    }


def test_what_is_given_stays() -> None:
    settings = {**RIGHT, "filter": {"maps": {"all": ""}}, "bin": {"resolutions": [500, 1000]}}
    open_experiment(settings, *schemas())
    assert settings["filter"]["maps"] == {"all": ""}
    assert settings["bin"]["resolutions"] == [500, 1000]


def test_juicer_tools_must_be_there_when_it_is_to_make_hic_files(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HICLOOM_JUICER_TOOLS", "absent.jar")
    line = refusal({"input": RIGHT["input"], "hic": {"engine": "juicer"}}, capsys)
    assert line.startswith("hicloom: config: hic.engine: absent.jar: no such file")
    assert line.endswith("(or set it to hicloom)")


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown section": ({"maps": {}}, "config: unknown maps; known here: input, map, parse"),
    "an unknown key": ({"map": {"cores": 3}}, "config: map: unknown cores; known here: aligner"),
    "a wrong type": ({"map": {"threads": "two"}}, "map.threads: 'two' is not of type integer"),
    "too small": ({"map": {"threads": 0}}, "config: map.threads: 0 is not at least 1"),
    "an empty section": ({"dedup": None}, "config: dedup: None is not of type object"),
    "an unknown aligner": ({"map": {"aligner": "star"}}, "'star' is not one of embedded, bwa"),
    "an unknown pair type": ({"filter": {"pair_types": ["UX"]}}, "pair_types.0: 'UX' is not one"),
    "no pair type": ({"filter": {"pair_types": []}}, "[] is not a list of at least 1"),
    "an unknown norm": ({"hic": {"norms": ["ICE"]}}, "norms.0: 'ICE' is not one of VC, VC_SQRT"),
    "a call in an expression": (
        {"filter": {"maps": {"bad": "__import__('os').system('true')"}}},
        "config: filter.maps.bad: filter expression",
    ),
    "an attribute in an expression": (
        {"filter": {"maps": {"bad": "mapq1.real > 3"}}},
        "config: filter.maps.bad: filter expression",
    ),
    "a bad name of a filter": ({"filter": {"maps": {"a b": ""}}}, "'a b'"),
    "a resolution that does not fit": (
        {"bin": {"resolutions": [1000, 2500]}},
        "config: bin.resolutions: 2500 is not a multiple of 1000, the smallest",
    ),
    "an analysis of a resolution that is not made": (
        {"bin": {"resolutions": [1000]}, "qc": {"downstream": {"insulation": 10_000}}},
        "config: qc.downstream.insulation: 10000 is not among bin.resolutions",
    ),
    "an analysis that there is not": ({"qc": {"downstream": {"loops": 10_000}}}, "'loops'"),
    "arms that are not there": (
        {"qc": {"arms": "absent.bed"}},
        "config: qc.arms: absent.bed is not there",
    ),
    "bwa-mem2 without an index": ({"map": {"aligner": "bwa-mem2"}}, "needs input.index"),
    "same-fragment pairs of no enzyme": (
        {"filter": {"drop_same_fragment": True}},
        "config: filter.drop_same_fragment needs the enzyme in input.enzyme",
    ),
}


@pytest.mark.parametrize(("change", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line(
    change: dict[str, Any], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in refusal(RIGHT | change, capsys)


INPUT_MISTAKES: dict[str, tuple[dict[str, str], str]] = {
    "an unknown enzyme": ({"enzyme": "HindV"}, "config: input.enzyme: HindV: unknown"),
    "a bad assembly": ({"assembly": "hg 38"}, "config: input.assembly: 'hg 38' is not of the form"),
    "a missing genome": ({"fasta": "absent.fa"}, "config: input.fasta: absent.fa is not there"),
    "no genome": ({"fasta": ""}, "config: give input.chromsizes, or input.fasta"),
    "an index alone": ({"index": "."}, "config: input.index needs input.chromsizes"),
    "no index for reads": ({"fasta": "", "chromsizes": "1.fq"}, "FASTQs need input.fasta"),
    "missing samples": ({"samples": "absent.tsv"}, "absent.tsv: no such file"),
}


@pytest.mark.parametrize(("change", "message"), INPUT_MISTAKES.values(), ids=INPUT_MISTAKES)
def test_a_mistake_about_the_inputs_is_one_line(
    change: dict[str, str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in refusal({"input": RIGHT["input"] | change}, capsys)


def test_the_assembly_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    line = refusal({"input": {"fasta": "g.fa"}}, capsys)
    assert line == "hicloom: config: input: assembly is missing"
