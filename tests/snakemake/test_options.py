"""What config can ask for beside the usual: downloads, lossless BAM, same-fragment pairs."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pysam
import pytest

from tests.snakemake.conftest import CONFIG, Project
from tests.snakemake.tables import pairs

SETTINGS = """
filter: {drop_same_fragment: true, maps: {all: ""}}
output: {lossless_bam: true, pictures: false, lane_bam: true}
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without saying so."""

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server of the simulated data, and of a file report of run SRR1."""
    root = tmp_path_factory.mktemp("server")
    for name in data.iterdir():
        (root / name.name).symlink_to(name)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=root)) as running:
        url = f"http://127.0.0.1:{running.server_address[1]}"
        files = [root / f"SRR1_{mate}.fastq.gz" for mate in (1, 2)]
        for mate, file in enumerate(files, start=1):
            file.symlink_to(data / f"a1_{mate}.fq.gz")
        cells = (
            ";".join(f"{url}/{file.name}" for file in files),
            ";".join(str(file.stat().st_size) for file in files),
            ";".join(hashlib.md5(file.read_bytes()).hexdigest() for file in files),
        )
        report = "fastq_ftp\tfastq_bytes\tfastq_md5\n" + "\t".join(cells) + "\n"
        (root / "report").write_text(report)
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield url
        running.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def run(new_project: Callable[[str], Project], server: str) -> Project:
    """A run whose genome and reads are downloaded."""
    project = new_project("options")
    config = CONFIG.format(genome=f"{server}/genome.fa.gz").replace(
        "input:", f"input:\n  enzyme: DpnII\n  ena_report: {server}/report"
    )
    project.write(
        config + SETTINGS,
        [
            "library lane fastq1 fastq2",
            "A L1 sra:SRR1 sra:SRR1",
            f"B L1 {server}/b1_1.fq.gz {server}/b1_2.fq.gz",
        ],
    )
    code, said = project.run()
    assert code == 0, said
    return project


def test_downloads_give_what_the_files_give(run: Project, finished: Project) -> None:
    """All of B is library B of the other run; of both, pairs on one fragment are gone here."""
    fresh, usual = (
        {row.split(" ")[0] for row in pairs(project.path("results/libraries/B.toy.pairs.gz"))}
        for project in (run, finished)
    )
    assert fresh < usual


def test_pairs_on_one_fragment_are_dropped(run: Project) -> None:
    for row in pairs(run.path("results/libraries/A.toy.pairs.gz")):
        _, chrom1, _, chrom2, *_, frag1, frag2 = row.split(" ")
        assert (chrom1, frag1) != (chrom2, frag2)


def test_the_lossless_bam_holds_every_alignment(run: Project) -> None:
    names = []
    for bam in ("lanes/A/L1.bam", "libraries/A.toy.lossless.bam"):
        with pysam.AlignmentFile(str(run.path(f"results/{bam}")), check_sq=False) as file:
            names.append(sorted((r.query_name, r.flag & ~0x400, r.pos) for r in file))
    assert names[0] == names[1]


def test_a_second_run_downloads_nothing(run: Project) -> None:
    code, said = run.run()
    assert (code, "Nothing to be done" in said) == (0, True)
