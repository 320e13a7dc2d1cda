"""The 4DN-named CWL files against `contract.yaml`, and what holds for every CWL file."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from cwltool.main import main as cwltool_main

from hicloom import __version__

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "cwl"
FILES = sorted(FOLDER.glob("*.cwl"))
CONTRACT = yaml.safe_load(Path(__file__).with_name("contract.yaml").read_text())
TOOLS, WORKFLOWS = CONTRACT["tools"], CONTRACT["workflows"]
# In every 4DN-named file beyond 4DN's inputs: optional, never on the command line.
RESOURCES = {"memory_mb": "int?", "disk_mb": "int?"}
REFERENCE = re.compile(r"\w+(\.\w+|\[\d+\]|\['[^']*'\])*")

Table = dict[str, Any]
each_tool = pytest.mark.parametrize("name", TOOLS)
each_workflow = pytest.mark.parametrize("name", WORKFLOWS)
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def read(path: Path) -> Table:
    return yaml.safe_load(path.read_text())


def written(parameter: Table, *, default: bool = True) -> str:
    """A parameter as the contract writes it: `type + .px2 = default`."""
    text = type_name(parameter["type"])
    text += "".join(f" + {pattern}" for pattern in parameter.get("secondaryFiles", []))
    if default and "default" in parameter:
        text += f" = {default_text(parameter['default'])}"
    return text


def type_name(type_: Any) -> str:
    if isinstance(type_, list):
        assert type_[0] == "null"
        return type_name(type_[1]) + "?"
    return f"enum[{', '.join(type_['symbols'])}]" if isinstance(type_, dict) else type_


def default_text(value: object) -> str:
    return {"": '""', False: "false"}.get(value, str(value)) if value != 0 else str(value).lower()


@each_tool
def test_a_tool_takes_the_inputs_of_4dn(name: str) -> None:
    inputs = read(FOLDER / f"{name}.cwl")["inputs"]
    asked = {id_: inputs.pop(id_) for id_ in RESOURCES}
    found = {id_: written(parameter) for id_, parameter in inputs.items()}
    assert found == TOOLS[name]["inputs"] | TOOLS[name].get("added", {})
    assert {id_: written(p, default=False) for id_, p in asked.items()} == RESOURCES
    assert all(isinstance(parameter["default"], int) for parameter in asked.values())


@each_tool
def test_a_tool_gives_the_files_of_4dn_and_never_null(name: str) -> None:
    found = {
        id_: output["outputBinding"]["glob"] + written(output).removeprefix("File")
        for id_, output in read(FOLDER / f"{name}.cwl")["outputs"].items()
    }
    assert found == TOOLS[name]["outputs"]


@each_tool
def test_a_tool_is_one_command_with_named_options(name: str) -> None:
    """`nThreads` is `--nthreads`; what is only asked of the machine is not on the line."""
    tool = read(FOLDER / f"{name}.cwl")
    assert tool["baseCommand"] == ["hicloom", "4dn", name]
    assert "arguments" not in tool
    for id_, parameter in tool["inputs"].items():
        option = {"prefix": "--" + id_.lower().replace("_", "-")}
        assert parameter.get("inputBinding") == (None if id_ in RESOURCES else option)


@each_tool
def test_a_tool_asks_for_the_cores_memory_and_disk_of_its_inputs(name: str) -> None:
    cores = {"nThreads", "Threads", "ncores"} & set(TOOLS[name]["inputs"])
    asked = dict(read(FOLDER / f"{name}.cwl")["requirements"]["ResourceRequirement"])
    assert asked.pop("coresMin", None) == (f"$(inputs.{cores.pop()})" if cores else None)
    assert asked == {
        "ramMin": "$(inputs.memory_mb)",
        "tmpdirMin": "$(inputs.disk_mb)",
        "outdirMin": "$(inputs.disk_mb)",
    }


@each_tool
def test_the_image_is_that_of_this_version(name: str) -> None:
    image = TOOLS[name].get("image", "contacts")
    hint = read(FOLDER / f"{name}.cwl")["hints"]["DockerRequirement"]
    assert hint == {"dockerPull": f"hicloom-{image}:{__version__}"}


@each_workflow
def test_a_workflow_takes_and_gives_what_that_of_4dn_does(name: str) -> None:
    workflow, contract = read(FOLDER / f"{name}.cwl"), WORKFLOWS[name]
    found = {id_: written(parameter) for id_, parameter in workflow["inputs"].items()}
    assert found == contract["inputs"] | RESOURCES
    outputs = {
        id_: output["outputSource"] + written(output).removeprefix("File")
        for id_, output in workflow["outputs"].items()
    }
    assert outputs == contract["outputs"]


@each_workflow
def test_a_workflow_has_the_steps_wiring_and_child_files_of_4dn(name: str) -> None:
    steps, contract = read(FOLDER / f"{name}.cwl")["steps"], WORKFLOWS[name]["steps"]
    assert list(steps) == list(contract)
    for id_, step in steps.items():
        expected = contract[id_]
        sources = {key: value["source"] for key, value in step["in"].items()}
        asked = {key: key for key in RESOURCES}
        assert sources == expected["in"] | expected.get("added", {}) | asked
        outputs = [out["id"] if isinstance(out, dict) else out for out in step["out"]]
        assert outputs == expected["out"]
        assert step["run"] == expected.get("run", f"{id_}.cwl")
        assert step.get("scatter") == expected.get("scatter")


@pytest.mark.parametrize("name", ["hi-c-processing-bam", "hi-c-processing-pairs"])
def test_the_metadata_of_4dn_stands_under_a_prefix(name: str) -> None:
    """4DN writes `fdn_meta`, which strict validation refuses."""
    workflow = read(FOLDER / f"{name}.cwl")
    assert workflow["fdn:fdn_meta"]["name"] == name
    for step in workflow["steps"].values():
        assert step["fdn:fdn_step_meta"]["software_used"] == [f"hicloom_{__version__}"]
    assert all(output["fdn:fdn_format"] for output in workflow["outputs"].values())


@each_file
def test_a_file_validates_strictly_and_silently(path: Path) -> None:
    said = io.StringIO()
    words = ["--validate", "--strict", "--quiet", str(path)]
    code = cwltool_main(words, stdout=said, stderr=said)
    assert (code, said.getvalue()) == (0, f"{path} is valid CWL.\n")


@each_file
def test_a_file_begins_as_a_program_and_holds_no_javascript(path: Path) -> None:
    text = path.read_text()
    head = text.splitlines()[:3]
    assert head[:2] == ["#!/usr/bin/env cwl-runner", "cwlVersion: v1.2"]
    assert head[2].startswith("class: ")
    assert path.stat().st_mode & 0o111
    assert "InlineJavascriptRequirement" not in text
    assert "${" not in text
    assert all(REFERENCE.fullmatch(code) for code in re.findall(r"\$\((.*?)\)", text))


@each_file
def test_the_image_of_a_tool_is_a_hint(path: Path) -> None:
    """As a requirement it would forbid `--no-container`."""
    described = read(path)
    assert "DockerRequirement" not in described.get("requirements", {})
    assert ("DockerRequirement" in described.get("hints", {})) == (described["class"] != "Workflow")


@pytest.mark.parametrize("name", [*TOOLS, *WORKFLOWS])
def test_the_example_job_gives_every_input_of_4dn(name: str) -> None:
    job = read(FOLDER / f"jobs/{name}.yml")
    assert list(job) == list((TOOLS | WORKFLOWS)[name]["inputs"])


def test_every_job_belongs_to_a_file() -> None:
    jobs = {path.stem for path in (FOLDER / "jobs").glob("*.yml")}
    assert jobs <= {path.stem for path in FILES}


def test_dockstore_lists_every_file_with_its_example_job() -> None:
    listed = yaml.safe_load((ROOT / ".dockstore.yml").read_text())
    entries = listed["tools"] + listed["workflows"]
    for entry in entries:
        path = ROOT / entry["primaryDescriptorPath"].removeprefix("/")
        kind = "workflows" if read(path)["class"] == "Workflow" else "tools"
        assert entry in listed[kind]
        assert (entry["name"], entry["subclass"]) == (path.stem, "CWL")
        job = FOLDER / f"jobs/{path.stem}.yml"
        jobs = [f"/cwl/jobs/{job.name}"] if job.exists() else []
        assert entry.get("testParameterFiles", []) == jobs
    assert sorted(entry["primaryDescriptorPath"] for entry in entries) == [
        f"/cwl/{path.name}" for path in FILES
    ]
