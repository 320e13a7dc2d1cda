"""Pairs of a group to contact maps, one set for each named filter.

Needs `group_pairs()`, `chromsizes()`; gives results/groups/{group}.{assembly}.{filter}.{mcool,hic}.
"""


rule cload:
    input:
        pairs=group_pairs,
        chromsizes=chromsizes(),
    output:
        cool=temp("results/groups/{group}.{assembly}.{filter}.cool"),
    log:
        "logs/cload/{group}.{assembly}.{filter}.log",
    container:
        IMAGES["contacts"]
    threads: 2
    # Gathering pixels takes half of it; what is more is spilled to the disk.
    resources:
        mem_mb=scaled(4000),
    params:
        expression=lambda wildcards: flagged(
            "--expression", config["filter"]["maps"][wildcards.filter]
        ),
        base=min(config["bin"]["resolutions"], default=1000),
    shell:
        "(hicloom filter {input.pairs:q} {params.expression:q} --output -"
        " | hicloom cload - --bin-size {params.base} --chromsizes {input.chromsizes:q}"
        " --assembly {wildcards.assembly} --memory $(({resources.mem_mb} / 2))M"
        " --tmpdir {resources.tmpdir:q} --output {output.cool:q}) 2> {log:q}"


rule zoomify:
    input:
        cool="results/groups/{group}.{assembly}.{filter}.cool",
    output:
        mcool=kept(ZOOMED == MAP, ZOOMED),
    log:
        "logs/zoomify/{group}.{assembly}.{filter}.log",
    container:
        IMAGES["contacts"]
    threads: 4
    # Balancing holds the pixels of a map, or, where they are too many, puts them in tmpdir.
    resources:
        mem_mb=scaled(4000),
    params:
        resolutions=repeated("--resolutions", config["bin"]["resolutions"]),
        balance=options(config["bin"]["balance"]),
    shell:
        "hicloom zoomify {input.cool:q} {params.resolutions} --balance {params.balance}"
        " --threads {threads} --memory $(({resources.mem_mb} * 3 / 4))M"
        " --tmpdir {resources.tmpdir:q} --output {output.mcool:q} 2> {log:q}"


rule hic:
    input:
        mcool=ZOOMED,
    output:
        hic="results/groups/{group}.{assembly}.{filter}.hic",
    log:
        "logs/hic/{group}.{assembly}.{filter}.log",
    container:
        IMAGES["contacts"]
    threads: 2
    # The norms hold the finest pixels of a chromosome a thread; with juicer_tools, Java does.
    resources:
        mem_mb=scaled(4000, 2),
    params:
        engine=config["hic"]["engine"],
        norms=repeated("--norms", config["hic"]["norms"]),
    shell:
        "hicloom hic {input.mcool:q} --engine {params.engine} {params.norms}"
        " --threads {threads} --memory $(({resources.mem_mb} * 3 / 4))M"
        " --tmpdir {resources.tmpdir:q} --output {output.hic:q} 2> {log:q}"


rule add_hic_norms:
    input:
        hic="results/groups/{group}.{assembly}.{filter}.hic",
        mcool=ZOOMED,
    output:
        mcool=MAP,
    log:
        "logs/add_hic_norms/{group}.{assembly}.{filter}.log",
    container:
        IMAGES["contacts"]
    threads: 2
    # A few vectors of bins.
    resources:
        mem_mb=scaled(2000),
    shell:
        "hicloom add-hic-norms {input.hic:q} {input.mcool:q} --threads {threads}"
        " --output {output.mcool:q} 2> {log:q}"
