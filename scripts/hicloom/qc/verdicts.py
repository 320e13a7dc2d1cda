"""What numbers mean: good, worth a look, or bad, by limits that say where they are from."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Verdict = Literal["good", "look", "bad"]
Basis = Literal["published", "rule of thumb"]

ORDER: tuple[Verdict, ...] = ("good", "look", "bad")

PAIRSQC = "pairsqc 0.2.3, plot.r (https://github.com/4dn-dcic/pairsqc)"
RAO = f"{PAIRSQC}, after Rao et al. 2014, Cell 159:1665"
DOVETAIL = "Dovetail (https://dovetail-capture.readthedocs.io/en/latest/library_qc.html)"
OURS = "rule of thumb of hicloom's authors"


@dataclass(frozen=True)
class Rule:
    """A metric and its limits.

    Attributes
    ----------
    id, label, unit : str
        Name in files, name for people, and unit.
    good, look : float
        Limits: at `good` or better it is good, at `look` or better worth a look, else bad.
    higher : bool
        Whether more is better.
    basis : {"published", "rule of thumb"}
        Of the limit `good`.
    source : str
        Where the limits are from.
    texts : dict
        A sentence for each verdict; `{value}` is the number with its unit.
    """

    id: str
    label: str
    unit: str
    good: float
    look: float
    higher: bool
    basis: Basis
    source: str
    texts: dict[Verdict, str]

    def judge(self, value: float) -> Verdict:
        """The verdict on a value."""
        sign = 1 if self.higher else -1
        if sign * value >= sign * self.good:
            return "good"
        return "look" if sign * value >= sign * self.look else "bad"

    def threshold(self) -> str:
        """The limits in words."""
        more, less = (">=", "<") if self.higher else ("<=", ">")
        good, look = (f"{limit:,g}{_space(self.unit)}" for limit in (self.good, self.look))
        if self.good == self.look:
            return f"good {more} {good}, else bad"
        return f"good {more} {good}, look {more} {look}, bad {less} {look}"

    def metric(self, value: float | None, reason: str | None = None) -> "Metric":
        """The metric of a value; of None with the reason why there is none."""
        parts = (self.id, self.label, value, self.unit)
        if value is None:
            why = f"Not judged: {reason}."
            return Metric(*parts, None, self.threshold(), why, self.source, self.basis)
        verdict = self.judge(value)
        why = self.texts[verdict].format(value=f"{_rounded(value)}{_space(self.unit)}")
        return Metric(*parts, verdict, self.threshold(), why, self.source, self.basis)


@dataclass(frozen=True)
class Metric:
    """A number with its verdict: a row of `metrics` in JSON. None is what cannot be said."""

    id: str
    label: str
    value: float | int | str | None
    unit: str
    verdict: Verdict | None
    threshold: str
    why: str
    source: str
    basis: Basis

    def document(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return asdict(self)


def worst(metrics: Iterable[Metric]) -> Verdict | None:
    """The worst verdict of all; None if nothing was judged."""
    verdicts = [metric.verdict for metric in metrics if metric.verdict]
    return max(verdicts, key=ORDER.index) if verdicts else None


def _space(unit: str) -> str:
    return unit if unit in ("", "%") else f" {unit}"


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
