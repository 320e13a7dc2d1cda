"""A project in the shared folder of a cluster, and runs of the workflow in it."""

import re
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.cluster.machines import Cluster
from tests.engines import assert_same_pairs, assert_same_text

SIF = "/shared/sif"
# Jobs take seconds here, not hours, so that asking for them often pays.
HASTY = ("--seconds-between-status-checks", "2", "--latency-wait", "20")
SUBMITTED = re.compile(r"Job \d+ has been submitted with SLURM jobid (\d+) \(log: \S*?/rule_(\w+)/")
# As slurm-generic.yaml does it, which names a job by its rule.
GIVEN = re.compile(r"Submitted job \d+ with external jobid '(\d+)'")
FINISHED = re.compile(r"Finished jobid: \d+ \(Rule: (\w+)\)")
# A library of two lanes, and the jobs that it takes.
LIBRARY = "results/libraries/A.toy.pairs.gz"
JOBS = Counter(index_genome=1, align=2, bam2pairs=2, dedup=1)


@dataclass
class Project:
    """A project in the shared folder.

    Attributes
    ----------
    folder : Path
        On this machine.
    cwd : str
        On the cluster's.
    """

    cluster: Cluster
    folder: Path
    cwd: str
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder / "said.txt"

    def write(self, config: str, samples: list[str]) -> None:
        """Write the settings, and the sample table with blanks for tabs."""
        rows = ("\t".join(row.split(" ")) for row in samples)
        (self.folder / "config/config.yaml").write_text(config)
        (self.folder / "config/samples.tsv").write_text("\n".join(rows))
        self.cluster.give(self.folder)

    def start(self, *words: str, profile: str = "slurm") -> subprocess.Popen[bytes]:
        """Start the workflow as docs/hpc.md says it, on the controller."""
        often = ("--slurm-init-seconds-before-status-checks", "3") if profile == "slurm" else ()
        named = ("--workflow-profile", f"config/profiles/{profile}.yaml", "--use-singularity")
        place = ("--apptainer-prefix", SIF)
        command = ("snakemake", *named, *place, *HASTY, *often, *words)
        return self.cluster.begin(*command, cwd=self.cwd, log=self.log)

    def finish(self, process: subprocess.Popen[bytes], seconds: float = 600) -> tuple[int, str]:
        """Wait until the workflow has ended: exit code, what it said."""
        try:
            code = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.signal("KILL")
            process.wait()
            raise AssertionError(f"no end within {seconds} s:\n{self.said()}") from None
        return code, self.said()

    def run(self, *words: str, profile: str = "slurm", seconds: float = 600) -> tuple[int, str]:
        """Run the workflow to its end."""
        return self.finish(self.start(*words, profile=profile), seconds)

    def signal(self, name: str) -> None:
        """Send Snakemake a signal; its jobs are on other machines."""
        self.cluster.root("pkill", f"-{name}", "-u", "lab", "-f", "bin/snakemake")

    def said(self) -> str:
        """What Snakemake has said until now."""
        return self.log.read_text(errors="replace")

    def jobs(self) -> list[tuple[str, str]]:
        """The number and the rule of each job that was given to Slurm, in their order."""
        said = self.said()
        if numbers := GIVEN.findall(said):
            names = self.cluster.names()
            return [(number, names[number]) for number in numbers]
        return SUBMITTED.findall(said)

    def ended(self) -> Counter[str]:
        """How many jobs of each rule Snakemake knows to have ended well."""
        return Counter(FINISHED.findall(self.said()))

    def wait_for_job(self, rule: str, seconds: float = 180) -> tuple[str, str]:
        """Wait until a job of the rule runs, and return its number and node."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            running = self.cluster.running()
            for number, name in self.jobs():
                if name == rule and number in running:
                    return number, running[number]
            time.sleep(0.2)
        raise AssertionError(f"no job of {rule} ran:\n{self.said()}")

    def records(self, rule: str | None = None) -> list[dict[str, str]]:
        """Slurm's records of the jobs of this run that ended; of one rule, if it is given."""
        ours = {number for number, name in self.jobs() if rule in (None, name)}
        return [record for record in self.cluster.completed() if record["JobId"] in ours]

    def assert_library_is_that_of(self, native: Path) -> None:
        """Compare the library of two lanes with that of another run's `results`."""
        for ending, compare in {
            "pairs.gz": assert_same_pairs,
            "stats.json": assert_same_text,
        }.items():
            name = f"libraries/A.toy.{ending}"
            compare(self.folder / "results" / name, native / name)
