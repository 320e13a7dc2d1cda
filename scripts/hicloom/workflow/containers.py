"""The images that rules run in, where Snakemake is asked for containers."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hicloom import __version__
from hicloom.errors import HicloomError, InputError, WorkError
from hicloom.process import run
from hicloom.workflow.config import leave


def read_images(path: Path) -> dict[str, str]:
    """The workflow's table of images: what Apptainer pulls, by stage."""
    import yaml

    table: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return table


def check_containers(workflow: Any, images: Mapping[str, str]) -> None:
    """Check that hicloom in the images is this one, when jobs are about to run in them.

    Another version ends the process: one line on stderr, exit code 2.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
        Its images are pulled by now.
    images : mapping of str to str
        As `read_images` returns them.
    """
    from snakemake.deployment.singularity import Singularity
    from snakemake.settings.types import DeploymentMethod

    settings = workflow.deployment_settings
    if DeploymentMethod.APPTAINER not in settings.deployment_method:
        return
    used = workflow.dag.container_imgs
    pulled = {key: Path(used[url].path) for key, url in images.items() if url in used}
    runner = Singularity()
    runner.check()
    try:
        check_versions(pulled, [runner.binary, "exec", *shlex.split(settings.apptainer_args)])
    except HicloomError as error:
        leave(error)


def check_versions(pulled: Mapping[str, Path], runner: list[str]) -> None:
    """Ask hicloom in each image for its version.

    Parameters
    ----------
    pulled : mapping of str to Path
        The file of each image, by stage.
    runner : list of str
        The command that runs another one in an image, without the two.

    Raises
    ------
    InputError
        If it is not the version of the hicloom that runs the workflow.
    """
    for key, path in sorted(pulled.items()):
        try:
            answer = run([*runner, path, "hicloom", "--version"]).decode().strip()
        except WorkError as error:
            raise InputError(f"{path}: hicloom in this image does not answer ({error})") from None
        if answer != f"hicloom {__version__}":
            raise InputError(
                f"{path}: this image holds {answer}, the workflow is of hicloom {__version__}; "
                f"let {key} in workflows/images.yaml name one of {__version__} "
                f"(hicloom images build {key} makes it), or remove this file where it does"
            )
