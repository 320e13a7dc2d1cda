"""Keys, addresses, queries and tables of a portal, without a portal."""

import contextlib
import json
import urllib.request
from email.message import Message
from pathlib import Path
from typing import IO, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hicloom.errors import InputError, WorkError
from hicloom.portal.client import Portal, _Redirects, is_safe
from hicloom.portal.keys import Key, find_key
from hicloom.portal.query import Query, read_accessions, read_queries
from hicloom.portal.rows import parse_table, read_table

SERVER = "https://data.4dnucleome.org"
SECRET = "s3cr3t-w0rd"
KEY = Key("ABCDEFGH", SECRET, "a test")
COLUMNS = (
    "File Download URL",
    "Experiment Accession",
    "File Accession",
    "Size (MB)",
    "md5sum",
    "File Format",
    "Related File Relationship",
    "Related File",
    "Paired End",
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, and no key in the environment."""
    for name in ("HICLOOM_PORTAL_KEY", "HICLOOM_PORTAL_SECRET", "HICLOOM_KEYPAIRS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def table(*rows: dict[str, str], names: tuple[str, ...] = COLUMNS) -> str:
    """A table with a note, column names, and rows; cells are N/A unless given."""
    lines = ["### N.B.", "\t".join(names)]
    lines += ["\t".join(row.get(name, "N/A") for name in names) for row in rows]
    return "\n".join(lines) + "\n"


def row(name: str = "4DNFI0000001.hic", **cells: str) -> dict[str, str]:
    """A row of the file of a name."""
    start = {
        "File Download URL": f"{SERVER}/files-processed/x/@@download/{name}",
        "File Accession": name.partition(".")[0],
        "File Format": "hic",
    }
    return start | {key.replace("_", " "): value for key, value in cells.items()}


class TestKeys:
    """The key is found, fits its server, and is not shown."""

    def test_a_key_does_not_show_itself(self) -> None:
        assert SECRET not in repr(KEY)
        assert KEY.identifier not in repr(KEY)

    def test_no_file_is_no_key(self) -> None:
        assert find_key(SERVER) is None

    @pytest.mark.parametrize(
        "server", [SERVER, f"{SERVER}/", "http://data.4dnucleome.org", "data.4dnucleome.org", None]
    )
    def test_the_forms_that_people_write_a_server_in(self, server: str | None, home: Path) -> None:
        entry = {"key": "ABC", "secret": SECRET} | ({"server": server} if server else {})
        (home / "keypairs.json").write_text(json.dumps({"default": entry}))
        key = find_key(SERVER)
        assert key is not None
        assert (key.identifier, key.secret) == ("ABC", SECRET)

    def test_the_entry_of_the_server_is_taken_and_no_other(self, home: Path) -> None:
        entries = {
            name: {"key": name, "secret": SECRET, "server": f"https://{name}.example"}
            for name in ("default", "staging")
        }
        path = home / "keypairs.json"
        path.write_text(json.dumps(entries))
        staging = find_key("https://staging.example")
        assert staging is not None
        assert staging.identifier == "staging"
        assert find_key(SERVER) is None
        with pytest.raises(InputError, match=f"has no key for {SERVER}"):
            find_key(SERVER, path)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (f'{{"default": {{\n"secret": "{SECRET}" "key"', "line 2: is no JSON"),
            (f'["{SECRET}"]', "is no file of keys"),
            (f'{{"default": "{SECRET}"}}', "is no file of keys"),
            (f'{{"default": {{"secret": "{SECRET}"}}}}', "the entry default has no key"),
            (f'{{"default": {{"key": "{SECRET}", "secret": 5}}}}', "has no secret"),
        ],
    )
    def test_a_bad_file_is_told_and_not_quoted(self, text: str, message: str, home: Path) -> None:
        (home / "keypairs.json").write_text(text)
        with pytest.raises(InputError, match=message) as told:
            find_key(SERVER)
        assert SECRET not in str(told.value)

    def test_a_named_file_must_be_there(self, home: Path) -> None:
        with pytest.raises(InputError, match=r"none\.json: cannot be read"):
            find_key(SERVER, home / "none.json")

    def test_half_a_key_in_the_environment_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HICLOOM_PORTAL_SECRET", SECRET)
        with pytest.raises(InputError, match="HICLOOM_PORTAL_KEY is not set") as told:
            find_key(SERVER)
        assert SECRET not in str(told.value)


class TestAddresses:
    """The key goes to the portal alone, over https."""

    @pytest.mark.parametrize(
        "server",
        [
            "http://data.4dnucleome.org",
            "ftp://data.4dnucleome.org",
            "data.4dnucleome.org",
            f"https://me:{SECRET}@data.4dnucleome.org",
            f"{SERVER}/search/",
            f"{SERVER}:port",
            "",
        ],
    )
    def test_a_portal_is_an_https_host(self, server: str) -> None:
        with pytest.raises(InputError, match="expected https:// and a host") as told:
            Portal(server)
        assert SECRET not in str(told.value)

    def test_plain_http_is_for_this_machine_only(self) -> None:
        for here in ("http://localhost:8000", "http://127.0.0.1:80", "http://[::1]:9"):
            assert Portal(here).server == here

    @pytest.mark.parametrize(
        ("url", "owned"),
        [
            (f"{SERVER}/x", True),
            (f"{SERVER}:443/x", True),
            ("HTTPS://Data.4dnucleome.org/x", True),
            ("http://data.4dnucleome.org/x", False),
            (f"{SERVER}:8443/x", False),
            (f"{SERVER}.evil.example/x", False),
            (f"{SERVER}@evil.example/x", False),
            (f"https://evil.example/{SERVER}", False),
            ("https://evil.example\\@data.4dnucleome.org/x", False),
        ],
    )
    def test_whose_a_url_is(self, url: str, owned: bool) -> None:
        portal = Portal(SERVER, KEY)
        request = urllib.request.Request(url)
        portal.authorize(request)
        assert portal.owns(url) == owned
        assert request.has_header("Authorization") == owned

    @pytest.mark.parametrize(
        ("target", "keyed"),
        [
            (f"{SERVER}/y", True),
            ("https://bucket.s3.amazonaws.com/y?X-Amz-Signature=abc", False),
        ],
    )
    def test_a_redirect_takes_the_key_along_on_the_portal_only(
        self, target: str, keyed: bool
    ) -> None:
        new = redirected(f"{SERVER}/x", target)
        assert new.full_url == target
        assert new.has_header("Authorization") == keyed
        assert new.get_header("Range") == "bytes=5-"

    @pytest.mark.parametrize(
        "target", ["http://data.4dnucleome.org/y", "http://127.0.0.1/y", "file:///etc/passwd"]
    )
    def test_a_redirect_to_less_than_https_is_refused(self, target: str) -> None:
        with pytest.raises(WorkError, match="leads to what is no https URL"):
            redirected(f"{SERVER}/x?X-Amz-Signature=abc", target)

    def test_urls_with_passwords_or_strange_signs_are_not_safe(self) -> None:
        assert is_safe(f"{SERVER}/x")
        for url in ("https://a:b@c/x", "https:///x", f"{SERVER}/\x1b", f"{SERVER}/\u0430"):
            assert not is_safe(url)


def redirected(url: str, target: str) -> urllib.request.Request:
    """The request that follows a 307 from one URL to another."""
    portal = Portal(SERVER, KEY)
    request = urllib.request.Request(url, headers={"Range": "bytes=5-"})
    portal.authorize(request)
    body = cast(IO[bytes], None)
    new = _Redirects(portal).redirect_request(request, body, 307, "", cast(Any, Message()), target)
    assert new is not None
    return new


def asked(*words: str) -> Query:
    """The one query of some words."""
    (query,) = read_queries(words, Portal(SERVER))
    return query


class TestQueries:
    """Words become what the portal is asked."""

    def test_words_and_filters(self) -> None:
        query = asked("in situ", "Hi-C", "biosource=GM12878", "status!=archived", "a.b=c=d")
        assert query.parameters == (
            ("type", "ExperimentSetReplicate"),
            ("experimentset_type", "replicate"),
            ("experiments_in_set.biosample.biosource_summary", "GM12878"),
            ("status!", "archived"),
            ("a.b", "c=d"),
            ("q", "in situ Hi-C"),
        )

    def test_another_type_is_asked_for_as_it_is(self) -> None:
        assert asked("type=File", "x").parameters == (("type", "File"), ("q", "x"))

    def test_accessions(self) -> None:
        query = asked("4DNEXAAAAAA1", "4DNEXAAAAAA2", "4DNEXAAAAAA1")
        assert query.path("metadata") == (
            "/metadata/?type=ExperimentSet&experiments_in_set.accession=4DNEXAAAAAA1"
            "&experiments_in_set.accession=4DNEXAAAAAA2"
        )
        assert query.wanted == tuple(("NONE", f"4DNEXAAAAAA{n}", "NONE") for n in "12")

    def test_the_url_of_a_search_without_what_is_for_the_browser(self) -> None:
        query = asked(f"{SERVER}/browse/?type=ExperimentSetReplicate&q=a%20b&sort=x&limit=5")
        assert query.parameters == (("type", "ExperimentSetReplicate"), ("q", "a b"))

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            ([], "nothing to look for"),
            (["https://evil.example/search/?q=x"], "evil.example/search/: does not lie on"),
            ([f"{SERVER}/search/"], "expected the URL of a search"),
            ([f"{SERVER}/help?q=x"], "expected the URL of a search"),
            ([f"{SERVER}/search/?q=x", "more"], "one URL of the portal, and nothing else"),
            (["4DNES4AABNEZ", "4DNEXAAAAAA1"], "accessions of one kind"),
            (["4DNES4AABNEZ", "human"], "human: is no accession"),
            (["biosource="], "biosource=: expected FIELD=VALUE"),
            (["a b=c"], "a b=c: expected FIELD=VALUE"),
        ],
    )
    def test_words_that_make_no_query(self, words: list[str], message: str) -> None:
        with pytest.raises(InputError, match=message):
            read_queries(words, Portal(SERVER))

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"4DNES4AABNEZ\n\nGM12878\n", "line 3: expected an accession"),
            (b"# none\n", "holds no accessions"),
            (b"\xff\xfe", "is no text"),
        ],
    )
    def test_a_list_that_is_none(self, content: bytes, message: str, tmp_path: Path) -> None:
        (tmp_path / "list.txt").write_bytes(content)
        with pytest.raises(InputError, match=message):
            read_accessions(tmp_path / "list.txt")


class TestTables:
    """A table of files is read with care."""

    def test_a_row(self) -> None:
        text = table(
            row(
                "4DNFI0000001.fastq.gz",
                **{"Size (MB)": "2.50", "Paired End": "1", "md5sum": "AB" * 16},
                Experiment_Accession="4DNEXAAAAAA1",
                File_Format="fastq",
                Related_File_Relationship="derived from, paired with",
                Related_File="4DNFI0000009, 4DNFI0000002",
            )
        )
        ((file,), unavailable) = parse_table(text, "m.tsv")
        assert (file.where, file.name) == ("m.tsv, line 3", "4DNFI0000001.fastq.gz")
        assert (file.end, file.mate, file.md5) == ("1", "4DNFI0000002", "ab" * 16)
        # 2.50 MB, of 2^20 bytes, are 2.495 to 2.505 MB.
        assert (file.size, file.roughly) == (2_621_440, 10_485)
        assert file.experiments == {"4DNEXAAAAAA1": ()}
        assert unavailable == []

    def test_names_of_columns_of_other_years(self) -> None:
        old = tuple("Size" if n == "Size (MB)" else n.replace("End", "end") for n in COLUMNS)
        cells = {"Size": "12345", "Paired end": "2"}
        ((file,), _) = parse_table(table(row(**cells), names=old), "m.tsv")
        assert (file.size, file.roughly, file.end) == (12345, 0, "2")

    def test_a_table_that_was_saved_elsewhere(self, tmp_path: Path) -> None:
        path = tmp_path / "m.tsv"
        path.write_text("\ufeff" + table(row()).replace("\n", "\r\n"), newline="")
        assert len(read_table(path)[0]) == 1

    def test_files_that_are_not_given_and_comments(self) -> None:
        urls = ("### Restricted: https://x/y", "### No URL currently available", "# not this")
        text = table(row(), *(row(File_Download_URL=url, File_Accession="F") for url in urls))
        files, unavailable = parse_table(text, "m.tsv")
        assert len(files) == 1
        assert [file.reason for file in unavailable] == ["restricted", "no url currently available"]

    def test_a_file_of_two_experiments(self) -> None:
        first = row(Experiment_Accession="4DNEXAAAAAA1", **{"Size (MB)": "1.00"})
        url = f"### Duplicate of row 3: {first['File Download URL']}"
        # In the rows of duplicates the portal leaves the size in bytes.
        again = first | {"File Download URL": url, "Size (MB)": "1048576"}
        again["Experiment Accession"] = "4DNEXAAAAAA2"
        ((file,), _) = parse_table(table(first, again), "m.tsv")
        assert list(file.experiments) == ["4DNEXAAAAAA1", "4DNEXAAAAAA2"]
        assert file.size == 1 << 20

    def test_one_url_with_two_md5s(self) -> None:
        with pytest.raises(InputError, match=r"line 4: 4DNFI0000001 is on m\.tsv, line 3, too"):
            parse_table(table(row(md5sum="a" * 32), row(md5sum="b" * 32)), "m.tsv")

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "is empty"),
            (b"\xff\xfe\x00", "is not UTF-8 text"),
            (b"<!DOCTYPE html><title>Log in</title>", "line 1: no column File Download URL"),
            (b"File Download URL,md5sum\n", "line 1: no column File Download URL"),
        ],
    )
    def test_what_is_no_table(self, content: bytes, message: str, tmp_path: Path) -> None:
        (tmp_path / "m.tsv").write_bytes(content)
        with pytest.raises(InputError, match=message):
            read_table(tmp_path / "m.tsv")

    @given(st.text(st.characters(codec="utf-8"), max_size=20))
    def test_no_name_leads_out_of_the_folder(self, name: str) -> None:
        quoted = name.replace("\t", "").replace("\r", "").replace("\n", "").replace('"', "")
        url = f"{SERVER}/x/@@download/{quoted}"
        with contextlib.suppress(InputError):
            for file in parse_table(table(row(File_Download_URL=url)), "m.tsv")[0]:
                assert (Path("/data") / file.name).parent == Path("/data")
                assert file.name.isascii()
                assert not file.name.startswith((".", "-"))
