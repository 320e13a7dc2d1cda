"""Restriction enzymes of Hi-C protocols and the motifs that they cut.

Cut places are those of REBASE (rebase.neb.com); the Arima mixes' motifs are those of the
kits' user guides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hicloom.errors import InputError
from hicloom.kernels.sites import IUPAC, reverse_complement


@dataclass(frozen=True)
class Site:
    """A motif and where the top strand is cut.

    Attributes
    ----------
    motif : str
        IUPAC letters, upper case.
    cut : int
        Bases of the motif before the cut: 1 for A^AGCTT.
    """

    motif: str
    cut: int


def _sites(*marked: str) -> tuple[Site, ...]:
    return tuple(Site(mark.replace("^", ""), mark.index("^")) for mark in marked)


ENZYMES: dict[str, tuple[Site, ...]] = {
    "HindIII": _sites("A^AGCTT"),
    "DpnII": _sites("^GATC"),
    "MboI": _sites("^GATC"),
    "Sau3AI": _sites("^GATC"),
    "MseI": _sites("T^TAA"),
    "NcoI": _sites("C^CATGG"),
    "NlaIII": _sites("CATG^"),
    "BglII": _sites("A^GATCT"),
    "EcoRI": _sites("G^AATTC"),
    "CviAII": _sites("C^ATG"),
    "Csp6I": _sites("G^TAC"),
    "HinfI": _sites("G^ANTC"),
    "DdeI": _sites("C^TNAG"),
    "Arima": _sites("^GATC", "G^ANTC"),
    "Arima2": _sites("^GATC", "G^ANTC", "C^TNAG", "T^TAA"),
}

NO_ENZYME = ("none", "DNase", "Micro-C", "MNase")
"""Protocols that cut anywhere."""


def enzyme_sites(name: str) -> tuple[Site, ...]:
    """The sites of an enzyme, or of a mix of several; case does not matter.

    Raises
    ------
    InputError
        If the name is unknown, or one of a protocol that has no sites.
    """
    folded = name.casefold()
    for known, sites in ENZYMES.items():
        if known.casefold() == folded:
            return sites
    if folded in (protocol.casefold() for protocol in NO_ENZYME):
        raise InputError(f"--enzyme {name}: cuts anywhere, so there are no fragments to list")
    raise InputError(
        f"--enzyme {name}: unknown; expected one of {', '.join(ENZYMES)}, or give --motif"
    )


def site_length(name: str) -> str:
    """`4` or `6`: the bases of the shortest site of an enzyme; nothing if it cuts anywhere.

    Letters that stand for any base do not count: G^ANTC is as frequent as a site of four.

    Raises
    ------
    InputError
        If the name is unknown.
    """
    if name.casefold() in (protocol.casefold() for protocol in NO_ENZYME):
        return ""
    shortest = min(sum(letter != "N" for letter in site.motif) for site in enzyme_sites(name))
    return "4" if shortest < 6 else "6"


def motif_sites(motifs: Sequence[str]) -> tuple[Site, ...]:
    """Sites of motifs such as `GATC` or `A^AGCTT`; without `^` the cut is before the motif.

    A motif that reads otherwise on the other strand is looked for there too.

    Raises
    ------
    InputError
        If a motif is empty, or holds a letter that is no IUPAC base.
    """
    sites: dict[Site, None] = {}
    for marked in motifs:
        motif = marked.upper().replace("^", "").replace("U", "T")
        if not motif or not set(motif) <= set(IUPAC) or marked.count("^") > 1:
            raise InputError(
                f"--motif {marked}: expected IUPAC letters ({''.join(IUPAC)}) with at most one ^"
            )
        cut = max(marked.find("^"), 0)
        sites[Site(motif, cut)] = None
        other = reverse_complement(motif)
        if other != motif:
            sites[Site(other, len(motif) - cut)] = None
    return tuple(sites)
