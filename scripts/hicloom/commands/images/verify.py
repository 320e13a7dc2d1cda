"""The command `images verify`."""

import sys
from pathlib import Path


def verify(folder: Path | None = None, /, *, pull: bool = True) -> None:
    """Check that CWL files, the workflow's table and docker/images.lock.yaml agree.

    Published images are pulled by their digests, and what is in them is compared with the
    lock, too.

    Parameters
    ----------
    folder : Path, optional
        A checkout or a release (default: the checkout that this hicloom runs from).
    pull : bool
        Pull what is published.

    Raises
    ------
    InputError
        For the first thing that differs, or that a registry does not give.
    """
    from hicloom.images.daemon import connect
    from hicloom.images.registry import check_pulled
    from hicloom.images.verify import check_names
    from hicloom.workflow import layout

    locked = check_names(folder or layout.folder()).images
    published = [image for image in locked.values() if image.published]
    client = connect() if pull and published else None
    for image in published if client else ():
        check_pulled(client, image)
    names = ", ".join(
        image.published or f"{image.name} (not published)" for image in locked.values()
    )
    print(f"in agreement: {names}", file=sys.stderr)
