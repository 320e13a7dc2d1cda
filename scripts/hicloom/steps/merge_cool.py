from hicloom import provenance
from hicloom.errors import InputError
from hicloom.matrix.values import Columns, CountType
from hicloom.options import Memory, Output, Threads
from hicloom.outputs import atomic


def merge_cool(
    *cools: str,
    output: Output,
    count_dtype: CountType | None = None,
    sum_columns: Columns = (),
    threads: Threads = 1,
    memory: Memory = "2G",
) -> None:
    """Add up contact maps of the same bins.

    Parameters
    ----------
    cools : str
        Maps (.cool, or maps of an .mcool: `x.mcool::/resolutions/1000`), any number of them.
    output : Path
        Their sum (.cool).
    count_dtype : str, optional
        Type of the counts (default: the widest of the maps'). More than 2,147,483,647 contacts
        of two bins need int64.
    sum_columns : sequence of str
        Columns of the pixels to sum besides `count`; others are left out. Where there are
        others, this must be given (`count` alone leaves out all).
    threads : int
        Threads that inflate and compress.
    memory : str
        What merging may take, such as `4G`.

    Raises
    ------
    InputError
        If there are fewer than two, their chromosomes or bins differ, or the memory is too
        little.
    WorkError
        If a count is beyond its type.
    """
    from hicloom.formats.cool import create_cool
    from hicloom.matrix.merging import check_maps, merge, room_for_pixels

    if len(cools) < 2:
        raise InputError("merge-cool: expected two maps or more")
    first, columns = check_maps(cools, count_dtype, sum_columns)
    room = room_for_pixels(memory, len(cools), first.bins.n_bins, len(columns))
    with (
        atomic(output) as (part,),
        create_cool(
            str(part),
            first.bins,
            threads=threads,
            assembly=first.assembly,
            metadata={"command": provenance.command()},
            columns=columns,
            symmetric=first.symmetric,
        ) as out,
    ):
        merge(cools, out, columns, room=room, threads=threads)
