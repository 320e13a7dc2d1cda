"""What a track of a D4 says of itself: chromosomes, dictionary, denominator, what made it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hicloom.formats.d4.dictionary import AnyDictionary, parse_dictionary

LONGEST = 1 << 31
"""Longest chromosome (bp)."""

OURS = "hicloom"
"""The key under which what made a track is kept; other readers pass over it."""


@dataclass(frozen=True)
class Metadata:
    """Metadata of one track.

    Attributes
    ----------
    chromsizes : mapping of str to int
        Lengths (bp), in the order of the tables.
    dictionary : SimpleRange or Dictionary
    denominator : float, optional
        By which stored values are divided.
    made : mapping
        What made the track: command, filters...; any JSON.
    """

    chromsizes: Mapping[str, int]
    dictionary: AnyDictionary
    denominator: float | None = None
    made: Mapping[str, Any] = field(default_factory=dict)

    def encode(self) -> bytes:
        """As JSON, with the NUL bytes that end it."""
        chromosomes = [{"name": n, "size": s} for n, s in self.chromsizes.items()]
        stated: dict[str, Any] = {"chrom_list": chromosomes, "dictionary": self.dictionary.json()}
        divided = self.denominator is not None
        stated["denominator"] = {"Value": float(self.denominator)} if divided else "One"  # type: ignore[arg-type]
        if self.made:
            stated[OURS] = dict(self.made)
        return as_json(stated)


def as_json(stated: object) -> bytes:
    """Compact JSON with NUL bytes at its end, without which d4tools waits for ever."""
    return json.dumps(stated, separators=(",", ":")).encode() + bytes(16)


def from_json(payload: bytes) -> Any:
    """What `as_json` wrote.

    Raises
    ------
    ValueError
        If it is no JSON.
    """
    try:
        return json.loads(payload.rstrip(b"\0"))
    except (ValueError, RecursionError):
        raise ValueError("no JSON where the metadata should be") from None


def decode(payload: bytes) -> Metadata:
    """The metadata that a `.metadata` stream holds.

    Raises
    ------
    ValueError
        If they are none.
    """
    match from_json(payload):
        case {"chrom_list": list(chromosomes), "dictionary": dictionary, **more}:
            sizes = dict(_chromosome(stated) for stated in chromosomes)
            if len(sizes) < len(chromosomes):
                raise ValueError("a chromosome is named twice")
            made = more.get(OURS)
            return Metadata(
                sizes,
                parse_dictionary(dictionary),
                _denominator(more.get("denominator", "One")),
                made if isinstance(made, dict) else {},
            )
    raise ValueError("the metadata state no chromosomes")


def _chromosome(stated: Any) -> tuple[str, int]:
    match stated:
        case {"name": str(name), "size": int(size)} if 0 <= size <= LONGEST:
            return name, size
    raise ValueError("the metadata state a chromosome without name or size (0 to 2^31 bp)")


def _denominator(stated: Any) -> float | None:
    match stated:
        case "One":
            return None
        case {"Value": float() | int() as value} if 0 < value < float("inf"):
            return float(value)
    raise ValueError("the metadata state no denominator")
