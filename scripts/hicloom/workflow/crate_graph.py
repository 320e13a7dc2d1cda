"""The entities of a Workflow Run RO-Crate, made from the jobs of a run.

Profiles: Process, Workflow and Provenance Run Crate 0.5 (w3id.org/ro/wfrun), Workflow RO-Crate
1.0, RO-Crate 1.1.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rocrate.model.computerlanguage import get_lang
from rocrate.model.contextentity import ContextEntity
from rocrate.model.data_entity import DataEntity
from rocrate.model.entity import Entity
from rocrate.rocrate import ROCrate

from hicloom.workflow.checksums import Stamp, moment
from hicloom.workflow.jobs import Job

TERMS = "https://w3id.org/ro/terms/workflow-run#"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/ro/wfrun/provenance/0.5": "Provenance Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
DONE, FAILED = (f"http://schema.org/{how}ActionStatus" for how in ("Completed", "Failed"))

# What files of a run are, by the end of their name: a word, and a media type.
_KINDS = {
    ".fastq.gz": ("reads", "application/gzip"),
    ".fq.gz": ("reads", "application/gzip"),
    ".fa.gz": ("genome", "application/gzip"),
    ".pairs.gz": ("pairs", "application/gzip"),
    ".px2": ("pairs-index", "application/gzip"),
    ".bam": ("alignments", "application/vnd.ga4gh.bam"),
    ".mcool": ("map", "application/x-hdf5"),
    ".cool": ("map", "application/x-hdf5"),
    ".hic": ("hic-map", "application/octet-stream"),
    ".d4": ("depth", "application/octet-stream"),
    ".bw": ("depth-track", "application/octet-stream"),
    ".tsv": ("table", "text/tab-separated-values"),
    ".json": ("numbers", "application/json"),
    ".html": ("report", "text/html"),
    ".png": ("picture", "image/png"),
    ".yaml": ("settings", "application/yaml"),
    ".smk": ("rules", "text/x-python"),
    ".rst": ("caption", "text/x-rst"),
}
_TEXT = ("file", "text/plain")
_TYPES = {bool: "Boolean", int: "Integer", float: "Number", str: "Text"}
_DIGEST = re.compile(
    r"(?:\w+://)?(?:(?P<registry>[^/]+)/)?(?P<name>[^@]+)@sha256:(?P<digest>\w{64})"
)
_ACCOUNT = re.compile(r"(?<=://)[^/\s@]*@")
_SIGNATURE = re.compile(r"([?&](?:X-Amz-[\w-]+|Signature|AWSAccessKeyId|sig|token|key)=)[^&\s]+")


def public(text: str) -> str:
    """A text without the passwords and signatures that addresses in it may hold."""
    return _SIGNATURE.sub(r"\1...", _ACCOUNT.sub("", text))


class Graph:
    """A crate in the making.

    Parameters
    ----------
    folder : Path
        Its root; files elsewhere are named by their absolute address.
    stamps : mapping of Path to Stamp
        Of the files that are there.
    agent : str or None
        Who ran the workflow.
    """

    def __init__(self, folder: Path, stamps: Mapping[Path, Stamp], agent: str | None):
        self.crate = ROCrate(version="1.1")
        self._folder, self._stamps = folder, stamps
        self._files: dict[str, Entity] = {}
        terms = ("containerImage", "ContainerImage", "registry", "tag", "sha256")
        self.crate.metadata.extra_terms.update({term: TERMS + term for term in terms})
        self.agent = self.about("#agent", "Person", name=agent) if agent else None
        named = (self.about(i, "CreativeWork", name=name) for i, name in PROFILES.items())
        self.crate.root_dataset["conformsTo"] = list(named)
        roots = ["https://w3id.org/ro/crate/1.1", list(PROFILES)[-1]]
        self.crate.metadata["conformsTo"] = [{"@id": root} for root in roots]

    def about(self, identifier: str, type_: str, **properties: Any) -> Entity:
        """An entity that is no file; properties without a value are left out."""
        told = {name: value for name, value in properties.items() if value not in (None, [])}
        return self.crate.add(ContextEntity(self.crate, identifier, {"@type": type_, **told}))

    def file(self, name: str, type_: str | list[str] = "File") -> Entity:
        """What a job read or wrote: a file, a folder, or one that was temporary and is gone."""
        if name not in self._files:
            self._files[name] = self._file(name, type_)
        return self._files[name]

    def _file(self, name: str, type_: str | list[str]) -> Entity:
        path, stamp = Path(name), self._stamps.get(Path(name))
        if "://" in name or name.startswith("sra:"):
            return self._data(public(name), type_, name=public(name))
        if path.is_dir():
            return self._data(f"{self._address(path)}/", "Dataset", name=path.name)
        if stamp is None:
            gone = f"#temporary/{quote(name)}"
            return self.about(gone, "CreativeWork", name=path.name, description="a temporary file")
        return self._data(
            self._address(path),
            type_,
            name=path.name,
            contentSize=str(stamp.size),
            dateModified=stamp.modified,
            encodingFormat=kind(name)[1],
            **({"sha256": stamp.sha256} if stamp.sha256 else {}),
        )

    def _data(self, identifier: str, type_: str | list[str], **properties: Any) -> Entity:
        return self.crate.add(DataEntity(self.crate, identifier, {"@type": type_, **properties}))

    def _address(self, path: Path) -> str:
        if path.is_relative_to(self._folder):
            return quote(path.relative_to(self._folder).as_posix())
        return path.resolve().as_uri()

    def workflow(self, name: str, version: str, language: str) -> Entity:
        """The Snakefile, as the crate's main entity; the version of hicloom, and of Snakemake."""
        types = ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"]
        main = self.file(name, types)
        snakemake = self.crate.add(get_lang(self.crate, "snakemake", version=language))
        bioschemas = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
        main["name"], main["version"] = "hicloom, from reads or pairs to contact maps", version
        main["programmingLanguage"], main["conformsTo"] = snakemake, {"@id": bioschemas}
        self.crate.mainEntity = main
        return main

    def parameters(self, settings: Mapping[str, Any], workflow: Entity) -> list[Entity]:
        """The settings as values of the workflow's formal parameters."""
        values = []
        for name, value in flat(settings):
            shown = value if type(value) in _TYPES else json.dumps(value)
            said = public(shown) if isinstance(shown, str) else shown
            slot = self._slot(workflow, "input", name, _TYPES.get(type(value), "Text"))
            values.append(self.about(f"#{name}", "PropertyValue", name=name, value=said))
            _example(slot, values[-1])
        return values

    def slots(self, workflow: Entity, which: str, names: Iterable[str]) -> list[Entity]:
        """Files and folders as values of the workflow's parameters, one for each kind of file."""
        found = [self.file(name) for name in names]
        for name, entity in zip(names, found, strict=True):
            type_ = "Dataset" if entity.type == "Dataset" else "File"
            word = "folder" if type_ == "Dataset" else kind(name)[0]
            _example(self._slot(workflow, which, f"{which}-{word}", type_), entity)
        return found

    def _slot(self, workflow: Entity, which: str, name: str, type_: str) -> Entity:
        identifier = f"#parameter-{name}"
        if known := self.crate.get(identifier):
            return known
        profile = {"@id": "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"}
        slot = self.about(
            identifier, "FormalParameter", name=name, additionalType=type_, conformsTo=profile
        )
        workflow.append_to(which, slot)
        return slot

    def image(self, url: str, sif: Stamp | None) -> Entity:
        """The image of a container: by the digest in its address, or as the file pulled from it."""
        identifier = f"#image-{quote(url, safe='')}"
        if known := self.crate.get(identifier):
            return known
        if match := _DIGEST.fullmatch(url):
            name, _, tag = match["name"].partition(":")
            told = {"registry": match["registry"] or "docker.io", "name": name, "tag": tag or None}
            told |= {"sha256": match["digest"], "additionalType": {"@id": f"{TERMS}DockerImage"}}
        else:
            told = {"name": url, "sha256": sif.sha256 if sif else None}
            told |= {"additionalType": {"@id": f"{TERMS}SIFImage"}}
        return self.about(identifier, "ContainerImage", **told)

    def action(self, job: Job, tool: Entity, image: Entity | None) -> Entity:
        """What one job did."""
        return self.about(
            f"#job/{quote(job.name)}",
            "CreateAction",
            name=job.name,
            description=public(job.command) or job.rule,
            instrument=tool,
            object=[self.file(name) for name in job.inputs],
            result=[self.file(name) for name in job.outputs],
            startTime=moment(job.started),
            endTime=moment(job.ended),
            agent=self.agent,
            actionStatus=DONE,
            containerImage=image,
        )


def kind(name: str) -> tuple[str, str]:
    """What a file is, and its media type, by its name."""
    found = (what for ending, what in _KINDS.items() if name.endswith(ending))
    return next(found, _TEXT)


def flat(settings: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Settings by their dotted names; lists and filters stay together."""
    for name, value in settings.items():
        if isinstance(value, dict) and name != "maps":
            yield from flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _example(slot: Entity, value: Entity) -> None:
    slot.append_to("workExample", value)
    value.append_to("exampleOfWork", slot)
