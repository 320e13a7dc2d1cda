"""What a run was, written beside its results: results/ro-crate-metadata.json."""

import json
import os
import pwd
import shutil
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from hicloom import __version__
from hicloom.errors import HicloomError
from hicloom.outputs import atomic
from hicloom.workflow.checksums import Stamp, moment, stamp, stamped
from hicloom.workflow.config import Settings
from hicloom.workflow.jobs import Job, files_of_workflow, finished_jobs

if TYPE_CHECKING:
    from rocrate.model.entity import Entity

    from hicloom.workflow.crate_graph import Graph

NAME = "ro-crate-metadata.json"
COPY = "workflow"
LICENSE = "No license is stated; who made the data decides on what others may do with it."


def write_crate(workflow: Any, settings: Settings, *, failed: bool = False) -> None:
    """Write the record of a run, if the settings ask for it; to be called at its end.

    What has gone wrong is said on stderr: it does not make the run fail.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
        Its jobs have ended.
    settings : dict
        As checked; `output.crate` and `output.checksums` say what is wanted.
    failed : bool
        Whether a job has failed.
    """
    wanted = settings["output"]
    if not wanted["crate"]:
        return
    folder = Path("results")
    try:
        jobs = finished_jobs(workflow)
        images = {url: Path(image.path) for url, image in workflow.dag.container_imgs.items()}
        sifs = {url: path for url, path in images.items() if path.is_file()}
        files = copy_workflow(files_of_workflow(workflow), settings, folder / COPY)
        graph = describe_run(folder, jobs, files, sifs, settings, failed=failed)
        with atomic(folder / NAME) as (part,):
            part.write_text(json.dumps(graph, indent=1, ensure_ascii=False), encoding="utf-8")
    except (OSError, HicloomError) as error:
        print(f"hicloom: {folder / NAME}: could not be written ({error})", file=sys.stderr)


def copy_workflow(files: Mapping[Path, Path], settings: Settings, folder: Path) -> list[Path]:
    """Copy the workflow's files, the settings in use and the sample table into a folder.

    Returns
    -------
    list of Path
        The copies, the Snakefile first.
    """
    import yaml

    from hicloom.workflow.crate_graph import public

    copies = []
    for place, source in files.items():
        with atomic(folder / place) as (part,):
            shutil.copyfile(source, part)
        copies.append(folder / place)
    table = Path(settings["input"]["samples"]).read_text(encoding="utf-8-sig")
    texts = {"config.yaml": yaml.safe_dump(settings, sort_keys=False), "samples.tsv": table}
    for name, text in texts.items():
        with atomic(folder / "config" / name) as (part,):
            part.write_text(public(text), encoding="utf-8")
        copies.append(folder / "config" / name)
    return copies


def describe_run(
    folder: Path,
    jobs: list[Job],
    files: list[Path],
    sifs: Mapping[str, Path],
    settings: Settings,
    *,
    failed: bool = False,
) -> dict[str, Any]:
    """The metadata of the crate, as JSON-LD.

    Parameters
    ----------
    folder
        Root of the crate.
    jobs
        The jobs that have ended well.
    files
        The workflow's files, the Snakefile first.
    sifs
        The files that images were pulled to, by their address.
    """
    from hicloom.workflow.crate_graph import DONE, FAILED, Graph

    made = {name: None for job in jobs for name in job.outputs if not _is_gone(name)}
    given = {n: None for job in jobs for n in job.inputs if not any(n in j.outputs for j in jobs)}
    stamps = _stamps(folder, [*given, *made], [*files, *sifs.values()], settings)
    graph = Graph(folder, stamps, _agent())
    main = graph.workflow(str(files[0]), __version__, metadata.version("snakemake"))
    for path in files[1:]:
        graph.file(str(path))
    run = graph.about(
        "#run",
        "CreateAction",
        name="hicloom run",
        description=f"The workflow of hicloom {__version__} on {settings['input']['samples']}",
        instrument=main,
        object=[*graph.slots(main, "input", list(given)), *graph.parameters(settings, main)],
        result=graph.slots(main, "output", list(made)),
        startTime=moment(min((job.started for job in jobs), default=_now())),
        endTime=moment(max((job.ended for job in jobs), default=_now())),
        agent=graph.agent,
        actionStatus=FAILED if failed else DONE,
        error="a job failed; the folder logs says why" if failed else None,
    )
    actions = _add_jobs(graph, main, run, jobs, {url: stamps.get(p) for url, p in sifs.items()})
    _add_root(graph, settings, [run, *actions])
    generated: dict[str, Any] = graph.crate.metadata.generate()
    return {**generated, "@graph": [_compact(entity) for entity in generated["@graph"]]}


