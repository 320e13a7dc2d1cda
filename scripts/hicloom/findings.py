"""What a validator found wrong in a file: every kind of violation, its first place, a count."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass
class Violation:
    """One kind of violation.

    Attributes
    ----------
    kind : str
        What is wrong, the same words for every occurrence.
    first : str
        Where it occurs first, such as `line 17`.
    detail : str
        What stands there; may be empty.
    count : int
    """

    kind: str
    first: str
    detail: str
    count: int

    def __str__(self) -> str:
        times = "once" if self.count == 1 else f"{self.count} times, first"
        return f"{self.kind}: {times} at {self.first}" + (f": {self.detail}" * bool(self.detail))


class Findings:
    """The violations of one file, in the order in which their kinds came up."""

    def __init__(self) -> None:
        self._by_kind: dict[str, Violation] = {}

    def __bool__(self) -> bool:
        return bool(self._by_kind)

    def __contains__(self, kind: str) -> bool:
        return kind in self._by_kind

    @property
    def violations(self) -> list[Violation]:
        """One for each kind."""
        return list(self._by_kind.values())

    def add(self, kind: str, first: str, detail: str = "", count: int = 1) -> None:
        """Count `count` more of a kind; place and detail are kept for the first only."""
        if count <= 0:
            return
        known = self._by_kind.setdefault(kind, Violation(kind, first, detail, 0))
        known.count += count

    def discard(self, kind: str) -> None:
        """Forget what was noted of a kind."""
        self._by_kind.pop(kind, None)

    def add_rows(
        self,
        kind: str,
        wrong: "NDArray[np.bool_]",
        numbers: "NDArray[np.int64]",
        values: Any = None,
    ) -> None:
        """Count the rows where `wrong` (bool, shape (rows,)) holds.

        Parameters
        ----------
        numbers : int64 array of shape (rows,)
            Line number of each row.
        values : indexable by row, optional
            What to show of the first one.
        """
        if not wrong.any():
            return
        row = int(wrong.argmax())
        detail = "" if values is None else f"found '{_text(values[row])}'"
        self.add(kind, f"line {numbers[row]}", detail, int(wrong.sum()))


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
