"""`hicloom 4dn`: its tools, their inputs and defaults as in 4DN's CWL files; what is missing."""

import contextlib
import inspect
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from hicloom.compat import _resolutions
from hicloom.errors import InputError
from hicloom.matrix.resolutions import STANDARD

Cli = Callable[..., object]
DEFAULT = "1000,2000,5000,10000,25000,50000,100000,250000,500000,1000000,2500000,5000000,10000000"

# Tool: inputs and their defaults; ... where 4DN's CWL has none, or allows null.
CONTRACT = {
    "bwa-mem": {
        "fastq1": ..., "fastq2": ..., "bwa_index": ..., "outdir": ".", "prefix": "out",
        "nThreads": 4,
    },
    "pairsam-parse-sort": {
        "bam": ..., "chromsize": ..., "outdir": ".", "outprefix": "out", "Threads": 8,
        "compress_programm": "lz4c",
    },
    "pairsam-merge": {"outprefix": "out", "nThreads": 8, "input_pairsams": ...},
    "pairsam-markasdup": {"input_pairsam": ..., "outprefix": "out"},
    "pairsam-filter": {"input_pairsam": ..., "outprefix": "out", "chromsize": ...},
    "pairsqc-single": {
        "input_pairs": ..., "chromsizes": ..., "sample_name": ..., "enzyme": ...,
        "output_dir": ".", "max_distance": 8.4,
    },
    "merge-pairs": {
        "outprefix": "out", "input_pairs": ...,
        # Beyond 4DN's: what hi-c-processing-pairs.cwl has checked by its first step.
        "min_res": ..., "custom_res": "", "higlass": False, "juicer_res": False,
    },
    "addfragtopairs": {"input_pairs": ..., "restriction_file": ..., "outprefix": "out"},
    "cooler": {
        "pairs": ..., "chrsizes": ..., "binsize": ..., "ncores": 8, "outprefix": "out",
        "max_split": 2,
    },
    "cool2mcool": {
        "input_cool": ..., "ncores": 4, "outprefix": "out", "chunksize": 10_000_000,
        "juicer_res": False, "custom_res": "", "no_balance": False,
    },
    "pairs2hic": {
        "input_pairs": ..., "chromsizes": ..., "output_prefix": "out", "min_res": 5000,
        "higlass": False, "maxmem": "14g", "mapqfilter": 0, "custom_res": "",
        "no_balance": False,
    },
    "add-hic-normvector-to-mcool": {"input_hic": ..., "input_mcool": ..., "outdir": "."},
    "md5": {"input_file": ...},
    "sha256": {"input_file": ...},
    "validate": {"input_file": ..., "type": "fastq"},
}  # fmt: skip

NULLABLE = {
    "pairsam-parse-sort": ["bam", "chromsize"],
    "pairsam-merge": ["input-pairsams"],
    "pairsam-markasdup": ["input-pairsam"],
    "pairsam-filter": ["input-pairsam"],
    "merge-pairs": ["input-pairs"],
    "cooler": ["pairs", "chrsizes", "binsize"],
    "cool2mcool": ["input-cool"],
    "add-hic-normvector-to-mcool": ["input-hic", "input-mcool"],
    "md5": ["input-file"],
    "sha256": ["input-file"],
    "validate": ["input-file"],
}


def function(tool: str) -> Callable[..., None]:
    """The tool's function."""
    name = tool.replace("-", "_")
    found: Callable[..., None] = getattr(import_module(f"hicloom.compat.{name}"), name)
    return found


def test_the_group_holds_4dns_tools(hicloom: Cli) -> None:
    found = {
        line.split()[1]
        for line in hicloom("4dn", "--help").stdout.splitlines()
        if line.startswith("│ ") and line[2].isalpha()
    }
    assert found == set(CONTRACT)


@pytest.mark.parametrize("tool", CONTRACT)
def test_the_options_are_the_inputs_with_their_defaults(hicloom: Cli, tool: str) -> None:
    parameters = inspect.signature(function(tool)).parameters.values()
    found = {p.name: p.default for p in parameters}
    expected = {name.lower(): default for name, default in CONTRACT[tool].items()}
    assert list(found) == list(expected), "in 4DN's order"
    for name, default in expected.items():
        if default is ...:
            assert found[name] in (None, inspect.Parameter.empty)
        else:
            assert found[name] == (Path(default) if default == "." else default)
    assert all(p.kind is p.KEYWORD_ONLY for p in parameters)
    words = hicloom("4dn", tool, "--help").stdout.split()
    for name in expected:
        assert f"--{name.replace('_', '-')}" in words


