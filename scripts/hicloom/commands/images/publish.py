"""The command `images publish`."""

from pathlib import Path


def publish(*, registry: str, into: Path) -> None:
    """Push the locked images to a registry, and write a release that names their digests.

    Credentials are those that `docker login` keeps. The checkout is left as it is. A line on
    standard output for each image: `registry/name@sha256:...`.

    Parameters
    ----------
    registry : str
        Host, or host and folders, such as `ghcr.io/lab`.
    into : Path
        New folder for the release: all files that git tracks, with digests in the CWL files,
        in the workflow's table of images and in docker/images.lock.yaml.

    Raises
    ------
    InputError
        If no Docker daemon answers, the folder is there, or CWL files, table and lock differ
        from each other or from the images on this machine.
    WorkError
        If the registry refuses an image.
    """
    from hicloom.images.daemon import connect
    from hicloom.images.plan import read_plan
    from hicloom.images.registry import check_registry, push
    from hicloom.images.release import check_new, write_release
    from hicloom.images.verify import check_names

    checkout = read_plan().checkout
    prefix = check_registry(registry)
    check_new(into)
    locked = check_names(checkout).images
    client = connect()
    renamed = {}
    for key, image in locked.items():
        reference = push(client, image, prefix)
        print(reference, flush=True)
        renamed[key] = (image, image.publish(reference))
    write_release(checkout, into, renamed)
