"""What jobs run with: images where Snakemake is asked for them, else installed packages."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from hicloom.errors import InputError
from hicloom.workflow.config import Settings, leave
from hicloom.workflow.containers import check_containers, uses_containers

# By key of the settings: the packages, and the extra of hicloom that brings them.
_OUTSIDE: dict[str, tuple[tuple[str, ...], str]] = {"output.crate": (("rocrate",), "workflow")}
_IN_JOBS: dict[str, tuple[tuple[str, ...], str]] = {
    "output.pictures": (("matplotlib",), "workflow"),
    "qc.report": (("jinja2", "matplotlib", "plotly"), "report"),
    "qc.multiqc": (("multiqc",), "report"),
}


def check_software(workflow: Any, settings: Settings, images: Mapping[str, str]) -> None:
    """Check, before jobs run, that what they need is there.

    What is wrong ends the process: one line on stderr, exit code 2.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
        Its images are pulled by now.
    settings : dict
        As checked.
    images : mapping of str to str
        As `read_images` returns them.
    """
    in_images = uses_containers(workflow)
    try:
        check_packages(settings, _OUTSIDE if in_images else _OUTSIDE | _IN_JOBS)
    except InputError as error:
        leave(error)
    check_containers(workflow, images)


def check_packages(
    settings: Settings, needs: Mapping[str, tuple[tuple[str, ...], str]] = _OUTSIDE | _IN_JOBS
) -> None:
    """Check that the packages are installed that the settings ask for.

    Raises
    ------
    InputError
        If one is not.
    """
    for key, (packages, extra) in needs.items():
        section, name = key.split(".")
        missing = [package for package in packages if find_spec(package) is None]
        if settings[section][name] and missing:
            raise InputError(
                f"config: {key} needs {' and '.join(missing)}: pip install 'hicloom[{extra}]', "
                "or set the key to false"
            )
