"""The pages of a report, rendered from the templates."""

from collections.abc import Sequence
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import plotly
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hicloom import __version__, provenance
from hicloom.report import summary, words
from hicloom.report.figures import Figure, figures
from hicloom.report.maps import LARGEST, Section, section, sections
from hicloom.report.origins import link, origins, versions, way
from hicloom.report.pictures import Picture
from hicloom.report.run import Run
from hicloom.report.tables import columns, rows
from hicloom.report.tracks import depth, downstream

_TEMPLATES = "hicloom.report"


def render(
    run: Run, output: Path, *, title: str, chromosome: str | None, pages: Path | None
) -> dict[Path, str]:
    """The text of each page by its path: `output`, and with `pages` one a group in that folder.

    Raises
    ------
    InputError
        If a file is not what it should be, or no map has the chromosome.
    """
    environment = _environment()
    made = sections(run, chromosome, thumbnails=pages is not None)
    found, drawn = origins(run.files), _drawn(run, chromosome)
    places = {p.group.name: pages / f"{p.group.name}.html" for p in made if p.maps} if pages else {}
    said = {"title": title, "run": run}
    about = {
        "summary": summary.of_run(run),
        "cards": [summary.of_library(library) for library in run.libraries],
        "columns": columns(run),
        "rows": rows(run),
        "sections": made,
        "figures": drawn,
        "origins": found,
        "versions": versions(found),
        "data": _data(drawn, made),
        "link": partial(link, page=output, report=output),
        "links": {name: way(path, output) for name, path in places.items()},
        "plotly": _plotly() if drawn else "",
    }
    texts = {output: environment.get_template("report.html").render(said | about)}
    for part in made:
        if path := places.get(part.group.name):
            large = section(part.group, chromosome, LARGEST)
            of_group = {*part.group.mcool.values(), *part.group.hic.values()}
            about = {
                "section": large,
                "back": way(output, path),
                "origins": [origin for origin in found if origin.path in of_group],
                "data": _data({}, [large]),
                "link": partial(link, page=path, report=output),
            }
            texts[path] = environment.get_template("group.html").render(said | about)
    return texts


def _drawn(run: Run, chromosome: str | None) -> dict[str, Figure]:
    drawn = figures(run.libraries)
    if run.files.d4:
        drawn["depth"] = depth(run)
    return drawn | downstream(run, chromosome)


def _data(drawn: dict[str, Figure], made: Sequence[Section]) -> dict[str, Any]:
    """What the page's script needs."""
    pictures = [
        {"spans": one.spans, "step": one.step}
        for part in made
        for map_ in part.maps
        for one in map_.pictures
        if isinstance(one, Picture)
    ]
    return {"figures": drawn, "pictures": pictures}


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"count": words.count, "share": words.share, "bp": words.length}
    environment.filters |= {"listed": words.listed, "counted": words.counted}
    environment.tests["picture"] = lambda one: isinstance(one, Picture)
    environment.globals |= {
        "style": _own("report.css"),
        "script": _own("report.js"),
        "version": __version__,
        "command": provenance.command(),
        "verdict_words": summary.VERDICTS,
    }
    return environment


def _own(name: str) -> Markup:
    """A file of ours that is part of every page as it is."""
    return Markup((resources.files(_TEMPLATES) / "templates" / name).read_text("utf-8"))


def _plotly() -> Markup:
    """plotly.js, as its Python package carries it."""
    script = resources.files(plotly) / "package_data" / "plotly.min.js"
    return Markup(script.read_text("utf-8"))
