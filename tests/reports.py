"""A small run for the tests of the report: simulated libraries, their group's map and depth."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from hicloom.steps.add_hic_norms import add_hic_norms
from hicloom.steps.cload import cload
from hicloom.steps.d4.create import create
from hicloom.steps.dedup import dedup
from hicloom.steps.filter import filter
from hicloom.steps.hic import hic
from hicloom.steps.merge_pairs import merge_pairs
from hicloom.steps.simulate.pairs import pairs as simulate_pairs
from hicloom.steps.zoomify import zoomify

CHROMSIZES = {"chr1": 3_000_000, "chr2": 2_000_000, "chr10": 700_000, "chrM": 16_000}
RESOLUTIONS = [10_000, 20_000, 50_000]
Run = dict[str, list[Path]]


def write_sizes(folder: Path, sizes: Mapping[str, int] = CHROMSIZES) -> Path:
    """Chromsizes in a file."""
    path = folder / "toy.chrom.sizes"
    path.write_text("".join(f"{name}\t{length}\n" for name, length in sizes.items()))
    return path


def make_library(
    folder: Path, name: str, *, pairs: int = 30_000, seed: int = 1, sizes: Path | None = None
) -> Run:
    """Pairs of a library with a fifth of duplicates, its numbers, and its depth."""
    sizes = sizes or write_sizes(folder)
    raw, marked, final = (folder / f"{name}.{end}.gz" for end in ("raw", "marked", "toy.pairs"))
    simulate_pairs(chromsizes=sizes, output=raw, pairs=pairs, duplicates=0.2, raw=True, seed=seed)
    numbers = folder / f"{name}.toy.qc.json"
    dedup(raw, output=marked, qc=numbers, name=name, stats=folder / f"{name}.stats.tsv")
    filter(marked, output=final)
    depth = folder / f"{name}.toy.d4"
    create([final], output=depth, sum=True)
    return {"qc": [numbers], "pairs": [final], "d4": [depth]}


def make_map(folder: Path, group: str, pairs: Iterable[Path], *, balance: bool = True) -> Run:
    """The map of a group from the pairs of its libraries, balanced, and its .hic."""
    merged, cool = folder / f"{group}.toy.pairs.gz", folder / f"{group}.cool"
    stem = f"{group}.toy.no_filter"
    merge_pairs(list(pairs), output=merged)
    cload(merged, output=cool, bin_size=RESOLUTIONS[0])
    zoomed, contacts = folder / f"{stem}.zoomed.mcool", folder / f"{stem}.hic"
    zoomify(str(cool), output=zoomed, resolutions=RESOLUTIONS, balance=balance)
    hic(str(zoomed), output=contacts)
    add_hic_norms(contacts, zoomed, output=folder / f"{stem}.mcool")
    return {"mcool": [folder / f"{stem}.mcool"], "hic": [contacts]}


def make_run(folder: Path, libraries: Mapping[str, str]) -> Run:
    """The files of a run: libraries with their groups."""
    run: Run = {}
    for seed, name in enumerate(libraries):
        _add(run, make_library(folder, name, seed=seed))
    for group in dict.fromkeys(libraries.values()):
        members = [folder / f"{name}.toy.pairs.gz" for name, of in libraries.items() if of == group]
        _add(run, make_map(folder, group, members))
    return run


def words_of(run: Run, libraries: Mapping[str, str]) -> list[object]:
    """The options of `hicloom report` for a run."""
    words: list[object] = []
    if libraries:
        words = ["--libraries", *libraries, "--groups", *libraries.values()]
    for option, paths in run.items():
        words += [f"--{option}", *paths] if paths else []
    return words


def _add(run: Run, more: Run) -> None:
    for option, paths in more.items():
        run.setdefault(option, []).extend(paths)
