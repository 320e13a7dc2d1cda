"""What hictkpy can do of the work: write a .cool from pairs and a .hic from a .cool.

    python benchmarks/hictk.py cool a.pairs.gz hg38.chrom.sizes a.cool
    python benchmarks/hictk.py hic a.cool a.hic 1000,5000,10000 --threads 2

hictkpy reads no pairs, so pandas does; and as it needs pyarrow for tables, h5py reads the pixels
and it gets them as lists, which adds a few seconds for ten million pixels.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import hictkpy
import pandas as pd

CHUNK = 2_000_000
BIN_SIZE = 1000


def make_cool(pairs: Path, chromsizes: Path, output: Path) -> None:
    """Count pairs in bins of 1 kb."""
    sizes = dict(line.split() for line in chromsizes.read_text().splitlines())
    lengths = {name: int(size) for name, size in sizes.items()}
    writer = hictkpy.cooler.FileWriter(output, lengths, BIN_SIZE, "hg38", tmpdir=output.parent)
    for pixels in _pixels(pairs, lengths):
        writer.add_pixels_from_dict(pixels, sorted=True)
    writer.finalize()


def _pixels(pairs: Path, lengths: dict[str, int]) -> Iterator[dict[str, Any]]:
    """Counts of a chunk of pairs at a time, ordered by bins."""
    first = pd.Series([0, *(-(-size // BIN_SIZE) for size in lengths.values())][:-1]).cumsum()
    starts = dict(zip(lengths, first.tolist(), strict=True))
    chunks = pd.read_csv(
        pairs,
        sep="\t",
        comment="#",
        header=None,
        usecols=[1, 2, 3, 4],
        names=["chrom1", "pos1", "chrom2", "pos2"],
        dtype={"chrom1": "category", "chrom2": "category"},
        chunksize=CHUNK,
    )
    for chunk in chunks:
        bins = {
            f"bin{side}_id": chunk[f"chrom{side}"].map(starts).astype("int64")
            + (chunk[f"pos{side}"] - 1) // BIN_SIZE
            for side in (1, 2)
        }
        counts = pd.DataFrame(bins).groupby(["bin1_id", "bin2_id"]).size()
        table = counts.rename("count").astype("int32").reset_index()
        yield {name: table[name].tolist() for name in table}


def make_hic(cool: Path, output: Path, resolutions: list[int], threads: int) -> None:
    """Write a .hic file without norms."""
    columns = ("bin1_id", "bin2_id", "count")
    lengths = hictkpy.File(cool, BIN_SIZE).chromosomes()
    writer = hictkpy.hic.FileWriter(
        output, lengths, resolutions, "hg38", threads, tmpdir=output.parent
    )
    with h5py.File(cool) as file:
        for start in range(0, len(file["pixels/count"]), CHUNK):
            stop = start + CHUNK
            pixels = {name: file["pixels"][name][start:stop].tolist() for name in columns}
            writer.add_pixels_from_dict(pixels)
    writer.finalize()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    works = parser.add_subparsers(dest="work", required=True)
    loading = works.add_parser("cool")
    for name in ("pairs", "chromsizes", "output"):
        loading.add_argument(name, type=Path)
    writing = works.add_parser("hic")
    for name in ("cool", "output"):
        writing.add_argument(name, type=Path)
    writing.add_argument("resolutions")
    writing.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if options.work == "cool":
        make_cool(options.pairs, options.chromsizes, options.output)
    else:
        sizes = [int(size) for size in options.resolutions.split(",")]
        make_hic(options.cool, options.output, sizes, options.threads)


if __name__ == "__main__":
    main()
