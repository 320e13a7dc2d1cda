"""Statistics of final pairs, and pictures of the maps.

Gives results/libraries/….stats.{tsv,json}, results/groups/….png.
"""


rule stats:
    input:
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
    shell:
        "hicloom stats {input.pairs:q} --tsv {output.stats:q} --json {output.json:q} 2> {log:q}"


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
