"""An execution JSON, made of a CWL job whose files are in S3."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from hicloom.errors import InputError
from hicloom.remote.objects import split_url
from hicloom.tibanna.entries import apply, flat
from hicloom.tibanna.process import Port, Process, Table
from hicloom.tibanna.settling import UNKNOWN, ending, needs, output_name
from hicloom.tibanna.sizing import size_of
from hicloom.tibanna.types import Placed, holds

# Disk for each GB of input: inputs, the files between the steps, which cwltool keeps to the end,
# and outputs. It is generous, as a volume costs little.
DISK = "8x"
SMALLEST_MB = 2048


@dataclass(frozen=True)
class Plan:
    """What the job does not tell: where things go, on what machine, how much there is to do.

    pairs : read pairs or contacts, 0 if nobody said. genome : bp.
    """

    cwl: str
    into: str
    logs: str
    name: str
    targets: Mapping[str, str] = field(default_factory=dict)
    machine: Mapping[str, Any] = field(default_factory=dict)
    parallel: bool = False
    pairs: int = 0
    genome: int = 0


def read_job(path: Path, process: Process) -> tuple[Table, Table, Table]:
    """Input files, secondary files and parameters of a CWL job.

    Raises
    ------
    InputError
        If it is no job, or a file of it is not in S3.
    """
    import yaml

    try:
        job = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; it should be a CWL job") from None
    except (UnicodeDecodeError, yaml.YAMLError):
        job = None
    if not isinstance(job, dict):
        raise InputError(f"{path}: is no CWL job, which gives a value for each input")
    files = {name: value for name, value in job.items() if _holds_files(value)}
    parameters = {name: value for name, value in job.items() if name not in files}
    inputs, beside = {}, {}
    for name, value in files.items():
        where = f"{path}: {name}"
        inputs[name] = _entry(where, apply(partial(_url, where), value))
        others = apply(partial(_beside, where, process.inputs.get(name)), value)
        if any(flat(others)):
            beside[name] = _entry(where, others)
    return inputs, beside, parameters


def execution_of(process: Process, job: tuple[Table, Table, Table], plan: Plan) -> Table:
    """The tables `args` and `config`.

    Raises
    ------
    InputError
        If `into` is no place in S3.
    """
    inputs, beside, parameters = job
    place = split_url(plan.into)
    if place is None:
        raise InputError(f"--into {plan.into}: expected s3://BUCKET/FOLDER")
    bucket, prefix = place
    values = parameters | {name: Placed(name) for name in inputs}
    targets = {p.name: _target(process, p, values, prefix, plan) for p in process.outputs.values()}
    is_local = "://" not in plan.cwl
    args = {
        "app_name": Path(process.file).name.removesuffix(".cwl").removesuffix(".packed"),
        "cwl_main_filename": process.file,
        "cwl_child_filenames": sorted(set(process.files()) - {process.file}),
        "cwl_directory_local" if is_local else "cwl_directory_url": plan.cwl,
        "cwl_version": "v1",
        "input_files": inputs,
        "secondary_files": beside,
        "input_parameters": parameters,
        "output_S3_bucket": bucket,
        "output_target": targets,
        "secondary_output_target": _secondary(process, targets),
    }
    if plan.parallel:
        args["run_args"] = "--parallel"
    return {"args": args, "config": _config(process, values, plan)}


def _config(process: Process, values: Table, plan: Plan) -> Table:
    """The machine: what is asked for, else the least that the largest job fits on."""
    need = needs(process, values)
    chosen = {key: value for key, value in plan.machine.items() if value}
    known = size_of(process, plan.pairs, plan.genome) if plan.pairs else None
    memory = max(need.ram, SMALLEST_MB, known.memory if known else 0)
    sized = {"cpu": need.cores, "mem": -(-memory // 1024)}
    return {
        "log_bucket": plan.logs,
        "run_name": plan.name,
        "ebs_size": known.disk if known else DISK,
        **({} if "instance_type" in chosen else sized),
        **chosen,
    }


def _target(process: Process, port: Port, values: Table, prefix: str, plan: Plan) -> str:
    """The key of an output; its own name below the prefix, unless another is given."""
    if port.name in plan.targets:
        return plan.targets[port.name]
    name = output_name(process, port, values)
    if name is UNKNOWN or name is None:
        name = port.name + ending(process, port)
    return "/".join(part for part in (prefix.strip("/"), str(name)) if part)


def _secondary(process: Process, targets: Table) -> Table:
    return {
        port.name: [beside.of(targets[port.name]) for beside in port.beside]
        for port in process.outputs.values()
        if port.beside and holds(port.kind, "File")
    }


def _holds_files(value: Any) -> bool:
    return any(isinstance(item, dict) and "class" in item for item in flat(value))


def _url(where: str, file: Any) -> str:
    """The URL of a file of the job."""
    if not isinstance(file, dict) or file.get("class") != "File":
        raise InputError(f"{where}: expected files; tibanna's worker has no folders as inputs")
    url = file.get("location") or file.get("path")
    if split_url(url) is None:
        raise InputError(f"{where}: {url} is not in S3; copy it there and give its s3:// URL")
    return str(url)


def _beside(where: str, port: Port | None, file: Table) -> Any:
    """The URL, or URLs, of what lies beside a file: as the job says, else what the input needs."""
    required = [beside for beside in (port.beside if port else ()) if beside.required]
    given = [_url(where, other) for other in file.get("secondaryFiles", [])]
    urls = given or [beside.of(_url(where, file)) for beside in required]
    return urls[0] if len(urls) == 1 else urls


def _entry(where: str, urls: Any) -> Table:
    """Bucket and keys of one argument's files."""
    places = [split_url(url) for url in flat(urls)]
    buckets = sorted({place[0] for place in places if place})
    if len(buckets) > 1:
        raise InputError(f"{where}: files of one input must be in one bucket, not {buckets}")
    keys = apply(lambda url: (split_url(url) or ("", ""))[1], urls)
    return {"bucket_name": buckets[0], "object_key": keys}
