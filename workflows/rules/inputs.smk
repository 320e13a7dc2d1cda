"""Where the inputs of rules are: what the user has, or what another rule makes."""

from pathlib import Path

from hicloom.enzymes import site_length
from hicloom.workflow.objects import check_objects
from hicloom.workflow.samples import chunk_names, is_object, is_remote

check_objects(workflow, config, SAMPLES)


def at_hand(file, fetched):
    """A file of the user: as it is, as an object in S3, or where it is downloaded to."""
    if is_object(file):
        return storage.s3(file)
    return fetched if is_remote(file) else file


def genome():
    """The FASTA, if there is one: the user's, or where it is downloaded to."""
    fasta = config["input"]["fasta"]
    return at_hand(fasta, f"results/reference/{ASSEMBLY}.fa.gz") or []


def index():
    """What the aligner maps to: the user's index, the one that is made, or for minimap2 the genome."""
    made = f"results/reference/{ASSEMBLY}"
    minimap2 = config["map"]["aligner"] == "minimap2"
    given = config["input"]["index"]
    return at_hand(given, given) or (genome() if minimap2 else made)


def index_mb():
    """Memory (MB) that an index takes: that of its files, once they are there.

    minimap2 holds about 3 bytes a base, and gzip packs four bases in a byte.
    """
    path = Path(index())
    if path.is_file():
        return path.stat().st_size * (12 if path.suffix == ".gz" else 3) // 2**20
    ends = (".amb", ".ann", ".bwt", ".pac", ".sa", ".0123", ".64")
    files = (file for file in path.glob("*") if file.suffix in ends)
    return sum(file.stat().st_size for file in files) // 2**20


def chromsizes():
    """The chromsizes: the user's, or those made with the index."""
    given = config["input"]["chromsizes"]
    return at_hand(given, given) or f"results/reference/{ASSEMBLY}.chrom.sizes"


def judged_by():
    """What a library is judged by: chromsizes, and restriction sites and arms where there are such."""
    sites = f"results/reference/{ASSEMBLY}.sites.txt"
    has_sites = site_length(config["input"]["enzyme"]) and config["input"]["fasta"]
    files = {"fragments": sites if has_sites else "", "arms": config["qc"]["arms"]}
    return {
        "chromsizes": chromsizes(),
        **{name: path for name, path in files.items() if path},
    }


def row(library, name):
    """The row of the table that a lane, or a chunk of it (`lane.0001`), comes from."""
    return SAMPLES.lane(library, name.partition(".")[0])


def chunks(lane):
    """What a lane's jobs are made for: the lane, or its chunks once its reads are counted."""
    if lane.kind != "fastq" or not config["input"]["chunk_reads"]:
        return [lane.name]
    counted = checkpoints.count_reads.get(library=lane.library, lane=lane.name).output
    return chunk_names(lane.name, Path(counted.chunks))


def parts(library):
    """The lanes of a library and the chunks of long ones, in their order."""
    return [name for lane in SAMPLES.libraries[library] for name in chunks(lane)]


def source(wildcards, mate):
    """What the table gives as reads 1 or 2 of a lane."""
    return row(wildcards.library, wildcards.lane).files[int(mate) - 1]


def reads(wildcards):
    """The FASTQs of a lane, the user's or where they are downloaded to; of a chunk, its folder."""
    stem = f"results/lanes/{wildcards.library}/{wildcards.lane}"
    if "." in wildcards.lane:
        return stem.rpartition(".")[0] + ".chunks"
    return [
        at_hand(file, f"{stem}_{mate}.fastq.gz")
        for mate, file in enumerate(row(wildcards.library, wildcards.lane).files, 1)
    ]


def fastqs(wildcards, input):
    """The FASTQs that are aligned, of a lane or of a chunk."""
    chunk = wildcards.lane.partition(".")[2]
    return (
        [f"{input.reads}/{chunk}_{mate}.fastq.gz" for mate in (1, 2)]
        if chunk
        else input.reads
    )


def alignments(wildcards):
    """The BAM of a lane: the user's, or where it is made."""
    lane = row(wildcards.library, wildcards.lane)
    made = f"results/lanes/{wildcards.library}/{wildcards.lane}.bam"
    return made if lane.kind == "fastq" else at_hand(lane.files[0], made)


def entered(wildcards):
    """What a lane enters as, where that is one file."""
    file = row(wildcards.library, wildcards.lane).files[0]
    return at_hand(file, file)


def sorted_pairs(library, name):
    """The sorted pairs of a lane: the user's when they are final, else where they are made."""
    lane = row(library, name)
    made = f"results/lanes/{library}/{name}.pairs.gz"
    return at_hand(lane.files[0], made) if lane.entry == "pairs (dedup)" else made


