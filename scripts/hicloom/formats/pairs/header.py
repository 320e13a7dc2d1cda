"""The header of a pairs file (4DN pairs format specification, version 1.0)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from hicloom.errors import InputError

FORMAT_LINE = "## pairs format v1.0"
SORTED = "chr1-chr2-pos1-pos2"
UPPER_TRIANGLE = "upper triangle"
COLUMNS = ("readID", "chrom1", "pos1", "chrom2", "pos2", "strand1", "strand2", "pair_type")
_FIRST_LINE = re.compile(r"## ?pairs format v1(\.\d+)*$")
_SPEC_NAMES = {"chr1": "chrom1", "chr2": "chrom2"}


@dataclass(frozen=True)
class Header:
    """A parsed header.

    Both dialects are read: the specification's `chr1`, `chr2` and pairtools' `chrom1`,
    `chrom2`. `columns` always holds pairtools' names, and these are written.

    Attributes
    ----------
    fields : tuple of str
        The lines between the first one and `#columns:`, as they stand in the file.
    columns : tuple of str
        Names of the columns, in file order.
    """

    fields: tuple[str, ...]
    columns: tuple[str, ...]

    @classmethod
    def parse(cls, lines: Iterable[str], source: str) -> "Header":
        """Parse header lines (without line ends); `source` names the file in errors.

        Raises
        ------
        InputError
            If the first line or `#columns:` is missing or wrong.
        """
        lines = list(lines)
        if not lines or not _FIRST_LINE.match(lines[0].rstrip()):
            raise InputError(
                f"{source}, line 1: expected '{FORMAT_LINE}'; is this a pairs file? "
                "(hicloom convert-pairs reads Juicer's and HiC-Pro's formats)"
            )
        columns = [line for line in lines if line.startswith("#columns:")]
        if not columns:
            raise InputError(f"{source}: the header has no '#columns:' line; add one")
        names = tuple(_SPEC_NAMES.get(name, name) for name in columns[-1].split()[1:])
        if names[1:5] != COLUMNS[1:5]:
            raise InputError(
                f"{source}: '#columns:' must begin with readID chrom1 pos1 chrom2 pos2, "
                f"but says {' '.join(names[:5])}"
            )
        fields = tuple(line for line in lines[1:] if not line.startswith("#columns:"))
        header = cls(fields, names)
        header._check_chromsizes(source)
        return header

    @classmethod
    def new(
        cls, chromsizes: dict[str, int], columns: tuple[str, ...], assembly: str = "unknown"
    ) -> "Header":
        """A header for sorted upper-triangular pairs; lengths of `chromsizes` in bp."""
        return cls(
            (
                f"#sorted: {SORTED}",
                f"#shape: {UPPER_TRIANGLE}",
                f"#genome_assembly: {assembly}",
                *(f"#chromsize: {name} {length}" for name, length in chromsizes.items()),
            ),
            columns,
        )

    def value(self, key: str) -> str | None:
        """What stands behind the first `#key:`, or None."""
        prefix = f"#{key}:"
        found = (line[len(prefix) :].strip() for line in self.fields if line.startswith(prefix))
        return next(found, None)

    @property
    def sorted(self) -> str | None:
        """The declared order of the rows, such as `chr1-chr2-pos1-pos2`."""
        return self.value("sorted")

    @property
    def shape(self) -> str | None:
        """The declared triangle, such as `upper triangle`."""
        return self.value("shape")

    @property
    def assembly(self) -> str | None:
        """The genome assembly's name."""
        return self.value("genome_assembly")

    @property
    def chromsizes(self) -> dict[str, int]:
        """Lengths (bp) of the chromosomes, in the order that defines the upper triangle."""
        rows = (line.split() for line in self.fields if line.startswith("#chromsize:"))
        return {name: int(length) for _, name, length in rows}

    def index(self, column: str, source: str = "the pairs") -> int:
        """0-based place of a column, by its name in either dialect.

        Raises
        ------
        InputError
            If there is no such column.
        """
        name = _SPEC_NAMES.get(column, column)
        if name not in self.columns:
            raise InputError(
                f"{source}: no column '{column}'; the columns are {' '.join(self.columns)}"
            )
        return self.columns.index(name)

    def with_values(self, **values: str) -> "Header":
        """The same header with `#key: value` lines replaced, or added in front."""
        fields = list(self.fields)
        for key, value in values.items():
            line = f"#{key}: {value}"
            places = [i for i, field in enumerate(fields) if field.startswith(f"#{key}:")]
            if places:
                fields[places[0]] = line
            else:
                fields.insert(0, line)
        return replace(self, fields=tuple(fields))

    def with_chromsizes(self, chromsizes: dict[str, int]) -> "Header":
        """The same header for these chromosomes only, in this order."""
        kept = [f for f in self.fields if not f.startswith(("#chromsize:", "#chromosomes:"))]
        places = [i for i, f in enumerate(self.fields) if f.startswith("#chromsize:")]
        at = places[0] if places else len(kept)
        kept[at:at] = [f"#chromsize: {name} {length}" for name, length in chromsizes.items()]
        return replace(self, fields=tuple(kept))

    def with_columns(self, *names: str) -> "Header":
        """The same header with exactly these columns."""
        return replace(self, columns=names)

    def with_command(self, command: str) -> "Header":
        """The same header with a line more that says what made the file."""
        return replace(self, fields=(*self.fields, f"#command: {' '.join(command.split())}"))

    def encode(self) -> bytes:
        """The header as it stands in a file, with its line ends."""
        lines = (FORMAT_LINE, *self.fields, f"#columns: {' '.join(self.columns)}")
        return "".join(f"{line}\n" for line in lines).encode()

    def _check_chromsizes(self, source: str) -> None:
        seen = set()
        for line in self.fields:
            if not line.startswith("#chromsize:"):
                continue
            words = line.split()
            if len(words) != 3 or not words[2].isdigit() or int(words[2]) == 0:
                raise InputError(f"{source}: expected '#chromsize: NAME LENGTH', found '{line}'")
            if words[1] in seen:
                raise InputError(f"{source}: chromosome {words[1]} stands twice in the header")
            seen.add(words[1])
