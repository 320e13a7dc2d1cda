"""The report: what it says of a run, and of a run that went wrong."""

import html
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hicloom.report import words
from hicloom.steps.report import report
from tests.reports import Run, make_library, make_map, make_run, words_of, write_sizes

pytest.importorskip("jinja2")
pytest.importorskip("matplotlib")
pytest.importorskip("plotly")

Cli = Callable[..., Any]
LIBRARIES = {"A": "pool", "B": "pool", "solo": "solo"}
# What plotly's script takes of a page.
PLOTLY = 4_900_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    """Two libraries of a group, and a group of one library."""
    return make_run(folder, LIBRARIES)


@pytest.fixture
def page(hicloom: Cli, tmp_path: Path) -> Callable[..., str]:
    """The report of some options."""

    def make(*options: object) -> str:
        outcome = hicloom("report", *options, "--output", tmp_path / "report.html")
        assert outcome.code == 0, outcome.stderr
        return (tmp_path / "report.html").read_text()

    return make


@pytest.fixture(scope="module")
def whole(folder: Path, run: Run) -> str:
    """The report of everything, beside its files."""
    libraries, groups = list(LIBRARIES), list(LIBRARIES.values())
    report(output=folder / "report.html", libraries=libraries, groups=groups, **run)
    return (folder / "report.html").read_text()


class _Reader(HTMLParser):
    """The text that a reader sees, and the elements that a browser makes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.pictures: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag == "img":
            self.pictures.append(self.addresses[-1])
        if tag in ("script", "style"):
            self._hidden = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        self.text += "" if self._hidden else data


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.text = " ".join(reader.text.split())
    return reader


def data_of(page: str) -> dict[str, Any]:
    """What the page's script gets."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


def test_every_library_gets_a_verdict_in_words(whole: str, run: Run) -> None:
    text = read(whole).text
    for path in run["qc"]:
        document = json.loads(path.read_text())
        word = {"good": "good", "look": "worth a look", "bad": "bad"}[document["verdict"]]
        assert f"{document['name']} {word} {words.count(document['totals']['final'])}" in text


def test_everything_is_in_one_file(whole: str, run: Run) -> None:
    found = read(whole)
    files = {path.name for paths in run.values() for path in paths}
    assert {a for a in found.addresses if not a.startswith(("data:image/webp", "#"))} == files
    assert len(whole) < 15_000_000
    assert len(found.pictures) == 4, "the genome and a chromosome of two groups"


def test_the_same_run_gives_the_same_page(hicloom: Cli, run: Run, tmp_path: Path) -> None:
    options = ["--qc", *run["qc"], "--mcool", *run["mcool"], "--d4", *run["d4"]]
    for _ in range(2):
        assert hicloom("report", *options, "--output", tmp_path / "x.html").code == 0
        (tmp_path / "x.html").rename(tmp_path / f"{len(list(tmp_path.iterdir()))}.html")
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


def test_a_library_that_failed_is_named_and_the_rest_is_shown(
    page: Callable[..., str], folder: Path
) -> None:
    there = {"qc": [folder / "A.toy.qc.json"], "mcool": [folder / "pool.toy.no_filter.mcool"]}
    made = read(page(*words_of(there, {"A": "pool", "B": "pool"})))
    assert "B no result There are no numbers of this library: its steps failed" in made.text
    assert "1 has no result" in made.text
    assert "Without B, of which there is no result." in made.text
    assert len(made.pictures) == 2


def test_of_a_group_whose_map_was_not_made_that_is_said(
    page: Callable[..., str], folder: Path
) -> None:
    there = {"qc": [folder / "A.toy.qc.json"]}
    text = read(page(*words_of(there, {"A": "pool", "B": "pool"}))).text
    assert "There is no map of this group. Library B is not in it." in text


def test_a_map_without_weights_shows_counts_and_says_so(
    page: Callable[..., str], folder: Path, tmp_path: Path
) -> None:
    made = make_map(tmp_path, "raw", [folder / "A.toy.pairs.gz"], balance=False)
    text = read(page("--mcool", *made["mcool"])).text
    assert "raw counts: this map has no weights" in text
    assert text.count("no weights") >= 3, "the table says so of each resolution"


def test_a_genome_of_400_scaffolds_fits_on_the_page(
    page: Callable[..., str], tmp_path: Path
) -> None:
    lengths = {f"scaffold_{i}": 60_000 - 100 * i for i in range(400)}
    sizes = write_sizes(tmp_path, lengths)
    library = make_library(tmp_path, "many", sizes=sizes)
    made = page("--qc", *library["qc"], "--d4", *library["d4"])
    depth = data_of(made)["figures"]["depth"]
    assert [name for _, name in depth["ticks"][:-1]] == list(lengths)[:30], "the longest are drawn"
    assert len(made) - PLOTLY < 1_000_000


