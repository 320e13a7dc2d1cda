"""The record of a run, read by the tools that others read RO-Crates with."""

import gzip
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from requests.adapters import HTTPAdapter
from rocrate.rocrate import ROCrate
from urllib3 import HTTPResponse

from tests.snakemake.conftest import CONFIG, Project

services = pytest.importorskip("rocrate_validator.services")
requests_cache = pytest.importorskip("requests_cache")

# Of rdflib and the validator, which are not hicloom's.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
# The context as the RO-Crate specification 1.1 publishes it (CC0).
PUBLISHED = Path(__file__).parents[1] / "data/ro-crate-1.1-context.jsonld.gz"
ONE_MAP = """
filter: {maps: {no_filter: ""}}
qc: {multiqc: false, report: false}
output: {pictures: false, viewconf: false}
"""
# What is recommended of publishers and addresses that hicloom does not know, and of a README.md.
UNTOLD = ("publisher", "affiliation", "SoftwareApplication id", "Application url", "README.md")


class Published(HTTPAdapter):
    """Answers as the network would."""

    def send(self, request: Any, **_: Any) -> Any:
        """The context, whatever is asked for."""
        body = io.BytesIO(gzip.decompress(PUBLISHED.read_bytes()))
        headers = {"Content-Type": "application/ld+json"}
        raw = HTTPResponse(body, headers, 200, preload_content=False, request_url=CONTEXT)
        return self.build_response(request, raw)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the validator has in its cache once it was used online."""
    path = tmp_path_factory.mktemp("cache") / "http"
    accept = {"Accept": "application/ld+json, application/json, */*;q=0.1"}
    with requests_cache.CachedSession(str(path)) as session:
        session.mount("https://", Published())
        session.get(CONTEXT, headers=accept)
    return path


@pytest.fixture(scope="module")
def recorded(new_project: Callable[[str], Project], data: Path) -> Project:
    """A run from reads (the validator cannot open a folder with blanks in its name)."""
    project = new_project("recorded")
    project.write(
        CONFIG.format(genome=data / "genome.fa.gz") + ONE_MAP,
        [
            "library lane fastq1 fastq2",
            f"A L1 {data}/a1_1.fq.gz {data}/a1_2.fq.gz",
            f"A L2 {data}/a2_1.fq.gz {data}/a2_2.fq.gz",
        ],
    )
    code, said = project.run()
    assert code == 0, said
    return project


def complaints(folder: Path, cache: Path, profile: str, severity: str) -> list[str]:
    """What the validator finds wrong with a crate."""
    settings = services.ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier=profile,
        requirement_severity=severity,
        offline=True,
        cache_path=cache,
    )
    return [f"{issue.check.name}: {issue.message}" for issue in services.validate(settings).issues]


def entities(project: Project) -> dict[str, dict[str, Any]]:
    """The entities of a run's record, by their names."""
    text = project.path("results/ro-crate-metadata.json").read_text()
    return {entity["@id"]: entity for entity in json.loads(text)["@graph"]}


@pytest.mark.parametrize("profile", ["workflow-run-crate", "provenance-run-crate"])
def test_a_stock_validator_finds_nothing_wrong(
    profile: str, recorded: Project, cache: Path
) -> None:
    assert complaints(recorded.path("results"), cache, f"{profile}-0.5", "REQUIRED") == []


def test_it_finds_little_to_recommend(recorded: Project, cache: Path) -> None:
    found = complaints(recorded.path("results"), cache, "provenance-run-crate-0.5", "RECOMMENDED")
    assert [said for said in found if not any(word in said for word in UNTOLD)] == []


def test_the_validator_sees_what_is_missing(recorded: Project, cache: Path, tmp_path: Path) -> None:
    """So that its silence above means something."""
    crate = json.loads(recorded.path("results/ro-crate-metadata.json").read_text())
    for entity in crate["@graph"]:
        entity.pop("instrument", None)
    (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(crate))
    assert complaints(tmp_path, cache, "workflow-run-crate-0.5", "REQUIRED")


def test_rocrate_opens_it(recorded: Project) -> None:
    crate = ROCrate(recorded.path("results"))
    assert crate.mainEntity.id == "workflow/Snakefile"
    assert crate.mainEntity["programmingLanguage"]["name"] == "Snakemake"
    (run,) = (e for e in crate.get_entities() if e.id == "#run")
    assert run["instrument"] == crate.mainEntity
    assert run["startTime"] < run["endTime"]


def test_inputs_and_outputs_have_their_sizes_and_checksums(recorded: Project, data: Path) -> None:
    known = entities(recorded)
    run = known["#run"]
    given = {ref["@id"] for ref in run["object"]}
    made = {ref["@id"] for ref in run["result"]}
    fastq, pairs = data / "a1_1.fq.gz", "libraries/A.toy.pairs.gz"
    assert fastq.as_uri() in given
    assert pairs in made
    for path, name in ((fastq, fastq.as_uri()), (recorded.path(f"results/{pairs}"), pairs)):
        assert known[name]["contentSize"] == str(path.stat().st_size)
        assert known[name]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    there = (path for path in recorded.path("results").rglob("*") if path.is_file())
    names = {str(path.relative_to(recorded.path("results"))) for path in there}
    assert {name for name in names if name.startswith(("libraries/", "groups/"))} <= made


