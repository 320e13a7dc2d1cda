"""Pairs files (4DN pairs format specification, version 1.0)."""

from hicloom.formats.pairs.block import Block
from hicloom.formats.pairs.header import COLUMNS, FORMAT_LINE, SORTED, UPPER_TRIANGLE, Header
from hicloom.formats.pairs.order import OrderCheck, TriangleCheck
from hicloom.formats.pairs.places import PlaceCheck
from hicloom.formats.pairs.reader import PairsReader, open_pairs
from hicloom.formats.pairs.writer import PairsWriter, create_pairs, index_path

__all__ = [
    "COLUMNS",
    "FORMAT_LINE",
    "SORTED",
    "UPPER_TRIANGLE",
    "Block",
    "Header",
    "OrderCheck",
    "PairsReader",
    "PairsWriter",
    "PlaceCheck",
    "TriangleCheck",
    "create_pairs",
    "index_path",
    "open_pairs",
]