def test_21_libraries_shrink_the_pictures_and_fill_a_page_each(
    hicloom: Cli, folder: Path, tmp_path: Path
) -> None:
    """They are copies of one: what counts is how many."""
    results = tmp_path / "results"
    results.mkdir()
    names = [f"L{i}" for i in range(21)]
    run: Run = {"qc": [], "mcool": []}
    for name in names:
        for kind, ending in (("qc", "qc.json"), ("mcool", "no_filter.mcool")):
            source = folder / f"{'A' if kind == 'qc' else 'pool'}.toy.{ending}"
            copy = results / f"{name}.toy.{ending}"
            copy.write_bytes(
                source.read_bytes().replace(b'"name": "A"', f'"name": "{name}"'.encode())
            )
            run[kind].append(copy)
    output, pages = results / "report.html", results / "report.groups"
    options = words_of(run, dict(zip(names, names, strict=True)))
    assert "pictures are small" in hicloom("report", *options, "-o", tmp_path / "all.html").stderr
    outcome = hicloom("report", *options, "--output", output, "--pages", pages)
    assert (outcome.code, outcome.stderr) == (0, "")
    assert output.stat().st_size < (tmp_path / "all.html").stat().st_size < 15_000_000
    links = re.findall(r'href="(report\.groups/[^"]+)"', output.read_text())
    assert sorted((results / link).name for link in links) == sorted(
        p.name for p in pages.iterdir()
    )
    one = read((pages / "L7.html").read_text())
    assert len(one.pictures) == 2
    assert all((results / link).is_file() for link in links)
    assert 'href="../report.html"' in (pages / "L7.html").read_text()


def test_names_never_become_markup(hicloom: Cli, folder: Path, tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)>"
    document = json.loads((folder / "A.toy.qc.json").read_text()) | {"name": evil}
    (tmp_path / "evil.qc.json").write_text(json.dumps(document))
    title = "</title><script>alert(1)</script>"
    options = ["--qc", tmp_path / "evil.qc.json", "--title", title]
    assert hicloom("report", *options, "-o", tmp_path / "x.html").code == 0
    made = (tmp_path / "x.html").read_text()
    assert read(made).text.count(evil) >= 2
    assert title in html.unescape(made)
    assert "<img src=x" not in made
    assert "<script>alert" not in made
    assert not read(made).pictures
    curves = data_of(made)["figures"]["scaling"]["traces"]
    assert curves[0]["name"] == html.escape(evil, quote=False), "plotly reads HTML, too"


def test_curves_are_those_of_the_libraries(whole: str, run: Run) -> None:
    figure = data_of(whole)["figures"]["scaling"]
    curve = next(t for t in figure["traces"] if (t["meta"], t["yaxis"]) == (1, "y"))
    told = json.loads(run["qc"][1].read_text())["scaling"]
    expected = {
        round(x): p
        for x, p in zip(told["middle"], told["genome"]["p"], strict=True)
        if p and x >= 100
    }
    assert dict(zip(curve["x"], curve["y"], strict=True)) == expected


def test_read_pairs_are_all_accounted_for(whole: str, run: Run) -> None:
    figure = data_of(whole)["figures"]["fates"]
    totals = json.loads(run["qc"][0].read_text())["totals"]
    assert sum(part["customdata"][0] for part in figure["traces"]) == totals["reads"]


def test_depth_is_that_of_the_d4(whole: str, run: Run) -> None:
    from hicloom.formats import d4

    figure = data_of(whole)["figures"]["depth"]
    known = [y for y in figure["traces"][0]["y"] if y is not None]
    with d4.open(run["d4"][0]) as file:
        track = file.track()
        mean = sum(track.sum(name) for name in track.chromsizes) / sum(track.chromsizes.values())
    assert np.mean(known) == pytest.approx(mean, rel=0.02)


def test_files_are_linked_where_they_go_along_with_the_page(
    hicloom: Cli, whole: str, run: Run, tmp_path: Path
) -> None:
    assert 'href="pool.toy.no_filter.mcool"' in whole
    options = ["--mcool", *run["mcool"], "--output", tmp_path / "report.html"]
    assert hicloom("report", *options).code == 0
    assert "pool.toy.no_filter.mcool</th>" in (tmp_path / "report.html").read_text()


