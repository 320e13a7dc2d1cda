"""Alignments or pairs to the final pairs of libraries and groups.

Needs `alignments()`, `chromsizes()`; gives results/{libraries,groups}/….pairs.gz.
"""


rule bam2pairs:
    input:
        bam=alignments,
        chromsizes=chromsizes(),
    output:
        **lane_outputs(),
    log:
        "logs/bam2pairs/{library}.{lane}.log",
    wildcard_constraints:
        library=any_of(SAMPLES.of_kind("fastq", "bam")),
    container:
        IMAGES["contacts"]
    threads: 4
    # Sorting takes half of it; what is more is spilled to the disk.
    resources:
        mem_mb=scaled(4000),
    params:
        assembly=ASSEMBLY,
        parse=options(config["parse"]),
        sam=lossless("--keep-sam"),
    shell:
        "hicloom bam2pairs {input.bam:q} --chromsizes {input.chromsizes:q}"
        " --assembly {params.assembly} {params.parse} {params.sam}"
        " --threads {threads} --memory $(({resources.mem_mb} / 2))M"
        " --tmpdir {resources.tmpdir:q} --output {output.pairs:q} 2> {log:q}"


rule sort_pairs:
    input:
        pairs=entered,
    output:
        **lane_outputs(),
    log:
        "logs/sort_pairs/{library}.{lane}.log",
    wildcard_constraints:
        library=any_of(SAMPLES.of_kind("pairs (raw)")),
    container:
        IMAGES["contacts"]
    threads: 4
    # Sorting takes half of it; what is more is spilled to the disk.
    resources:
        mem_mb=scaled(4000),
    shell:
        "hicloom sort-pairs {input.pairs:q} --flip"
        " --threads {threads} --memory $(({resources.mem_mb} / 2))M"
        " --tmpdir {resources.tmpdir:q} --output {output.pairs:q} 2> {log:q}"


rule convert_pairs:
    input:
        table=entered,
        chromsizes=chromsizes(),
    output:
        **lane_outputs(),
    log:
        "logs/convert_pairs/{library}.{lane}.log",
    wildcard_constraints:
        library=any_of(SAMPLES.of_kind("merged_nodups")),
    container:
        IMAGES["contacts"]
    threads: 4
    # Sorting takes half of it; what is more is spilled to the disk.
    resources:
        mem_mb=scaled(4000),
    params:
        assembly=ASSEMBLY,
    shell:
        "hicloom convert-pairs {input.table:q} --format merged_nodups"
        " --chromsizes {input.chromsizes:q} --assembly {params.assembly}"
        " --threads {threads} --memory $(({resources.mem_mb} / 2))M"
        " --tmpdir {resources.tmpdir:q} --output {output.pairs:q} 2> {log:q}"


rule annotate_fragments:
    input:
        pairs=lambda wildcards: sorted_pairs(wildcards.library, wildcards.lane),
        sites="results/reference/{assembly}.sites.txt",
    output:
        pairs=temp("results/lanes/{library}/{lane}.{assembly}.fragments.pairs.gz"),
        px2=temp("results/lanes/{library}/{lane}.{assembly}.fragments.pairs.gz.px2"),
    log:
        "logs/annotate_fragments/{library}.{lane}.{assembly}.log",
    container:
        IMAGES["contacts"]
    # Pairs pass through; memory does not grow with them.
    resources:
        mem_mb=scaled(1000),
    shell:
        "hicloom annotate-fragments {input.pairs:q} --fragments {input.sites:q} --replace"
        " --output {output.pairs:q} 2> {log:q}"


rule dedup:
    input:
        **judged_by(),
        lanes=lane_pairs,
    output:
        **library_outputs(),
    log:
        "logs/dedup/{library}.{assembly}.log",
    wildcard_constraints:
        library=any_of(SAMPLES.of_kind("fastq", "bam", "pairs (raw)")),
    container:
        IMAGES["contacts"]
    # Two commands work at a time; the third waits for them.
    threads: 2
    resources:
        mem_mb=scaled(2000),
    params:
        rules=options(config["dedup"]),
        extra=extras,
        filter=filtering(),
    shell:
        "(hicloom merge-pairs {input.lanes:q} --tmpdir {resources.tmpdir:q} --output - | hicloom dedup -"
        " {params.rules} {params.extra:q} --stats {output.stats:q} --stats-json {output.json:q} --qc {output.qc:q}"
        " --output - | hicloom filter - {params.filter} --chromsizes {input.chromsizes:q}"
        " --threads {threads} --output {output.pairs:q}) 2> {log:q}"


rule filter:
    input:
        lanes=lane_pairs,
        chromsizes=chromsizes(),
    output:
        pairs="results/libraries/{library}.{assembly}.pairs.gz",
        px2="results/libraries/{library}.{assembly}.pairs.gz.px2",
    log:
        "logs/filter/{library}.{assembly}.log",
    wildcard_constraints:
        library=any_of(SAMPLES.of_kind("pairs (dedup)", "merged_nodups")),
    container:
        IMAGES["contacts"]
    threads: 2
    # Pairs pass through; memory does not grow with them.
    resources:
        mem_mb=scaled(1000),
    params:
        filter=filtering(),
    shell:
        "(hicloom merge-pairs {input.lanes:q} --tmpdir {resources.tmpdir:q} --output -"
        " | hicloom filter - {params.filter} --chromsizes {input.chromsizes:q}"
        " --threads {threads} --output {output.pairs:q}) 2> {log:q}"


rule merge_pairs:
    input:
        pairs=lambda wildcards: [
            library_pairs(name) for name in SAMPLES.groups[wildcards.group]
        ],
    output:
        pairs="results/groups/{group}.{assembly}.pairs.gz",
        px2="results/groups/{group}.{assembly}.pairs.gz.px2",
    log:
        "logs/merge_pairs/{group}.{assembly}.log",
    wildcard_constraints:
        group=any_of(POOLED),
    container:
        IMAGES["contacts"]
    threads: 2
    # Pairs pass through; memory does not grow with them.
    resources:
        mem_mb=scaled(1000),
    shell:
        "hicloom merge-pairs {input.pairs:q} --threads {threads} --tmpdir {resources.tmpdir:q}"
        " --output {output.pairs:q} 2> {log:q}"
