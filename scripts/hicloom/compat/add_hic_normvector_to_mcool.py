from pathlib import Path

from hicloom.compat._inputs import needed
from hicloom.steps.add_hic_norms import add_hic_norms

# `hic2cool extract-norms -e` leaves these out.
MITOCHONDRIA = ("M", "MT", "chrM", "chrMT")


def add_hic_normvector_to_mcool(
    *,
    input_hic: Path | None = None,
    input_mcool: Path | None = None,
    outdir: Path = Path(),
) -> None:
    """Add the norms of a .hic file to a copy of an .mcool file: `<outdir>/output.mcool`.

    They are columns KR, VC and VC_SQRT of the bins, divisive; NaN for the mitochondrion.

    Parameters
    ----------
    input_hic : Path, optional
        A .hic file with norms; without norms the copy has none either.
    input_mcool : Path, optional
        A map of the same genome.
    outdir : Path
        Folder of the output; made if it is not there.

    Raises
    ------
    InputError
        If an input is missing, or their chromosomes differ (see `hicloom add-hic-norms`).
    """
    add_hic_norms(
        needed(input_hic, "input-hic"),
        needed(input_mcool, "input-mcool"),
        output=outdir / "output.mcool",
        norms=("VC", "VC_SQRT", "KR"),
        exclude=MITOCHONDRIA,
    )
