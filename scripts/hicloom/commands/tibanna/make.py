"""The command `tibanna make`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from hicloom.errors import InputError
from hicloom.options import Natural, Output

if TYPE_CHECKING:
    from hicloom.tibanna.process import Process

Count = Annotated[int, Parameter(validator=Number(gte=1))]


def make(
    workflow: str,
    job: Path,
    /,
    *,
    into: str,
    log_bucket: str,
    output: Output,
    cwl: str | None = None,
    packed: bool = False,
    target: list[str] | None = None,
    pairs: Natural = 0,
    genome: Natural = 3_100_000_000,
    instance_type: list[str] | None = None,
    cpu: Count | None = None,
    mem: Count | None = None,
    ebs_size: str | None = None,
    spot: bool = False,
    on_no_capacity: Literal["fail", "wait_and_retry", "retry_without_spot"] = "fail",
    parallel: bool = False,
    run_name: str | None = None,
    key_name: str | None = None,
) -> None:
    r"""Write the execution JSON of a CWL job whose files are in S3, for `tibanna run_workflow`.

    For example:

        hicloom tibanna make hic.cwl job.yml --into s3://lab-results/wt --log-bucket lab-logs \
            -o run.json
        hicloom tibanna make hi-c-processing-bam.cwl job.yml --into s3://lab-results/wt \
            --log-bucket lab-logs --cwl https://lab.example/release/cwl --spot -o run.json

    The job is one as cwltool takes it, with `location: s3://BUCKET/KEY` for files. What the
    workflow needs beside a file (`.px2`) is added. The JSON is checked as by `hicloom
    tibanna check` before it is written.

    Parameters
    ----------
    workflow : str
        Name of a CWL file of hicloom, such as `hic.cwl`.
    job : Path
        The job, YAML or JSON.
    into : str
        Where outputs go, `s3://BUCKET/FOLDER`; they keep their names there.
    log_bucket : str
        Bucket of tibanna's logs.
    output : Path
        The JSON to write.
    cwl : str, optional
        Where the CWL files are: a folder, which tibanna uploads, or an http(s):// or s3://
        URL that serves this hicloom's (default: the folder of this hicloom).
    packed : bool
        Write one CWL file beside the JSON that holds all (needs cwltool), and name that.
    target : list of str, optional
        Other keys for outputs, `OUTPUT=KEY`.
    pairs : int
        Read pairs, or contacts, of the job: memory and disk are then what `hicloom plan` says of
        the workflow's steps.
    genome : int
        Length of the genome (bp), for `pairs`.
    instance_type : list of str, optional
        Types of machine, of which tibanna takes one (default: by `cpu` and `mem`).
    cpu : int, optional
        Cores of the machine (default: what the largest job asks for).
    mem : int, optional
        Its memory (GB), to which tibanna adds one (default: what the largest job asks for,
        and by `pairs`).
    ebs_size : str, optional
        Disk in GB, or as a multiple of the input's size (default: by `pairs`, else 8x).
    spot : bool
        Ask for a spot instance.
    on_no_capacity : str
        What to do where there is no such machine.
    parallel : bool
        Let cwltool run jobs side by side.
    run_name : str, optional
        Name of the run (default: those of the workflow and the JSON).
    key_name : str, optional
        Key pair of EC2, to look at the machine by ssh.

    Raises
    ------
    InputError
        If the job does not fit the workflow, or tibanna's worker would stumble over it.
    """
    import json

    from hicloom.commands.tibanna._shared import report
    from hicloom.outputs import atomic
    from hicloom.tibanna.check import check_execution
    from hicloom.tibanna.make import Plan, execution_of, read_job
    from hicloom.tibanna.process import read_process

    place = cwl or str(_own())
    folder = _own() if "://" in place else Path(place)
    process = read_process(folder, Path(workflow).name)
    text = _packed(folder, process) if packed else None
    machine = {
        "instance_type": instance_type,
        "cpu": cpu,
        "mem": mem,
        "ebs_size": _size(ebs_size),
        "spot_instance": spot,
        "behavior_on_capacity_limit": on_no_capacity,
        "key_name": key_name,
    }
    name = run_name or f"{process.file.removesuffix('.cwl')}-{output.stem}"
    goals = _targets(target)
    plan = Plan(place, into, log_bucket, name, goals, machine, parallel, pairs, genome)
    execution = execution_of(process, read_job(job, process), plan)
    report(output, check_execution(execution, folder))
    if text is not None:
        _name_packed(execution["args"], output, "://" in place)
    finals = (output,) if text is None else (output, output.with_suffix(".cwl"))
    with atomic(*finals) as parts:
        parts[0].write_text(json.dumps(execution, indent=2) + "\n", encoding="utf-8")
        if text is not None:
            parts[1].write_text(text, encoding="utf-8")
    print(f"{output}: {process.file}")


def _own() -> Path:
    """The folder of this package's CWL files."""
    from hicloom.workflow import layout

    return layout.folder() / "cwl"


def _size(text: str | None) -> int | str | None:
    return int(text) if text and text.isdecimal() else text


def _targets(words: list[str] | None) -> dict[str, str]:
    """The keys of outputs that are given one by one."""
    pairs = [word.partition("=") for word in words or []]
    for name, equals, key in pairs:
        if not (name and equals and key):
            raise InputError(f"--target {name}: expected OUTPUT=KEY")
    return {name: key for name, _, key in pairs}


def _packed(folder: Path, process: "Process") -> str:
    """All CWL files of a workflow in one, as cwltool packs them."""
    import subprocess
    import sys

    from hicloom.errors import WorkError

    command = [sys.executable, "-m", "cwltool", "--pack", str(folder / process.file)]
    done = subprocess.run(command, capture_output=True, text=True)
    if "No module named cwltool" in done.stderr:
        raise InputError("--packed needs the extra cwl: pip install 'hicloom[cwl]'")
    if done.returncode:
        raise WorkError(f"{process.file}: cwltool cannot pack it: {done.stderr.strip()[-200:]}")
    return done.stdout


def _name_packed(args: dict[str, object], output: Path, is_served: bool) -> None:
    """Name the packed file, which lies beside the JSON or where the URL says."""
    args["cwl_main_filename"] = output.with_suffix(".cwl").name
    args["cwl_child_filenames"] = []
    if not is_served:
        args["cwl_directory_local"] = str(output.absolute().parent)
