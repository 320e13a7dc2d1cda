"""Kernels are compiled once, for every user, machine and folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import hicloom

# Counts what numba compiles while kernels are imported, then uses one.
PROGRAM = """
import sys
import llvmlite.binding as llvm
llvm.get_host_cpu_name = lambda: "nehalem"
llvm.get_host_cpu_features = lambda: llvm.FeatureMap({"sse4.2": True})
from numba.core import event
with event.install_recorder("numba:compile") as compiled:
    from hicloom.kernels.names import hash_names
import numpy as np
text = np.frombuffer(b"read1read2", np.uint8)
hashes = hash_names(text, np.array([0, 5]), np.array([5, 10]))
print(len(compiled.buffer), *hashes)
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of the package, with few kernels, and nothing compiled in it."""
    source = Path(hicloom.__file__).parent / "kernels"
    kernels = tmp_path / "site/hicloom/kernels"
    kernels.mkdir(parents=True)
    for name in ("__init__.py", "__main__.py", "compiled.py", "names.py"):
        shutil.copy(source / name, kernels)
    shutil.copy(source.with_name("__init__.py"), kernels.parent)
    return tmp_path / "site"


def run(site: Path, *words: str, **environment: str) -> str:
    """Run Python on a copy of the package."""
    done = subprocess.run(
        [sys.executable, *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(site), **environment},
        cwd="/",
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def make_read_only(site: Path) -> None:
    """Leave nobody a folder to write to, if the file system heeds it."""
    for path in (site, *site.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def test_a_warm_installation_never_compiles_again(installed: Path) -> None:
    fresh = run(installed, "-c", PROGRAM)
    shutil.rmtree(installed / "hicloom/kernels/__compiled__")
    assert run(installed, "-m", "hicloom.kernels").endswith(" kernels are compiled")
    make_read_only(installed)
    files = sorted(installed.rglob("*.nbc"))
    # Another user's home, another model of processor (see PROGRAM), a root that is read-only.
    later = run(installed, "-B", "-c", PROGRAM, HOME="/nonexistent", NUMBA_CPU_NAME="znver4")
    assert later.split()[0] == "0", "nothing was compiled"
    assert later.split()[1:] == fresh.split()[1:], "and it does the same"
    assert sorted(installed.rglob("*.nbc")) == files


def test_without_a_place_to_write_kernels_are_compiled_in_memory(installed: Path) -> None:
    # A file where the folder would be cannot be written to, not even by root.
    (installed / "hicloom/kernels/__compiled__").write_text("")
    compiled, *hashes = run(installed, "-c", PROGRAM).split()
    assert int(compiled) > 0
    assert len(hashes) == 2


def test_changed_sources_are_compiled_anew(installed: Path) -> None:
    before = run(installed, "-c", PROGRAM)
    module = installed / "hicloom/kernels/names.py"
    module.write_text(module.read_text().replace("0x100000001B3", "0x100000001B5"))
    after = run(installed, "-c", PROGRAM)
    assert int(after.split()[0]) > 0
    assert after.split()[1:] != before.split()[1:]
    folders = list((installed / "hicloom/kernels/__compiled__").iterdir())
    assert len(folders) == 1, "code of the old sources is gone"


def test_damaged_code_is_made_again(installed: Path) -> None:
    before = run(installed, "-c", PROGRAM)
    for path in installed.rglob("*.nb[ci]"):
        path.write_bytes(path.read_bytes()[:40])
    after = run(installed, "-c", PROGRAM)
    assert int(after.split()[0]) > 0
    assert after.split()[1:] == before.split()[1:]


@pytest.mark.parametrize("words", [["--help"], ["d4", "create", "--help"], ["cload", "--help"]])
def test_help_does_not_wait_for_numba(words: list[str]) -> None:
    program = f"import sys; sys.argv = {['hicloom', *words]}\nfrom hicloom.cli import main\n"
    program += "try: main()\nexcept SystemExit: print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.endswith("False\n")
