"""`hicloom d4 create`: every kind of input, and every bad one."""

import gzip
import io
import json
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyBigWig
import pysam
import pytest

from hicloom.formats import d4
from hicloom.formats.bgzf import BgzfWriter
from hicloom.formats.d4 import SimpleRange
from tests.alignments import CHROMSIZES, alignment, depth_of, write_bam
from tests.conftest import Outcome

Run = Callable[..., Outcome]
MATCH = [(0, 10)]


@pytest.fixture
def sizes(tmp_path: Path) -> Path:
    """A chromsizes file."""
    path = tmp_path / "toy.sizes"
    path.write_text("".join(f"{name}\t{size}\n" for name, size in CHROMSIZES.items()))
    return path


@pytest.fixture
def bam(tmp_path: Path) -> Path:
    """Two alignments of ten bases that share five, and one of them again on chr2."""
    places = [(0, 100), (0, 105), (1, 50)]
    records = [alignment(f"r{n}", *place, MATCH) for n, place in enumerate(places)]
    return write_bam(tmp_path / "lane.bam", records)


@pytest.fixture
def refused(hicloom: Run, tmp_path: Path) -> Callable[..., str]:
    """Run `d4 create`, which must refuse; its one line on stderr."""

    def run(*words: object) -> str:
        before = set(tmp_path.iterdir())
        done = hicloom("d4", "create", *words, "--output", tmp_path / "no.d4")
        assert done.code == 2
        assert done.stderr.count("\n") == 1
        assert set(tmp_path.iterdir()) == before, "nothing is written"
        return done.stderr

    return run


def create(hicloom: Run, *words: object) -> Path:
    """Run `d4 create` with a file to write behind its words."""
    output = Path(str(words[0])).with_suffix(".d4")
    done = hicloom("d4", "create", *words, "--output", output)
    assert done.code == 0, done.stderr
    return output


def bedgraph(tmp_path: Path, *rows: str) -> Path:
    """A bedGraph file of blank-separated rows."""
    path = tmp_path / "x.bedgraph"
    path.write_text("".join("\t".join(row.split()) + "\n" for row in rows))
    return path


def metadata(path: Path) -> dict[str, object]:
    """The JSON of a single-track file."""
    text = path.read_bytes()
    found: dict[str, object] = json.JSONDecoder().raw_decode(
        text[text.index(b"{") :].decode("latin-1")
    )[0]
    return found


def test_alignments_that_overlap_add_up(hicloom: Run, bam: Path) -> None:
    depth = depth_of(create(hicloom, bam))
    assert depth["chr1"][98:117].tolist() == [0, 0] + 5 * [1] + 5 * [2] + 5 * [1] + [0, 0]
    assert depth["chr2"].sum() == 10
    assert depth["chr10"].sum() == 0


def test_filters_are_told_in_the_file(hicloom: Run, bam: Path) -> None:
    made = metadata(create(hicloom, bam, "--min-mapq", 30))["hicloom"]
    assert isinstance(made, dict)
    assert made["min_mapq"] == 30
    assert "lone-secondary" in made["exclude_flags"]
    assert "d4 create" in made["command"]


def test_lanes_are_summed_or_side_by_side(hicloom: Run, bam: Path, tmp_path: Path) -> None:
    other = write_bam(tmp_path / "other.bam", [alignment("r", 0, 100, MATCH)])
    summed = depth_of(create(hicloom, bam, other, "--sum"))
    assert summed["chr1"][100:105].tolist() == 5 * [2]
    both = create(hicloom, bam, other)
    with d4.open(both) as file:
        assert list(file.tracks) == ["lane", "other"], "named by their files"
    assert depth_of(both, "other")["chr1"].sum() == 10


