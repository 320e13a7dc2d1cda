"""Entries of `input_files` and `secondary_files`: objects in S3, and where the worker puts them."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from hicloom.remote.objects import split_url
from hicloom.tibanna.process import Table

INPUTS = "/data1/input/"
MOUNTED = "/data1/input-mounted-{}/"
# `aws s3 cp s3://BUCKET/KEY PATH` is written to a script without quotes, and cwltool takes
# no other characters in names of files.
_KEY = re.compile(r"([\w.+,:@=-]+/)*[\w.+,:@-]+", re.ASCII)
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class Entry(NamedTuple):
    """One argument: `keys` and `rename` are texts or lists of lists of them, of one shape."""

    where: str
    bucket: str
    keys: Any
    rename: Any
    unzip: str
    mount: bool

    @property
    def names(self) -> Any:
        """What files are called below the folder of inputs, in the shape of `keys`."""
        return apply(self._unpacked, self.rename or self.keys)

    def path(self, name: str) -> str:
        """Where the worker has a file."""
        return (MOUNTED.format(self.bucket) if self.mount else INPUTS) + name

    def _unpacked(self, name: str) -> str:
        return name.removesuffix(f".{self.unzip}") if self.unzip else name


def apply(function: Callable[[Any], Any], nested: Any) -> Any:
    """The same shape with each item changed."""
    if isinstance(nested, list):
        return [apply(function, item) for item in nested]
    return function(nested)


def flat(nested: Any) -> list[Any]:
    """The items of lists of lists."""
    if isinstance(nested, list):
        return [item for part in nested for item in flat(part)]
    return [nested]


def read_entry(where: str, value: Any, *, urls: bool) -> Entry | str:
    """An entry, or what is wrong with it.

    Parameters
    ----------
    where : str
        Its place in the JSON.
    value
        What stands there.
    urls : bool
        Whether `s3://` URLs are understood, as tibanna does in `input_files` only.
    """
    if not isinstance(value, dict):
        return _of_urls(where, value, urls)
    known = {key: value.get(key) for key in ("bucket_name", "object_key")}
    absent = [key for key, given in known.items() if not given]
    if absent:
        return f"{where}: {' and '.join(absent)} missing"
    entry = Entry(
        where,
        value["bucket_name"],
        value["object_key"],
        value.get("rename"),
        value.get("unzip") or "",
        bool(value.get("mount")),
    )
    return next(_faults(entry), entry)


def _of_urls(where: str, value: Any, urls: bool) -> Entry | str:
    parts = [split_url(url) for url in flat(value)]
    if not urls or not parts or None in parts:
        wanted = "s3:// URLs or a table with " if urls else "a table with "
        return f"{where}: expected {wanted}bucket_name and object_key"
    buckets = sorted({part[0] for part in parts if part})
    if len(buckets) > 1:
        return f"{where}: files of one argument must be in one bucket, not {', '.join(buckets)}"
    keys = apply(lambda url: (split_url(url) or ("", ""))[1], value)
    entry = Entry(where, buckets[0], keys, None, "", False)
    return next(_faults(entry), entry)


def _faults(entry: Entry) -> Iterator[str]:
    where, keys = entry.where, flat(entry.keys)
    if not isinstance(entry.bucket, str) or not BUCKET.fullmatch(entry.bucket):
        yield f"{where}: {entry.bucket!r} is no name of a bucket"
    for key in keys + flat(entry.rename or []):
        if not isinstance(key, str) or not _KEY.fullmatch(key) or ".." in key.split("/"):
            yield (
                f"{where}: {key!r} cannot be a key; letters, digits and ._+-,:@ only, as the "
                "worker writes it into a shell script as it is"
            )
    if entry.unzip not in ("", "gz", "bz2"):
        yield f"{where}: unzip is {entry.unzip!r}; expected gz or bz2"
    if entry.mount and (entry.unzip or entry.rename):
        yield f"{where}: mount does not go with {'unzip' if entry.unzip else 'rename'}"
    if entry.rename and _shape(entry.rename) != _shape(entry.keys):
        yield f"{where}: rename needs a name for each key, in the same shape"
    for name in flat(entry.rename or entry.keys):
        if entry.unzip and not name.endswith(f".{entry.unzip}"):
            yield f"{where}: {name} is to be unzipped and does not end on .{entry.unzip}"


def _shape(nested: Any) -> Any:
    return apply(lambda _: None, nested)


def read_entries(section: str, args: Table, *, urls: bool) -> tuple[dict[str, Entry], list[str]]:
    """The entries of a section by argument, and what is wrong with the others."""
    values = args.get(section) or {}
    if not isinstance(values, dict):
        return {}, [f"args.{section}: expected a table of arguments"]
    read = {name: read_entry(f"args.{section}.{name}", v, urls=urls) for name, v in values.items()}
    sound = {name: entry for name, entry in read.items() if isinstance(entry, Entry)}
    return sound, [entry for entry in read.values() if isinstance(entry, str)]
