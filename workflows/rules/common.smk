"""Settings and samples, checked before anything runs, and small helpers of rules."""

import re
from pathlib import Path

from hicloom.workflow.containers import read_images
from hicloom.workflow.crate import write_crate
from hicloom.workflow.experiment import check_before_run, open_experiment
from hicloom.workflow.software import check_software

SAMPLES = open_experiment(
    config,
    settings_schema=Path(workflow.source_path("../schemas/config.schema.yaml")),
    samples_schema=Path(workflow.source_path("../schemas/samples.schema.yaml")),
)
IMAGES = read_images(Path(workflow.source_path("../images.yaml")))
ASSEMBLY = config["input"]["assembly"]
MAP = "results/groups/{group}.{assembly}.{filter}.mcool"
# Zoomed maps wait under another name for the norms of the .hic, when there is one.
ZOOMED = MAP.replace(".mcool", ".balanced.mcool") if config["hic"]["activate"] else MAP
POOLED = [group for group, libraries in SAMPLES.groups.items() if len(libraries) > 1]


def any_of(names):
    """A pattern of just these names; of nothing when there are none."""
    return "|".join(map(re.escape, names)) or "(?!)"


LANE = any_of(sorted({lane.name for lane in SAMPLES.lanes}))


wildcard_constraints:
    assembly=any_of([ASSEMBLY]),
    library=any_of(SAMPLES.libraries),
    lane=rf"(?:{LANE})(?:\.\d+)?",
    group=any_of(SAMPLES.groups),
    filter=any_of(config["filter"]["maps"]),


def scaled(base, per_mb=0):
    """Memory (MB) of a job: `base` and a share of the input's size, times the attempt."""
    return lambda wildcards, input, attempt: attempt * (
        base + int(per_mb * input.size_mb)
    )


def kept(wanted, path):
    """An output that disappears after its use, unless `wanted`."""
    return path if wanted else temp(path)


def flagged(flag, value):
    """An option of a command; no words at all when `value` is empty."""
    return [flag, value] if value else []


def repeated(flag, values):
    """An option that is given once for each value."""
    return [word for value in values for word in (flag, value)]


def options(section):
    """A section of config as the options of a command: its keys are their names."""
    return [
        word
        for key, value in section.items()
        for word in (f"--{key.replace('_', '-')}", value)
    ]


def lossless(flag):
    """An option for SAM columns, where a lossless BAM is wanted."""
    return [flag] if config["output"]["lossless_bam"] else []


def filtering():
    """Which pairs a library keeps."""
    same = ["--drop-same-fragment"] if config["filter"]["drop_same_fragment"] else []
    return repeated("--pair-types", config["filter"]["pair_types"]) + same
