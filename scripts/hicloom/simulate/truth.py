"""The truth about a simulated read pair, carried in its read name.

A name has six fields between commas and no blank, so that it survives every aligner:

    SIM:1:HICLOOM:1:1101:7:42,42,.,contact,chr1:1200:+:57:u,chr2:88:-:.:u

1. seven colon-separated fields as Illumina writes them (lane, tile, x and y among them);
2. the number of the read pair in its library, from 1;
3. the number of the pair of which this is a PCR duplicate, or `.`;
4. the kind of molecule: `contact`, `circle` (one fragment ligated to itself) or `linear`
   (never ligated; some are dangling ends, which start at a site);
5. and 6. the ends of read 1 and read 2, each `chromosome:position:strand:junction:mapping`.

position : 1-based place of the read's first base (its 5' end), as in a pairs file.
strand : `+` or `-`, of the read.
junction : bases that the read (if it were long enough) has before the ligation junction,
    `.` without one; a read of length L crosses the junction if this is below L.
mapping : `u` if the read's part before the junction is at least 30 bp and most of its
    24-mers are unique in the genome; `r` if not; `x` if it is random sequence that belongs
    nowhere: then chromosome, position and strand are `!:0:-`, as pairtools writes them.

An end is not flipped: read 1's end comes first, wherever it lies.
"""

from dataclasses import dataclass

from hicloom.errors import InputError

KINDS = ("contact", "circle", "linear")


@dataclass(frozen=True)
class End:
    """One read's own end; fields as in the module's text, `junction` None without one."""

    chrom: str
    pos: int
    strand: str
    junction: int | None
    mapping: str

    @property
    def unique(self) -> bool:
        """Whether a mapper can be expected to place it."""
        return self.mapping == "u"


@dataclass(frozen=True)
class Truth:
    """What one simulated read pair is."""

    pair: int
    duplicate_of: int | None
    kind: str
    end1: End
    end2: End

    @property
    def unique(self) -> bool:
        """Whether both ends can be expected to be placed."""
        return self.end1.unique and self.end2.unique


def parse_truth(read_name: str) -> Truth:
    """Parse a simulated read's name (with or without a leading @).

    Raises
    ------
    InputError
        If the name is not one that `hicloom simulate reads` gives.
    """
    try:
        _, pair, twin, kind, end1, end2 = read_name.split(",")
        if kind not in KINDS:
            raise ValueError(kind)
        original = None if twin == "." else int(twin)
        return Truth(int(pair), original, kind, _end(end1), _end(end2))
    except ValueError:
        raise InputError(
            f"read name {read_name!r}: expected a name from 'hicloom simulate reads'"
        ) from None


def _end(text: str) -> End:
    chrom, pos, strand, junction, mapping = text.rsplit(":", 4)
    return End(chrom, int(pos), strand, None if junction == "." else int(junction), mapping)
