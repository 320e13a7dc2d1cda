"""BAM to the depth of every base: hicloom, d4tools and mosdepth on the same alignments.

All count the same bases of the same alignments, in turns; sorted by coordinate, as the peers
need them, and as a Hi-C run has them, grouped by name. Needs samtools, mosdepth and d4tools.

    python benchmarks/depth.py --alignments 10000000 --genome 100000000 --repeat 3
"""

import multiprocessing
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from measure import Cost, Step, in_turns, run
from tables import add_repeat, options_for, publish, table, title

from hicloom.formats import d4

CHROMOSOMES = 5
LENGTH = 100
# Reads of 100 bases as Hi-C has them: whole, split at a ligation, with an indel.
CIGARS = {"100M": 0.7, "60M40S": 0.12, "45S55M": 0.12, "50M1I49M": 0.03, "40M2D60M": 0.03}
MAPQS = {60: 0.8, 20: 0.1, 3: 0.05, 0: 0.05}
FLAGS = {99: 0.22, 147: 0.22, 83: 0.22, 163: 0.22, 2113: 0.08, 1105: 0.04}

OURS = "hicloom d4 create {name}.bam --deletions --threads {t} --output ours.{name}.d4"
OURS += " --exclude-flags unmapped secondary qc-fail duplicate"
D4TOOLS = "{d4tools} create -q 0 -F '~1796' -z -t {t} {name}.bam theirs.{name}.d4"
SORT = "samtools sort -@ {t} -o again.bam grouped.bam && samtools index again.bam && "
STEPS = (
    Step("hicloom", "sorted", OURS, "ours.sorted.d4"),
    Step("d4tools", "sorted", D4TOOLS, "theirs.sorted.d4"),
    Step(
        "mosdepth",
        "sorted",
        "LD_LIBRARY_PATH=. mosdepth --fast-mode --flag 1796 --threads {t} m sorted.bam",
        "m.per-base.bed.gz",
    ),
    Step("hicloom", "grouped", OURS, "ours.grouped.d4"),
    Step(
        "samtools sort, index, d4tools",
        "grouped",
        SORT + D4TOOLS.replace("{name}.bam", "again.bam"),
        "theirs.grouped.d4",
    ),
)


