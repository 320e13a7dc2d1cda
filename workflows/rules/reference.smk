"""Genome to index, chromsizes and restriction sites.

Gives `index()`, `chromsizes()`.
"""


rule fetch_file:
    output:
        fasta="results/reference/{assembly}.fa.gz",
    log:
        "logs/fetch_file/{assembly}.log",
    container:
        IMAGES["align"]
    params:
        url=config["input"]["fasta"],
    shell:
        "hicloom fetch file {params.url:q} --output {output.fasta:q} 2> {log:q}"


rule index_genome:
    input:
        fasta=genome(),
    output:
        index=directory("results/reference/{assembly}"),
        chromsizes="results/reference/{assembly}.chrom.sizes",
    log:
        "logs/index_genome/{assembly}.log",
    container:
        IMAGES["align"]
    # bwa index holds the suffix array of both strands: 5 bytes a base, in plain FASTA 5 a byte,
    # and gzip packs four bases in a byte.
    resources:
        mem_mb=scaled(1000, 22),
    params:
        chroms=config["input"]["chroms"],
    shell:
        "hicloom index-genome {input.fasta:q} --output {output.index:q}"
        " --chromsizes {output.chromsizes:q} --chroms {params.chroms:q} 2> {log:q}"


rule fragments:
    input:
        fasta=genome(),
    output:
        sites="results/reference/{assembly}.sites.txt",
    log:
        "logs/fragments/{assembly}.log",
    container:
        IMAGES["contacts"]
    params:
        enzyme=config["input"]["enzyme"],
    shell:
        "hicloom fragments {input.fasta:q} --enzyme {params.enzyme:q}"
        " --output {output.sites:q} 2> {log:q}"
