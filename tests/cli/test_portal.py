"""hicloom portal: search, tables and downloads, from a portal on this machine."""

import base64
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hicloom.portal import client
from hicloom.workflow.samples import read_samples
from tests import portals
from tests.conftest import Outcome
from tests.portals import EXPERIMENTS, KEY, OTHER_SET, SECRET, SET, Portal, accession

Cli = Callable[..., Outcome]


@pytest.fixture
def portal(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """A running portal; the home folder holds a key to it, and attempts follow at once."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("HICLOOM_PORTAL_KEY", "HICLOOM_PORTAL_SECRET", "HICLOOM_KEYPAIRS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(client, "WAIT", 0)
    with portals.running() as running:
        write_key(home / "keypairs.json", running.url)
        yield running


@pytest.fixture
def table(portal: Portal, tmp_path: Path) -> Callable[[], Path]:
    """Write the portal's table of all files, as it is now."""

    def write() -> Path:
        path = tmp_path / "metadata.tsv"
        path.write_text(portal.table(), newline="")
        return path

    return write


def write_key(path: Path, server: str, key: str = KEY, secret: str = SECRET) -> Path:
    """A file of keys with an entry for another server and one for this."""
    entry = {"key": key, "secret": secret, "server": server}
    other = {"key": "OTHER", "secret": "other", "server": "https://other.example"}
    path.write_text(json.dumps({"default": other, "mine": entry}))
    return path


def names(folder: Path) -> list[str]:
    """The names in a folder."""
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_search_prints_a_table_of_experiment_sets(hicloom: Cli, portal: Portal) -> None:
    kind = {"experiment_type": {"display_title": "in situ Hi-C"}}
    portal.results = [
        {"accession": SET, "experiments_in_set": [kind, kind], "condition": "a\tb\x1b[2J"},
        {"accession": OTHER_SET, "number_of_files": 12, "lab": {"display_title": "A Lab"}},
    ]
    outcome = hicloom("portal", "search", "Hi-C", "organism=human", "--server", portal.url)
    assert (outcome.code, outcome.stderr) == (0, "")
    head, *rows = (line.split("\t") for line in outcome.stdout.splitlines())
    first, second = (dict(zip(head, row, strict=True)) for row in rows)
    assert (first["#accession"], first["experiment_type"]) == (SET, "in situ Hi-C")
    # What comes from elsewhere can neither break the table nor command the terminal.
    assert first["condition"] == "a b [2J"
    assert (second["lab"], second["files"], second["status"]) == ("A Lab", "12", ".")
    (path,) = portal.log.paths("/search/")
    asked = "type=ExperimentSetReplicate&experimentset_type=replicate&"
    assert f"{asked}experiments_in_set.biosample.biosource.organism.name=human&q=Hi-C&" in path
    assert "&limit=all&format=json" in path


def test_search_writes_the_table_of_files_too(hicloom: Cli, portal: Portal, tmp_path: Path) -> None:
    portal.results = [{"accession": SET}]
    out = tmp_path / "metadata.tsv"
    words = ("portal", "search", SET, "--metadata", out, "--server", portal.url)
    assert hicloom(*words).code == 0
    assert out.read_text() == portal.table().replace("\r\n", "\n")


def test_search_that_finds_nothing_says_so(hicloom: Cli, portal: Portal) -> None:
    outcome = hicloom("portal", "search", "nothing", "--server", portal.url)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "finds nothing for type=ExperimentSetReplicate" in outcome.stderr


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ([SET], 12),
        ([EXPERIMENTS[1]], 3),
        ([accession(5)], 2),  # the pairs, and their index, which bears the same accession
        (["{url}/browse/?type=ExperimentSetReplicate&q=x&limit=25"], 12),
        (["{url}/experiment-set-replicates/4DNESAAAAAA1/"], 12),
        (["{url}/metadata/type=ExperimentSet&sort=accession/metadata.tsv"], 12),
        (["organism=human"], 12),
    ],
    ids=["set", "experiment", "file", "search", "page", "link", "filter"],
)
def test_metadata_writes_the_rows_of_what_is_asked_for(
    words: list[str], held: int, hicloom: Cli, portal: Portal, tmp_path: Path
) -> None:
    out = tmp_path / "new folder" / "metadata.tsv"
    asked = [word.format(url=portal.url) for word in words]
    outcome = hicloom("portal", "metadata", *asked, "-o", out, "--server", portal.url)
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "")
    assert sum(line.startswith("http") for line in out.read_text().splitlines()) == held


