from pathlib import Path

from hicloom.compat._inputs import Cores, Flag, Size, needed
from hicloom.compat._resolutions import of_mcool, powers_of_two
from hicloom.matrix.balancing import BalanceOptions
from hicloom.steps.zoomify import zoomify

# The defaults of cooler 0.8.3, but for the policy, which 4DN's command gives.
BALANCE = BalanceOptions(
    ignore_diags=2,
    mad_max=5,
    min_nnz=10,
    min_count=0,
    tol=1e-5,
    max_iters=200,
    convergence_policy="store_nan",
)


def cool2mcool(
    *,
    input_cool: Path | None = None,
    ncores: Cores = 4,
    outprefix: str = "out",
    chunksize: Size = 10_000_000,
    juicer_res: Flag = False,
    custom_res: str = "",
    no_balance: Flag = False,
) -> None:
    """Coarsen and balance a map as `cooler zoomify --balance` does: `<outprefix>.multires.cool`.

    Parameters
    ----------
    input_cool : Path, optional
        A map of one resolution.
    ncores : int
        Threads.
    outprefix : str
        The output's name without its endings.
    chunksize : int
        Taken and not used: the result is the same with any number.
    juicer_res : bool
        The resolutions of juicer_tools: 5000,10000,25000,50000,100000,250000,500000,1000000,
        2500000.
    custom_res : str
        Resolutions in bp with commas (default: the map's times powers of two). Excludes
        `--juicer-res`, unless it is the default of the workflow hi-c-processing-pairs, which
        then counts as not given.
    no_balance : bool
        Do not balance.

    Raises
    ------
    InputError
        If there is no map, both lists are asked for, or a resolution is not a multiple of the
        map's.
    """
    from hicloom.formats.cool import open_cool

    sizes = of_mcool(custom_res, juicer_res=juicer_res)
    clr = open_cool(str(needed(input_cool, "input-cool")))
    if not sizes:
        sizes = powers_of_two(int(clr.binsize), int(clr.chromsizes.sum()), to_one_tile=False)
    zoomify(
        str(input_cool),
        output=Path(f"{outprefix}.multires.cool"),
        resolutions=sizes,
        balance=not no_balance,
        balance_options=BALANCE,
        threads=ncores,
    )
