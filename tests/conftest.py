"""What many tests use: the command line in this process, and small pairs files."""

import os
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from hicloom.cli import main
from hicloom.formats.pairs import Header, create_pairs


def _threads() -> set[str]:
    """The numbers of this process's threads, on Linux."""
    return {path.name for path in Path("/proc/self/task").glob("*")}


# hictkpy 1.4.0 sets a hook that can wait for a lock for ever in a forked process. No step both
# loads it and forks, but the one process of the tests does: it gets no hook.
with pytest.MonkeyPatch.context() as before_import:
    before_import.setattr(os, "register_at_fork", lambda **_: None)
    threads = _threads()
    import hictkpy  # noqa: F401

    # Its thread for messages never sleeps; it gets only what no test wants of a processor.
    for thread in _threads() - threads:
        os.sched_setscheduler(int(thread), os.SCHED_IDLE, os.sched_param(0))

CHROMSIZES = {"chr1": 1_000_000, "chr2": 500_000, "chr10": 300_000}
COLUMNS = "readID chrom1 pos1 chrom2 pos2 strand1 strand2 pair_type mapq1 mapq2"
SHARED = Path(__file__).parents[2] / "shared"


class Outcome(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    stdout: str
    stderr: str


@pytest.fixture
def hicloom(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Outcome]:
    """Run `hicloom WORDS...` in this process."""

    def run(*words: object) -> Outcome:
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        out, err = capfdbinary.readouterr()
        return Outcome(int(stop.value.code or 0), out.decode(), err.decode())

    return run


@pytest.fixture
def chromsizes(tmp_path: Path) -> Path:
    """A chromsizes file of the three chromosomes of `CHROMSIZES`."""
    path = tmp_path / "toy.chrom.sizes"
    path.write_text("".join(f"{name}\t{length}\n" for name, length in CHROMSIZES.items()))
    return path


@pytest.fixture
def write_pairs(tmp_path: Path) -> Callable[..., Path]:
    """Write rows (blank-separated columns) as a pairs file, in the order given."""

    def write(name: str, rows: Iterable[str], *, is_sorted: bool = True) -> Path:
        header = Header.new(CHROMSIZES, tuple(COLUMNS.split()), "toy")
        header = header if is_sorted else header.with_values(sorted="none")
        with create_pairs(tmp_path / name, header) as out:
            out.write("".join("\t".join(row.split()) + "\n" for row in rows).encode())
        return tmp_path / name

    return write


def body(path: Path) -> list[str]:
    """The rows of a pairs file, blank-separated."""
    from hicloom.formats.pairs import open_pairs

    with open_pairs(path) as reader:
        text = b"".join(reader.texts()).decode()
    return [" ".join(line.split("\t")) for line in text.splitlines()]


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Under HICLOOM_NO_SKIPS, a skip for want of something that CI has is a failure."""
    if not os.environ.get("HICLOOM_NO_SKIPS") or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if "root" not in reason:
        report.outcome = "failed"
        report.longrepr = f"skipped, but HICLOOM_NO_SKIPS is set: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report
