"""`hicloom fragments`: cut sites of a genome, in Juicer's format and as BED."""

import gzip
import re
from pathlib import Path

import numpy as np
import pytest

from hicloom.enzymes import ENZYMES, enzyme_sites, motif_sites, site_length
from hicloom.errors import InputError
from hicloom.formats.fasta import read_fasta
from hicloom.formats.fragments import read_sites
from hicloom.kernels import sites
from hicloom.kernels.sites import IUPAC, find_motif
from hicloom.steps.fragments import fragments


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def cut(tmp_path: Path, fasta: str, **options: object) -> str:
    source, output = write(tmp_path / "g.fa", fasta), tmp_path / "out.txt"
    fragments(source, output=output, **options)
    return output.read_text()


def test_juicer_lists_first_bases_of_motifs_from_1_and_the_length(tmp_path):
    # GATC begins at bases 3 and 11 of 14, across the line end.
    assert cut(tmp_path, ">chr1 a comment\nACGATCAC\nACGATC\n", enzyme="DpnII") == "chr1 3 11 14\n"


def test_juicer_gives_the_motif_whatever_the_cut(tmp_path):
    assert cut(tmp_path, ">c\nTTAAGCTTTT\n", enzyme="HindIII") == "c 3 10\n"


def test_bed_has_its_edges_at_the_cut(tmp_path):
    # A^AGCTT is cut after its first base: 3 bases lie before the cut.
    found = cut(tmp_path, ">c\nTTAAGCTTTT\n", enzyme="HindIII", format="bed")
    assert found == "c\t0\t3\nc\t3\t10\n"


def test_bed_has_no_empty_fragment_where_a_chromosome_begins_with_a_motif(tmp_path):
    assert cut(tmp_path, ">c\nGATCAA\n", enzyme="MboI", format="bed") == "c\t0\t6\n"


def test_a_chromosome_without_sites_is_one_fragment(tmp_path):
    assert cut(tmp_path, ">c\nAAAA\n", enzyme="DpnII") == "c 4\n"
    assert cut(tmp_path, ">c\nAAAA\n", enzyme="DpnII", format="bed") == "c\t0\t4\n"


def test_case_does_not_matter_and_n_matches_nothing(tmp_path):
    assert cut(tmp_path, ">c\ngatcGANCgAnTC\n", enzyme="dpnii") == "c 1 13\n"


def test_a_mix_lists_the_sites_of_all_motifs_once(tmp_path):
    # GATC at 1; GANTC (here GAATC) at 5; GATC of GATCGATTC at 10, its GATTC at 14.
    sequence = "GATCGAATCGATCGATTC"
    assert cut(tmp_path, f">c\n{sequence}\n", enzyme="Arima") == "c 1 5 10 14 18\n"
    assert cut(tmp_path, f">c\n{sequence}\n", motif=["GATC,GANTC"]) == "c 1 5 10 14 18\n"


def test_a_motif_that_is_no_palindrome_is_found_on_both_strands(tmp_path):
    # GGATG reads CATCC on the other strand.
    assert cut(tmp_path, ">c\nGGATGAACATCC\n", motif=["GGATG"]) == "c 1 8 12\n"


def test_gzip_and_windows_line_ends_are_read(tmp_path):
    source = tmp_path / "g.fa.gz"
    source.write_bytes(gzip.compress(b">c\r\nAAGA\r\nTCAA\r\n"))
    fragments(source, output=tmp_path / "out", enzyme="DpnII")
    assert (tmp_path / "out").read_text() == "c 3 8\n"


def test_dash_writes_to_standard_output(tmp_path, capfdbinary):
    fragments(write(tmp_path / "g.fa", ">c\nGATC\n"), output=Path("-"), enzyme="DpnII")
    assert capfdbinary.readouterr().out == b"c 1 4\n"


@pytest.mark.parametrize("motif", ["GATC", "GANTC", "AAGCTT", "RGATCY", "CTNAG"])
def test_motifs_are_found_as_a_regular_expression_finds_them(motif, monkeypatch):
    # Windows of 50 bases put many motifs across the edge of two windows.
    monkeypatch.setattr(sites, "_WINDOW", 50)
    rng = np.random.default_rng(1)
    text = "".join(rng.choice(list("ACGTN"), 5000, p=[0.24, 0.24, 0.24, 0.24, 0.04]))
    pattern = "".join(f"[{IUPAC[letter]}]" for letter in motif)
    expected = [match.start() for match in re.finditer(f"(?={pattern})", text)]
    assert find_motif(np.frombuffer(text.encode(), np.uint8), motif).tolist() == expected


