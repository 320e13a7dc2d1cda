import pytest

from hicloom.errors import InputError
from hicloom.formats.regions import Side, parse_region

KNOWN = {"chr1", "chr2", "HLA-A*01:01", "gi|42|ref"}
CHR2 = Side("chr2", 5, 20)


@pytest.mark.parametrize(
    ("region", "sides"),
    [
        ("chr1:1-10|chr2:5-20", (Side("chr1", 1, 10), CHR2)),
        ("chr1|chr2", (Side("chr1"), Side("chr2"))),
        ("chr2:5-20", (CHR2, CHR2)),
        ("*|chr2:5-20", (Side(None), CHR2)),
        ("chr2:5-20|*", (CHR2, Side(None))),
        ("chr1:1,000-2,000", (Side("chr1", 1000, 2000),) * 2),
        ("chr1:7|chr2", (Side("chr1", 7), Side("chr2"))),
        ("chr1:7-|chr2", (Side("chr1", 7), Side("chr2"))),
        ("HLA-A*01:01|HLA-A*01:01:5-20", (Side("HLA-A*01:01"), Side("HLA-A*01:01", 5, 20))),
        ("gi|42|ref", (Side("gi|42|ref"),) * 2),
        ("chr1|gi|42|ref:5-20", (Side("chr1"), Side("gi|42|ref", 5, 20))),
    ],
)
def test_a_region_has_two_sides(region: str, sides: tuple[Side, Side]) -> None:
    assert parse_region(region, KNOWN) == sides


@pytest.mark.parametrize(
    ("region", "problem"),
    [
        ("chr3:1-10", "no chromosome 'chr3'.*chr1, chr2"),
        ("chr1|chrX", "no chromosome 'chrX'"),
        ("chr1:1-10|", "no chromosome ''"),
        ("", "no chromosome ''"),
        ("chr1:a-b", "'a-b' is not FIRST-LAST"),
        ("chr1:-5-10", "'-5-10' is not FIRST-LAST"),
        ("chr1:10-5", r"ends \(5\) before it begins \(10\)"),
    ],
)
def test_a_wrong_region_is_refused(region: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        parse_region(region, KNOWN)
