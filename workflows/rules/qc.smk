"""Statistics of final pairs, MultiQC's report, pictures of the maps, and analyses by cooltools.

Gives results/libraries/….{stats.tsv,stats.json,qc.json}, results/multiqc,
results/groups/….{png,insulation.tsv,compartments.tsv,expected.tsv}.
"""


rule stats:
    input:
        **judged_by(),
        pairs="results/libraries/{library}.{assembly}.pairs.gz",
    output:
        **reported_stats(),
    log:
        "logs/stats/{library}.{assembly}.log",
    wildcard_constraints:
        library=any_of(SAMPLES.of_kind("pairs (dedup)", "merged_nodups")),
    container:
        IMAGES["contacts"]
    # Counts by type and distance; pairs pass through.
    resources:
        mem_mb=scaled(1000),
    params:
        judging=judging,
    shell:
        "hicloom stats {input.pairs:q} {params.judging:q} --tsv {output.stats:q}"
        " --json {output.json:q} --output {output.qc:q} 2> {log:q}"


rule multiqc:
    input:
        **judged_files(),
    output:
        folder=directory("results/multiqc"),
    log:
        "logs/multiqc.log",
    container:
        IMAGES["report"]
    # MultiQC holds numbers and plots.
    resources:
        mem_mb=scaled(2000),
    params:
        hic=lambda wildcards, input: repeated("--hic", input.get("hic", [])),
    shell:
        "hicloom multiqc --qc {input.qc:q} --stats {input.stats:q} --mcool {input.mcool:q}"
        " {params.hic:q} --output {output.folder:q} 2> {log:q}"


rule plot:
    input:
        mcool="results/groups/{group}.{assembly}.{filter}.mcool",
    output:
        png=report(
            "results/groups/{group}.{assembly}.{filter}.png",
            caption="../report/map.rst",
            category="Contact maps",
            labels={"group": "{group}", "filter": "{filter}"},
        ),
    log:
        "logs/plot/{group}.{assembly}.{filter}.log",
    container:
        IMAGES["contacts"]
    # A picture has at most 1000 bins a side.
    resources:
        mem_mb=scaled(2000),
    shell:
        "hicloom plot {input.mcool:q} --output {output.png:q} 2> {log:q}"


rule insulation:
    input:
        mcool=MAP,
    output:
        tsv="results/groups/{group}.{assembly}.{filter}.insulation.tsv",
    log:
        "logs/insulation/{group}.{assembly}.{filter}.log",
    container:
        IMAGES["report"]
    # Pixels near the diagonal, a piece at a time.
    resources:
        mem_mb=scaled(4000),
    params:
        map=lambda wildcards, input: analysed("insulation", input.mcool),
        # In bins: the narrowest shows domains, the widest what bounds them most.
        windows="3 5 10 25",
    shell:
        "cooltools insulation {params.map:q} {params.windows} --window-pixels"
        " --clr-weight-name weight --min-frac-valid-pixels 0.66 --min-dist-bad-bin 0 --threshold Li"
        " --output {output.tsv:q} 2> {log:q}"


rule compartments:
    input:
        mcool=MAP,
    output:
        tsv="results/groups/{group}.{assembly}.{filter}.compartments.tsv",
        values="results/groups/{group}.{assembly}.{filter}.compartments.lam.txt",
    log:
        "logs/compartments/{group}.{assembly}.{filter}.log",
    container:
        IMAGES["report"]
    # A dense map of the longest chromosome.
    resources:
        mem_mb=scaled(4000),
    params:
        map=lambda wildcards, input: analysed("compartments", input.mcool),
        made=subpath(output.tsv, strip_suffix=".compartments.tsv"),
    shell:
        "(cooltools eigs-cis {params.map:q} --n-eigs 3 --clr-weight-name weight"
        " --out-prefix {params.made:q}"
        " && mv {params.made:q}.cis.lam.txt {output.values:q}"
        " && mv {params.made:q}.cis.vecs.tsv {output.tsv:q}) 2> {log:q}"


rule expected:
    input:
        mcool=MAP,
    output:
        tsv="results/groups/{group}.{assembly}.{filter}.expected.tsv",
    log:
        "logs/expected/{group}.{assembly}.{filter}.log",
    container:
        IMAGES["report"]
    threads: 2
    # Pixels, a piece a thread.
    resources:
        mem_mb=scaled(4000),
    params:
        map=lambda wildcards, input: analysed("expected", input.mcool),
    shell:
        "cooltools expected-cis {params.map:q} --smooth --aggregate-smoothed --smooth-sigma 0.1"
        " --clr-weight-name weight --ignore-diags 2 --nproc {threads}"
        " --output {output.tsv:q} 2> {log:q}"