def test_a_sequence_shorter_than_the_motif_has_no_site():
    assert find_motif(np.frombuffer(b"GA", np.uint8), "GATC").tolist() == []


def test_every_enzyme_of_the_table_cuts_within_its_motif_and_reads_alike_on_both_strands():
    for marked in ENZYMES.values():
        for site in marked:
            assert 0 <= site.cut <= len(site.motif)
            assert sites.reverse_complement(site.motif) == site.motif


def test_a_caret_marks_the_cut_of_a_motif():
    (site,) = motif_sites(["a^agctt"])
    assert (site.motif, site.cut) == ("AAGCTT", 1)


@pytest.mark.parametrize("name", ["none", "DNase", "micro-c"])
def test_a_protocol_without_sites_is_refused(name):
    with pytest.raises(InputError, match="cuts anywhere"):
        enzyme_sites(name)


def test_an_unknown_enzyme_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match="HindIII"):
        enzyme_sites("HindIV")


@pytest.mark.parametrize("motif", ["GAXC", "^", "G^A^TC"])
def test_a_wrong_motif_is_refused(motif):
    with pytest.raises(InputError, match="IUPAC"):
        motif_sites([motif])


def test_enzyme_and_motif_exclude_each_other(tmp_path):
    with pytest.raises(InputError, match="either"):
        cut(tmp_path, ">c\nA\n", enzyme="DpnII", motif=["GATC"])
    with pytest.raises(InputError, match="either"):
        cut(tmp_path, ">c\nA\n")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is empty; expected FASTA sequences"),
        ("GATC\n", "starts with '>'"),
        (">\nGATC\n", "no name"),
        (">a\n>b\nAC\n", "a is empty"),
        (">a\nA\n>a\nA\n", "a is there twice"),
    ],
)
def test_a_wrong_fasta_is_refused_and_nothing_is_written(tmp_path, text, fault):
    with pytest.raises(InputError, match=fault):
        cut(tmp_path, text, enzyme="DpnII")
    assert not (tmp_path / "out.txt").exists()


def test_fasta_is_read_across_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr("hicloom.formats.text._PIECE", 3)
    path = write(tmp_path / "g.fa", ">one x\nACG\nT\n>two\nGG")
    read = {name: bases.tobytes() for name, bases in read_fasta(path)}
    assert read == {"one": b"ACGT", "two": b"GG"}


def test_both_formats_give_the_same_sites_for_a_cut_before_the_motif(tmp_path):
    fasta = ">a\nTTGATCTTGATCTT\n>b\nTTTT\n"
    read = {}
    for form in ("juicer", "bed"):
        cut(tmp_path, fasta, enzyme="DpnII", format=form)
        read[form] = read_sites(tmp_path / "out.txt")
    # Juicer's format ends with the chromosome's length, BED does not tell it as a site.
    assert read["juicer"]["a"].tolist() == [3, 9, 14]
    assert read["bed"]["a"].tolist() == [3, 9]
    assert read["bed"]["b"].tolist() == []


@pytest.mark.parametrize(
    "text", ["c 5 3 10\n", "c 5 x\n", "c\n", "c\t0\t5\nc\t6\t9\n", "c 5 9\nc 3 9\n"]
)
def test_sites_that_do_not_ascend_or_join_up_are_refused(tmp_path, text):
    with pytest.raises(InputError, match=r"line [12]: expected Juicer's format"):
        read_sites(write(tmp_path / "sites", text))


def test_no_sites_at_all_are_refused(tmp_path):
    with pytest.raises(InputError, match="no fragments"):
        read_sites(write(tmp_path / "sites", "\n"))


@pytest.mark.parametrize(
    ("name", "expected"),
    # Any base may stand in the middle of HinfI's G^ANTC; of a mix the most frequent site counts.
    [("DpnII", "4"), ("HindIII", "6"), ("HinfI", "4"), ("arima", "4"), ("dnase", ""), ("none", "")],
)
def test_the_length_of_a_site_is_that_of_its_fixed_bases(name, expected):
    assert site_length(name) == expected
