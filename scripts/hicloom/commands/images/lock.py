"""The command `images lock`."""

import sys


def lock() -> None:
    """Write docker/images.lock.yaml: what was built, with every Debian and Python package.

    It is what the images on this machine hold, each asked itself. An image has a digest only
    once a registry gave one (`hicloom images publish`).

    Raises
    ------
    InputError
        If no Docker daemon answers, or an image is not built.
    WorkError
        If a tool in an image does not answer.
    """
    from hicloom.images.daemon import connect
    from hicloom.images.lock import look_at, write_lock
    from hicloom.images.plan import read_plan

    plan = read_plan()
    client = connect()
    path = write_lock(plan.checkout, {image.key: look_at(client, image) for image in plan.images})
    print(f"{path}: written", file=sys.stderr)
