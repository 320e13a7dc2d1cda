"""`hicloom validate` on .hic: each test plants one violation."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hictkpy import hic

from hicloom.findings import Findings
from hicloom.formats.validators import hic as validator
from hicloom.formats.validators.hic import validate_hic


@pytest.fixture
def path(tmp_path) -> Path:
    rng = np.random.default_rng(1)
    bin1, bin2 = np.sort(rng.integers(0, 150, (2, 4000)), axis=0)
    counts = Counter(zip(bin1.tolist(), bin2.tolist(), strict=True))
    writer = hic.FileWriter(tmp_path / "x.hic", {"b": 100_000, "a": 50_000}, [1000, 5000])
    one, two = zip(*counts, strict=True)
    columns = {"bin1_id": one, "bin2_id": two, "count": [float(n) for n in counts.values()]}
    writer.add_pixels_from_dict(columns)
    writer.finalize()
    return tmp_path / "x.hic"


def check(path: Path) -> list[str]:
    findings = Findings()
    validate_hic(path, findings)
    return [str(violation) for violation in findings.violations]


def test_a_right_file_has_no_violation(path):
    assert check(path) == []


def test_a_wrong_magic(path):
    path.write_bytes(b"HIX\0" + path.read_bytes()[4:])
    assert check(path) == ["not a .hic file: once at byte 0: expected the letters HIC"]


def test_an_unknown_version(path):
    path.write_bytes(b"HIC\0" + (12).to_bytes(4, "little") + path.read_bytes()[8:])
    assert check(path) == ["unknown version: once at byte 4: 12, expected 6 to 9"]


def test_an_empty_file(path):
    path.write_bytes(b"")
    assert check(path) == ["not a .hic file: once at byte 0: expected the letters HIC"]


def test_a_truncated_file(path):
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert check(path)


def test_a_damaged_block(path):
    # The blocks of the first matrix follow on the header.
    data = bytearray(path.read_bytes())
    data[600:1200] = b"\xff" * 600
    path.write_bytes(data)
    assert any(v.startswith("unreadable ") for v in check(path))


def test_sums_may_differ_by_what_juicer_tools_loses_and_no_more():
    findings = Findings()
    validator._compare({1000: 1e6, 5000: 1e6 - 3}, findings)
    assert not findings
    validator._compare({1000: 1e6, 5000: 9e5}, findings)
    assert [str(v) for v in findings.violations] == [
        "sum of counts differs between resolutions: once at resolution 5000: "
        "900000, but 1000000 at resolution 1000"
    ]
