"""What made a file, as far as it says so: programs, versions, commands, numbers, dates."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from hicloom.errors import InputError

UNKNOWN = "not recorded in this file"
_GZIP, _HDF5, _HIC, _D4, _CRAM = b"\x1f\x8b", b"\x89HDF", b"HIC\0", b"d4\xdd\xdd", b"CRAM"
_BIGWIG = (b"\x26\xfc\x8f\x88", b"\x88\x8f\xfc\x26")
Said = Mapping[str, object]


def describe_file(path: Path) -> str:
    """What a pairs file, its index, a map, a depth track or alignments hold, and what made them.

    Told by what the file begins with, whatever its name.

    Raises
    ------
    InputError
        If it is missing, of none of these kinds, or damaged.
    """
    start = _start(path)
    text = _inflated(path) if start.startswith(_GZIP) else start
    if text.startswith((b"BAM\1", _CRAM)):
        return _alignments(path)
    if start.startswith(_BIGWIG):
        return _bigwig(path)
    kinds: dict[bytes, Callable[[Path], str]] = {
        _HDF5: _maps,
        _HIC: _hic,
        _D4: _depth,
        b"PX2.": _index,
    }
    for magic, describe in kinds.items():
        if text.startswith(magic):
            return describe(path)
    return _pairs(path)


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(8)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None


def _inflated(path: Path) -> bytes:
    from hicloom.formats.text import open_text

    with open_text(path) as pieces:
        return next(pieces, b"")[:8]


def _pairs(path: Path) -> str:
    from hicloom.formats.pairs import index_path, open_pairs

    with open_pairs(path) as reader:
        header, lines = reader.header, reader.header_lines
    told = {
        "format": "pairs",
        "assembly": header.assembly,
        "sorted": header.sorted,
        "shape": header.shape,
        "chromosomes": _genome(header.chromsizes),
        "columns": " ".join(header.columns),
        "pairs": _counted(index_path(path), lines),
    }
    fields = [field.partition(": ") for field in header.fields]
    programs = [_program(text) for key, _, text in fields if key == "#samheader" and "@PG" in text]
    commands = [text for key, _, text in fields if key == "#command"]
    return _told(told, [*programs, *commands])


def _counted(index: Path, header_lines: int) -> str | None:
    """The number of pairs, from the index beside them."""
    from hicloom.formats.px2 import read_px2

    if not index.is_file():
        return None
    return f"{read_px2(index).lines - header_lines:,}"


def _index(path: Path) -> str:
    from hicloom.formats.px2 import read_px2

    index = read_px2(path)
    told = {
        "format": "px2, the index of a pairs file",
        "of": path.name.removesuffix(".px2"),
        "chromosome pairs": f"{len(index.runs):,}",
        "lines": f"{index.lines:,}, the header's included",
    }
    return _told(told, [], "not recorded: the format has no place for it; see the pairs file")


def _alignments(path: Path) -> str:
    import pysam

    level = pysam.set_verbosity(0)
    try:
        with pysam.AlignmentFile(os.fspath(path), check_sq=False) as file:
            header = file.header.to_dict()
            kind = "CRAM" if file.is_cram else "BAM"
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: is not a readable alignment file ({error})") from None
    finally:
        pysam.set_verbosity(level)
    head, sizes = header.get("HD", {}), {s["SN"]: s["LN"] for s in header.get("SQ", [])}
    told = {
        "format": kind,
        "assembly": ", ".join(sorted({s["AS"] for s in header.get("SQ", []) if "AS" in s})),
        "sorted": head.get("SO"),
        "grouped": head.get("GO"),
        "chromosomes": _genome(sizes),
        "read groups": ", ".join(group["ID"] for group in header.get("RG", [])),
        "dates": ", ".join(group["DT"] for group in header.get("RG", []) if "DT" in group),
    }
    return _told(told, [_named(**program) for program in _chain(header.get("PG", []))])


def _chain(programs: list[dict[str, str]]) -> Iterable[dict[str, str]]:
    """@PG lines in the order in which they ran: each after the one that its PP names."""
    waiting = {program["ID"]: program for program in programs}
    while waiting:
        free = [p for p in waiting.values() if p.get("PP") not in waiting] or [*waiting.values()]
        for program in free:
            yield waiting.pop(program["ID"])


def _program(line: str) -> str:
    tags = (tag.partition(":") for tag in line.split("\t")[1:])
    return _named(**{key: value for key, _, value in tags})


def _named(ID: str = "?", PN: str = "", VN: str = "", CL: str = "", **_: str) -> str:  # noqa: N803
    """One @PG line: program, version, command."""
    who = f"{PN or ID} {VN}".strip()
    return f"{who}: {CL}" if CL else who


def _maps(path: Path) -> str:
    import h5py

    from hicloom.formats.cool.files import DAMAGE
    from hicloom.workflow.summary import table

    try:
        with h5py.File(path, "r") as file:
            inside = file.get("resolutions") or file.get("cells")
            maps = dict(inside.items()) if inside else {"": file}
            names = sorted(maps, key=lambda name: (len(name), name))
            rows = [_level(name, maps[name]) for name in names]
            said = [_map_origin(maps[name].attrs) for name in names]
            balanced = _balancing(maps[names[0]])
    except DAMAGE:
        raise InputError(f"{path}: is not a readable .cool or .mcool file") from None
    levels = table(("resolution", "bins", "pixels", "pairs", "weights", "balanced"), rows)
    made = dict.fromkeys(str(one.pop(key)) for key in ("by", "command") for one in said if one[key])
    return f"{levels}\n\n{_told({**said[0], 'balancing': balanced}, list(made))}"


def _map_origin(attributes: Mapping[str, Any]) -> dict[str, object]:
    try:
        metadata = json.loads(attributes.get("metadata", "{}"))
    except ValueError:
        metadata = {}
    more = metadata if isinstance(metadata, dict) else {}
    version = attributes.get("format-version", "")
    return {
        "format": f"{attributes.get('format', 'HDF5')} {version}".strip(),
        "assembly": attributes.get("genome-assembly"),
        "chromosomes": attributes.get("nchroms"),
        "date": attributes.get("creation-date"),
        **{key: value for key, value in more.items() if key != "command"},
        "by": attributes.get("generated-by"),
        "command": more.get("command"),
    }


def _balancing(level: Any) -> str:
    """The parameters of the weights at the finest resolution."""
    weight = level["bins"].get("weight")
    return "" if weight is None else ", ".join(f"{k} {v}" for k, v in weight.attrs.items())


def _level(name: str, level: Any) -> list[str]:
    counts = (level.attrs.get(key) for key in ("nbins", "nnz", "sum"))
    columns = [key for key in level["bins"] if key not in ("chrom", "start", "end")]
    weight = level["bins"].get("weight")
    balanced = "" if weight is None else ("yes" if weight.attrs.get("converged", True) else "no")
    size = str(level.attrs.get("bin-size", "?")) if not name.isdigit() else name
    shown = ("?" if count is None else f"{int(count):,}" for count in counts)
    return [size, *shown, ",".join(columns) or "none", balanced or "no"]


def _hic(path: Path) -> str:
    from hicloom.formats.hic import HicFile

    with HicFile(path) as file:
        header, norms = file.header, dict.fromkeys(key.norm for key in file.norms)
    told = {
        "format": "hic",
        "assembly": header.assembly,
        "chromosomes": _genome(header.chromsizes),
        "resolutions": " ".join(map(str, header.resolutions)),
        "norms": " ".join(norms) or "none",
        **{k: v for k, v in header.attributes.items() if k != "software" and len(v) < 200},
    }
    made = header.attributes.get("software")
    return _told(told, [made] if made else [])


def _depth(path: Path) -> str:
    from hicloom.formats import d4

    with d4.open(path) as file:
        parts = [_track(track) for track in file.tracks.values()]
        sizes = next(iter(file.tracks.values())).chromsizes
    whole = {"format": "D4", "chromosomes": _genome(sizes), "tracks": len(parts)}
    return "\n\n".join([_lines(whole), *parts])


def _track(track: Any) -> str:
    made = dict(track.metadata.made)
    told = {"track": track.name or "(the only one)", "denominator": track.denominator}
    command = made.pop("command", None)
    return _told({**told, **made}, [str(command)] if command else [])


def _bigwig(path: Path) -> str:
    from hicloom.formats.bigwig import BigWigReader

    told = {"format": "bigWig", "chromosomes": _genome(BigWigReader(path).chromsizes)}
    return _told(told, [], "not recorded: the format has no place for it")


def _genome(sizes: Mapping[str, int]) -> str:
    return f"{len(sizes):,}, {sum(sizes.values()):,} bp" if sizes else ""


def _told(said: Said, made: list[str], unknown: str = UNKNOWN) -> str:
    """What is known, and below it what made the file, the first step first."""
    steps = [" ".join(step.split()) for step in made] or [unknown]
    return "\n".join([_lines(said), "made by:", *(f"  {step}" for step in steps)])


def _lines(said: Said) -> str:
    texts = {key: _text(value) for key, value in said.items()}
    return "\n".join(f"{key}: {text}" for key, text in texts.items() if text)


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value in (None, {}) else str(value)
