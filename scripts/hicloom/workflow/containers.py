"""The images that rules run in, where Snakemake is asked for containers."""

import json
import re
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hicloom import __version__
from hicloom.errors import HicloomError, InputError, WorkError
from hicloom.process import run
from hicloom.workflow.config import leave

TABLE = Path("workflows/images.yaml")
"""Where a project names its images."""


def read_images(path: Path) -> dict[str, str]:
    """The workflow's table of images: what Apptainer pulls, by stage."""
    import yaml

    if not path.is_file():
        raise InputError(f"{path}: no such file; it names the workflow's images")
    table: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return table


def container_runner() -> str:
    """The program that runs images: Apptainer, else Singularity.

    Raises
    ------
    InputError
        If there is neither.
    """
    found = shutil.which("apptainer") or shutil.which("singularity")
    if found is None:
        raise InputError("apptainer is not on PATH; clusters often have it as a module")
    return found


def pinned(name: str) -> str | None:
    """The digest in the name of an image, if it is named by one."""
    match = re.search(r"@(sha256:[0-9a-f]{64})$", name)
    return match[1] if match else None


def origin(path: Path, runner: str) -> str:
    """The name of the image that a SIF was made of, as Apptainer noted it; empty if it did not.

    Raises
    ------
    InputError
        If the file is no image.
    """
    try:
        said = json.loads(run([runner, "inspect", "--json", path]))
    except (WorkError, ValueError) as error:
        raise InputError(f"{path}: is no image that Apptainer can read ({error})") from None
    labels = said["data"]["attributes"].get("labels") or {}
    return str(labels.get("org.label-schema.usage.singularity.deffile.from", ""))


def check_digest(path: Path, url: str, runner: str) -> None:
    """Check that a file was made of the image that a table names, where it names a digest.

    Raises
    ------
    InputError
        If it is of another one, or does not say.
    """
    wanted = pinned(url)
    found = origin(path, runner) if wanted else ""
    if wanted and wanted != pinned(found):
        raise InputError(
            f"{path}: is made of {found or 'an unknown image'}, but wanted is {url}; "
            "remove this file, then it is pulled anew"
        )


def uses_containers(workflow: Any) -> bool:
    """Whether Snakemake is asked to run jobs in images."""
    from snakemake.settings.types import DeploymentMethod

    return DeploymentMethod.APPTAINER in workflow.deployment_settings.deployment_method


def check_containers(workflow: Any, images: Mapping[str, str]) -> None:
    """Check that the images are those of the table and hold this hicloom, before jobs run in them.

    Another digest or version ends the process: one line on stderr, exit code 2.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
        Its images are pulled by now.
    images : mapping of str to str
        As `read_images` returns them.
    """
    from snakemake.deployment.singularity import Singularity

    if not uses_containers(workflow):
        return
    settings = workflow.deployment_settings
    used = workflow.dag.container_imgs
    pulled = {key: Path(used[url].path) for key, url in images.items() if url in used}
    runner = Singularity()
    runner.check()
    try:
        for key, path in pulled.items():
            check_digest(path, images[key], runner.binary)
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
