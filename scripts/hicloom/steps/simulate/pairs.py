from pathlib import Path

from hicloom.options import Output, Threads


def pairs(
    *,
    chromsizes: Path,
    output: Output,
    pairs: int = 1_000_000,
    cis: float = 0.8,
    mapq: bool = True,
    raw: bool = False,
    duplicates: float = 0.1,
    assembly: str = "simulated",
    seed: int = 0,
    threads: Threads = 1,
) -> None:
    """Simulate sorted pairs in any number for any chromosomes.

    Contacts fall with distance as 1 / (s + 1 kb), with compartments, domains, loops and
    uneven coverage that depend on the chromsizes only. Memory does not grow with the number.

    Parameters
    ----------
    chromsizes
        Names and lengths; their order defines the upper triangle.
    output
        Pairs file; BGZF with its .px2 when it ends in .gz; - is standard output.
    pairs
        Lines to write.
    cis
        Fraction of the pairs that are within a chromosome.
    mapq
        Write the columns mapq1 and mapq2.
    raw
        Also rescued, unmapped and multiply mapped pairs, and duplicates: as before dedup.
    duplicates
        Fraction of the mapped pairs that are duplicates, with --raw.
    assembly
        Name of the assembly in the header.
    seed
        The same seed gives the same pairs.
    """
    from hicloom.formats.chromsizes import read_chromsizes
    from hicloom.formats.pairs import COLUMNS, Header, create_pairs
    from hicloom.simulate.files import check_at_least, check_fraction
    from hicloom.simulate.pairs import Contents, body

    check_at_least("--pairs", pairs, 0)
    check_at_least("--seed", seed, 0)
    check_fraction("--cis", cis)
    check_fraction("--duplicates", duplicates, below=0.9)
    sizes = read_chromsizes(chromsizes)
    columns = (*COLUMNS, "mapq1", "mapq2") if mapq else COLUMNS
    text = body(sizes, Contents(pairs, cis, mapq, raw, duplicates, seed))
    with create_pairs(output, Header.new(sizes, columns, assembly), threads) as file:
        for lines in text:
            file.write(lines)