def test_what_made_each_file_is_told(page: Callable[..., str], run: Run, tmp_path: Path) -> None:
    lines = [
        "## pairs format v1.0",
        "#samheader: @PG\tID:bwa\tPN:bwa\tVN:0.7.17\tCL:bwa mem <ref>",
        "#command: hicloom-0.1.0 filter A.pairs",
        "#columns: readID chrom1 pos1 chrom2 pos2",
    ]
    (tmp_path / "A.toy.pairs").write_text("\n".join(lines) + "\n")
    text = read(page("--qc", run["qc"][0], "--pairs", tmp_path / "A.toy.pairs")).text
    assert "2 commandsbwa-0.7.17 bwa mem <ref>hicloom-0.1.0 filter A.pairs" in text
    assert "bwa 0.7.17 · hicloom 0.1.0" in text


def test_tables_of_cooltools_are_drawn(page: Callable[..., str], run: Run, tmp_path: Path) -> None:
    """With the columns that cooltools 0.7 writes."""
    stem = "pool.toy.no_filter"
    tables = {
        "insulation": "chrom start end region is_bad_bin log2_insulation_score_50000"
        " n_valid_pixels_50000\nchr1 0 10000 chr1 False -0.5 12\nchr1 10000 20000 chr1 False  9",
        "compartments": "chrom start end weight E1 E2 E3\nchr1 0 100000 1 -0.7 0 0\n"
        "chr2 0 100000 1 0.4 0 0",
        "expected": "region1 region2 dist n_valid count.sum balanced.sum count.avg balanced.avg\n"
        "chr1 chr1 1 10   0 \nchr1 chr1 2 10 50 5.0 5 0.5\nchr2 chr2 2 30 10 1.0 1 0.03",
    }
    options: list[object] = []
    for name, text in tables.items():
        path = tmp_path / f"{stem}.{name}.tsv"
        path.write_text(text.replace(" ", "\t"))
        options += [f"--{name}", path]
    drawn = data_of(page("--mcool", *run["mcool"], *options))["figures"]
    assert drawn["insulation"]["traces"][0]["y"] == [-0.5, None]
    assert drawn["insulation"]["value"] == "Insulation, window of 50 kb"
    assert drawn["compartments"]["traces"][0]["y"] == [-0.7], "of the chromosome on show"
    # (5 + 1) / (10 + 30): all regions together.
    assert drawn["expected"]["traces"][0]["y"] == [0.15]


def test_a_picture_shrinks_to_means_that_leave_out_what_is_unknown() -> None:
    from hicloom.report.pictures import shrink

    values = np.array([[1, 3, 5], [5, np.nan, 7], [np.nan, np.nan, 2]], float)
    np.testing.assert_array_equal(shrink(values, 2), [[3, 6], [np.nan, 2]])


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, words.NOTHING),
        (7, "7"),
        (999, "999"),
        (999_600, "1.00 M"),
        (1_234_567, "1.23 M"),
        (5e8, "500 M"),
    ],
)
def test_numbers_have_three_digits(number: float | None, text: str) -> None:
    assert words.count(number) == text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "nothing to show: give --qc, --mcool or both"),
        (["--qc", "absent.qc.json"], "absent.qc.json: no such file; leave out what was not made"),
        (["--qc", "{stats}"], "is not a file of schema hicloom-qc/1"),
        (["--qc", "{qc}", "{qc}"], "is of library 'A', too"),
        (["--qc", "{qc}", "--libraries", "B"], "'A' is not among --libraries"),
        (["--qc", "{qc}", "--libraries", "A", "--groups", "x", "y"], "2 for 1 --libraries"),
        (["--qc", "{qc}", "--libraries", "A", "A"], "a name is there twice"),
        (["--qc", "{qc}", "--libraries", "A", "--groups", "../x"], "a name without '/'"),
        (["--mcool", "{mcool}", "--chromosome", "chrZ"], "chrZ: is on none of the maps"),
        (["--mcool", "{qc}"], "is not a .cool or .mcool (HDF5) file"),
        (["--mcool", "{mcool}", "--hic", "{mcool}"], "not a .hic file"),
        (["--qc", "{qc}", "--d4", "{qc}"], "is no D4 file"),
        (["--qc", "{qc}", "--pairs", "{qc}"], "is this a pairs file?"),
        (["--mcool", "{mcool}", "--insulation", "{stats}"], "has no column chrom"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    hicloom: Cli, run: Run, folder: Path, tmp_path: Path, options: list[str], message: str
) -> None:
    places = {"qc": run["qc"][0], "mcool": run["mcool"][0], "stats": folder / "A.stats.tsv"}
    words_ = [word.format(**places) for word in options]
    outcome = hicloom("report", *words_, "--output", tmp_path / "x.html")
    assert outcome.code == 2
    assert message in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())
