"""What rules write, and what a run keeps of it."""


def library_files():
    """What a run keeps of each library."""
    wanted = ["pairs.gz", "pairs.gz.px2", "stats.tsv", "stats.json", "qc.json"]
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


def extras(wildcards, input, output):
    """What a library is judged by, and options for the outputs that not every run has."""
    dups = flagged("--dups", output.get("dups"))
    names = flagged("--duplicate-names", output.get("names"))
    lossless_bam = flagged("--lossless-bam", output.get("lossless"))
    return [*judging(wildcards, input), *dups, *names, *lossless_bam]


def judging(wildcards, input):
    """Options that say what a library is judged by."""
    enzyme = flagged("--enzyme", site_length(config["input"]["enzyme"]))
    fragments = flagged("--fragments", input.get("fragments"))
    given = [*enzyme, *fragments, *flagged("--arms", input.get("arms"))]
    return ["--name", wildcards.library, "--chromsizes", input.chromsizes, *given]


def reported_stats():
    """Statistics of a library and its verdict; the table goes into Snakemake's report."""
    stem = "results/libraries/{library}.{assembly}"
    caption = "../report/stats.rst"
    labels = {"library": "{library}"}
    table = f"{stem}.stats.tsv"
    table = report(table, caption=caption, category="Libraries", labels=labels)
    return {"stats": table, "json": f"{stem}.stats.json", "qc": f"{stem}.qc.json"}


def judged_files():
    """What a run's quality is told from."""
    stem = "results/libraries/{library}.{assembly}"
    maps = "results/groups/{group}.{assembly}.{filter}"
    names = {"library": SAMPLES.libraries, "assembly": ASSEMBLY}
    names |= {"group": SAMPLES.groups, "filter": config["filter"]["maps"]}
    hic = expand(f"{maps}.hic", **names) if config["hic"]["activate"] else []
    return {
        "qc": expand(f"{stem}.qc.json", **names),
        "stats": expand(f"{stem}.stats.tsv", **names),
        "mcool": expand(f"{maps}.mcool", **names),
        **({"hic": hic} if hic else {}),
    }


def quality_files():
    """What a run tells of all libraries and maps."""
    analyses = expand(
        "results/groups/{group}.{assembly}.{filter}.{analysis}.tsv",
        group=SAMPLES.groups,
        assembly=ASSEMBLY,
        filter=config["filter"]["maps"],
        analysis=config["qc"]["downstream"],
    )
    return [*analyses, *(["results/multiqc"] if config["qc"]["multiqc"] else [])]


def view_files():
    """What a run makes for HiGlass."""
    stem = "results/groups/{group}.{assembly}.viewconf.json"
    wanted = config["output"]["viewconf"]
    return expand(stem, group=SAMPLES.groups, assembly=ASSEMBLY) if wanted else []


def report_files():
    """What a run makes of it all."""
    return ["results/report.html"] if config["qc"]["report"] else []


def report_outputs():
    """The page, and a folder for those of groups where there are many libraries."""
    stem = "results/report{part}"
    is_large = len(SAMPLES.libraries) > 20
    return {"html": f"{stem}.html"} | (
        {"pages": directory(f"{stem}.groups")} if is_large else {}
    )