def write_alignments(path: Path, alignments: int, genome: int) -> None:
    """A seeded BAM in random order, with qualities and tags that compress as real ones do."""
    draw = np.random.default_rng(1)
    size = genome // CHROMOSOMES
    header = "@HD\tVN:1.6\tSO:unsorted\n" + "".join(
        f"@SQ\tSN:chr{number + 1}\tLN:{size}\n" for number in range(CHROMOSOMES)
    )
    bases = "".join(draw.choice(list("ACGT"), 1 << 22))
    qualities = "".join(draw.choice(list("F:,#"), 1 << 22, p=[0.8, 0.12, 0.05, 0.03]))
    command = ["samtools", "view", "-b", "-@", "2", "-o", str(path), "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as view:
        assert view.stdin
        view.stdin.write(header.encode())
        for start in range(0, alignments, 100_000):
            n = min(100_000, alignments - start)
            columns = zip(
                draw.integers(0, 1 << 40, n).tolist(),
                draw.choice(list(FLAGS), n, p=list(FLAGS.values())).tolist(),
                draw.integers(1, CHROMOSOMES + 1, n).tolist(),
                draw.integers(1, size - 2 * LENGTH, n).tolist(),
                draw.choice(list(MAPQS), n, p=list(MAPQS.values())).tolist(),
                draw.choice(list(CIGARS), n, p=list(CIGARS.values())).tolist(),
                draw.integers(0, (1 << 22) - LENGTH, n).tolist(),
                strict=True,
            )
            lines = (
                f"A00:{name}:HXX\t{flag}\tchr{chrom}\t{place}\t{mapq}\t{cigar}\t=\t{place}\t0"
                f"\t{bases[at : at + LENGTH]}\t{qualities[at : at + LENGTH]}"
                "\tNM:i:0\tMD:Z:100\tAS:i:100\tXS:i:19\n"
                for name, flag, chrom, place, mapq, cigar, at in columns
            )
            view.stdin.write("".join(lines).encode())
    if view.returncode:
        raise SystemExit("samtools view failed")


def prepare(folder: Path, alignments: int, genome: int) -> None:
    """The alignments in both orders, and the library by the name that mosdepth asks for."""
    # In a process of its own: the peak memory of this one would be that of every child.
    arguments = (folder / "grouped.bam", alignments, genome)
    writer = multiprocessing.get_context("spawn").Process(target=write_alignments, args=arguments)
    writer.start()
    writer.join()
    if writer.exitcode:
        raise SystemExit("the alignments could not be written")
    run("samtools sort -@ 2 -o sorted.bam grouped.bam && samtools index sorted.bam", folder)
    libraries = sorted(Path("/usr/lib").rglob("libhts.so.3*"))
    if libraries:
        (folder / "libhts.so").symlink_to(libraries[0])


def check(folder: Path, d4tools: str) -> None:
    """Fail unless both made the same depth of every base."""
    view = f"{d4tools} view"
    for order in ("sorted", "grouped"):
        files = f"<({view} ours.{order}.d4) <({view} theirs.sorted.d4)"
        run(f"cmp {files}", folder)


def mean_seconds(path: Path, *, use_index: bool) -> float:
    """Seconds to open a file and take the mean of each of its chromosomes."""
    start = time.perf_counter()
    with d4.open(path, use_index=use_index) as file:
        for chrom in file.chromsizes:
            file.mean(chrom)
    return time.perf_counter() - start


def compare_means(folder: Path, repeat: int) -> str:
    """A line that tells what an index saves when the whole genome's mean is asked for."""
    run("hicloom d4 index ours.sorted.d4 --output indexed.d4", folder)
    path = folder / "indexed.d4"
    mean_seconds(path, use_index=False)
    mean_seconds(path, use_index=True)
    scans = [mean_seconds(path, use_index=False) for _ in range(repeat)]
    looks = [mean_seconds(path, use_index=True) for _ in range(repeat)]
    scan, look = median(scans), median(looks)
    return (
        f"Mean of every chromosome, file opened anew, in one process: {scan:.3f} s by scanning, "
        f"{look * 1000:.2f} ms by index ({scan / look:.0f} times faster)."
    )


def show(costs: dict[Step, Cost], sizes: dict[Step, int]) -> str:
    """The figures, and the ratios to ours."""
    ours = {step.name: (costs[step], sizes[step]) for step in costs if step.chain == "hicloom"}
    rows = [
        (
            *(step.chain, step.name, f"{cost.wall:.2f}", f"{cost.cpu:.2f}"),
            *(f"{cost.memory / 1e6:.0f}", f"{sizes[step] / 1e6:.1f}"),
            f"{cost.wall / ours[step.name][0].wall:.2f}",
            f"{cost.cpu / ours[step.name][0].cpu:.2f}",
            f"{sizes[step] / ours[step.name][1]:.3f}",
        )
        for step, cost in costs.items()
    ]
    columns = ("chain", "input", "wall s", "cpu s", "peak MB", "file MB")
    columns += tuple(f"{what} / hicloom" for what in ("wall", "cpu", "file"))
    return table(columns, rows)


def main() -> None:
    parser = options_for(__doc__)
    add_repeat(parser)
    parser.add_argument("--alignments", type=int, default=10_000_000)
    parser.add_argument("--genome", type=int, default=100_000_000, help="bp")
    parser.add_argument("--d4tools", default="d4tools", help="the program")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, options.alignments, options.genome)
        words = {"t": options.threads, "d4tools": options.d4tools}
        costs = in_turns(STEPS, words, folder, options.repeat)
        check(folder, options.d4tools)
        means = compare_means(folder, max(5, options.repeat))
        sizes = {step: (folder / step.makes).stat().st_size for step in STEPS}
    what = f"{options.alignments:,} alignments of {LENGTH} bp on {options.genome:,} bp"
    text = f"{title(what, options)}\n\n{show(costs, sizes)}\n\n{means}"
    publish(f"# BAM to depth\n\n{text}\n", options.output)


if __name__ == "__main__":
    main()
