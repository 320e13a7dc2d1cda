"""From reads, alignments or pairs to contact maps; edit config/config.yaml and config/samples.tsv."""

from snakemake.utils import min_version

min_version("9.0")


configfile: "config/config.yaml"


report: "workflows/report/workflow.rst"


include: "workflows/rules/common.smk"
include: "workflows/rules/inputs.smk"
include: "workflows/rules/outputs.smk"
include: "workflows/rules/reference.smk"
include: "workflows/rules/align.smk"
include: "workflows/rules/pairs.smk"
include: "workflows/rules/matrix.smk"
include: "workflows/rules/depth.smk"
include: "workflows/rules/qc.smk"
include: "workflows/rules/report.smk"
include: "workflows/rules/view.smk"


onstart:
    check_before_run(config, SAMPLES)
    check_software(workflow, config, IMAGES)


onsuccess:
    write_crate(workflow, config)


onerror:
    write_crate(workflow, config, failed=True)


localrules:
    all,
    pairs,
    fetch_file,
    fetch_fastq,


rule all:
    default_target: True
    input:
        library_files(),
        map_files(),
        depth_files(),
        view_files(),
        quality_files(),
        report_files(),


rule pairs:
    input:
        library_files(),
