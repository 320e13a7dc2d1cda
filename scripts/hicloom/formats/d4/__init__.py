"""D4 (Dense Depth Data Dump): depth of every position of a genome, one or several tracks.

    from hicloom.formats import d4

    with d4.open("x.d4") as file:
        depth = file.values("chr1", 0, 1000)

Source: github.com/38/d4-format; Hou, Pedersen & Quinlan 2021, Nat. Comput. Sci. 1, 441.
"""

from hicloom.formats.d4.chromosome_writer import Encoded
from hicloom.formats.d4.dictionary import AnyDictionary, Dictionary, SimpleRange
from hicloom.formats.d4.reader import D4File
from hicloom.formats.d4.reader import open_d4 as open
from hicloom.formats.d4.track import Track
from hicloom.formats.d4.track_writer import Layout, TrackWriter
from hicloom.formats.d4.writer import D4Writer, create_d4

__all__ = [
    "AnyDictionary",
    "D4File",
    "D4Writer",
    "Dictionary",
    "Encoded",
    "Layout",
    "SimpleRange",
    "Track",
    "TrackWriter",
    "create_d4",
    "open",
]