@pytest.mark.parametrize(
    ("tool", "option"), [(tool, option) for tool, options in NULLABLE.items() for option in options]
)
def test_a_null_that_cannot_be_worked_with_is_told_in_one_line(
    hicloom: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"pairs": "x", "chrsizes": "x", "binsize": 1, "bam": "x", "chromsize": "x"}
    others = [name for name in NULLABLE[tool] if name in given and name != option]
    words = [word for name in others for word in (f"--{name}", given[name])]
    if tool == "add-hic-normvector-to-mcool" and option == "input-mcool":
        words = ["--input-hic", "x"]
    outcome = hicloom("4dn", tool, *words)
    assert outcome.code == 2
    assert (
        outcome.stderr == f"hicloom: --{option}: is not given; there is nothing to do without it\n"
    )
    assert not list(tmp_path.iterdir())


def test_an_input_that_is_required_is_named(hicloom: Cli) -> None:
    outcome = hicloom("4dn", "bwa-mem", "--fastq1", "x")
    assert outcome.code == 2
    assert "--fastq2" in outcome.stderr
    assert "(see hicloom 4dn bwa-mem --help)" in outcome.stderr


def test_the_list_of_the_workflow_is_that_of_the_portal() -> None:
    assert _resolutions.custom(DEFAULT) == list(STANDARD)
    # It cannot be taken back in a job file, so beside another wish it counts as none.
    assert _resolutions.custom(DEFAULT, instead="higlass") == []
    assert _resolutions.custom("", instead="higlass") == []


@pytest.mark.parametrize(
    ("min_res", "higlass", "custom_res", "expected"),
    [
        (5000, False, "", list(_resolutions.JUICER)),
        (1000, False, "1000,4000", [1000, 4000]),
        (1000, False, " 1000, 4000", [1000, 4000]),
        (1000, False, DEFAULT, list(STANDARD)),
        # The genome decides.
        (1000, True, "", []),
        (1000, True, DEFAULT, []),
    ],
)
def test_resolutions_of_a_hic_file(
    min_res: int, higlass: bool, custom_res: str, expected: list[int]
) -> None:
    assert _resolutions.of_hic(min_res, custom_res, higlass=higlass) == expected


@pytest.mark.parametrize(
    ("juicer_res", "custom_res", "expected"),
    [
        (True, "", list(_resolutions.JUICER)),
        (True, DEFAULT, list(_resolutions.JUICER)),
        (False, DEFAULT, list(STANDARD)),
        # The map decides.
        (False, "", []),
    ],
)
def test_resolutions_of_an_mcool_file(
    juicer_res: bool, custom_res: str, expected: list[int]
) -> None:
    assert _resolutions.of_mcool(custom_res, juicer_res=juicer_res) == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--custom-res", "2000,4000"], "--min-res 1000: is not the first of --custom-res 2000,4"),
        (["--custom-res", "1000,1500"], "resolution 1500 is not a multiple of the base resolution"),
        (["--custom-res", "1000,2000", "--higlass"], "--higlass and --custom-res exclude each"),
        (["--custom-res", "1000,2000", "--juicer-res"], "--juicer-res and --custom-res exclude"),
    ],
)
def test_wishes_of_a_workflow_are_checked_by_its_first_step(
    hicloom: Cli, write_pairs: Callable[..., Path], options: list[str], message: str
) -> None:
    path = write_pairs("x.pairs.gz", [])
    with contextlib.chdir(path.parent):
        outcome = hicloom("4dn", "merge-pairs", "--input-pairs", path, "--min-res", 1000, *options)
        assert outcome.code == 2
        assert outcome.stderr.startswith(f"hicloom: {message}")
        assert not Path("out.pairs.gz").exists()
        words = ["--input-pairs", path, "--min-res", 1000, "--custom-res", DEFAULT]
        assert hicloom("4dn", "merge-pairs", *words, "--higlass", "--juicer-res").code == 0


@pytest.mark.parametrize("text", ["5000;10000", "0", "1e4", "4DN", "1000,,2000"])
def test_resolutions_that_are_no_numbers_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected bin sizes with commas"):
        _resolutions.custom(text)


@pytest.mark.parametrize(
    ("genome", "to_one_tile", "expected"),
    [
        # 1000 bins of 1000 bp are 4 tiles of 256 bins; of 2000 bp 2; of 4000 bp one.
        (1_000_000, True, [1000, 2000, 4000]),
        (1_000_000, False, [1000, 2000]),
        # One tile is enough from the start.
        (256_000, True, [1000]),
        (256_000, False, [1000]),
        (256_001, True, [1000, 2000]),
    ],
)
def test_powers_of_two_end_where_the_genome_fits_into_tiles(
    genome: int, to_one_tile: bool, expected: list[int]
) -> None:
    assert _resolutions.powers_of_two(1000, genome, to_one_tile=to_one_tile) == expected


def test_human_powers_of_two() -> None:
    """What cooler 0.8.3 and the helper of HiGlass print for hg38's main chromosomes at 1 kb.

    3,088,269,832 bp are 12,064 tiles, between 2**13 and 2**14: 14 levels, the last 8,192 kb.
    """
    assert _resolutions.powers_of_two(1000, 3_088_269_832, to_one_tile=False)[-1] == 8_192_000
    assert _resolutions.powers_of_two(1000, 3_088_269_832, to_one_tile=True)[-1] == 16_384_000
