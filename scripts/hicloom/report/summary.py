"""Is it any good? A sentence for the run, each library and each group."""

from dataclasses import dataclass
from typing import Any

from hicloom.qc.verdicts import ORDER, Metric, worst
from hicloom.report.run import Group, Library, Run
from hicloom.report.words import count, counted, listed, share

VERDICTS = {
    "good": "good",
    "look": "worth a look",
    "bad": "bad",
    "none": "not judged",
    "missing": "no result",
}
"""What is written for each verdict."""

_WORST = ("missing", *reversed(ORDER), "none")


@dataclass(frozen=True)
class Judged:
    """What stands in a card: a verdict, a sentence, and the metrics behind it."""

    name: str
    verdict: str
    sentence: str
    metrics: list[dict[str, Any]]

    @property
    def word(self) -> str:
        """The verdict as it is written."""
        return VERDICTS[self.verdict]


def of_run(run: Run) -> Judged:
    """All libraries in a sentence."""
    verdicts = [library.verdict for library in run.libraries]
    if not verdicts:
        return Judged("", "none", f"{counted(len(run.groups), 'map')}; no library was judged.", [])
    worst_of_all = next(word for word in _WORST if word in verdicts)
    if len(set(verdicts)) == 1:
        many = "Both libraries" if len(verdicts) == 2 else f"All {len(verdicts)} libraries"
        who = "The library" if len(verdicts) == 1 else many
        return Judged("", worst_of_all, f"{who} {_is(len(verdicts), worst_of_all)}.", [])
    parts = [
        f"{number} {_is(number, verdict)}"
        for verdict in ("good", "look", "bad", "none", "missing")
        if (number := verdicts.count(verdict))
    ]
    text = f"Of {counted(len(verdicts), 'library')} {listed(parts)}."
    return Judged("", worst_of_all, text, [])


def of_library(library: Library) -> Judged:
    """Is my library any good?"""
    return Judged(library.name, library.verdict, _sentence(library), library.metrics(*ORDER))


def of_group(
    group: Group, levels: list[dict[str, Any]] | None, found: list[Metric], pairs: int | None
) -> Judged:
    """What there is of a group's maps."""
    without = f" Library {listed(group.failed)} is not in it." if group.failed else ""
    if not group.mcool:
        return Judged(group.name, "missing", f"There is no map of this group.{without}", [])
    text = ""
    if levels:
        text = f"{count(pairs)} pairs in bins of {levels[0]['resolution']:,} bp and more. "
    off = [metric.why for metric in found if metric.verdict in ("look", "bad")]
    text += " ".join(off) if off else " ".join(m.why for m in found if m.verdict == "good")
    rows = [metric.document() for metric in found]
    return Judged(group.name, worst(found) or "none", text + without, rows)


def _is(number: int, verdict: str) -> str:
    if verdict == "missing":
        return "has no result" if number == 1 else "have no result"
    if verdict == "none":
        return "was not judged" if number == 1 else "were not judged"
    return f"{'is' if number == 1 else 'are'} {VERDICTS[verdict]}"


def _sentence(library: Library) -> str:
    document = library.document
    if document is None:
        return (
            "There are no numbers of this library: its steps failed or did not run to their end. "
            "The logs of the run tell why."
        )
    totals = document["totals"]
    if not totals["final"]:
        return "Empty: there is not a single contact."
    kept = f"{count(totals['final'])} unique contacts"
    if totals["reads"] > totals["final"]:
        kept += f" from {count(totals['reads'])} read pairs"
    off = library.metrics("look", "bad")
    if not off:
        far = document["contacts"]["cis_at_least"]["20000"]
        part = share(far, totals["final"])
        return f"{kept}, {part} of them within a chromosome and over more than 20 kb."
    more = len(off) - 1
    rest = (
        f" {counted(more, 'more metric')} {'is' if more == 1 else 'are'} not good." if more else ""
    )
    return f"{kept}. {off[0]['why']}{rest}"
