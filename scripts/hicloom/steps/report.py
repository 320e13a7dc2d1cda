import sys
from collections.abc import Sequence
from pathlib import Path

from hicloom.errors import InputError
from hicloom.options import Output
from hicloom.outputs import atomic
from hicloom.steps.plot import matplotlib_folder


def report(
    *,
    output: Output,
    libraries: Sequence[str] = (),
    groups: Sequence[str] = (),
    qc: Sequence[Path] = (),
    pairs: Sequence[Path] = (),
    mcool: Sequence[Path] = (),
    hic: Sequence[Path] = (),
    d4: Sequence[Path] = (),
    insulation: Sequence[Path] = (),
    compartments: Sequence[Path] = (),
    expected: Sequence[Path] = (),
    chromosome: str | None = None,
    title: str = "Hi-C report",
    pages: Path | None = None,
) -> None:
    """Show what a run found in one HTML file, which needs nothing else.

    The name of a file up to its first dot says which library or group it is of, what stands
    before its ending by which filter a map was made: GROUP.ASSEMBLY.FILTER.mcool.

    Parameters
    ----------
    output : Path
        The HTML file.
    libraries : sequence of str
        All libraries of the run (default: those of --qc); one without numbers is said to have
        failed.
    groups : sequence of str
        For each library, in their order, its group, or several with commas (default: the
        library itself).
    qc : sequence of Path
        Numbers of libraries, as `hicloom stats --output` and `hicloom dedup --qc` write them.
    pairs : sequence of Path
        Pairs files, whose headers tell what made them.
    mcool : sequence of Path
        Maps of groups.
    hic : sequence of Path
        The same maps for Juicebox, whose norms are looked at.
    d4 : sequence of Path
        Depth: a track a library, or a file a library, of which the last track is drawn.
    insulation : sequence of Path
        Tables of `cooltools insulation`.
    compartments : sequence of Path
        Tables of `cooltools eigs-cis` (.cis.vecs.tsv).
    expected : sequence of Path
        Tables of `cooltools expected-cis`.
    chromosome : str, optional
        The chromosome that is shown beside the whole genome (default: the longest one).
    title : str
        Its heading.
    pages : Path, optional
        Folder for a page a group, GROUP.html, with its maps; the report then has small pictures.

    Raises
    ------
    InputError
        If a file is missing or not what it should be, names do not fit, or jinja2, matplotlib
        or plotly is not installed.
    """
    from hicloom.report.run import MANY, Files, read_run

    files = Files(qc, pairs, mcool, hic, d4, insulation, compartments, expected)
    run = read_run(files, libraries, groups)
    if run.is_large and pages is None:
        print(
            f"more than {MANY} libraries: pictures are small; --pages FOLDER makes a page a group",
            file=sys.stderr,
        )
    with matplotlib_folder():
        try:
            from hicloom.report.page import render
        except ImportError as error:
            raise InputError(
                f"{error.name} is not installed: pip install 'hicloom[report]'"
            ) from None
        texts = render(run, output, title=title, chromosome=chromosome, pages=pages)
    with atomic(*texts) as parts:
        for part, text in zip(parts, texts.values(), strict=True):
            part.write_text(text, "utf-8")