def _compact(entity: Mapping[str, Any]) -> dict[str, Any]:
    """An entity with single values instead of lists of one, as the specification wants it."""
    return {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in entity.items()
    }


def _add_jobs(
    graph: "Graph", main: "Entity", run: "Entity", jobs: list[Job], sifs: Mapping[str, Stamp | None]
) -> list["Entity"]:
    """What each job did, with which tool, as which step of the workflow."""
    engine = _package(graph, "snakemake")
    tools = {rule: _tool(graph, main, rule) for rule in dict.fromkeys(job.rule for job in jobs)}
    actions, controls = [], []
    for job in jobs:
        image = graph.image(job.image, sifs.get(job.image)) if job.image else None
        tool, step = tools[job.rule]
        actions.append(graph.action(job, tool, image))
        identifier = actions[-1].id.replace("#job", "#step", 1)
        name = f"step {job.name}"
        controls.append(
            graph.about(identifier, "ControlAction", name=name, instrument=step, object=actions[-1])
        )
    if any(not job.image for job in jobs):
        main["softwareRequirements"] = [_package(graph, name) for name in _packages()]
    if controls:
        told = {"instrument": engine, "object": controls, "result": run, "agent": graph.agent}
        graph.about("#snakemake", "OrganizeAction", name="Snakemake", **told)
    return actions


def _tool(graph: "Graph", main: "Entity", rule: str) -> tuple["Entity", "Entity"]:
    """What a rule runs, and the step of the workflow that it is."""
    verb = f"hicloom {rule.replace('_', '-')}"
    tool = graph.about(f"#{rule}", "SoftwareApplication", name=verb, softwareVersion=__version__)
    step = graph.about(f"{main.id}#{rule}", "HowToStep", name=rule, workExample=tool)
    main.append_to("hasPart", tool)
    main.append_to("step", step)
    return tool, step


def _packages() -> list[str]:
    """The packages that hicloom's steps run with."""
    needed = (line for line in metadata.requires("hicloom") or [] if ";" not in line)
    names = ("".join(c if c.isalnum() or c in "-_." else " " for c in line) for line in needed)
    return sorted(name.split()[0] for name in names)


def _package(graph: "Graph", name: str) -> "Entity":
    version = metadata.version(name)
    url = f"https://pypi.org/project/{name}/{version}/"
    return graph.about(url, "SoftwareApplication", name=name, softwareVersion=version, url=url)


def _add_root(graph: "Graph", settings: Settings, actions: list["Entity"]) -> None:
    root, assembly = graph.crate.root_dataset, settings["input"]["assembly"]
    root["name"] = f"Hi-C contact maps, {assembly}"
    root["description"] = "Pairs, contact maps, depth and statistics made by hicloom, and how."
    root["license"] = graph.about("#license", "CreativeWork", name="Not stated", text=LICENSE)
    root["mentions"] = actions
    root["datePublished"] = moment(_now())
    if graph.agent:
        root["author"] = graph.agent


def _stamps(
    folder: Path, data: list[str], own: list[Path], settings: Settings
) -> dict[Path, Stamp]:
    """Sizes and times of all files; checksums of those that the settings ask for."""
    wanted = settings["output"]["checksums"]
    there = [Path(name) for name in data if Path(name).is_file()]
    inside = [path for path in there if path.is_relative_to(folder)]
    read = {"all": there, "results": inside, "none": []}[wanted]
    return {path: stamp(path) for path in there} | stamped([*read, *own], _known(folder))


def _known(folder: Path) -> dict[Path, Stamp]:
    """The stamps that the last crate of this folder gives, by absolute path."""
    try:
        graph = json.loads((folder / NAME).read_text(encoding="utf-8"))["@graph"]
    except (OSError, ValueError, KeyError):
        return {}
    found = {}
    for entity in graph:
        if "sha256" in entity and "contentSize" in entity:
            size, modified = int(entity["contentSize"]), entity["dateModified"]
            found[_path(folder, entity["@id"])] = Stamp(size, modified, entity["sha256"])
    return found


def _path(folder: Path, identifier: str) -> Path:
    """Where the file of an entity lies."""
    if identifier.startswith("file://"):
        return Path(unquote(urlsplit(identifier).path))
    return (folder / unquote(identifier)).resolve()


def _is_gone(name: str) -> bool:
    return "://" not in name and not Path(name).exists()


def _agent() -> str | None:
    """The full name of the account, or its name, if there is one."""
    try:
        account = pwd.getpwuid(os.geteuid())
    except KeyError:
        return None
    return account.pw_gecos.partition(",")[0] or account.pw_name


def _now() -> float:
    return datetime.now(UTC).timestamp()
