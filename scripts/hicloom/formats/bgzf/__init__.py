"""BGZF: gzip in blocks of at most 64 KiB, so that any place can be reached (SAM spec, 4.1).

A place of the text is given by its *offset* (bytes of text before it, int64) or by its
*virtual offset* (uint64: where its block starts in the file, shifted left by 16, plus the
place within the block).
"""

from hicloom.formats.bgzf.blocks import BLOCK, EOF_BLOCK, BlockOffsets
from hicloom.formats.bgzf.reader import BgzfReader, gunzip, has_eof, is_bgzf, require_bgzf
from hicloom.formats.bgzf.writer import LEVEL, BgzfWriter

__all__ = [
    "BLOCK",
    "EOF_BLOCK",
    "LEVEL",
    "BgzfReader",
    "BgzfWriter",
    "BlockOffsets",
    "gunzip",
    "has_eof",
    "is_bgzf",
    "require_bgzf",
]