def lane_pairs(wildcards):
    """The sorted pairs of a library's lanes, as they enter its stream."""
    names = parts(wildcards.library)
    if config["filter"]["drop_same_fragment"]:
        return [
            f"results/lanes/{wildcards.library}/{name}.{ASSEMBLY}.fragments.pairs.gz"
            for name in names
        ]
    return [sorted_pairs(wildcards.library, name) for name in names]


def library_pairs(library):
    """The final pairs of a library."""
    return f"results/libraries/{library}.{ASSEMBLY}.pairs.gz"


def group_pairs(wildcards):
    """The pairs of a group; of a single library they are the library's."""
    libraries = SAMPLES.groups[wildcards.group]
    pooled = f"results/groups/{wildcards.group}.{ASSEMBLY}.pairs.gz"
    return pooled if len(libraries) > 1 else library_pairs(libraries[0])


def analysed(analysis, mcool):
    """The map that an analysis is of, within an .mcool."""
    return f"{mcool}::/resolutions/{config['qc']['downstream'][analysis]}"


def tracks(library):
    """The tracks of a library's depth; groups take the last."""
    aligned = library in SAMPLES.of_kind("fastq", "bam")
    return ["all", "mapq30", "dedup"] if aligned else ["ends"]


def track_file(library, track):
    """One track of a library."""
    return f"results/libraries/{library}.{ASSEMBLY}.{track}.d4"


def counted_files(wildcards):
    """What a track counts: the alignments of all lanes, or the ends of the final pairs."""
    if wildcards.track == "ends":
        return library_pairs(wildcards.library)
    lanes = SAMPLES.libraries[wildcards.library]
    if lanes[0].kind == "bam":
        return [at_hand(file, file) for lane in lanes for file in lane.files]
    folder = f"results/lanes/{wildcards.library}"
    return [f"{folder}/{name}.bam" for name in parts(wildcards.library)]


def duplicate_names(wildcards):
    """Names of the reads that the track `dedup` leaves out."""
    names = f"results/libraries/{wildcards.library}.{ASSEMBLY}.duplicates.names"
    return names if wildcards.track == "dedup" else []


def counted(wildcards, input):
    """Which alignments a track counts."""
    mapq = "30" if wildcards.track == "mapq30" else ""
    return [*flagged("--min-mapq", mapq), *flagged("--exclude-reads", input.names)]


def viewed_files(wildcards):
    """The maps of a group and its depth, where it is counted."""
    maps = expand(MAP, **wildcards, filter=config["filter"]["maps"])
    depth = f"results/groups/{wildcards.group}.{wildcards.assembly}.depth.bw"
    return [*maps, *([depth] if config["depth"]["activate"] else [])]


def report_inputs(wildcards):
    """What the report shows, by option; of a partial one, what of it is there."""
    library = f"results/{{}}.{ASSEMBLY}.{{}}"
    map_ = f"results/groups/{{}}.{ASSEMBLY}.{{}}.{{}}"
    libraries = [f"libraries/{name}" for name in SAMPLES.libraries]
    pooled = [f"groups/{name}" for name in POOLED]
    maps = [
        (group, name) for group in SAMPLES.groups for name in config["filter"]["maps"]
    ]
    files = {
        "qc": [library.format(name, "qc.json") for name in libraries],
        "pairs": [library.format(name, "pairs.gz") for name in libraries + pooled],
        "mcool": [map_.format(*one, "mcool") for one in maps],
    }
    if config["hic"]["activate"]:
        files["hic"] = [map_.format(*one, "hic") for one in maps]
    if config["depth"]["activate"]:
        files["d4"] = [library.format(name, "d4") for name in libraries]
    for what in config["qc"]["downstream"]:
        files[what] = [map_.format(*one, f"{what}.tsv") for one in maps]
    if wildcards.part:
        files = {
            option: [path for path in paths if Path(path).is_file()]
            for option, paths in files.items()
        }
    return files


def shown(wildcards, input, output):
    """The options of the report: all libraries, their groups, and the files."""
    groups = [
        ",".join(group for group, names in SAMPLES.groups.items() if library in names)
        for library in SAMPLES.libraries
    ]
    words = ["--libraries", *SAMPLES.libraries, "--groups", *groups]
    for option, paths in input.items():
        words += [f"--{option}", *paths] if paths else []
    return [
        *words,
        *flagged("--chromosome", config["qc"]["chromosome"]),
        *flagged("--pages", output.get("pages")),
    ]
