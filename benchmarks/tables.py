"""What the benchmarks have in common: their options, the machine they ran on and their tables."""

import argparse
import os
import platform
from collections.abc import Iterable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from hicloom import __version__


def options_for(doc: str) -> argparse.ArgumentParser:
    """A command line with what every benchmark takes."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=2, help="of each command (default: 2)")
    parser.add_argument("--output", type=Path, help="file for the result")
    return parser


def add_repeat(parser: argparse.ArgumentParser) -> None:
    """What a benchmark takes that runs commands in turns."""
    text = "runs, in turns; medians are shown (default: 1)"
    parser.add_argument("--repeat", type=int, default=1, help=text)


def title(what: str, options: argparse.Namespace) -> str:
    """The line that says what was run, with which programs and when."""
    runs = f", median of {options.repeat}" if "repeat" in options else ""
    return (
        f"{what}, {options.threads} threads{runs}; hicloom {__version__}, "
        f"Python {platform.python_version()}, {date.today()}; {machine()}"
    )


def machine() -> str:
    """Processor, cores that may be used, and memory."""
    cores = len(os.sched_getaffinity(0))
    return f"{_processor()}, {cores} cores, {_memory() / 2**30:.0f} GiB"


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Of Python, hicloom and other Python packages."""
    found = {"Python": platform.python_version(), "hicloom": __version__}
    return found | {name: version(name) for name in packages}


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(_cell(value) for value in line)} |" for line in lines)


def publish(text: str, output: Path | None) -> None:
    """Print a result, and keep it where `--output` says."""
    print(text)
    if output:
        output.write_text(text)


def _cell(value: object) -> str:
    return str(value).replace("|", "&#124;")


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
