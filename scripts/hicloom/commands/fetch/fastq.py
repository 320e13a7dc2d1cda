"""`hicloom fetch fastq`: reads from a URL or the Sequence Read Archive."""

from typing import Literal

from hicloom.options import Output
from hicloom.remote.ena import REPORT


def fastq(source: str, /, *, output: Output, mate: Literal[1, 2] = 1, report: str = REPORT) -> None:
    """Download a FASTQ from a URL, or of a run in the Sequence Read Archive.

    A broken download continues where it stopped; size and md5 are checked where known.

    Parameters
    ----------
    source : str
        An http(s) URL, or `sra:` and the accession of a run (`sra:SRR2601848`).
    output : Path
        The file to write, as it is on the server.
    mate : {1, 2}
        Which reads of an archive's run: 1 or 2.
    report : str
        URL of ENA's file report, through which runs are found.

    Raises
    ------
    InputError
        If there is no such file or run, or the run's reads are not paired.
    WorkError
        If the server cannot be reached, or what came is not what was promised.
    """
    from hicloom.remote.download import Remote, download
    from hicloom.remote.ena import find_fastq

    run = source.removeprefix("sra:")
    remote = Remote(source) if run == source else find_fastq(run, mate, report)
    download(remote, output)
