"""Runs of the Sequence Read Archive, found through ENA's file report.

https://ena-docs.readthedocs.io/en/latest/retrieval/programmatic-access/file-reports.html
"""

import csv
import re
from urllib.parse import urlencode

from hicloom.errors import InputError
from hicloom.remote.download import Remote, read_url

REPORT = "https://www.ebi.ac.uk/ena/portal/api/filereport"
FIELDS = ("fastq_ftp", "fastq_bytes", "fastq_md5")


def find_fastq(run: str, mate: int, report: str = REPORT) -> Remote:
    """Where the reads 1 or 2 of a paired run lie, with their size and md5.

    Parameters
    ----------
    run
        Accession of a run: SRR, ERR or DRR and digits.
    mate
        1 or 2.
    report
        URL of the file report service.

    Raises
    ------
    InputError
        If `run` is no such accession, is not there, or is not of paired reads.
    """
    if not re.fullmatch(r"[SED]RR\d+", run):
        raise InputError(f"sra:{run}: expected the accession of a run, such as sra:SRR2601848")
    query = {"accession": run, "result": "read_run", "fields": ",".join(FIELDS), "format": "tsv"}
    rows = list(
        csv.DictReader(read_url(f"{report}?{urlencode(query)}").splitlines(), delimiter="\t")
    )
    if not rows:
        raise InputError(f"sra:{run}: the archive knows no such run; check the accession")
    files = zip(*(rows[0][field].split(";") for field in FIELDS), strict=True)
    for address, size, md5 in files:
        if address.endswith(f"_{mate}.fastq.gz"):
            url = address if "://" in address else f"https://{address}"
            return Remote(url, int(size), md5)
    raise InputError(f"sra:{run}: holds no reads {mate}; Hi-C reads come in pairs")
