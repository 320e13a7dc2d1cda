"""`hicloom 4dn md5`, `sha256`, `validate`, `pairsqc-single`: the reports that the portal reads."""

import gzip
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pysam
import pytest

Cli = Callable[..., object]
TEXT = b"@r\nACGT\n+\nIIII\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def digest(tool: str, data: bytes) -> str:
    """What coreutils' `tool` says of `data`."""
    return subprocess.run([tool], input=data, capture_output=True).stdout.decode().split()[0]


def write(name: str, data: bytes) -> Path:
    path = Path(name)
    path.write_bytes(data)
    return path


def test_md5_is_of_the_file_and_of_what_it_holds(hicloom: Cli) -> None:
    # Two gzip members: gunzip reads on after the first.
    packed = gzip.compress(TEXT, mtime=0) + gzip.compress(TEXT, mtime=0)
    assert hicloom("4dn", "md5", "--input-file", write("r.fastq.gz", packed)).code == 0
    expected = [digest("md5sum", packed), digest("md5sum", TEXT * 2)]
    assert Path("report").read_text().split("\n") == [*expected, ""]


def test_md5_of_a_plain_file_is_there_twice(hicloom: Cli) -> None:
    hicloom("4dn", "md5", "--input-file", write("r.fastq", TEXT))
    assert Path("report").read_text() == f"{digest('md5sum', TEXT)}\n" * 2


def test_the_name_says_what_is_inflated(hicloom: Cli) -> None:
    """BAM is gzip too, but not by its name; a job file may hold the digest of the file itself."""
    packed = gzip.compress(TEXT, mtime=0)
    hicloom("4dn", "md5", "--input-file", write("x.bam", packed))
    assert Path("report").read_text() == f"{digest('md5sum', packed)}\n" * 2


def test_sha256_is_of_what_a_file_holds(hicloom: Cli) -> None:
    packed = gzip.compress(TEXT, mtime=0)
    for path in (write("r.fastq.gz", packed), write("r.fastq", TEXT)):
        hicloom("4dn", "sha256", "--input-file", path)
        assert Path("report").read_text() == f"{digest('sha256sum', TEXT)}\n"


@pytest.mark.parametrize("tool", ["md5", "sha256"])
@pytest.mark.parametrize(
    ("data", "message"),
    [(TEXT, "is not gzip, as its name says"), (gzip.compress(TEXT, mtime=0)[:-3], "truncated")],
)
def test_a_damaged_gzip_file_gives_no_digest(
    hicloom: Cli, tool: str, data: bytes, message: str
) -> None:
    outcome = hicloom("4dn", tool, "--input-file", write("x.gz", data))
    assert outcome.code == 2
    assert outcome.stderr.count("\n") == 1
    assert message in outcome.stderr
    assert not Path("report").exists()


@pytest.mark.parametrize("tool", ["md5", "sha256", "validate"])
def test_a_missing_file_is_an_error(hicloom: Cli, tool: str) -> None:
    outcome = hicloom("4dn", tool, "--input-file", "none.gz")
    assert outcome.code == 2
    assert outcome.stderr.startswith("hicloom: none.gz: ")


def bam() -> bytes:
    header = pysam.AlignmentHeader.from_dict({"SQ": [{"SN": "chr1", "LN": 1000}]})
    with pysam.AlignmentFile("made.bam", "wb", header=header):
        pass
    return Path("made.bam").read_bytes()


@pytest.mark.parametrize(
    ("name", "data", "words", "expected"),
    [
        ("x.fastq.gz", gzip.compress(TEXT, mtime=0), [], "0\n"),
        ("x.fastq", TEXT.replace(b"IIII", b"III"), [], "255\n"),
        ("x.fa", b">chr1\nACGT\nAC\n", ["--type", "fasta"], "0\n"),
        ("x.fa", b">chr1\n>chr2\nAC\n", ["--type", "fasta"], "255\n"),
        # What it should hold is said by the option alone.
        ("x.fa", b">chr1\nACGT\nAC\n", [], "255\n"),
        ("x", TEXT, ["--type", "bam"], "255\n"),
    ],
)
def test_the_report_says_whether_a_file_is_valid_and_the_job_goes_on(
    hicloom: Cli, name: str, data: bytes, words: list[str], expected: str
) -> None:
    outcome = hicloom("4dn", "validate", "--input-file", write(name, data), *words)
    assert outcome.code == 0
    assert Path("report_validatefiles").read_text() == expected


