"""The command `images build`."""

import sys
import tempfile
from pathlib import Path

from hicloom.errors import WorkError


def build(*images: str, base: str | None = None) -> None:
    """Build Docker images from a checkout, and ask every tool inside for its version.

    A line on standard output for each image: name, id, uncompressed bytes.

    Parameters
    ----------
    images : str
        `align`, `contacts`, `report`; all when left out.
    base : str, optional
        Image to start from. By default it is that of docker/images.yaml where a registry
        answers; elsewhere mmdebstrap makes it of Debian's packages.

    Raises
    ------
    InputError
        If no Docker daemon answers, there is no such image, or no base can be had.
    WorkError
        If a build fails, a tool does not answer, or an image is larger than it may be.
    """
    from hicloom.images.base import find_base
    from hicloom.images.building import build as build_image
    from hicloom.images.context import build_wheel
    from hicloom.images.daemon import connect
    from hicloom.images.plan import read_plan
    from hicloom.images.selftest import tool_versions

    plan = read_plan()
    chosen = plan.chosen(images)
    client = connect()
    start = find_base(client, plan.base, base)
    with tempfile.TemporaryDirectory(prefix="hicloom-") as folder:
        wheel = build_wheel(plan.checkout, Path(folder))
        for image in chosen:
            built = build_image(client, plan, image, start, wheel)
            size = built.attrs["Size"]
            versions = tool_versions(client, image)
            print(image.tag, built.id, size, sep="\t", flush=True)
            answers = ", ".join(f"{name} {version}" for name, version in versions.items())
            print(f"{image.tag}: {size / 1e6:.0f} MB; {answers}", file=sys.stderr)
            if size > image.megabytes * 1e6:
                raise WorkError(f"{image.tag}: is over its {image.megabytes} MB")
