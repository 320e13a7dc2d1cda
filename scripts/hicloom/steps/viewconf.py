import json
from pathlib import Path

from hicloom.options import Output
from hicloom.outputs import atomic


def viewconf(file: Path, /, *files: Path, output: Output, region: str | None = None) -> None:
    """Write what HiGlass is to show of maps and depth: a viewconf.

    Maps stand side by side, those of the same chromosomes move together, each below the depth
    of its genome and beside the names of its chromosomes. `hicloom view` shows it; and so does
    a server of HiGlass that has the files under their names, with `-` for each dot.

    Parameters
    ----------
    file : Path
        An .mcool, .cool, .hic, bigWig or D4 file.
    files : Path
        More of them.
    output : Path
        The viewconf (.json).
    region : str, optional
        What is in view first: `chr1:1-20,000`, or of two sides `chr1|chr2:5-20` (1-based, both
        included; default: the genome).

    Raises
    ------
    InputError
        If a file cannot be shown, or the region is not on its chromosomes.
    """
    from hicloom.higlass.files import open_tilesets
    from hicloom.higlass.viewconf import viewconf as composed

    conf = composed(open_tilesets([file, *files]), region)
    with atomic(output) as (part,):
        part.write_text(json.dumps(conf, indent=1) + "\n")
