"""What an execution asks of the machine and its script, and what it must not hold."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hicloom.tibanna.outputs import check_bucket
from hicloom.tibanna.process import Process, Table
from hicloom.tibanna.settling import Values, image, needs

# Of the app_name's that 4DN's package Benchmark has a machine for, those with a file in cwl/.
BENCHMARKED = {
    *("md5", "bwa-mem", "pairsam-parse-sort", "pairsam-merge", "pairsam-markasdup"),
    *("pairsam-filter", "addfragtopairs", "hi-c-processing-bam", "hi-c-processing-pairs"),
    "pairsqc-single",
}
BEHAVIORS = ("fail", "wait_and_retry", "retry_without_spot", "other_instance_types")
# What the worker writes into `export NAME=VALUE` as it is.
_WORD = re.compile(r"[\w.+,:@=/%-]*", re.ASCII)
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_SECRET = re.compile(r"AWS_|SECRET|PASSWORD|TOKEN|ACCESS_KEY", re.IGNORECASE)
_RUN_NAME = re.compile(r"[\w.=+-]{1,80}", re.ASCII)
LARGEST_DISK = 16_000


def check_files(args: Table, process: Process, folder: Path) -> Iterator[str]:
    """What is wrong with the CWL files that the worker is to fetch, and how it runs them."""
    if args.get("language", "cwl_v1") != "cwl_v1" or args.get("cwl_version", "v1") != "v1":
        yield "args.cwl_version: expected v1; only CWL is checked"
    children = args.get("cwl_child_filenames") or []
    if not isinstance(children, list):
        yield "args.cwl_child_filenames: expected a list of names"
        return
    for name in sorted(set(process.files()) - {process.file, *map(str, children)}):
        yield f"args.cwl_child_filenames: {name} is missing; {process.file} runs it"
    for name in children:
        if not isinstance(name, str) or not (folder / name).is_file() or "/" in name:
            yield f"args.cwl_child_filenames: {name!r} is no file of {folder}"
    local, url = args.get("cwl_directory_local"), args.get("cwl_directory_url")
    if not local and not url:
        yield "args.cwl_directory_url: is missing; give it or cwl_directory_local"
    elif not local:
        yield from _check_url(url)
    if not isinstance(args.get("run_args", ""), str) or not _WORD.fullmatch(
        args.get("run_args", "")
    ):
        yield "args.run_args: expected one word, such as --parallel; the worker does not quote it"
    yield from _check_environment(args.get("input_env") or {})


def _check_url(url: Any) -> Iterator[str]:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in ("http", "https", "s3") or not _WORD.fullmatch(url):
        yield "args.cwl_directory_url: expected an http(s):// or s3:// URL"
    elif parts.username or parts.password:
        yield "args.cwl_directory_url: holds a user or password, which everybody would see"


def _check_environment(table: Any) -> Iterator[str]:
    if not isinstance(table, dict):
        yield "args.input_env: expected a table of variables"
        return
    for name, value in table.items():
        if _SECRET.search(name):
            yield f"args.input_env.{name}: no credentials here; the worker has its own role"
        elif not _NAME.fullmatch(name) or not _WORD.fullmatch(str(value)):
            yield f"args.input_env.{name}: expected one word; the worker does not quote it"


def check_config(config: Table, app_name: str) -> Iterator[str]:
    """What is wrong with the machine that is asked for."""
    yield from check_bucket("config.log_bucket", config.get("log_bucket"))
    sized = config.get("cpu") and config.get("mem")
    if not (config.get("instance_type") or sized or app_name in BENCHMARKED):
        yield "config.instance_type: is missing; give it, or cpu and mem (GB)"
    for key in ("cpu", "mem", "ebs_iops"):
        if config.get(key) and not _is_positive(config[key]):
            yield f"config.{key}: {config[key]!r} is no positive number"
    yield from _check_disk(config)
    if config.get("password"):
        yield "config.password: would stand in logs of AWS; use key_name"
    name = config.get("run_name", "run")
    if not isinstance(name, str) or not _RUN_NAME.fullmatch(name):
        yield f"config.run_name: {name!r} must be 1 to 80 letters, digits and .=+-_"
    behavior = config.get("behavior_on_capacity_limit", "fail")
    if behavior not in BEHAVIORS:
        known = ", ".join(BEHAVIORS)
        yield f"config.behavior_on_capacity_limit: {behavior!r} is not one of {known}"
    elif behavior == "retry_without_spot" and not config.get("spot_instance"):
        yield "config.behavior_on_capacity_limit: retry_without_spot is for spot_instance: true"
    shutdown = config.get("shutdown_min", "now")
    if shutdown != "now" and not str(shutdown).isdecimal():
        yield f"config.shutdown_min: {shutdown!r} is neither now nor minutes"


def _check_disk(config: Table) -> Iterator[str]:
    size = config.get("ebs_size") or 10
    factor = size[:-1] if isinstance(size, str) and size.endswith("x") else None
    if factor is not None:
        if not re.fullmatch(r"\d+(\.\d+)?", factor):
            yield f"config.ebs_size: {size!r} is no factor such as 8x"
    elif not _is_positive(size) or size >= LARGEST_DISK:
        yield f"config.ebs_size: {size!r} is neither GB (< {LARGEST_DISK}) nor a factor such as 8x"
    speed = config.get("ebs_throughput")
    if speed and not (_is_positive(speed) and 125 <= speed <= 1000):
        yield f"config.ebs_throughput: {speed!r} is not between 125 and 1000 (MiB/s)"


def _is_positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def remarks(args: Table, config: Table, process: Process, values: Values) -> Iterator[str]:
    """What may be meant so, and should be known."""
    need = needs(process, values)
    memory = config.get("mem")
    if isinstance(memory, int | float) and 0 < memory * 1024 < need.ram:
        yield f"config.mem: {memory} GB, and the largest job asks for {need.ram} MB"
    cores = config.get("cpu")
    if "--parallel" in str(args.get("run_args")) and isinstance(cores, int) and cores < need.cores:
        yield f"config.cpu: {cores}, and with --parallel cwltool refuses jobs of {need.cores} cores"
    for name in sorted({image(tool) or "" for tool in process.tools()}):
        if "/" not in name:
            yield (
                f"{process.file}: the image {name} has no registry, so no worker can pull it; "
                "use the files that hicloom images publish writes"
            )
