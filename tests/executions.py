"""Execution JSONs in 4DN's style: those of the original workflows, with another URL of CWL files.

They follow the templates of tibanna's documentation ("Running 4DN pipelines using Tibanna"),
with the names of inputs and outputs that the files of pipelines-cwl 0.2.7 have.
"""

from copy import deepcopy
from typing import Any

Execution = dict[str, Any]
URL = "https://lab.example/hicloom/cwl/"


def execution(name: str) -> Execution:
    """That of a workflow or tool, by the name of its CWL file without the ending."""
    files, beside, parameters, outputs, children = deepcopy(_RUNS[name])
    return {
        "args": {
            "app_name": name,
            "app_version": "0.2.7",
            "cwl_directory_url": URL,
            "cwl_main_filename": f"{name}.cwl",
            "cwl_child_filenames": [f"{child}.cwl" for child in children],
            "cwl_version": "v1",
            "input_files": {arg: located(key) for arg, key in files.items()},
            "secondary_files": {arg: located(key) for arg, key in beside.items()},
            "input_parameters": parameters,
            "output_S3_bucket": "lab-results",
            "output_target": outputs,
            "secondary_output_target": {
                arg: f"{key}.px2" for arg, key in outputs.items() if key.endswith(".pairs.gz")
            },
        },
        "config": {"log_bucket": "lab-logs", "key_name": "lab-key", **_MACHINES.get(name, {})},
    }


def located(key: Any) -> dict[str, Any]:
    """Objects of the lab's bucket."""
    return {"bucket_name": "lab-data", "object_key": key}


_RUNS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, str], list[str]]]
_RUNS = {
    "md5": ({"input_file": "reads/1.fastq.gz"}, {}, {}, {"report": "md5/1.txt"}, []),
    "bwa-mem": (
        {
            "fastq1": "reads/L1_1.fastq.gz",
            "fastq2": "reads/L1_2.fastq.gz",
            "bwa_index": "genome/index.tgz",
        },
        {},
        {"nThreads": 2},
        {"out_bam": "bam/L1.bam"},
        [],
    ),
    "hi-c-processing-bam": (
        {"input_bams": ["bam/L1.bam", "bam/L2.bam"], "chromsize": "genome/toy.chrom.sizes"},
        {},
        {"nthreads_parse_sort": 2, "nthreads_merge": 2},
        {"annotated_bam": "made/R1.lossless.bam", "filtered_pairs": "made/R1.pairs.gz"},
        ["pairsam-parse-sort", "pairsam-merge", "pairsam-markasdup", "pairsam-filter"],
    ),
    "hi-c-processing-pairs": (
        {
            "input_pairs": ["made/R1.pairs.gz", "made/R2.pairs.gz"],
            "chromsizes": "genome/toy.chrom.sizes",
            "restriction_file": "genome/toy.DpnII.txt",
        },
        {},
        {
            "nthreads": 2,
            "maxmem": "1g",
            "min_res": 5000,
            "custom_res": "5000,10000",
        },
        {
            "merged_pairs": "maps/wt.pairs.gz",
            "hic": "maps/wt.hic",
            "mcool": "maps/wt.mcool",
        },
        [
            *("merge-pairs", "addfragtopairs", "pairs2hic", "cooler", "cool2mcool"),
            "add-hic-normvector-to-mcool",
        ],
    ),
    "cooler": (
        {"pairs": "made/R1.pairs.gz", "chrsizes": "genome/toy.chrom.sizes"},
        {"pairs": "made/R1.pairs.gz.px2"},
        {"binsize": 5000, "ncores": 2},
        {"cool": "maps/R1.cool"},
        [],
    ),
}
# 4DN's benchmarks know the other machines.
_MACHINES = {"cooler": {"instance_type": "t3.medium", "ebs_size": 10, "EBS_optimized": False}}
NAMES = sorted(_RUNS)
