from pathlib import Path

from hicloom.options import Output


def genome(
    *,
    output: Output,
    chromosomes: str = "4",
    repeats: float = 0.2,
    gaps: int = 2,
    seed: int = 0,
    chromsizes: Path | None = None,
) -> None:
    """Simulate a genome with repeats, exact duplications, gaps and uneven GC content.

    Repeats are diverged copies of a few families, in lower case; segments of 2 to 5 kb,
    one each 500 kb, are there twice, letter for letter, and so cannot be mapped uniquely.

    Parameters
    ----------
    output
        FASTA file to write; BGZF when it ends in .gz; - is standard output.
    chromosomes
        How many chromosomes (chr1 of 1.2 Mb, each next one shorter, and chrM), or their
        names and lengths in bp: chr1:400000,chr2:300000.
    repeats
        Fraction of each chromosome that repeats cover, 0 to 0.8.
    gaps
        Runs of N in each chromosome of at least 100 kb.
    seed
        The same seed gives the same genome.
    chromsizes
        Also write names and lengths to this file.
    """
    from hicloom.simulate import genome as simulate
    from hicloom.simulate.files import check_at_least, check_fraction, sinks

    check_fraction("--repeats", repeats, below=0.8)
    check_at_least("--gaps", gaps, 0)
    check_at_least("--seed", seed, 0)
    sizes = simulate.parse_chromosomes(chromosomes)
    recipe = simulate.Recipe(repeats, gaps, seed)
    table = [chromsizes] if chromsizes else []
    with sinks(output, *table) as (fasta, *others):
        for name, bases in simulate.chromosomes(sizes, recipe):
            fasta.write(simulate.fasta(name, bases))
        for other in others:
            other.write("".join(f"{name}\t{n}\n" for name, n in sizes.items()).encode())