def test_a_right_bam_file_is_valid_and_a_truncated_one_is_not(hicloom: Cli) -> None:
    for data, expected in ((bam(), "0\n"), (bam()[:-28], "255\n")):
        path = write("x.bam", data)
        hicloom("4dn", "validate", "--input-file", path, "--type", "bam")
        assert Path("report_validatefiles").read_text() == expected


def test_what_is_wrong_is_printed(hicloom: Cli) -> None:
    path = write("x.fastq", TEXT.replace(b"IIII", b"III"))
    outcome = hicloom("4dn", "validate", "--input-file", path)
    assert outcome.stdout == ("x.fastq: sequence and quality of unequal length: once at line 4\n")


@pytest.fixture
def judged(hicloom: Cli) -> Path:
    """Simulated pairs of two chromosomes."""
    sizes = write("toy.sizes", b"chr1\t2000000\nchr2\t800000\n")
    words = ("--chromsizes", sizes, "--pairs", 20_000, "--seed", 1, "--output", "x.pairs.gz")
    assert hicloom("simulate", "pairs", *words).code == 0
    return Path("x.pairs.gz")


def pairsqc(hicloom: Cli, pairs: Path, *words: object) -> object:
    given = ("--input-pairs", pairs, "--chromsizes", "toy.sizes", "--enzyme", 4)
    return hicloom("4dn", "pairsqc-single", *given, *words)


def test_pairsqc_packs_its_tables_plots_and_a_page(hicloom: Cli, judged: Path) -> None:
    """Named and laid out as plot.r leaves them and `zip -r` packs them."""
    assert pairsqc(hicloom, judged, "--sample-name", "s<1", "--output-dir", "out").code == 0
    hicloom("stats", judged, "--pairsqc", "tables", "--name", "s<1", "--chromsizes", "toy.sizes")
    with zipfile.ZipFile("out/s<1_report.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert all(name.startswith("s<1_report/") for name in files)
    files = {name.partition("/")[2]: content for name, content in files.items()}
    plots = ("proportion", "log10prob", "log10prob_per_chr")
    tables = [f"s<1.{name}.out" for name in ("cis_to_trans", "plot_table", "summary")]
    pictures = [f"plots/s<1.{name}.{kind}" for name in plots for kind in ("png", "pdf")]
    assert set(files) == {*tables, *pictures, "pairsqc_report.html"}
    for name in tables:
        assert files[name] == Path(f"tables/{name}").read_bytes()
    for name in pictures:
        assert files[name].startswith(b"\x89PNG" if name.endswith("png") else b"%PDF")
    page = files["pairsqc_report.html"].decode()
    assert "s&lt;1" in page
    assert "s<1" not in page
    ratio = next(line for line in files[tables[2]].decode().splitlines() if "Cis/Trans" in line)
    assert ratio.split("\t")[1] in page


def test_pairsqcs_archive_is_the_same_every_time(hicloom: Cli, judged: Path) -> None:
    for folder in ("one", "two"):
        assert pairsqc(hicloom, judged, "--sample-name", "s", "--output-dir", folder).code == 0
    one, two = (Path(folder, "s_report.zip").read_bytes() for folder in ("one", "two"))
    assert one == two


def test_pairsqc_of_few_pairs_has_gaps_where_there_is_nothing_to_draw(
    hicloom: Cli, judged: Path
) -> None:
    few = write("few.pairs", b"## pairs format v1.0\n#columns: readID chr1 pos1 chr2 pos2 strand1 "
                b"strand2\na\tchr1\t5\tchr1\t900\t+\t-\n")  # fmt: skip
    assert pairsqc(hicloom, few, "--sample-name", "s").code == 0
    assert zipfile.is_zipfile("s_report.zip")


@pytest.mark.parametrize("name", ["../s", "", ".s"])
def test_a_sample_whose_name_is_none_of_a_file_is_refused(
    hicloom: Cli, judged: Path, name: str
) -> None:
    outcome = pairsqc(hicloom, judged, "--sample-name", name)
    assert outcome.code == 2
    assert (
        outcome.stderr == f"hicloom: --sample-name {name}: cannot be part of the name of a file\n"
    )
    assert not list(Path().rglob("*.zip"))
