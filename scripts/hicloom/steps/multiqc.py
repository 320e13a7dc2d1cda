from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hicloom import __version__
from hicloom.errors import InputError, WorkError
from hicloom.options import Output
from hicloom.outputs import atomic_folder
from hicloom.process import run, tool

if TYPE_CHECKING:
    from hicloom.qc.multiqc import Map

_REPORT = "multiqc_report.html"
_CONTENT = "content"
_DATA = "multiqc_data"
# Names are cut nowhere but at what hicloom calls its tables.
_SETTINGS = rf"""
fn_clean_exts: [{{type: regex, pattern: '(\.[^.]+)?\.stats\.tsv$'}}]
fn_clean_trim: []
module_order: [custom_content, pairtools]
show_analysis_paths: false
software_versions: {{hicloom: ["{__version__}"]}}
"""


def multiqc(
    *,
    output: Output,
    qc: Sequence[Path] = (),
    stats: Sequence[Path] = (),
    mcool: Sequence[Path] = (),
    hic: Sequence[Path] = (),
) -> None:
    """Show libraries and maps in a report of MultiQC, without the network.

    MultiQC reads the tables of pairtools by itself. What it knows nothing of, it is given as
    custom content: P(s), complexity and metrics of libraries, and of maps whether they are
    balanced and have their norms.

    Parameters
    ----------
    output : Path
        Folder for `multiqc_report.html`, `multiqc_data` (every number as JSON) and `content`
        (what MultiQC was given). One that is there already is replaced.
    qc : sequence of Path
        Libraries, as `hicloom stats --output` or `hicloom dedup --qc` writes them.
    stats : sequence of Path
        Tables of `pairtools stats`, as `hicloom dedup --stats` writes them.
    mcool : sequence of Path
        Maps; they are called by the group and the filter in `GROUP.ASSEMBLY.FILTER.mcool`.
    hic : sequence of Path
        The same maps for Juicebox.

    Raises
    ------
    InputError
        If nothing is given, a file is not what it should be, or MultiQC is not installed.
    WorkError
        If MultiQC fails.
    """
    from hicloom.qc.multiqc import write, write_maps
    from hicloom.report.run import read_document

    if not (qc or stats or mcool or hic):
        raise InputError("nothing to show: give --qc, --stats, --mcool or --hic")
    program = tool("multiqc", "pip install 'hicloom[report]'")
    documents = [read_document(path) for path in qc]
    tables = [_readable(path) for path in stats]
    with atomic_folder(output.absolute(), _REPORT, _CONTENT, _DATA) as folder:
        (folder / _CONTENT).mkdir()
        for document in documents:
            write(folder / _CONTENT, document)
        write_maps(folder / _CONTENT, _maps(mcool, hic))
        _run(program, folder, tables)


def _maps(mcool: Sequence[Path], hic: Sequence[Path]) -> "dict[str, Map]":
    """What is found of each map; an .mcool and a .hic file of one name are one map."""
    from hicloom.qc import maps
    from hicloom.qc.multiqc import Map

    levels = {_name(path): maps.balancing(path) for path in mcool}
    norms = {_name(path): maps.norms(path) for path in hic}
    return {name: Map(levels.get(name), norms.get(name)) for name in {**levels, **norms}}


def _name(path: Path) -> str:
    """`GROUP FILTER` of `GROUP.ASSEMBLY.FILTER.mcool`."""
    group, *words = path.name.split(".")[:-1]
    return f"{group} {words[-1]}" if words else group


def _readable(path: Path) -> Path:
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    return path.absolute()


def _run(program: str, folder: Path, tables: Sequence[Path]) -> None:
    """Run it; what it finds by itself on this machine (settings, plots drawn) is left out."""
    settings = folder / "settings.yaml"
    settings.write_text(_SETTINGS)
    command: list[str | Path] = [program, "--outdir", folder, "--config", settings, "--force"]
    command += ["--interactive", "--data-format", "json", "--no-version-check", "--no-ai"]
    command += ["--no-megaqc-upload", "--no-ansi", _CONTENT, *tables]
    run(command, cwd=folder)
    settings.unlink()
    if not (folder / _REPORT).is_file():
        raise WorkError("multiqc: found nothing to show in these files")
