import os
from collections.abc import Iterator
from contextlib import contextmanager

from hicloom.errors import InputError
from hicloom.options import Output
from hicloom.outputs import atomic, scratch

ENDINGS = (".png", ".pdf", ".svg")


def plot(
    cool: str,
    /,
    *,
    output: Output,
    region: str | None = None,
    resolution: int | None = None,
    balanced: bool = True,
    title: str | None = None,
) -> None:
    """Draw a contact map.

    Parameters
    ----------
    cool : str
        A .cool or .mcool, or one of the maps of an .mcool: `x.mcool::/resolutions/1000`.
    output : Path
        The picture: .png, .pdf or .svg.
    region : str, optional
        What to show, such as `chr1:1,000,000-2,000,000` or `chr1` (default: the genome).
    resolution : int, optional
        Bin size in bp (default: the finest that is not mostly empty nor has too many bins).
    balanced : bool
        Show balanced contacts; `--no-balanced` shows the counts.
    title : str, optional
        Title (default: name of the file, region, resolution).

    Raises
    ------
    InputError
        If the region is not on the map, the map has no such resolution, or matplotlib is
        not installed.
    """
    from hicloom.formats.cool import split_uri
    from hicloom.matrix.viewing import bp_text, chosen_map, view_of

    if output.suffix not in ENDINGS:
        raise InputError(f"{output}: expected a name that ends in {', '.join(ENDINGS)}")
    with matplotlib_folder(), atomic(output) as (part,):
        try:
            from hicloom.matrix.drawing import draw
        except ImportError:
            raise InputError("matplotlib is not installed: pip install matplotlib") from None
        clr = chosen_map(cool, region, resolution)
        view = view_of(clr, region, balanced)
        name = f"{split_uri(cool)[0].stem}, {region or 'whole genome'}, {bp_text(clr.binsize)}"
        draw(view, part, title or name)


@contextmanager
def matplotlib_folder() -> Iterator[None]:
    """A folder for matplotlib's caches that goes when the picture is drawn."""
    if "MPLCONFIGDIR" in os.environ:
        yield
        return
    with scratch() as folder:
        os.environ["MPLCONFIGDIR"] = str(folder)
        try:
            yield
        finally:
            del os.environ["MPLCONFIGDIR"]
