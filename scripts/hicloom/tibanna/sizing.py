"""Memory and disk of a CWL run, from the model of measured runs that `hicloom plan` prints."""

from collections.abc import Iterator
from dataclasses import dataclass

from hicloom.errors import InputError
from hicloom.planning.model import cost as cost_of
from hicloom.planning.model import costs
from hicloom.tibanna.process import Process

# What 4DN's tools do, in steps of ours.
_STEPS_OF_4DN = {
    "bwa-mem": ("align",),
    "pairsam-parse-sort": ("bam2pairs",),
    "pairsam-merge": ("merge-pairs",),
    "merge-pairs": ("merge-pairs",),
    "pairsam-markasdup": ("dedup",),
    "pairsam-filter": ("filter",),
    "addfragtopairs": ("filter",),
    "cooler": ("cload",),
    "cool2mcool": ("zoomify",),
    "pairs2hic": ("hic", "add-hic-norms"),
    "add-hic-normvector-to-mcool": ("add-hic-norms",),
}
# Measured peaks are of runs that went well; a machine with no more than that has no room to err.
_SPARE = 1.25
# All files stay on the machine's disk to the end, and so do inputs, which are no larger. An index
# of bwa takes 1.7 bytes a base, once packed and once unpacked.
_FILES, _INDEX = 2, 3.4


@dataclass(frozen=True)
class Size:
    """What a machine needs: memory (MB) of the largest job, disk (GB) of all."""

    memory: int
    disk: int


def size_of(process: Process, pairs: int, genome: int) -> Size:
    """What a run takes.

    Parameters
    ----------
    process : Process
        A tool or workflow.
    pairs : int
        Read pairs, or contacts, that go into it.
    genome : int
        bp.

    Raises
    ------
    InputError
        If none of its steps was measured.
    """
    found = [cost_of(step, pairs, genome) for step in _steps(process) if step in costs()["steps"]]
    if not found:
        raise InputError(
            f"--pairs: what {process.file} takes was not measured; leave it out, and give --mem "
            "and --ebs-size"
        )
    megabytes = _FILES * sum(cost.disk for cost in found) + _INDEX * genome / 1e6
    memory = max(cost.memory for cost in found)
    return Size(int(_SPARE * memory), int(megabytes / 1000) + 1)


def _steps(process: Process) -> Iterator[str]:
    """The steps, by the names of their verbs, that the tools of a process run."""
    for step in process.steps.values():
        yield from _steps(step.process)
    match process.node.get("baseCommand"):
        case ["hicloom", "4dn", str(name)]:
            yield from _STEPS_OF_4DN.get(name, ())
        case ["hicloom", "d4", "create"]:
            yield "d4"
        case ["hicloom", str(verb)]:
            yield verb
