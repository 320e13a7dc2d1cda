"""Reads to alignments, lane by lane.

Needs `reads()` and `index()`; gives results/lanes/{library}/{lane}.bam.
"""


rule fetch_fastq:
    output:
        fastq=temp("results/lanes/{library}/{lane}_{mate}.fastq.gz"),
    log:
        "logs/fetch_fastq/{library}.{lane}_{mate}.log",
    wildcard_constraints:
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


rule align:
    input:
        fastq1=lambda wildcards: reads(wildcards, 1),
        fastq2=lambda wildcards: reads(wildcards, 2),
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
        aligner=config["map"]["aligner"],
    shell:
        "hicloom align {input.fastq1:q} {input.fastq2:q} --index {input.index:q}"
        " --chromsizes {input.chromsizes:q} --aligner {params.aligner} --threads {threads} --output {output.bam:q} 2> {log:q}"
