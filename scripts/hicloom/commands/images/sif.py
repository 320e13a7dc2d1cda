"""The command `images sif`."""

import sys
from pathlib import Path


def sif(folder: Path, /, *, project: Path | None = None) -> None:
    """Pull the workflow's images into a folder, as files that Apptainer runs without a network.

    They bear the names that Snakemake looks for in `--apptainer-prefix FOLDER` and cwltool in
    `CWL_SINGULARITY_CACHE=FOLDER`. Files that are there are checked, not pulled again. A line
    on standard output for each image: file, name of the image.

    Parameters
    ----------
    folder : Path
        Where all machines see it; it is made if it is not there.
    project : Path, optional
        A project, a release or a checkout: its workflows/images.yaml names the images
        (default: that of the current folder, else that of hicloom itself).

    Raises
    ------
    InputError
        If neither Apptainer nor Singularity is installed, or a file that is there is not of
        the digest that the table names.
    WorkError
        If an image cannot be pulled.
    """
    from hicloom.images.sif import collect, is_file
    from hicloom.workflow import layout
    from hicloom.workflow.containers import TABLE, container_runner, read_images

    here = project or (Path() if TABLE.is_file() else layout.folder())
    runner = container_runner()
    urls = read_images(here / TABLE).values()
    for image, path, is_new in collect((u for u in urls if not is_file(u)), folder, runner):
        print(path, image.url, sep="\t", flush=True)
        print(f"{path}: {'pulled' if is_new else 'is there'}", file=sys.stderr)
