from hicloom import provenance
from hicloom.errors import InputError
from hicloom.options import Memory, Output, parse_size
from hicloom.outputs import atomic

# Three columns of 8 bytes, and what sorting them takes beside.
BYTES_PER_PIXEL = 100


def merge_cool(*cools: str, output: Output, memory: Memory = "2G") -> None:
    """Add up contact maps of the same bins.

    Parameters
    ----------
    cools : str
        Maps (.cool, or maps of an .mcool: `x.mcool::/resolutions/1000`).
    output : Path
        Their sum (.cool).
    memory : str
        What merging may take, such as `4G`.

    Raises
    ------
    InputError
        If there are fewer than two, or their chromosomes or bins differ.
    """
    import cooler

    from hicloom.formats.cool import open_cool

    if len(cools) < 2:
        raise InputError("merge-cool: expected two maps or more")
    first, *others = maps = [open_cool(cool) for cool in cools]
    for name, other in zip(cools[1:], others, strict=True):
        if other.binsize != first.binsize or not other.chromsizes.equals(first.chromsizes):
            raise InputError(
                f"{name}: has other chromosomes or bins than {cools[0]};"
                " bin the pairs of both with the same chromsizes and bin size"
            )
    with atomic(output) as (part,):
        cooler.merge_coolers(
            str(part),
            [clr.uri for clr in maps],
            mergebuf=max(1, parse_size(memory) // BYTES_PER_PIXEL),
            metadata={"command": provenance.command()},
        )
