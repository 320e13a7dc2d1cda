"""Maps and depth of a group to what HiGlass shows of them.

Needs `viewed_files()`; gives results/groups/{group}.{assembly}.viewconf.json.
"""


rule viewconf:
    input:
        files=viewed_files,
    output:
        json="results/groups/{group}.{assembly}.viewconf.json",
    log:
        "logs/viewconf/{group}.{assembly}.log",
    container:
        IMAGES["contacts"]
    # Names and lengths of chromosomes.
    resources:
        mem_mb=scaled(1000),
    shell:
        "hicloom viewconf {input.files:q} --output {output.json:q} 2> {log:q}"
