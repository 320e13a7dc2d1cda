"""Cool and mcool files (cooler's HDF5 schema, version 3)."""

from hicloom.formats.cool.bins import BinTable, UnequalBins
from hicloom.formats.cool.chunks import Workers
from hicloom.formats.cool.files import (
    extent,
    open_cool,
    resolutions,
    split_uri,
)
from hicloom.formats.cool.mcool import McoolWriter, create_mcool
from hicloom.formats.cool.pixels import PixelReader
from hicloom.formats.cool.tables import store_column
from hicloom.formats.cool.writer import CoolWriter, create_cool, write_cool

__all__ = [
    "BinTable",
    "CoolWriter",
    "McoolWriter",
    "PixelReader",
    "UnequalBins",
    "Workers",
    "create_cool",
    "create_mcool",
    "extent",
    "open_cool",
    "resolutions",
    "split_uri",
    "store_column",
    "write_cool",
]
