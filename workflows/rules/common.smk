"""Settings and samples, checked before anything runs, and the questions that rules ask of them."""

import re
from pathlib import Path

from hicloom.workflow.containers import check_containers, read_images
from hicloom.workflow.experiment import check_before_run, open_experiment
from hicloom.workflow.samples import is_remote

SAMPLES = open_experiment(
    config,
    settings_schema=Path(workflow.source_path("../schemas/config.schema.yaml")),
    samples_schema=Path(workflow.source_path("../schemas/samples.schema.yaml")),
)
IMAGES = read_images(Path(workflow.source_path("../images.yaml")))
ASSEMBLY = config["input"]["assembly"]
MAP = "results/groups/{group}.{assembly}.{filter}.mcool"
# Zoomed maps wait under another name for the norms of the .hic, when there is one.
ZOOMED = MAP.replace(".mcool", ".balanced.mcool") if config["hic"]["activate"] else MAP
POOLED = [group for group, libraries in SAMPLES.groups.items() if len(libraries) > 1]


def any_of(names):
    """A pattern of just these names; of nothing when there are none."""
    return "|".join(map(re.escape, names)) or "(?!)"


wildcard_constraints:
    assembly=any_of([ASSEMBLY]),
    library=any_of(SAMPLES.libraries),
    lane=any_of(sorted({lane.name for lane in SAMPLES.lanes})),
    group=any_of(SAMPLES.groups),
    filter=any_of(config["filter"]["maps"]),


def scaled(base, per_mb=0):
    """Memory (MB) of a job: `base` and a share of the input's size, times the attempt."""
    return lambda wildcards, input, attempt: attempt * (
        base + int(per_mb * input.size_mb)
    )


def kept(wanted, path):
    """An output that disappears after its use, unless `wanted`."""
    return path if wanted else temp(path)


def flagged(flag, value):
    """An option of a command; no words at all when `value` is empty."""
    return [flag, value] if value else []


def repeated(flag, values):
    """An option that is given once for each value."""
    return [word for value in values for word in (flag, value)]


def options(section):
    """A section of config as the options of a command: its keys are their names."""
    return [
        word
        for key, value in section.items()
        for word in (f"--{key.replace('_', '-')}", value)
    ]


def lossless(flag):
    """An option for SAM columns, where a lossless BAM is wanted."""
    return [flag] if config["output"]["lossless_bam"] else []


def filtering():
    """Which pairs a library keeps."""
    same = ["--drop-same-fragment"] if config["filter"]["drop_same_fragment"] else []
    return repeated("--pair-types", config["filter"]["pair_types"]) + same


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


def genome():
    """The FASTA, if there is one: the user's, or where it is downloaded to."""
    fasta = config["input"]["fasta"]
    return f"results/reference/{ASSEMBLY}.fa.gz" if is_remote(fasta) else fasta or []


def index():
    """What the aligner maps to: the user's index, the one that is made, or for minimap2 the genome."""
    made = f"results/reference/{ASSEMBLY}"
    minimap2 = config["map"]["aligner"] == "minimap2"
    return config["input"]["index"] or (genome() if minimap2 else made)


def chromsizes():
    """The chromsizes: the user's, or those made with the index."""
    return config["input"]["chromsizes"] or f"results/reference/{ASSEMBLY}.chrom.sizes"


def source(wildcards, mate):
    """What the table gives as reads 1 or 2 of a lane."""
    return SAMPLES.lane(wildcards.library, wildcards.lane).files[int(mate) - 1]


def reads(wildcards, mate):
    """One FASTQ of a lane: the user's, or where it is downloaded to."""
    name = f"results/lanes/{wildcards.library}/{wildcards.lane}_{mate}.fastq.gz"
    return name if is_remote(source(wildcards, mate)) else source(wildcards, mate)


def alignments(wildcards):
    """The BAM of a lane: the user's, or where it is made."""
    lane = SAMPLES.lane(wildcards.library, wildcards.lane)
    return (
        f"results/lanes/{lane.library}/{lane.name}.bam"
        if lane.kind == "fastq"
        else lane.files
    )


def lane_pairs(wildcards):
    """The sorted pairs of a library's lanes, as they enter its stream."""
    names = [lane.name for lane in SAMPLES.libraries[wildcards.library]]
    if config["filter"]["drop_same_fragment"]:
        return [
            f"results/lanes/{wildcards.library}/{name}.{ASSEMBLY}.fragments.pairs.gz"
            for name in names
        ]
    return [sorted_pairs(wildcards.library, name) for name in names]


