"""The jobs of a run, as Snakemake remembers them: also those of earlier runs in its folder."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What Snakemake keeps of the software of a job that ran without a container.
_NO_CONTAINER = hashlib.md5(usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Job:
    """One job that has ended well.

    Attributes
    ----------
    rule : str
    inputs, outputs : tuple of str
        Paths from the working directory, or addresses of a store.
    temporary : frozenset of str
        Those of the outputs that disappear after their use.
    command : str
        The command line, as it ran.
    started, ended : float
        Seconds since 1970.
    image : str or None
        What the rule's container was pulled from, where jobs run in containers.
    """

    rule: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    temporary: frozenset[str]
    command: str
    started: float
    ended: float
    image: str | None

    @property
    def name(self) -> str:
        """A name that no other job has: its first output."""
        return f"{self.rule} {self.outputs[0]}"


def finished_jobs(workflow: Any) -> list[Job]:
    """The jobs of a workflow whose end Snakemake has recorded, in the order of their start.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
        With its graph of jobs; those that were up to date already are among them.
    """
    found = (_job(job, workflow.persistence) for job in workflow.dag.jobs if job.output)
    return sorted(filter(None, found), key=lambda job: (job.started, job.outputs))


def _job(job: Any, persistence: Any) -> Job | None:
    record = persistence.metadata(job.output[0])
    if not record or record.incomplete or not record.endtime:
        return None
    return Job(
        job.rule.name,
        tuple(_names(job.input)),
        tuple(_names(job.output)),
        frozenset(_names(file for file in job.output if _is_temporary(file))),
        " ".join((record.shellcmd or "").split()),
        record.starttime,
        # Of a file that a job only renamed, the time may be older than the job's start.
        max(record.starttime, record.endtime),
        record.container_img_url if record.software_stack_hash != _NO_CONTAINER else None,
    )


def _names(files: Iterable[Any]) -> list[str]:
    return [str(file.storage_object.query) if file.is_storage else str(file) for file in files]


def _is_temporary(file: Any) -> bool:
    return bool(getattr(file, "flags", {}).get("temp"))


def files_of_workflow(workflow: Any) -> dict[Path, Path]:
    """The Snakefile and what lies in `workflows` beside it, by where they belong in a copy."""
    snakefile = Path(str(workflow.main_snakefile))
    others = sorted(path for path in (snakefile.parent / "workflows").rglob("*") if path.is_file())
    files = {path.relative_to(snakefile.parent): path for path in others}
    return {Path(snakefile.name): snakefile} | files
