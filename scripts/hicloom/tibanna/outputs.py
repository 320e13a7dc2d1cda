"""Whether the worker can upload what a CWL process makes, and where it will be."""

from collections.abc import Iterator
from typing import Any

from hicloom.remote.objects import split_url
from hicloom.tibanna.entries import BUCKET
from hicloom.tibanna.inputs import unknown
from hicloom.tibanna.process import Port, Process, Table
from hicloom.tibanna.settling import Values, output_name
from hicloom.tibanna.types import holds, is_list, told

Place = tuple[str, str]


def check_outputs(args: Table, process: Process, values: Values) -> Iterator[str]:
    """What is wrong with outputs and their targets, a line each."""
    for port in process.outputs.values():
        yield from _check_output(port, process, values)
    if not any(holds(port.kind, "File") for port in process.outputs.values()):
        yield f"{process.file}: no output is a file; the worker's md5sum fails on folders alone"
    yield from check_bucket("args.output_S3_bucket", args.get("output_S3_bucket"))
    targets, beside = (
        args.get(name) or {} for name in ("output_target", "secondary_output_target")
    )
    for section, table in (("output_target", targets), ("secondary_output_target", beside)):
        if not isinstance(table, dict):
            yield f"args.{section}: expected a table of outputs"
            return
        for name in table:
            if name not in process.outputs and not name.startswith("file://"):
                yield unknown(f"args.{section}", name, "output", process, process.outputs)
    yield from _check_targets(args, targets, beside, process)


def not_uploaded(args: Table, process: Process) -> Iterator[str]:
    """Outputs that are made and lost, or whose secondary files go astray."""
    targets = args.get("output_target") or {}
    beside = args.get("secondary_output_target") or {}
    for port in process.outputs.values():
        if port.name not in targets:
            yield f"args.output_target: {port.name} is not there, so it is not uploaded"
        elif any(b.required for b in port.beside) and not beside.get(port.name):
            endings = ", ".join(b.pattern for b in port.beside)
            yield (
                f"args.secondary_output_target: {port.name} is not there, so its {endings} goes "
                "to mnt/data1/out/ in the bucket"
            )


def check_bucket(where: str, bucket: Any) -> Iterator[str]:
    """A bucket's bare name is expected, without s3:// and folders."""
    if not bucket:
        yield f"{where}: is missing"
    elif not isinstance(bucket, str) or not BUCKET.fullmatch(bucket):
        yield f"{where}: {bucket!r} is no bare name of a bucket"


def _check_output(port: Port, process: Process, values: Values) -> Iterator[str]:
    """The worker reads the path of every output, whether it has a target or not."""
    what = f"{process.file}: output {port.name}"
    if is_list(port.kind):
        yield f"{what} is {told(port.kind)}; tibanna's worker uploads single files, no arrays"
    elif not holds(port.kind, "File") and not holds(port.kind, "Directory"):
        yield f"{what} is {told(port.kind)}; tibanna's worker uploads files and folders only"
    elif holds(port.kind, "null") and output_name(process, port, values) is None:
        asked = port.node.get("outputBinding", {}).get("glob", "").removeprefix("$(inputs.")
        how = f"; give the parameter {asked.rstrip(')')}" if asked.endswith(")") else ""
        yield f"{what} will be null, at which tibanna's worker breaks{how}"


def _check_targets(args: Table, targets: Table, beside: Table, process: Process) -> Iterator[str]:
    taken: dict[Place, str] = {}
    for name, value in targets.items():
        where = f"args.output_target.{name}"
        port = process.outputs.get(name)
        place = place_of(value, args.get("output_S3_bucket", ""))
        yield from _check_target(where, value, place, port)
        others = beside.get(name) or []
        others = others if isinstance(others, list) else [others]
        places = [place_of(other, args.get("output_S3_bucket", "")) for other in others]
        if port:
            yield from _check_secondary(f"args.secondary_output_target.{name}", port, place, places)
        for used in [place, *places]:
            other = taken.setdefault(used, where) if used else where
            if used and other != where:
                yield f"{where}: s3://{'/'.join(used)} is the target of {other}, too"


def place_of(value: Any, bucket: str) -> Place | None:
    """Bucket and key of a target; None if it names none."""
    key = value
    if isinstance(value, dict):
        key = value.get("object_key") or value.get("object_prefix")
        bucket = value.get("bucket_name", bucket)
    if not isinstance(key, str) or not isinstance(bucket, str) or not key:
        return None
    return split_url(key) or (bucket, key)


def _check_target(where: str, value: Any, place: Place | None, port: Port | None) -> Iterator[str]:
    table = value if isinstance(value, dict) else {}
    is_folder = port is not None and holds(port.kind, "Directory")
    if place is None or not place[1]:
        yield f"{where}: expected a key, or a table with object_key or object_prefix"
    elif "object_key" in table and "object_prefix" in table:
        yield f"{where}: object_key and object_prefix exclude each other"
    elif table.get("object_key", "").endswith("/"):
        yield f"{where}: object_key ends on /; that is an object_prefix"
    elif table.get("unzip") and "object_prefix" not in table:
        yield f"{where}: unzip needs an object_prefix"
    elif not is_folder and not table.get("unzip") and _is_prefix(value):
        yield f"{where}: a file needs an object_key; below a prefix it goes to mnt/data1/out/"


def _is_prefix(value: Any) -> bool:
    return "object_prefix" in value if isinstance(value, dict) else str(value).endswith("/")


def _check_secondary(
    where: str, port: Port, place: Place | None, places: list[Place | None]
) -> Iterator[str]:
    """Targets are told apart by their last three characters; one left over ends the run badly."""
    free = list(port.beside)
    for target in places:
        key = target[1] if target else ""
        fitting = next((b for b in free if key and b.pattern[-3:] == key[-3:]), None)
        if fitting is None:
            patterns = ", ".join(b.pattern for b in port.beside) or "no secondary files"
            yield f"{where}: {key!r} belongs to none of its secondary files ({patterns})"
            continue
        free.remove(fitting)
        if place and target and fitting.of(place[1]) != key:
            yield (
                f"{where}: {key} has another prefix than its file; readers look for "
                f"{fitting.of(place[1])}"
            )
