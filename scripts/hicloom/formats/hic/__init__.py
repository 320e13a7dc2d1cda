"""Hic files (Juicer's format): written in version 8, read in versions 7 and 8.

Layout: https://github.com/aidenlab/hic-format/blob/master/HiCFormatV8.md. Blocks, expected
counts and norms are those of juicer_tools 1.11.09; bins are (pos - 1) // resolution, and names
stay as they are. Resolutions are in base pairs, or in restriction fragments (`FRAG`).
"""

from hicloom.formats.hic.chromosomes import CIS
from hicloom.formats.hic.expected import Expected
from hicloom.formats.hic.footer import NormKey
from hicloom.formats.hic.genome_wide import GENOME_WIDE, LEAST_GENOME_WIDE
from hicloom.formats.hic.grid import BP, FRAG
from hicloom.formats.hic.header import NO_FRAGMENTS, Fragments, Header
from hicloom.formats.hic.norms import add_norms, memory_for_norms, norm_values
from hicloom.formats.hic.reader import HicFile
from hicloom.formats.hic.report import report_norms
from hicloom.formats.hic.stripes import Order
from hicloom.formats.hic.writer import HicWriter, least_memory

__all__ = [
    "BP",
    "CIS",
    "FRAG",
    "GENOME_WIDE",
    "LEAST_GENOME_WIDE",
    "NO_FRAGMENTS",
    "Expected",
    "Fragments",
    "Header",
    "HicFile",
    "HicWriter",
    "NormKey",
    "Order",
    "add_norms",
    "least_memory",
    "memory_for_norms",
    "norm_values",
    "report_norms",
]
