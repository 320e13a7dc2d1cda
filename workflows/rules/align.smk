"""Reads to alignments, lane by lane, or chunk by chunk of long lanes.

Needs `reads()`, `fastqs()`, `index()`; gives results/lanes/{library}/{lane}.bam, where a chunk
of a lane is called {lane}.0001 and so on.
"""


rule fetch_fastq:
    output:
        fastq=temp("results/lanes/{library}/{lane}_{mate}.fastq.gz"),
    log:
        "logs/fetch_fastq/{library}.{lane}_{mate}.log",
    wildcard_constraints:
        lane=LANE,
        mate="[12]",
    retries: 2
    container:
        IMAGES["align"]
    params:
        source=lambda wildcards: source(wildcards, wildcards.mate),
        report=config["input"]["ena_report"],
    shell:
        "hicloom fetch fastq {params.source:q} --mate {wildcards.mate}"
        " --report {params.report:q} --output {output.fastq:q} 2> {log:q}"


checkpoint count_reads:
    input:
        reads=reads,
    output:
        chunks="results/lanes/{library}/{lane}.chunks.tsv",
    log:
        "logs/count_reads/{library}.{lane}.log",
    wildcard_constraints:
        lane=LANE,
    # Temporary files stay until the last lane is counted.
    priority: 1
    container:
        IMAGES["align"]
    threads: 2
    params:
        size=config["input"]["chunk_reads"],
    shell:
        "hicloom count-reads {input.reads:q} --chunk-reads {params.size}"
        " --output {output.chunks:q} 2> {log:q}"


rule split_reads:
    input:
        reads=reads,
    output:
        folder=temp(directory("results/lanes/{library}/{lane}.chunks")),
    log:
        "logs/split_reads/{library}.{lane}.log",
    wildcard_constraints:
        lane=LANE,
    container:
        IMAGES["align"]
    threads: 2
    params:
        size=config["input"]["chunk_reads"],
    shell:
        "hicloom split-reads {input.reads:q} --chunk-reads {params.size}"
        " --output {output.folder:q} 2> {log:q}"


rule align:
    input:
        reads=reads,
        index=index(),
        chromsizes=chromsizes(),
    output:
        bam=kept(config["output"]["lane_bam"], "results/lanes/{library}/{lane}.bam"),
    log:
        "logs/align/{library}.{lane}.log",
    container:
        IMAGES["align"]
    threads: config["map"]["threads"]
    # The index is in memory once, whatever the number of threads; each thread holds a batch.
    resources:
        mem_mb=lambda wildcards, attempt: attempt * (2000 + index_mb()),
    params:
        reads=fastqs,
        aligner=config["map"]["aligner"],
    shell:
        "hicloom align {params.reads:q} --index {input.index:q}"
        " --chromsizes {input.chromsizes:q} --aligner {params.aligner} --threads {threads} --output {output.bam:q} 2> {log:q}"
