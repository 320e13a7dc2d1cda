"""`add-hic-norms` against `hic2cool extract-norms`."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cooler
import pandas as pd
import pytest

from tests.unit.matrices import simulated, simulated_map
from tests.unit.test_hic import needs_juicer

TOOL = shutil.which("hic2cool", path=Path(sys.executable).parent) or shutil.which("hic2cool")


@needs_juicer
@pytest.mark.skipif(TOOL is None, reason="hic2cool is not installed")
def test_the_columns_are_those_of_hic2cool(hicloom: Callable[..., object], tmp_path: Path) -> None:
    """Also where a chromosome has no contacts, or KR has not converged (2000 pairs are few)."""
    source, ours, theirs = (tmp_path / name for name in ("x.mcool", "ours.mcool", "theirs.mcool"))
    hicloom("zoomify", simulated_map(tmp_path, 2000), "-o", source, "--no-balance")
    hicloom("hic", simulated(tmp_path, 2000), "-o", tmp_path / "x.hic", "--memory", "512M")
    hicloom("add-hic-norms", tmp_path / "x.hic", source, "-o", ours)
    shutil.copy(source, theirs)
    command = [str(TOOL), "extract-norms", "-s", str(tmp_path / "x.hic"), str(theirs)]
    subprocess.run(command, check=True, capture_output=True)
    for group in cooler.fileops.list_coolers(str(ours)):
        tables = [cooler.Cooler(f"{path}::{group}").bins()[:] for path in (ours, theirs)]
        columns = ["chrom", "start", "end", "VC", "VC_SQRT", "KR"]
        pd.testing.assert_frame_equal(*(table[columns] for table in tables), check_exact=True)
