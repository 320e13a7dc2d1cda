"""A small seeded genome and a lane of Hi-C reads from it, for the tests of the aligning steps."""

import gzip
import random
from pathlib import Path

READ = 60
COMPLEMENT = str.maketrans("ACGT", "TGCA")


def genome(seed: int = 1) -> dict[str, str]:
    """Three chromosomes of random bases; the second one repeats 400 bp of the first."""
    bases = random.Random(seed)
    names = {"chr1": 6000, "chr2": 4000, "scaffold_1": 1500}
    sequences = {name: "".join(bases.choices("ACGT", k=size)) for name, size in names.items()}
    first, second = sequences["chr1"], sequences["chr2"]
    sequences["chr2"] = second[:1000] + first[2000:2400] + second[1400:]
    return sequences


def write_fasta(path: Path, sequences: dict[str, str]) -> Path:
    """Write FASTA with lines of 70 bases."""
    lines = []
    for name, sequence in sequences.items():
        lines.append(f">{name} a comment")
        lines += [sequence[start : start + 70] for start in range(0, len(sequence), 70)]
    path.write_text("\n".join(lines) + "\n")
    return path


def write_lane(folder: Path, sequences: dict[str, str], pairs: int = 200) -> tuple[Path, Path]:
    """Write a pair of FASTQ files, gzipped: each pair joins two random places.

    Every third read 1 is chimeric (its last half comes from read 2's place), and every
    tenth read 2 is random bases, which align nowhere.
    """
    draw = random.Random(2)
    ones, twos = [], []
    for number in range(pairs):
        one, two = _fragment(draw, sequences), _fragment(draw, sequences)
        if number % 3 == 0:
            one = one[: READ // 2] + _reverse(two)[READ // 2 :]
        if number % 10 == 0:
            two = "".join(draw.choices("ACGT", k=READ))
        ones.append(record(f"pair{number}/1 lane 1", one, draw))
        twos.append(record(f"pair{number}/2 lane 1", two, draw))
    paths = folder / "lane_1.fastq.gz", folder / "lane_2.fastq.gz"
    for path, records in zip(paths, (ones, twos), strict=True):
        path.write_bytes(gzip.compress("".join(records).encode(), mtime=0))
    return paths


def record(name: str, sequence: str, draw: random.Random) -> str:
    """A FASTQ record with random qualities."""
    quality = "".join(draw.choices("5?DI", k=len(sequence)))
    return f"@{name}\n{sequence}\n+\n{quality}\n"


def _fragment(draw: random.Random, sequences: dict[str, str]) -> str:
    sequence = sequences[draw.choice(list(sequences))]
    start = draw.randrange(len(sequence) - READ)
    found = sequence[start : start + READ]
    return _reverse(found) if draw.random() < 0.5 else found


def _reverse(sequence: str) -> str:
    return sequence.translate(COMPLEMENT)[::-1]
