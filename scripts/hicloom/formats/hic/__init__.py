"""Hic files (Juicer's format): written in version 8, read in versions 7 and 8.

Layout: https://github.com/aidenlab/hic-format/blob/master/HiCFormatV8.md. Blocks, expected
counts and norms are those of juicer_tools 1.11.09; bins are (pos - 1) // resolution, and names
stay as they are. Resolutions are in base pairs only.
"""

from hicloom.formats.hic.chromosomes import CIS
from hicloom.formats.hic.expected import Expected
from hicloom.formats.hic.footer import NormKey
from hicloom.formats.hic.genome_wide import GENOME_WIDE
from hicloom.formats.hic.norms import add_norms
from hicloom.formats.hic.reader import HicFile
from hicloom.formats.hic.report import report_norms
from hicloom.formats.hic.stripes import Order
from hicloom.formats.hic.writer import HicWriter

__all__ = [
    "CIS",
    "GENOME_WIDE",
    "Expected",
    "HicFile",
    "HicWriter",
    "NormKey",
    "Order",
    "add_norms",
    "report_norms",
]
