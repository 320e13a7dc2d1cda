"""From sequenced read pairs to final pairs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hicloom.errors import InputError
from hicloom.formats.stats import parse_stats
from hicloom.kernels import pair_counts as kernel
from hicloom.qc.counts import PairCounts


@dataclass(frozen=True)
class Totals:
    """What became of the read pairs.

    Attributes
    ----------
    reads, unmapped, single_sided, mapped, duplicates, unique : int
        All read pairs; of these without a place for any read, for one, for both; of the last,
        duplicates and the others.
    pair_types : dict
        Read pairs by type; empty where the pairs have no column of them.
    """

    reads: int
    unmapped: int
    single_sided: int
    mapped: int
    duplicates: int
    unique: int
    pair_types: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, counts: PairCounts) -> "Totals":
        """Of pairs that hold all of them."""
        lines, unmapped, single, duplicates = counts.totals[: kernel.SAME_TILE].tolist()
        mapped = lines - unmapped - single
        numbers = (lines, unmapped, single, mapped, duplicates, mapped - duplicates)
        return cls(*numbers, counts.kinds)

    @classmethod
    def read(cls, path: Path) -> "Totals":
        """Of statistics that `hicloom dedup` wrote, as TSV or JSON.

        Raises
        ------
        InputError
            If they are not such.
        """
        import json

        keys = ("", "_unmapped", "_single_sided_mapped", "_mapped", "_dups", "_nodups")
        try:
            text = path.read_text()
            tree: dict[str, Any] = json.loads(text) if text[:1] == "{" else parse_stats(text)
            reads, *others = (int(tree[f"total{key}"]) for key in keys)
            unmapped, single, mapped, duplicates, unique = others
            kinds = tree.get("pair_types", {})
            return cls(reads, unmapped, single, mapped, duplicates, unique, kinds)
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror})") from None
        except (ValueError, KeyError, TypeError):
            raise InputError(
                f"{path}: expected statistics with total, total_unmapped ... total_nodups;"
                " hicloom dedup --stats writes them"
            ) from None

    def document(self) -> dict[str, int]:
        """As it stands in JSON, without the types."""
        return {
            "reads": self.reads,
            "unmapped": self.unmapped,
            "single_sided": self.single_sided,
            "mapped": self.mapped,
            "duplicates": self.duplicates,
            "unique": self.unique,
        }
