"""Alignments or pairs to the depth of every base.

Needs `alignments()`, `library_pairs()`, `chromsizes()`; gives results/{libraries,groups}/….d4.
"""


rule d4_create:
    input:
        files=counted_files,
        names=duplicate_names,
        chromsizes=chromsizes(),
    output:
        d4=temp("results/libraries/{library}.{assembly}.{track}.d4"),
    log:
        "logs/d4_create/{library}.{assembly}.{track}.log",
    wildcard_constraints:
        track="all|mapq30|dedup|ends",
    container:
        IMAGES["contacts"]
    threads: 2
    # Gathering alignments takes half of it; what is more is spilled to the disk.
    resources:
        mem_mb=scaled(2000),
    params:
        counted=counted,
    shell:
        "hicloom d4 create {input.files:q} --sum {params.counted:q} --chromsizes {input.chromsizes:q}"
        " --threads {threads} --memory $(({resources.mem_mb} / 2))M --tmpdir {resources.tmpdir:q}"
        " --output {output.d4:q} 2> {log:q}"


rule d4_merge:
    input:
        tracks=lambda wildcards: [
            track_file(wildcards.library, track) for track in tracks(wildcards.library)
        ],
    output:
        d4="results/libraries/{library}.{assembly}.d4",
    log:
        "logs/d4_merge/{library}.{assembly}.log",
    container:
        IMAGES["contacts"]
    # Tracks are copied as they are.
    resources:
        mem_mb=scaled(1000),
    params:
        labels=lambda wildcards: tracks(wildcards.library),
    shell:
        "hicloom d4 merge {input.tracks:q} --labels {params.labels} --output {output.d4:q} 2> {log:q}"


rule d4:
    input:
        tracks=lambda wildcards: [
            track_file(library, tracks(library)[-1])
            for library in SAMPLES.groups[wildcards.group]
        ],
    output:
        d4="results/groups/{group}.{assembly}.d4",
        bigwig="results/groups/{group}.{assembly}.depth.bw",
    log:
        "logs/d4/{group}.{assembly}.log",
    container:
        IMAGES["contacts"]
    # Tracks are copied, and summed up a block at a time.
    resources:
        mem_mb=scaled(1000),
    params:
        labels=lambda wildcards: SAMPLES.groups[wildcards.group],
    shell:
        "hicloom d4 merge {input.tracks:q} --labels {params.labels}"
        " --bigwig {output.bigwig:q} --output {output.d4:q} 2> {log:q}"
