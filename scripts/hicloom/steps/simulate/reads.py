from pathlib import Path

from hicloom.options import Threads


def reads(
    fasta: Path,
    /,
    *,
    output1: Path,
    output2: Path,
    pairs: int = 200_000,
    read_length: int = 100,
    enzyme: str = "DpnII",
    cis: float = 0.8,
    duplicates: float = 0.1,
    errors: float = 0.002,
    unmappable: float = 0.03,
    unligated: float = 0.03,
    circles: float = 0.01,
    molecule: int = 350,
    molecule_sd: int = 60,
    lane: int = 1,
    seed: int = 0,
    threads: Threads = 1,
) -> None:
    """Simulate the reads of a Hi-C library; the truth is in the read names.

    Contacts fall with distance as 1 / (s + 1 kb), and show compartments, domains and loops,
    which depend on the genome only: libraries with different seeds share them. The ligation
    junction lies anywhere in the molecule, so reads cross it. Names, without blanks, are
    Illumina's followed by pair number, duplicate-of, kind, and for each read
    chromosome:position:strand:junction:mapping (hicloom.simulate.truth parses them).

    Parameters
    ----------
    fasta
        The genome, plain or gzip.
    output1
        FASTQ file of read 1; BGZF when it ends in .gz.
    output2
        FASTQ file of read 2.
    pairs
        Read pairs, duplicates included.
    read_length
        Length of each read in bp, at least 30.
    enzyme
        One that hicloom fragments knows (DpnII, HindIII, Arima...), or none for random ends.
    cis
        Fraction of the ligations that are within a chromosome.
    duplicates
        Fraction of the read pairs that are PCR duplicates; some have ends shifted by 1-2 bp.
    errors
        Substitutions a base; they become more frequent along the read.
    unmappable
        Fraction of the ends that are random sequence.
    unligated
        Fraction of the molecules without a ligation.
    circles
        Fraction of the molecules that are one fragment ligated to itself.
    molecule
        Mean length of a sequenced molecule in bp, at least the read length.
    molecule_sd
        Standard deviation of that length in bp.
    lane
        Lane number in the read names.
    seed
        The same seed gives the same reads.
    """
    from hicloom.simulate import reads as simulate
    from hicloom.simulate.digestion import digest
    from hicloom.simulate.fasta import read_genome
    from hicloom.simulate.files import check_at_least, check_fraction, sinks
    from hicloom.simulate.molecules import Library, Protocol
    from hicloom.simulate.structure import fold
    from hicloom.simulate.uniqueness import unique_kmers

    for name, value, most in (
        ("cis", cis, 1.0),
        ("unmappable", unmappable, 1.0),
        ("duplicates", duplicates, 0.5),
        ("errors", errors, 0.5),
        ("unligated", unligated, 0.5),
        ("circles", circles, 0.5),
    ):
        check_fraction(f"--{name}", value, below=most)
    for name, number, least in (
        ("pairs", pairs, 1),
        ("read-length", read_length, 30),
        ("molecule", molecule, read_length),
        ("molecule-sd", molecule_sd, 0),
        ("lane", lane, 1),
        ("seed", seed, 0),
    ):
        check_at_least(f"--{name}", number, least)
    genome = read_genome(fasta)
    protocol = Protocol(molecule, molecule_sd, read_length, cis, unligated, circles, unmappable)
    ends = digest(genome.bases, enzyme)
    library = Library(genome, fold(genome.sizes), ends, protocol)
    unique = unique_kmers(genome.bases)
    sequencing = simulate.Sequencing(read_length, errors, duplicates, lane, seed)
    with sinks(output1, output2, threads=threads) as (file1, file2):
        for text1, text2 in simulate.fastq(library, unique, sequencing, pairs):
            file1.write(text1)
            file2.write(text2)
