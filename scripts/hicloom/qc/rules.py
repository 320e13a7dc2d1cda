"""The metrics of a library, their limits, and what is told of them."""

from hicloom.qc.verdicts import DOVETAIL, OURS, PAIRSQC, RAO, Rule

MAPPED = Rule(
    "mapped", "Both reads placed", "%", 60, 40, True, "rule of thumb", OURS,
    {
        "good": "{value} of the read pairs have a unique place for both reads.",
        "look": "Only {value} of the read pairs have a place for both reads: check read quality, "
        "adapters and whether this is the right genome.",
        "bad": "Only {value} of the read pairs have a place for both reads: wrong genome, "
        "contamination or failed sequencing are likely.",
    },
)  # fmt: skip

DUPLICATES = Rule(
    "duplicates", "Duplicates", "%", 35, 60, False, "published",
    f"{DOVETAIL}: typically 10 % to 35 %; limit of bad: {OURS}",
    {
        "good": "{value} of the placed pairs are copies of others, as is usual.",
        "look": "{value} of the placed pairs are copies: the library is small for this depth.",
        "bad": "{value} of the placed pairs are copies: deeper sequencing gains little; make a "
        "new library from more cells with fewer PCR cycles.",
    },
)  # fmt: skip

CIS_TO_TRANS = Rule(
    "cis_to_trans", "Cis-to-trans ratio (pairsqc)", "%", 40, 40, True, "published", PAIRSQC,
    {
        "good": "{value} of the long-range contacts are within a chromosome, as in intact nuclei.",
        "look": "",
        "bad": "Only {value} of the contacts beyond 20 kb are within a chromosome: many ligations "
        "between chromosomes are random. Small genomes (yeast) are lower by nature.",
    },
)  # fmt: skip

LONG_RANGE = Rule(
    "long_range", "Long-range contacts (> 20 kb, pairsqc)", "%", 40, 15, True, "published", RAO,
    {
        "good": "{value} of the pairs are contacts within a chromosome over more than 20 kb.",
        "look": "{value} of the pairs are contacts within a chromosome over more than 20 kb; "
        "15 % is the least, 40 % is good.",
        "bad": "Only {value} of the pairs are contacts within a chromosome over more than 20 kb: "
        "most sequencing went into pairs that say little of folding.",
    },
)  # fmt: skip

CIS_1KB = Rule(
    "cis_1kb", "Contacts within a chromosome of 1 kb or more", "%", 50, 30, True, "published",
    f"{DOVETAIL}: typically 50 % to 65 %; limit of bad: {OURS}",
    {
        "good": "{value} of the unique pairs are within a chromosome and at least 1 kb apart.",
        "look": "{value} of the unique pairs are within a chromosome and at least 1 kb apart, "
        "fewer than usual.",
        "bad": "Only {value} of the unique pairs are within a chromosome and at least 1 kb apart: "
        "ligation of crosslinked neighbours was poor.",
    },
)  # fmt: skip

YIELD = Rule(
    "yield_of_more", "New pairs from twice the sequencing", "%", 50, 25, True, "rule of thumb",
    OURS,
    {
        "good": "Of the next as many placed pairs {value} would be new: deeper sequencing pays.",
        "look": "Of the next as many placed pairs only {value} would be new.",
        "bad": "Of the next as many placed pairs only {value} would be new: the library is "
        "exhausted; make another one instead.",
    },
)  # fmt: skip

OPTICAL = Rule(
    "optical", "Duplicates from the flow cell", "%", 10, 20, False, "rule of thumb", OURS,
    {
        "good": "{value} of the placed pairs were copied on the flow cell.",
        "look": "{value} of the placed pairs were copied on the flow cell: ask the sequencing "
        "facility about its loading.",
        "bad": "{value} of the placed pairs were copied on the flow cell: it was loaded wrongly. "
        "The library itself may be fine.",
    },
)  # fmt: skip

SLOPE = Rule(
    "slope", "Slope of P(s) from 10 kb to 300 kb (pairsqc)", "", 0.5, 1, False,
    "rule of thumb",
    f"{OURS}; -0.76 in Sanborn et al. 2015, PNAS 112:E6456, -1 in Lieberman-Aiden et al. 2009, "
    "Science 326:289",
    {
        "good": "Contacts fall with distance as they do in interphase nuclei ({value} from -1).",
        "look": "Contacts fall with distance unusually ({value} from a slope of -1): mitotic or "
        "treated cells, or noise.",
        "bad": "Contacts hardly fall, or fall far too steeply, with distance ({value} from a "
        "slope of -1): mostly noise, or mostly unligated DNA.",
    },
)  # fmt: skip

DANGLING = Rule(
    "dangling_ends", "Dangling ends", "%", 10, 20, False, "rule of thumb", OURS,
    {
        "good": "{value} of the unique pairs are unligated ends of one fragment.",
        "look": "{value} of the unique pairs are unligated ends of one fragment: ends were "
        "not all removed or ligated.",
        "bad": "{value} of the unique pairs are unligated ends of one fragment: ligation or the "
        "pull-down of biotin failed.",
    },
)  # fmt: skip

SELF_CIRCLES = Rule(
    "self_circles", "Self circles", "%", 2, 5, False, "rule of thumb", OURS,
    {
        "good": "{value} of the unique pairs are fragments ligated to themselves.",
        "look": "{value} of the unique pairs are fragments ligated to themselves.",
        "bad": "{value} of the unique pairs are fragments ligated to themselves: crosslinking "
        "was poor or ligation too dilute.",
    },
)  # fmt: skip

RELIGATION = Rule(
    "religation", "Re-ligated neighbours", "%", 10, 20, False, "rule of thumb", OURS,
    {
        "good": "{value} of the unique pairs join neighbouring fragments.",
        "look": "{value} of the unique pairs join neighbouring fragments: check the digestion.",
        "bad": "{value} of the unique pairs join neighbouring fragments: digestion was poor.",
    },
)  # fmt: skip


NEVER = (
    "The four strand orientations differ at every distance that has enough pairs: much of the "
    "library is unligated or self-ligated DNA."
)


def convergence_rule(limit: float, source: str) -> Rule:
    """Of the distance (bp) at which orientations agree: good up to `limit`, bad beyond tenfold."""
    return Rule(
        "orientation_convergence", "Strand orientations agree from", "bp", limit, 10 * limit,
        False, "published", f"{source}; limit of bad: {OURS}",
        {
            "good": "From {value} on the four strand orientations are equally frequent: pairs "
            "beyond are true ligations.",
            "look": "Only from {value} on the four strand orientations are equally frequent: "
            "closer pairs are partly unligated DNA; do not use bins smaller than that.",
            "bad": "The four strand orientations differ up to {value}: much of the library is "
            "unligated or self-ligated DNA.",
        },
    )  # fmt: skip
