"""The D4 format: container, metadata, every block of both tables, and our index."""

from pathlib import Path

import numpy as np

from hicloom.errors import InputError
from hicloom.findings import Findings
from hicloom.formats import d4
from hicloom.formats.d4.indexing import bins_of


def validate_d4(path: Path, findings: Findings) -> None:
    """Read all of a D4 file; what its index states is compared with the data."""
    try:
        with d4.open(path, use_index=False) as plain, d4.open(path) as indexed:
            for name, track in plain.tracks.items():
                _check_track(track, indexed.tracks[name], findings)
    except InputError as error:
        findings.add("unreadable", "the start", str(error))


def _check_track(plain: d4.Track, indexed: d4.Track, findings: Findings) -> None:
    for chrom, size in plain.chromsizes.items():
        where = f"track '{plain.name}', {chrom}" if plain.name else chrom
        try:
            for _ in plain.runs(chrom) if size else ():
                pass
            if indexed.index:
                found = indexed.index.bins(chrom, 0, -(-size // indexed.index.bin_size))
                right = bins_of(plain, chrom, indexed.index.bin_size)
                wrong = np.flatnonzero(found != right)
                if len(wrong):
                    findings.add("wrong bin in the index", where, f"bin {wrong[0]}", len(wrong))
        except InputError as error:
            findings.add("unreadable table", where, str(error))