def test_metadata_of_a_list_of_accessions(hicloom: Cli, portal: Portal, tmp_path: Path) -> None:
    listed = tmp_path / "files.txt"
    many = [accession(number) for number in range(1, 250)]
    listed.write_text("# mine\n" + "\n".join(many) + "\n")
    out = tmp_path / "metadata.tsv"
    words = ("--accessions", listed, "-o", out, "--server", portal.url)
    assert hicloom("portal", "metadata", *words).code == 0
    # A URL holds a hundred; names of columns are written once.
    assert len(portal.log.paths("/metadata/")) == 3
    assert max(map(len, portal.log.paths())) < 4000
    assert out.read_text().count("File Download URL") == 1
    assert sum(line.startswith("http") for line in out.read_text().splitlines()) == 12


@pytest.mark.parametrize("file_format", ["fastq", "pairs", "mcool", "hic"])
def test_files_of_each_kind_come_whole(
    file_format: str, hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    into = tmp_path / "a b'é" / "data"
    words = (table(), "--into", into, "--file-format", file_format, "--server", portal.url)
    outcome = hicloom("portal", "download", *words)
    assert (outcome.code, outcome.stderr) == (0, "")
    held = {file.name: file for file in portal.files if file.format == file_format}
    assert names(into) == sorted(held)
    rows = [f"{into / n}\t{f.size}\t{f.md5}\tdownloaded" for n, f in held.items()]
    assert outcome.stdout.splitlines() == ["#file\tbytes\tmd5\tstate", *rows]
    assert all((into / name).read_bytes() == file.content for name, file in held.items())


def test_a_dry_run_lists_and_downloads_nothing(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    words = (table(), "--into", tmp_path / "data", "--dry-run", "--server", portal.url)
    outcome = hicloom("portal", "download", *words)
    assert (outcome.code, outcome.stdout.count("to download")) == (0, 12)
    assert portal.log.requests == []
    assert not (tmp_path / "data").exists()


def test_what_is_there_is_not_fetched_again(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    words = (table(), "--into", tmp_path / "data", "--server", portal.url)
    assert hicloom("portal", "download", *words).code == 0
    good, bad = portal.files[0], portal.files[1]
    (tmp_path / "data" / bad.name).write_bytes(b"y" * bad.size)
    portal.log.requests.clear()
    outcome = hicloom("portal", "download", *words)
    assert (outcome.code, outcome.stdout.count("was there")) == (0, 11)
    assert portal.log.paths() == [bad.path]
    assert (tmp_path / "data" / bad.name).read_bytes() == bad.content
    assert (tmp_path / "data" / good.name).read_bytes() == good.content


@pytest.mark.parametrize("faults", [["500"], ["503", "502"], ["cut"], ["cut", "500", "cut", "cut"]])
def test_what_breaks_is_mended(
    faults: list[str], hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    portal.storage.faults = list(faults)
    words = (table(), "--into", tmp_path, "--file-format", "hic", "--server", portal.url)
    outcome = hicloom("portal", "download", *words)
    assert (outcome.code, outcome.stderr) == (0, "")
    (held,) = (file for file in portal.files if file.format == "hic")
    assert (tmp_path / held.name).read_bytes() == held.content
    # After a cut it goes on from the half that came, by a new signature of the portal.
    assert ("bytes=15000-" in portal.storage.log.ranges) == ("cut" in faults)
    assert len(portal.log.paths(held.path)) == len(faults) + 1


def test_a_killed_download_goes_on(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    held = portal.files[-1]
    (tmp_path / f".fetch-{held.name}").write_bytes(held.content[:1000])
    words = (table(), "--into", tmp_path, "--file-format", "hic", "--server", portal.url)
    assert hicloom("portal", "download", *words).code == 0
    assert portal.storage.log.ranges == ["bytes=1000-"]
    assert names(tmp_path) == sorted([held.name, "metadata.tsv"])


def test_a_download_killed_at_its_last_byte_is_only_checked(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    held = portal.files[-1]
    (tmp_path / f".fetch-{held.name}").write_bytes(held.content)
    words = (table(), "--into", tmp_path, "--file-format", "hic", "--server", portal.url)
    assert hicloom("portal", "download", *words).code == 0
    # The storage says by 416 that nothing is absent.
    assert portal.storage.log.ranges == [f"bytes={held.size}-"]
    assert (tmp_path / held.name).read_bytes() == held.content


def test_a_server_that_keeps_breaking_is_given_up_and_what_came_is_kept(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    portal.storage.faults = ["cut", *["500"] * 9]
    words = (table(), "--into", tmp_path, "--file-format", "hic", "--server", portal.url)
    outcome = hicloom("portal", "download", *words)
    assert outcome.code == 1
    assert outcome.stderr.count("\n") == 1
    assert "the server says 500 Internal Server Error, 5 times" in outcome.stderr
    assert names(tmp_path) == [f".fetch-{portal.files[-1].name}", "metadata.tsv"]


def test_a_stopped_download_ends_at_once_and_goes_on_later(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    held, into = portal.files[-1], tmp_path / "data"
    portal.storage.faults = ["stall"]
    words = ("portal", "download", str(table()), "--into", str(into), "--file-format", "hic")
    command = [sys.executable, "-m", "hicloom", *words, "--server", portal.url]
    part = into / f".fetch-{held.name}"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None and not (part.exists() and part.stat().st_size):
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        # The server keeps silent for a minute.
        assert process.wait(20) == 128 + signal.SIGTERM
    assert names(into) == [part.name]
    assert hicloom(*words, "--server", portal.url).code == 0
    assert (into / held.name).read_bytes() == held.content


def test_wrong_content_is_refused_and_other_files_come(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    portal.storage.faults = ["wrong"]
    words = ("--into", tmp_path / "data", "--file-format", "mcool", "hic", "--threads", 1)
    outcome = hicloom("portal", "download", table(), *words, "--server", portal.url)
    assert outcome.code == 1
    assert outcome.stderr.count("\n") == 1
    mcool, hic = portal.files[-2:]
    assert f"{mcool.path}: md5 " in outcome.stderr
    assert f"came, {mcool.md5} expected; try again" in outcome.stderr
    assert names(tmp_path / "data") == [hic.name]


def test_several_failures_are_a_line_each_and_a_count(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    portal.storage.faults = ["wrong", "wrong"]
    words = ("--into", tmp_path / "data", "--file-format", "mcool", "hic")
    outcome = hicloom("portal", "download", table(), *words, "--server", portal.url)
    assert outcome.code == 1
    assert outcome.stderr.count("\n") == 3
    assert "2 of 2 files are not there" in outcome.stderr
    assert names(tmp_path / "data") == []


def test_a_size_that_differs_is_seen_before_the_bytes_come(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    portal.edits = [("\t0.03\t", "\t9.00\t")]
    words = (table(), "--into", tmp_path / "data", "--file-format", "hic", "--server", portal.url)
    outcome = hicloom("portal", "download", *words)
    assert outcome.code == 1
    assert "bytes 30000 came, 9437184 expected" in outcome.stderr
    assert names(tmp_path / "data") == []


@pytest.mark.parametrize("status", ["401", "403"])
def test_a_key_that_has_expired_is_told(
    status: str, hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    if status == "401":
        write_key(Path.home() / "keypairs.json", portal.url, secret="old")
    else:
        portal.faults = [status] * 99
    words = (table(), "--into", tmp_path / "data", "--server", portal.url)
    outcome = hicloom("portal", "download", *words)
    assert (outcome.code, outcome.stderr.count("\n")) == (2, 1)
    assert f"keypairs.json, entry mine ({status}); it may have expired" in outcome.stderr
    assert f"your profile on {portal.url}" in outcome.stderr
    assert names(tmp_path / "data") == []
    # Others are not asked for with a key that is refused.
    assert len(portal.log.requests) <= 5


def test_without_a_key_it_is_said_how_to_get_one(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    (Path.home() / "keypairs.json").unlink()
    portal.edits = [(f"{portal.storage.url}/open/", "N/A ")]
    words = (table(), "--into", tmp_path / "data", "--server", portal.url)
    outcome = hicloom("portal", "download", *words)
    assert (outcome.code, outcome.stderr.count("\n")) == (2, 1)
    assert "to those with an access key only (403); make one in your profile" in outcome.stderr
    assert f"put it into {Path.home() / 'keypairs.json'}" in outcome.stderr


def test_without_a_key_open_data_is_fetched_from_where_it_is_open(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    (Path.home() / "keypairs.json").unlink()
    words = (table(), "--into", tmp_path / "data", "--file-format", "hic", "--server", portal.url)
    outcome = hicloom("portal", "download", *words)
    assert outcome.code == 0, outcome.stderr
    assert portal.log.requests == []
    assert portal.storage.log.paths() == [f"/open/{portal.files[-1].name}"]


@pytest.mark.parametrize("way", ["home", "option", "variable", "environment"])
def test_the_key_is_found_and_goes_nowhere_but_to_the_portal(
    way: str,
    hicloom: Cli,
    portal: Portal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    more: tuple[object, ...] = ()
    elsewhere = tmp_path.parent / f"{tmp_path.name}.json"
    if way != "home":
        shutil.move(Path.home() / "keypairs.json", elsewhere)
    if way == "option":
        more = ("--keypairs", elsewhere)
    elif way == "variable":
        monkeypatch.setenv("HICLOOM_KEYPAIRS", str(elsewhere))
    elif way == "environment":
        monkeypatch.setenv("HICLOOM_PORTAL_KEY", KEY)
        monkeypatch.setenv("HICLOOM_PORTAL_SECRET", SECRET)
    portal.results = [{"accession": SET}]
    portal.storage.faults = ["cut", "500", "wrong"]
    at = ("--server", portal.url, *more)
    run = tmp_path / "run"
    said = [
        hicloom("portal", "search", SET, "--metadata", run / "metadata.tsv", *at),
        hicloom("portal", "metadata", SET, "-o", run / "again.tsv", *at),
        hicloom(
            *("portal", "download", run / "again.tsv", "--into", run / "data", *at),
            *("--file-format", "fastq", "--samples", run / "samples.tsv"),
        ),
    ]
    portal.faults = ["403"]
    said.append(hicloom("portal", "download", SET, "--into", run / "more", *at))
    assert [outcome.code for outcome in said] == [0, 0, 1, 2], said
    token = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
    assert {headers["Authorization"] for _, _, headers in portal.log.requests} == {f"Basic {token}"}
    assert len(portal.storage.log.requests) > 6
    written = [path.read_bytes() for path in run.rglob("*") if path.is_file()]
    told = [str(outcome).encode() for outcome in said]
    stored = [repr(request).encode() for request in portal.storage.log.requests]
    asked = [path.encode() for path in portal.log.paths()]
    for text in (*written, *told, *stored, *asked):
        assert SECRET.encode() not in text
        assert KEY.encode() not in text
        assert token.encode() not in text
        assert b"Authorization" not in text


def test_a_table_of_another_portal_gets_no_key(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    with portals.running() as other:
        words = (table(), "--into", tmp_path / "data", "--server", other.url)
        outcome = hicloom("portal", "download", *words)
        assert outcome.code == 2
        assert f"does not lie on {other.url}; --server names" in outcome.stderr
        assert other.log.requests == portal.log.requests == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("File Download URL", "URL", "line 2: no column File Download URL"),
        ("md5sum", "File Accession", "line 2: column File Accession is there twice"),
        ("\thuman\t", "\t", "line 3: 15 cells under 16 column names"),
        ("@@download/4DNFI0000001", "@@download/..%2F..%2F4DNFI", "is no name for a file"),
        ("@@download/4DNFI0000001.fastq.gz", "@@download/", "line 3: '' is no name for a file"),
        ("@@download/4DNFI0000002", "@@download/4DNFI0000001", "is on"),
        ("http://127.0.0.1", "http://127.0.0.1@evil.example", "line 3: expected an https URL"),
        ("\t0.03\t", "\tlarge\t", "line 3: Size (MB) 'large' is no size"),
        (portals.library()[0].md5, "abc", "line 3: md5sum 'abc' is no md5"),
    ],
)
def test_a_table_that_is_not_sound_is_refused_before_anything_comes(
    old: str,
    new: str,
    message: str,
    hicloom: Cli,
    portal: Portal,
    table: Callable[[], Path],
    tmp_path: Path,
) -> None:
    portal.edits = [(old, new)]
    words = (table(), "--into", tmp_path / "data", "--server", portal.url)
    outcome = hicloom("portal", "download", *words)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(f"hicloom: {tmp_path / 'metadata.tsv'}, line ")
    assert outcome.stderr.count("\n") == 1
    assert message in outcome.stderr
    assert portal.log.requests == []
    assert names(tmp_path) == ["metadata.tsv"]


def test_without_an_md5_the_size_is_checked_and_that_is_said(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    portal.edits = [(portal.files[-1].md5, "N/A")]
    words = (table(), "--into", tmp_path / "data", "--file-format", "hic", "--server", portal.url)
    outcome = hicloom("portal", "download", *words)
    assert outcome.code == 0
    assert "4DNFI0000011.hic has no md5 in the table; only its size is checked" in outcome.stderr
    assert hicloom("portal", "download", *words).stdout.count("was there") == 1


def test_a_file_that_is_listed_twice_comes_once(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    # Both tables hold all files; one of them is in two sets.
    portal.files[-1].sets = (SET, OTHER_SET)
    again = shutil.copy(table(), tmp_path / "again.tsv")
    words = (table(), again, "--into", tmp_path / "data", "--file-format", "hic")
    assert hicloom("portal", "download", *words, "--server", portal.url).code == 0
    assert len(portal.log.requests) == 1


def test_files_that_the_portal_does_not_give_are_told(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    portal.files[-1].status = "restricted"
    words = ("--into", tmp_path / "data", "--file-format", "hic", "mcool", "--server", portal.url)
    outcome = hicloom("portal", "download", table(), *words)
    assert outcome.code == 0
    assert "4DNFI0000011 cannot be downloaded (restricted)" in outcome.stderr
    assert names(tmp_path / "data") == ["4DNFI0000010.mcool"]


def test_a_disk_without_room_is_told_before_anything_comes(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    portal.edits = [("\t0.03\t", "\t900000000.00\t")]
    words = (table(), "--into", tmp_path / "data", "--server", portal.url)
    outcome = hicloom("portal", "download", *words)
    assert (outcome.code, outcome.stderr.count("\n")) == (1, 1)
    assert "GB are to come; free space or choose fewer files" in outcome.stderr
    assert portal.log.requests == []


def test_a_disk_that_fills_up_ends_the_download(
    hicloom: Cli,
    portal: Portal,
    table: Callable[[], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(
        "hicloom.portal.files._Crew.got", lambda _, count: full() if count else None
    )
    words = (table(), "--into", tmp_path / "data", "--server", portal.url)
    outcome = hicloom("portal", "download", *words)
    assert (outcome.code, outcome.stderr.count("\n")) == (1, 1)
    assert f"{tmp_path / 'data'}: the disk is full" in outcome.stderr
    assert all(name.startswith(".fetch-") for name in names(tmp_path / "data"))


def test_reads_become_a_sample_table_that_the_workflow_takes(
    hicloom: Cli, portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("--into", "reads", "--file-format", "fastq", "--samples", "config/samples.tsv")
    outcome = hicloom("portal", "download", SET, *words, "--server", portal.url)
    assert (outcome.code, outcome.stderr) == (0, "")
    samples = read_samples(Path("config/samples.tsv"))
    assert samples.groups == {SET: EXPERIMENTS}
    first, second = (samples.libraries[name] for name in EXPERIMENTS)
    assert [lane.name for lane in first] == [accession(1), accession(3)]
    assert [lane.name for lane in second] == [accession(6)]
    reads = tuple(f"reads/{accession(n)}.fastq.gz" for n in (1, 2))
    assert first[0].files == reads
    assert all(Path(file).is_file() for lane in samples.lanes for file in lane.files)


def test_pairs_become_a_sample_table_that_the_workflow_takes(
    hicloom: Cli, portal: Portal, tmp_path: Path
) -> None:
    out = tmp_path / "samples.tsv"
    words = ("--into", tmp_path / "pairs", "--file-type", "contact list-replicate")
    outcome = hicloom(
        *("portal", "download", SET, *words, "--samples", out, "--server", portal.url)
    )
    assert outcome.code == 0, outcome.stderr
    samples = read_samples(out)
    assert samples.of_kind("pairs (dedup)") == list(EXPERIMENTS)
    assert samples.groups == {SET: EXPERIMENTS}
    # Their indices come along, and are no lanes.
    assert len(names(tmp_path / "pairs")) == 3


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (("fastq", "pairs"), "whose reads are there, too; choose with --file-format"),
        (("pairs",), f"pairs of all of {SET}, whose experiment 4DNEXAAAAAA1 is there, too"),
        (("hic",), "no FASTQ and no pairs among the files"),
    ],
)
def test_a_sample_table_counts_nothing_twice(
    choice: tuple[str, ...], message: str, hicloom: Cli, portal: Portal, tmp_path: Path
) -> None:
    words = ("--into", tmp_path / "data", "--samples", tmp_path / "s.tsv", "--file-format", *choice)
    outcome = hicloom("portal", "download", SET, *words, "--server", portal.url)
    assert outcome.code == 2
    assert message in outcome.stderr
    assert names(tmp_path) == []


def test_an_unknown_format_names_those_that_are_there(
    hicloom: Cli, portal: Portal, table: Callable[[], Path], tmp_path: Path
) -> None:
    words = (table(), "--into", tmp_path / "d", "--file-format", "bam", "--server", portal.url)
    outcome = hicloom("portal", "download", *words)
    assert outcome.code == 2
    assert "--file-format bam: there are no such files, only: fastq, hic," in outcome.stderr


@pytest.mark.parametrize("verb", ["search", "metadata", "download"])
def test_each_command_teaches_by_examples(verb: str, hicloom: Cli) -> None:
    outcome = hicloom("portal", verb, "--help")
    assert f" hicloom portal {verb} 4DNES4AABNEZ" in outcome.stdout
