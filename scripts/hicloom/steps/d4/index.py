import sys
from pathlib import Path

from hicloom.options import Output
from hicloom.steps.d4._shared import opened


def index(d4: Path, /, *, output: Output | None = None, d4tools: bool = False) -> None:
    """Add an index to a D4 file: `d4 stat` and `d4 plot` then read only what they must.

    It holds sum, least and greatest value of bins of 16,384 bp and where the compressed
    records lie. d4tools passes over it. An index that is there is made anew.

    Parameters
    ----------
    d4 : Path
        A D4 file of one or several tracks.
    output : Path, optional
        Where to write (default: the file itself is replaced, at once and whole).
    d4tools : bool
        Add the sums that d4tools knows instead (for its `stat` over HTTP). With them d4tools
        answers regions within 65,536 bp wrongly: use its `--no-index` there.

    Raises
    ------
    InputError
        If the file is no D4, or damaged.
    """
    from hicloom.formats.d4.assembly import assemble
    from hicloom.formats.d4.indexing import d4tools_index, own_index

    make = d4tools_index if d4tools else own_index
    with opened(str(d4), use_index=False) as file:
        extra = {name: make(track) for name, track in file.tracks.items()}
        assemble(output or d4, file.tracks, extra)
    if d4tools:
        print(
            "d4tools stat answers regions within 65,536 bp wrongly where this index is; "
            "use its --no-index for them",
            file=sys.stderr,
        )
