"""The .px2 index against its pairs file, by content: every chromosome pair, every offset."""

from pathlib import Path

import numpy as np

from hicloom.errors import InputError
from hicloom.findings import Findings
from hicloom.formats.pairs.indexed import build_index
from hicloom.formats.px2 import Px2, read_px2


def validate_px2(path: Path, findings: Findings, pairs: Path) -> None:
    """Compare the index with one made now from `pairs`.

    Times of the files mean nothing, for copying changes them.
    """
    try:
        index = read_px2(path)
    except InputError as error:
        findings.add("unreadable index", "the start", str(error))
        return
    try:
        right, _ = build_index(pairs)
    except InputError as error:
        findings.add("pairs that cannot be indexed", str(pairs), str(error))
        return
    _compare(index, right, findings)


def _compare(index: Px2, right: Px2, findings: Findings) -> None:
    if index.lines != right.lines:
        detail = f"the index says {index.lines}, the file has {right.lines}"
        findings.add("wrong number of lines", "the header", detail)
    for pair in right.runs.keys() - index.runs.keys():
        findings.add("chromosome pair missing in the index", pair)
    for pair in index.runs.keys() - right.runs.keys():
        findings.add("chromosome pair missing in the file", pair)
    for pair, runs in right.runs.items():
        if pair not in index.runs:
            continue
        found = index.runs[pair]
        common, one, two = np.intersect1d(found["bin"], runs["bin"], return_indices=True)
        extra = len(found) + len(runs) - 2 * len(common)
        findings.add("bin that only the index or only the file has", pair, count=extra)
        moved = np.flatnonzero(found["begin"][one] != runs["begin"][two])
        if len(moved):
            row = moved[0]
            detail = (
                f"bin {common[row]} starts at {found['begin'][one[row]]} in the index, at "
                f"{runs['begin'][two[row]]} in the file (virtual offsets)"
            )
            findings.add("wrong offset", pair, detail, len(moved))