def sorted_pairs(library, name):
    """The sorted pairs of a lane: the user's when they are final, else where they are made."""
    lane = SAMPLES.lane(library, name)
    made = f"results/lanes/{library}/{name}.pairs.gz"
    return lane.files[0] if lane.entry == "pairs (dedup)" else made


def library_pairs(library):
    """The final pairs of a library."""
    return f"results/libraries/{library}.{ASSEMBLY}.pairs.gz"


def group_pairs(wildcards):
    """The pairs of a group; of a single library they are the library's."""
    libraries = SAMPLES.groups[wildcards.group]
    pooled = f"results/groups/{wildcards.group}.{ASSEMBLY}.pairs.gz"
    return pooled if len(libraries) > 1 else library_pairs(libraries[0])


def library_files():
    """What a run keeps of each library."""
    wanted = ["pairs.gz", "pairs.gz.px2", "stats.tsv", "stats.json"]
    stem = "results/libraries/{library}.{assembly}.{ending}"
    return expand(stem, library=SAMPLES.libraries, assembly=ASSEMBLY, ending=wanted)


def map_files():
    """What a run makes of each group."""
    wanted = {
        "mcool": True,
        "png": config["output"]["pictures"],
        "hic": config["hic"]["activate"],
    }
    pooled = expand(
        "results/groups/{group}.{assembly}.pairs.gz{ending}",
        group=POOLED,
        assembly=ASSEMBLY,
        ending=["", ".px2"],
    )
    maps = expand(
        "results/groups/{group}.{assembly}.{filter}.{ending}",
        group=SAMPLES.groups,
        assembly=ASSEMBLY,
        filter=config["filter"]["maps"],
        ending=[ending for ending, is_wanted in wanted.items() if is_wanted],
    )
    return [*pooled, *maps]


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
    made = f"results/lanes/{wildcards.library}/{{}}.bam"
    return [
        file
        for lane in lanes
        for file in ([made.format(lane.name)] if lane.kind == "fastq" else lane.files)
    ]


def duplicate_names(wildcards):
    """Names of the reads that the track `dedup` leaves out."""
    names = f"results/libraries/{wildcards.library}.{ASSEMBLY}.duplicates.names"
    return names if wildcards.track == "dedup" else []


def counted(wildcards, input):
    """Which alignments a track counts."""
    mapq = "30" if wildcards.track == "mapq30" else ""
    return [*flagged("--min-mapq", mapq), *flagged("--exclude-reads", input.names)]


def depth_files():
    """What a run makes of depth."""
    if not config["depth"]["activate"]:
        return []
    groups = expand(
        "results/groups/{group}.{assembly}.{ending}",
        group=SAMPLES.groups,
        assembly=ASSEMBLY,
        ending=["d4", "depth.bw"],
    )
    stem = "results/libraries/{library}.{assembly}.d4"
    return [*expand(stem, library=SAMPLES.libraries, assembly=ASSEMBLY), *groups]


def lane_outputs():
    """Pairs of a lane and their index."""
    stem = "results/lanes/{library}/{lane}.pairs.gz"
    wanted = config["output"]["lane_pairs"]
    return {"pairs": kept(wanted, stem), "px2": kept(wanted, f"{stem}.px2")}


def library_outputs():
    """Pairs of a library, their index and statistics, and what config asks for beside them."""
    stem = "results/libraries/{library}.{assembly}"
    extra = {
        "dups": f"{stem}.duplicates.pairs.gz" if config["output"]["duplicates"] else "",
        "lossless": f"{stem}.lossless.bam" if config["output"]["lossless_bam"] else "",
        "names": (
            temp(f"{stem}.duplicates.names") if config["depth"]["activate"] else ""
        ),
    }
    return {
        "pairs": f"{stem}.pairs.gz",
        "px2": f"{stem}.pairs.gz.px2",
        **reported_stats(),
        **{name: path for name, path in extra.items() if path},
    }


def extras(wildcards, output):
    """Options for the outputs that not every run has."""
    dups = flagged("--dups", output.get("dups"))
    names = flagged("--duplicate-names", output.get("names"))
    return [*dups, *names, *flagged("--lossless-bam", output.get("lossless"))]


def reported_stats():
    """Statistics of a library; the table goes into Snakemake's report."""
    stem = "results/libraries/{library}.{assembly}.stats"
    caption = "../report/stats.rst"
    labels = {"library": "{library}"}
    table = report(f"{stem}.tsv", caption=caption, category="Libraries", labels=labels)
    return {"stats": table, "json": f"{stem}.json"}
