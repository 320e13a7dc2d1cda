"""From reads to final pairs: hicloom, the 4DN commands and distiller's, on the same reads.

Every chain does its own alignment once; what comes after it is compared with what bwa itself
costs, in processor seconds of the same run. Needs bwa, samtools, bgzip and pairix's
`pypairix` beside hicloom's own dependencies.

    python benchmarks/front.py --pairs 1000000 --repeat 3
"""

import shutil
import tempfile
from pathlib import Path

from measure import Cost, Step, in_turns, run, together
from tables import add_repeat, options_for, publish, table, title

PARSE = "--add-columns mapq --min-mapq 1 --walks-policy mask --max-inter-align-gap 20"

STEPS = (
    Step("bwa", "bwa mem -SP5 | samtools view -b", "bwa mem -t {t} -SP5 g/genome R1.fastq.gz R2.fastq.gz | samtools view -b - > bwa.bam"),
    Step("hicloom", "align", "hicloom align R1.fastq.gz R2.fastq.gz --index g --threads {t} --output lane.bam"),
    Step("hicloom", "bam2pairs", "hicloom bam2pairs lane.bam --chromsizes genome.sizes --threads {t} --output lane.pairs.gz"),
    Step(
        "hicloom",
        "merge-pairs | dedup | filter",
        "hicloom merge-pairs lane.pairs.gz -o - | hicloom dedup - --stats stats.tsv -o -"
        " | hicloom filter - --chromsizes genome.sizes --threads {t} -o final.pairs.gz",
    ),
    Step(
        "distiller",
        "parse --drop-sam | sort",
        f"samtools view -h bwa.bam | pairtools parse {PARSE} --max-molecule-size 2000 --drop-sam -c genome.sizes"
        " | pairtools sort --nproc {t} --memory 2G --tmpdir . -o d.pairs.gz --cmd-out 'bgzip -c'",
    ),
    Step(
        "distiller",
        "merge | dedup, index",
        "pairtools merge --nproc {t} d.pairs.gz | pairtools dedup --max-mismatch 3 --mark-dups --output d.nodups.pairs.gz"
        " --output-unmapped d.unmapped.pairs.gz --output-dups d.dups.pairs.gz --output-stats d.stats"
        " && python -c \"import pypairix; pypairix.build_index('d.nodups.pairs.gz')\"",
    ),
    Step(
        "4DN",
        "parse | sort",
        f"samtools view -h bwa.bam | pairtools parse {PARSE} --max-molecule-size 2000 -c genome.sizes"
        " | pairtools sort --nproc {t} --memory 2G --tmpdir . -o f.sam.pairs.gz",
    ),
    Step("4DN", "merge", "pairtools merge --max-nmerge 1 --nproc {t} --memory 2G -o f.merged.sam.pairs.gz f.sam.pairs.gz"),
    Step(
        "4DN",
        "dedup --mark-dups",
        "pairtools dedup --mark-dups --output-dups - --output-unmapped - --output f.marked.sam.pairs.gz f.merged.sam.pairs.gz",
    ),
    Step(
        "4DN",
        "split, select, split, select, index",
        "pairtools split --output-sam f.lossless.bam f.marked.sam.pairs.gz"
        " && pairtools select '(pair_type == \"UU\") or (pair_type == \"UR\") or (pair_type == \"RU\")'"
        " --output-rest f.rest.gz -o f.temp.gz f.marked.sam.pairs.gz"
        " && pairtools split --output-pairs f.temp1.gz f.temp.gz"
        " && pairtools select 'True' --chrom-subset genome.sizes -o f.dedup.pairs.gz f.temp1.gz"
        " && python -c \"import pypairix; pypairix.build_index('f.dedup.pairs.gz')\"",
    ),
)  # fmt: skip
CHAINS = ("hicloom", "distiller", "4DN")


def prepare(folder: Path, pairs: int, fasta: Path | None) -> None:
    """The genome, its index and the reads, 2 x 100 bp."""
    if fasta:
        shutil.copy(fasta, folder / "genome.fa.gz")
    else:
        run("hicloom simulate genome --output genome.fa.gz --seed 1", folder)
    run("hicloom index-genome genome.fa.gz --output g --chromsizes genome.sizes", folder)
    run(
        f"hicloom simulate reads genome.fa.gz --output1 R1.fastq.gz --output2 R2.fastq.gz"
        f" --pairs {pairs} --read-length 100 --seed 7",
        folder,
    )


def show(costs: dict[Step, Cost], aligner_cpu: float) -> str:
    """The figures; ratios are to bwa's processor seconds."""
    rows = [_row(step.chain, step.name, cost, aligner_cpu) for step, cost in costs.items()]
    for chain in CHAINS:
        after = [c for s, c in costs.items() if s.chain == chain and s.name != "align"]
        rows.append(_row(chain, "**all after the aligner**", together(after), aligner_cpu))
    return table(("chain", "step", "wall s", "cpu s", "cpu / bwa", "peak MB"), rows)


def _row(chain: str, name: str, cost: Cost, aligner_cpu: float) -> tuple[str, ...]:
    ratio, peak = cost.cpu / aligner_cpu, cost.memory / 1e6
    return chain, name, f"{cost.wall:.1f}", f"{cost.cpu:.1f}", f"{ratio:.2f}", f"{peak:.0f}"


def main() -> None:
    parser = options_for(__doc__)
    add_repeat(parser)
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--fasta", type=Path, help="a genome (gz); default: a simulated one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, options.pairs, options.fasta)
        costs = in_turns(STEPS, {"t": options.threads}, folder, options.repeat)
    genome = options.fasta.name if options.fasta else "simulated genome"
    text = title(f"{options.pairs:,} read pairs of 2 x 100 bp, {genome}", options)
    figures = show(costs, costs[STEPS[0]].cpu)
    publish(f"# Reads to pairs\n\n{text}\n\n{figures}\n", options.output)


if __name__ == "__main__":
    main()
