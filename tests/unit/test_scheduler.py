"""What Snakemake is told of a scheduler's jobs, from what its commands print."""

import subprocess
from pathlib import Path

import pytest

from hicloom.workflow import layout

SCRIPT = layout.folder() / "config/profiles/scheduler.sh"
AWAY = "slurm_load_jobs error: Unable to contact slurm controller (connect failure)"
GONE = "slurm_load_jobs error: Invalid job id specified"
DISABLED = "Slurm accounting storage is disabled"
ANSWERS = [
    # scheduler, what its commands say and their exit codes, what follows
    ("slurm", {"squeue": ("RUNNING", 0)}, "running"),
    ("slurm", {"squeue": ("PENDING", 0)}, "running"),
    ("slurm", {"squeue": ("COMPLETED", 0)}, "success"),
    ("slurm", {"squeue": ("OUT_OF_MEMORY", 0)}, "failed"),
    ("slurm", {"squeue": ("NODE_FAIL", 0)}, "failed"),
    ("slurm", {"squeue": (AWAY, 1)}, "running"),
    ("slurm", {"squeue": (GONE, 1), "sacct": ("COMPLETED", 0)}, "success"),
    ("slurm", {"squeue": (GONE, 1), "sacct": ("CANCELLED by 1000", 0)}, "failed"),
    (
        "slurm",
        {"squeue": (GONE, 1), "sacct": (DISABLED, 1)},
        "failed",
    ),
    ("lsf", {"bjobs": ("RUN", 0)}, "running"),
    ("lsf", {"bjobs": ("PEND", 0)}, "running"),
    ("lsf", {"bjobs": ("DONE", 0)}, "success"),
    ("lsf", {"bjobs": ("EXIT", 0)}, "failed"),
    ("lsf", {"bjobs": ("Job <7> is not found", 255)}, "failed"),
    ("lsf", {"bjobs": ("LSF is down. Please wait ...", 255)}, "running"),
    ("sge", {"qstat": ("     7 0.5 align lab r", 0)}, "running"),
    ("sge", {"qstat": ("", 1)}, "running"),
    ("sge", {"qstat": ("", 0), "qacct": ("exit_status  0", 0)}, "success"),
    ("sge", {"qstat": ("", 0), "qacct": ("exit_status  137", 0)}, "failed"),
]


def say(folder: Path, name: str, text: str, code: int = 0) -> None:
    """A command that prints a text, on standard error where it fails, and ends with a code."""
    (folder / name).write_text(f"#!/bin/sh\necho '{text}' >&{2 if code else 1}\nexit {code}\n")
    (folder / name).chmod(0o755)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the script with the commands of a folder before all others."""
    environment = {"PATH": f"{folder}:/usr/bin:/bin"}
    command = ["sh", str(SCRIPT), *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def ask(folder: Path, *words: str) -> str:
    """What the script answers."""
    done = run(folder, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("scheduler", "answers", "expected"), ANSWERS)
def test_status(
    scheduler: str, answers: dict[str, tuple[str, int]], expected: str, tmp_path: Path
) -> None:
    for name, (text, code) in answers.items():
        say(tmp_path, name, text, code)
    assert ask(tmp_path, "status", scheduler, "7") == f"{expected}\n"


@pytest.mark.parametrize(
    ("scheduler", "command", "answer"),
    [
        ("slurm", "sbatch", "7;cluster"),
        ("lsf", "bsub", "Job <7> is submitted to queue <normal>."),
        ("sge", "qsub", "7"),
    ],
)
def test_submit_prints_the_number(
    scheduler: str, command: str, answer: str, tmp_path: Path
) -> None:
    say(tmp_path, command, answer)
    assert ask(tmp_path, "submit", scheduler, "job.sh") == "7\n"


@pytest.mark.parametrize(
    ("scheduler", "command"), [("slurm", "sbatch"), ("lsf", "bsub"), ("sge", "qsub")]
)
def test_a_job_that_is_refused_is_no_job(scheduler: str, command: str, tmp_path: Path) -> None:
    say(tmp_path, command, "Invalid partition name specified", 1)
    done = run(tmp_path, "submit", scheduler, "job.sh")
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert "Invalid partition" in done.stderr


def test_submit_waits_for_slurms_controller(tmp_path: Path) -> None:
    """It answers once `sleep` was called, which here takes no time."""
    say(tmp_path, "sbatch", AWAY, 1)
    say(tmp_path, "answer", "sbatch: warning: no account given\n7")
    (tmp_path / "sleep").write_text(f"#!/bin/sh\ncp {tmp_path}/answer {tmp_path}/sbatch\n")
    (tmp_path / "sleep").chmod(0o755)
    assert ask(tmp_path, "submit", "slurm", "job.sh") == "7\n"
