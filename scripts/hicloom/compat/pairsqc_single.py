from pathlib import Path

from hicloom.errors import InputError
from hicloom.options import Enzyme
from hicloom.outputs import make_folder, scratch
from hicloom.steps.stats import stats


def pairsqc_single(
    *,
    input_pairs: Path,
    chromsizes: Path,
    sample_name: str,
    enzyme: Enzyme,
    output_dir: Path = Path(),
    max_distance: float = 8.4,
) -> None:
    """Judge pairs as pairsqc does: `<output_dir>/<sample_name>_report.zip`.

    In it lie the tables `<sample_name>.cis_to_trans.out`, `.plot_table.out` and
    `.summary.out`, three plots as PNG and PDF, and `pairsqc_report.html`.

    Parameters
    ----------
    input_pairs : Path
        Deduplicated pairs.
    chromsizes : Path
        Chromosomes and their lengths (bp).
    sample_name : str
        Name of the sample, part of the names of all files.
    enzyme : {"4", "6"}
        Bases that the restriction enzyme's site has.
    output_dir : Path
        Folder of the archive.
    max_distance : float
        log10 of the largest distance (bp): 8.4 for human, 8.2 for mouse, 7.9 for zebrafish.

    Raises
    ------
    InputError
        If a pair is no pair or lies beyond its chromosome, or the name cannot be one of a file.
    """
    from hicloom.qc.pairsqc_report import write_report

    if not sample_name or "/" in sample_name or sample_name.startswith("."):
        raise InputError(f"--sample-name {sample_name}: cannot be part of the name of a file")
    output = output_dir / f"{sample_name}_report.zip"
    make_folder(output)
    with scratch() as folder:
        stats(
            input_pairs,
            pairsqc=folder,
            name=sample_name,
            chromsizes=chromsizes,
            enzyme=enzyme,
            max_distance=max_distance,
        )
        write_report(output, folder, sample_name, enzyme)
