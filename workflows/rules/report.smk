"""All that a run found, in one page; results/report.partial.html shows what is there so far.

Gives results/report.html and, of more than 20 libraries, a page a group in results/report.groups.
"""


rule report:
    input:
        unpack(report_inputs),
    output:
        **report_outputs(),
    log:
        "logs/report/report{part}.log",
    wildcard_constraints:
        part=r"|\.partial",
    container:
        IMAGES["report"]
    # A picture at a time, of at most 4000 bins a side before it shrinks.
    resources:
        mem_mb=scaled(3000),
    params:
        shown=shown,
    shell:
        "hicloom report {params.shown:q} --output {output.html:q} 2> {log:q}"
