"""Inputs and results in S3, looked at before Snakemake does: its own messages hide the reason."""

from typing import Any

from hicloom.errors import HicloomError, InputError
from hicloom.remote.objects import split_url, unreadable
from hicloom.workflow.config import Settings, leave
from hicloom.workflow.samples import Samples, is_object

PROVIDER = "s3"


def check_objects(workflow: Any, settings: Settings, samples: Samples) -> None:
    """Check that the objects of settings and sample table, and the place of results, can be read.

    What cannot ends the process: one line on stderr, exit code 2. Jobs do not look again.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
        While it is read.
    settings, samples
        As checked.
    """
    sources = {f"{samples.path}, line {lane.line}": lane.files for lane in samples.lanes}
    keys = ("fasta", "index", "chromsizes")
    sources |= {f"config: input.{key}": (settings["input"][key],) for key in keys}
    wanted = {w: [f for f in files if is_object(f)] for w, files in sources.items()}
    place = _place(workflow)
    if not workflow.is_main_process or not (place or any(wanted.values())):
        return
    try:
        client = _client(workflow)
        _check_place(place, client)
        for where, urls in wanted.items():
            for fault in unreadable(urls, client):
                raise InputError(f"{where}: {fault}")
    except HicloomError as error:
        leave(error)


def _place(workflow: Any) -> str:
    """Where results go, if into S3."""
    settings = workflow.storage_settings
    is_ours = settings.default_storage_provider == PROVIDER
    return (settings.default_storage_prefix or "") if is_ours else ""


def _check_place(place: str, client: Any) -> None:
    """A bucket that is missing will be made."""
    bucket, key = split_url(place) or ("", "")
    folder = f"s3://{bucket}/{key.strip('/')}/" if place else ""
    for fault in unreadable([folder] if place else [], client):
        if not fault.endswith("no such bucket"):
            raise InputError(f"--default-storage-prefix {fault}")


def _client(workflow: Any) -> Any:
    """That of Snakemake's storage plugin, which has its settings."""
    marked = workflow.storage_registry.s3("s3://any/object")
    return marked.flags["storage_object"].provider.s3c.meta.client
