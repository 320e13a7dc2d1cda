import json as json_module
from typing import TYPE_CHECKING, Any

from hicloom.steps.d4._shared import opened

if TYPE_CHECKING:
    from hicloom.formats.d4 import Track


def ls(d4: str, /, *, chromsizes: bool = False, json: bool = False) -> None:
    """List the tracks of a D4 file: how they are stored, and what made them.

    Parameters
    ----------
    d4 : str
        A D4 file, or the http(s) URL of one.
    chromsizes : bool
        List the chromosomes and their lengths instead.
    json : bool
        Print a JSON object for each track instead, with all that is known.

    Raises
    ------
    InputError
        If the file is no D4, or damaged.
    """
    with opened(d4) as file:
        if chromsizes:
            for name, size in file.chromsizes.items():
                print(f"{name}\t{size}")
            return
        rows = [_described(track) for track in file.tracks.values()]
    if json:
        for row in rows:
            print(json_module.dumps(row, ensure_ascii=False))
        return
    shown = [name for name in rows[0] if name != "made"]
    print("\t".join(["#track", *shown[1:], "command"]))
    for row in rows:
        command = row["made"].get("command", "")
        print("\t".join([str(row[name]) for name in shown] + [str(command)]))


def _described(track: "Track") -> dict[str, Any]:
    from hicloom.formats.d4 import SimpleRange

    dictionary = track.metadata.dictionary
    if isinstance(dictionary, SimpleRange):
        held = f"{dictionary.low}-{dictionary.high}"
    else:
        held = ",".join(map(str, dictionary.values))
    return {
        "track": track.name or ".",
        "chromosomes": len(track.chromsizes),
        "bp": sum(track.chromsizes.values()),
        "dictionary": held,
        "records": "deflated" if track.table.compressed else "raw",
        "denominator": track.denominator or 1,
        "index": "yes" if track.index else "no",
        "made": dict(track.metadata.made),
    }