def test_parameters_are_the_settings_in_use(recorded: Project) -> None:
    known = entities(recorded)
    assert known["#dedup.max_mismatch"]["value"] == 3, "a default"
    assert known["#input.assembly"]["value"] == "toy"
    assert json.loads(known["#bin.resolutions"]["value"]) == [5000, 10000, 20000]
    copy = yaml.safe_load(recorded.path("results/workflow/config/config.yaml").read_text())
    assert copy["dedup"]["max_mismatch"] == 3


def test_each_job_tells_its_command_and_what_it_read_and_wrote(recorded: Project) -> None:
    known = entities(recorded)
    jobs = [e for e in known.values() if e["@id"].startswith("#job/")]
    (dedup,) = (job for job in jobs if job["name"].startswith("dedup results/libraries/A."))
    assert dedup["description"].startswith("(hicloom merge-pairs ")
    read = [known[ref["@id"]]["name"] for ref in dedup["object"]]
    assert {"L1.pairs.gz", "L2.pairs.gz"} <= set(read)
    versions = {e["name"]: e["softwareVersion"] for e in known.values() if "softwareVersion" in e}
    assert {"hicloom dedup", "pairtools", "cooler", "snakemake"} <= set(versions)


def test_the_workflow_is_there_to_be_run_again(recorded: Project) -> None:
    copies = recorded.path("results/workflow")
    for name in ("Snakefile", "workflows/rules/align.smk", "workflows/schemas/config.schema.yaml"):
        assert (copies / name).read_bytes() == recorded.path(name).read_bytes()
    table = (copies / "config/samples.tsv").read_text()
    assert table == recorded.path("config/samples.tsv").read_text()


@pytest.fixture(scope="module")
def changed(new_project: Callable[[str], Project], recorded: Project) -> Project:
    """A run that fails at its second library, and then goes on without it."""
    project = new_project("changed")
    project.path("given").symlink_to(recorded.path("results"))
    sizes = recorded.path("results/reference/toy.chrom.sizes")
    config = CONFIG.replace("fasta: {genome}", f"chromsizes: {sizes}") + ONE_MAP
    rows = ["library pairs stage", "A given/libraries/A.toy.pairs.gz dedup"]
    project.write(config, rows)
    assert project.run()[0] == 0
    return project


def test_a_file_that_stays_is_not_read_again(changed: Project) -> None:
    name = "libraries/A.toy.pairs.gz"
    record = changed.path("results/ro-crate-metadata.json")
    crate = json.loads(record.read_text())
    for entity in crate["@graph"]:
        if entity["@id"] == name:
            entity["sha256"] = "as it was"
    record.write_text(json.dumps(crate))
    changed.path("results/groups/A.toy.no_filter.mcool").unlink()
    assert changed.run()[0] == 0
    assert entities(changed)[name]["sha256"] == "as it was"
    made = entities(changed)["groups/A.toy.no_filter.mcool"]["sha256"]
    path = changed.path("results/groups/A.toy.no_filter.mcool")
    assert made == hashlib.sha256(path.read_bytes()).hexdigest()


def test_only_results_have_checksums_where_that_is_asked_for(changed: Project) -> None:
    config = changed.path("config/config.yaml")
    config.write_text(config.read_text().replace("pictures: false", "checksums: results"))
    changed.path("results/ro-crate-metadata.json").unlink()
    assert changed.run()[0] == 0
    known = entities(changed)
    (given,) = (e for e in known.values() if e["@id"].endswith("toy.chrom.sizes"))
    assert "sha256" not in given
    assert int(given["contentSize"]) > 0
    assert len(known["libraries/A.toy.pairs.gz"]["sha256"]) == 64


def test_a_failed_run_says_so_and_a_target_leaves_out_the_rest(
    changed: Project, cache: Path, recorded: Project
) -> None:
    table = changed.path("config/samples.tsv")
    table.write_text(table.read_text() + "\nB\tbroken.pairs\tdedup")
    good = recorded.path("results/libraries/A.toy.pairs.gz").read_bytes()
    text = gzip.decompress(good).decode().splitlines(keepends=True)
    # A file that looks well at its start, and is not sorted further down.
    changed.path("broken.pairs").write_text("".join([*text, text[-100]]))
    code, said = changed.run("--keep-going")
    assert code == 1, said
    known = entities(changed)
    assert known["#run"]["actionStatus"].endswith("FailedActionStatus")
    assert "libraries/A.toy.pairs.gz" in known
    assert "libraries/B.toy.pairs.gz" not in known
    assert complaints(changed.path("results"), cache, "provenance-run-crate-0.5", "REQUIRED") == []


def test_no_record_where_none_is_asked_for(
    new_project: Callable[[str], Project], recorded: Project
) -> None:
    project = new_project("no record")
    project.path("given").symlink_to(recorded.path("results"))
    sizes = recorded.path("results/reference/toy.chrom.sizes")
    config = CONFIG.replace("fasta: {genome}", f"chromsizes: {sizes}")
    project.write(
        config + ONE_MAP.replace("pictures", "crate: false, pictures"),
        ["library pairs", "A given/libraries/A.toy.pairs.gz"],
    )
    assert project.run("pairs")[0] == 0
    assert not project.path("results/ro-crate-metadata.json").exists()
