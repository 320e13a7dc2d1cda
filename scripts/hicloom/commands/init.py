"""`hicloom init`: a folder with everything that a run of the workflow needs."""

import shutil
from pathlib import Path

from hicloom.errors import InputError
from hicloom.workflow import layout

PARTS = ("Snakefile", "workflows", "config", "cwl")


def init(folder: Path, /) -> None:
    """Lay out Snakefile, rules, config, an example sample table and CWL files in a folder.

    Then edit `config/config.yaml` and `config/samples.tsv` there and run `snakemake`; or give
    a file of `cwl` to a runner of CWL.

    Parameters
    ----------
    folder : Path
        Made if it is not there. Other files in it are left alone.

    Raises
    ------
    InputError
        If one of the files is there already; nothing is written then.
    """
    for part in PARTS:
        if (folder / part).exists():
            raise InputError(f"{folder / part}: is there already; choose another folder")
    source = layout.folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / "Snakefile", folder)
        for part in PARTS[1:]:
            shutil.copytree(source / part, folder / part)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror or error})") from None
    print(folder / "config/config.yaml", folder / "config/samples.tsv", sep="\n")