def test_names_of_duplicates_are_left_out(hicloom: Run, bam: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("r1\nr2\nnobody\n")
    depth = depth_of(create(hicloom, bam, "--exclude-reads", names))
    assert {chrom: int(values.sum()) for chrom, values in depth.items()} == {
        "chr1": 10,
        "chr2": 0,
        "chr10": 0,
    }


def test_dedup_tells_the_names_as_hashes(
    hicloom: Run, bam: Path, tmp_path: Path, write_pairs: Callable[..., Path]
) -> None:
    row = "chr1 100 chr1 900 + - UU 60 60"
    pairs = write_pairs("x.pairs", [f"r0 {row}", f"r1 {row}", "r2 chr2 50 chr2 90 + - UU 60 60"])
    names = tmp_path / "duplicates"
    output = tmp_path / "y.pairs"
    done = hicloom("dedup", pairs, "--output", output, "--duplicate-names", names)
    assert done.code == 0, done.stderr
    assert names.stat().st_size == 16, "the mark of the format, and one name"
    depth = depth_of(create(hicloom, bam, "--exclude-reads", names))
    # r1, which is the duplicate of r0, had bases 105 to 114.
    assert np.flatnonzero(depth["chr1"]).tolist() == list(range(100, 110))
    assert depth["chr2"].sum() == 10


def test_chromosomes_are_chosen_by_name(hicloom: Run, bam: Path, sizes: Path) -> None:
    assert list(depth_of(create(hicloom, bam, "--chroms", "chr[12]"))) == ["chr1", "chr2"]
    sizes.write_text("chr2\t700\nchr1\t3000\n")
    depth = depth_of(create(hicloom, bam, "--chromsizes", sizes))
    assert list(depth) == ["chr2", "chr1"], "in the order of the chromsizes"
    assert depth["chr1"].sum() == 20


def test_ends_of_contacts_are_counted(hicloom: Run, write_pairs: Callable[..., Path]) -> None:
    pairs = write_pairs("x.pairs", ["a chr1 5 chr1 9 + - UU 60 60", "b chr1 5 chr2 1 + - UU 60 10"])
    depth = depth_of(create(hicloom, pairs, "--min-mapq", 30))
    # Positions are 1-based; the end of b on chr2 has MAPQ 10.
    assert np.flatnonzero(depth["chr1"]).tolist() == [4, 8]
    assert depth["chr1"][[4, 8]].tolist() == [2, 1]
    assert depth["chr2"].sum() == 0


def test_spans_of_short_contacts_are_counted(
    hicloom: Run, write_pairs: Callable[..., Path]
) -> None:
    rows = ["a chr1 5 chr1 9", "b chr1 50 chr1 5000", "c chr1 5 chr2 7"]
    pairs = write_pairs("x.pairs", [f"{row} + - UU 60 60" for row in rows])
    depth = depth_of(create(hicloom, pairs, "--count", "spans", "--max-span", 100))
    assert np.flatnonzero(depth["chr1"]).tolist() == [4, 5, 6, 7, 8]
    assert depth["chr2"].sum() == 0


def test_bedgraph_is_read_in_any_order_of_chromosomes(
    hicloom: Run, tmp_path: Path, sizes: Path
) -> None:
    rows = ["track type=bedGraph", "chr2 0 3 -7", "# a comment", "chr1 10 20 1e3", "chr1 20 21 +5"]
    path = bedgraph(tmp_path, *rows)
    depth = depth_of(create(hicloom, path, "--chromsizes", sizes))
    assert depth["chr2"][:5].tolist() == [-7, -7, -7, 0, 0]
    assert depth["chr1"][9:22].tolist() == [0] + 10 * [1000] + [5, 0]
    zipped = tmp_path / "y.bedgraph.gz"
    zipped.write_bytes(gzip.compress(path.read_bytes()))
    again = depth_of(create(hicloom, zipped, "--chromsizes", sizes))
    assert again["chr1"].tolist() == depth["chr1"].tolist()


def test_fractions_are_kept_over_a_denominator(hicloom: Run, tmp_path: Path, sizes: Path) -> None:
    path = bedgraph(tmp_path, "chr1 0 2 0.25", "chr1 2 3 -1.5", "chr1 3 4 0.333")
    found = create(hicloom, path, "--chromsizes", sizes, "--denominator", 100)
    # 33.3 is rounded to 33.
    assert depth_of(found)["chr1"][:5].tolist() == [0.25, 0.25, -1.5, 0.33, 0]


def test_bigwig_is_read(hicloom: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.bw"
    file = pyBigWig.open(str(path), "w")
    file.addHeader([("chr1", 3_000_000), ("chr2", 50)])
    # The interval crosses 2^20, where reading is cut.
    file.addEntries(["chr1"] * 2, [5, 1_000_000], ends=[7, 1_100_000], values=[2.0, 3.0])
    file.close()
    depth = depth_of(create(hicloom, path))
    assert depth["chr1"].sum() == 2 * 2 + 100_000 * 3
    assert np.flatnonzero(depth["chr1"] == 3)[[0, -1]].tolist() == [1_000_000, 1_099_999]


@pytest.mark.parametrize(
    ("words", "dictionary"),
    [
        (["--sparse"], SimpleRange(0, 1)),
        (["--dictionary", "0-64"], SimpleRange(0, 64)),
        # Two short alignments on 8700 bases: records take less than any table.
        ([], SimpleRange(0, 1)),
    ],
)
def test_the_table_is_as_asked_or_what_is_smaller(
    hicloom: Run, bam: Path, words: Sequence[str], dictionary: SimpleRange
) -> None:
    found = create(hicloom, bam, *words)
    assert metadata(found)["dictionary"] == dictionary.json()
    assert depth_of(found)["chr1"].sum() == 20


def test_dense_coverage_gets_a_table(hicloom: Run, tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    places = draw.integers(0, 2900, 5000).tolist()
    records = [alignment(f"r{n}", 0, place, [(0, 10)]) for n, place in enumerate(places)]
    found = create(hicloom, write_bam(tmp_path / "x.bam", records), "--chroms", "chr1")
    with d4.open(found) as file:
        dictionary = file.track().metadata.dictionary
    # Depth changes at most bases and is around 17, so that a record a run would cost most.
    assert dictionary.width >= 4


def test_a_dictionary_from_a_file(hicloom: Run, bam: Path, tmp_path: Path) -> None:
    table = tmp_path / "values"
    table.write_text("0\n1\n2\n9\n")
    found = create(hicloom, bam, "--dictionary", table)
    assert metadata(found)["dictionary"] == {"Dictionary": {"i2v_map": [0, 1, 2, 9]}}
    assert depth_of(found)["chr1"].max() == 2


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("chr1 15 30 1", "line 2: chr1:15-30: it overlaps the interval before"),
        ("chr1 5 9 1", "line 2: chr1:5-9: it is not sorted"),
        ("chr1 2990 3001 1", "line 2: chr1:2990-3001: it ends beyond chr1 (3000 bp)"),
        ("chr1 30 40 2147483648", "the value 2147483648 is beyond 32 bits"),
        ("chr1 30 40 -2147483649", "the value -2147483649 is beyond 32 bits"),
        ("chr1 30 40 0.5", "the value 0.5 is not whole; give --denominator"),
        ("chr1 30 30 1", "it is empty; expected start < end"),
        ("chrX 30 40 1", "chromosome chrX is not in the chromsizes"),
        ("chr1 30 40", "line 2: expected chromosome, start, end and value"),
        ("chr1 30 40 nan", "line 2: expected chromosome, start, end and value"),
        ("chr1 x 40 1", "line 2: expected chromosome, start, end and value"),
        ("chr1 30 40 1 5", "line 2: expected chromosome, start, end and value"),
    ],
)
def test_bad_bedgraph_is_refused(
    refused: Callable[..., str], tmp_path: Path, sizes: Path, row: str, why: str
) -> None:
    path = bedgraph(tmp_path, "chr1 10 20 1", row)
    assert why in refused(path, "--chromsizes", sizes)


def test_a_chromosome_that_comes_again_is_refused(
    refused: Callable[..., str], tmp_path: Path, sizes: Path
) -> None:
    path = bedgraph(tmp_path, "chr1 10 20 1", "chr2 1 2 1", "chr1 30 40 1")
    assert "line 3: chr1 comes again" in refused(path, "--chromsizes", sizes)


def test_sums_beyond_32_bits_are_refused(
    refused: Callable[..., str], tmp_path: Path, sizes: Path
) -> None:
    path = bedgraph(tmp_path, "chr1 10 20 2147483647")
    assert "beyond 32 bits" in refused(path, path, "--sum", "--chromsizes", sizes)


def test_bedgraph_needs_chromsizes(refused: Callable[..., str], tmp_path: Path) -> None:
    assert "--chromsizes" in refused(bedgraph(tmp_path, "chr1 10 20 1"))


def test_a_bam_without_references_is_refused(refused: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "x.bam"
    empty = pysam.AlignmentHeader.from_dict({"HD": {"VN": "1.6"}})
    pysam.AlignmentFile(str(path), "wb", header=empty).close()
    assert "no @SQ lines" in refused(path)


def test_a_bam_of_another_genome_is_refused(
    refused: Callable[..., str], bam: Path, sizes: Path
) -> None:
    sizes.write_text("chr1\t2999\n")
    assert "chr1 has length 2999, but 3000" in refused(bam, "--chromsizes", sizes)


def test_inputs_of_two_genomes_are_refused(
    refused: Callable[..., str], bam: Path, write_pairs: Callable[..., Path]
) -> None:
    pairs = write_pairs("x.pairs", ["a chr1 5 chr1 9 + - UU 60 60"])
    assert "its chromosomes differ" in refused(bam, pairs)


def test_truncated_and_damaged_bam_are_refused(refused: Callable[..., str], bam: Path) -> None:
    whole = bam.read_bytes()
    bam.write_bytes(whole[:-28])
    assert "truncated" in refused(bam)
    bam.write_bytes(whole[:60] + b"\xff\xff\xff" + whole[63:])
    assert "damaged" in refused(bam)


def test_records_that_cannot_be_are_refused(refused: Callable[..., str], tmp_path: Path) -> None:
    record = alignment("long", 1, 695, MATCH)
    assert "the alignment of long at chr2:696 ends beyond" in refused(
        write_bam(tmp_path / "x.bam", [record])
    )


def test_sam_is_refused_with_advice(refused: Callable[..., str], tmp_path: Path) -> None:
    path = write_bam(tmp_path / "x.sam", [alignment("r", 0, 1, MATCH)], "wh")
    assert "samtools view -b" in refused(path)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--sparse", "--dictionary", "0-64"], "give one of them"),
        (["--dictionary", "0-63"], "power of two"),
        (["--dictionary", "nowhere"], "expected auto"),
        (["--denominator", "10"], "--denominator is for bedGraph and bigWig"),
        (["--chroms", "["], "no regular expression"),
        (["--chroms", "nothing"], "matches none"),
        (["--track", "a", "b"], "2 names for 1 tracks"),
        (["--exclude-flags", "paired"], "paired"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    refused: Callable[..., str], bam: Path, words: Sequence[str], why: str
) -> None:
    assert why in refused(bam, *words)


def test_long_cigars_in_the_tag_cg_are_read(hicloom: Run, tmp_path: Path) -> None:
    # More than 65,535 operations do not fit into a record: 1M1I and so on, 35,000 times.
    chrom = {"HD": {"VN": "1.6"}, "SQ": [{"SN": "chr1", "LN": 50_000}]}
    cigar = [(0, 1), (1, 1)] * 35_000
    record = alignment("long", 0, 10, cigar)
    path = tmp_path / "x.bam"
    with pysam.AlignmentFile(str(path), "wb", header=pysam.AlignmentHeader.from_dict(chrom)) as out:
        out.write(record)
    depth = depth_of(create(hicloom, path))["chr1"]
    assert np.flatnonzero(depth).tolist() == list(range(10, 35_010))
    assert depth.max() == 1


def bgzip(text: bytes) -> bytes:
    """BGZF whose blocks are all full, whatever they hold."""
    coded = io.BytesIO()
    with BgzfWriter(coded) as out:
        out.write(text)
    return coded.getvalue()


def many_alignments(tmp_path: Path) -> Path:
    """60,000 alignments of 13 bases on 18 of chr1, which compress badly."""
    draw = np.random.default_rng(7)
    records = [
        alignment(
            f"r{draw.integers(1 << 62)}", 0, int(place), [(0, 10), (3, 5), (0, 3)], tags=[("XZ", n)]
        )
        for n, place in enumerate(draw.integers(0, 2900, 60_000))
    ]
    return write_bam(tmp_path / "x.bam", records)


def test_nothing_depends_on_threads_and_memory(hicloom: Run, tmp_path: Path) -> None:
    path = many_alignments(tmp_path)
    found = set()
    # The least memory there is (2^18 events) makes the second of its bundles spill the first.
    for words in (["-t1", "--memory=1G"], ["-t3", "--memory=1"], ["-t1", "--memory=1"]):
        output = create(hicloom, path, *words)
        found.add(depth_of(output)["chr1"].tobytes())
        assert depth_of(output)["chr1"].sum() == 60_000 * 13
    assert len(found) == 1
    assert not list(tmp_path.glob("*hicloom*"))


@pytest.mark.parametrize("repack", [gzip.compress, bgzip], ids=["gzip", "bgzip"])
def test_records_may_lie_across_blocks_and_pieces(
    hicloom: Run, tmp_path: Path, repack: Callable[[bytes], bytes]
) -> None:
    # htslib begins a block with a record; nothing says that a writer must.
    path = many_alignments(tmp_path)
    whole = depth_of(create(hicloom, path))["chr1"]
    path.write_bytes(repack(gzip.decompress(path.read_bytes())))
    assert path.stat().st_size > 3 << 18, "several pieces"
    for threads in "13":
        found = depth_of(create(hicloom, path, "--threads", threads))["chr1"]
        np.testing.assert_array_equal(found, whole)


def test_what_looks_like_records_within_one_is_none(hicloom: Run, tmp_path: Path) -> None:
    # A tag that holds a BAM's records, and is longer than any piece of the file.
    path = many_alignments(tmp_path)
    inner = array("B", gzip.decompress(path.read_bytes())[1 << 20 :])
    path = write_bam(path, [alignment("r", 0, 100, MATCH, tags=[("XB", inner)])])
    depth = depth_of(create(hicloom, path))["chr1"]
    assert np.flatnonzero(depth).tolist() == list(range(100, 110))


def test_many_contigs_and_blocks(hicloom: Run, tmp_path: Path) -> None:
    # Bases on both sides of 2^20, where a block ends, and at both ends of contigs.
    sizes = {f"c{n}": 400 + n for n in range(3000)} | {"long": 2_500_000}
    text = {"HD": {"VN": "1.6"}, "SQ": [{"SN": n, "LN": s} for n, s in sizes.items()]}
    places = [("c0", 0), ("c0", 390), ("c2999", 3389), ("long", 1_048_570), ("long", 2_499_990)]
    names = list(sizes)
    path = tmp_path / "x.bam"
    references = pysam.AlignmentHeader.from_dict(text)
    with pysam.AlignmentFile(str(path), "wb", header=references) as out:
        for chrom, place in places:
            out.write(alignment("r", names.index(chrom), place, MATCH, of=references))
    depth = depth_of(create(hicloom, path))
    covered = {chrom: np.flatnonzero(values).tolist() for chrom, values in depth.items()}
    assert {chrom for chrom, bases in covered.items() if bases} == {"c0", "c2999", "long"}
    assert covered["c0"] == [*range(10), *range(390, 400)]
    assert covered["c2999"] == list(range(3389, 3399))
    assert covered["long"] == [*range(1_048_570, 1_048_580), *range(2_499_990, 2_500_000)]


def test_merge_gives_browsers_the_sum_of_tracks(hicloom: Run, bam: Path, tmp_path: Path) -> None:
    one, bigwig = create(hicloom, bam), tmp_path / "sum.bw"
    words = (one, one, "--labels", "a", "b", "--output", tmp_path / "both.d4", "--bigwig", bigwig)
    done = hicloom("d4", "merge", *words)
    assert done.code == 0, done.stderr
    with pyBigWig.open(str(bigwig)) as file:
        assert file.chroms() == CHROMSIZES
        # Five bases with depth 2 in each of two tracks, and ten with depth 1.
        assert file.intervals("chr1") == ((100, 105, 2.0), (105, 110, 4.0), (110, 115, 2.0))
        assert file.intervals("chr10") is None
