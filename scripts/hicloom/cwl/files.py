"""The text of each CWL file: the tool, laid out as people read it."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from cyclopts import App

from hicloom import cli
from hicloom.cwl.tools import tool

HEAD = "#!/usr/bin/env cwl-runner\n"
# A term of EDAM in verbs.yaml: its address, then its name.
TERM = re.compile(r"(http://edamontology\.org/format_\d+) (\w+)")
Table = dict[str, Any]


def texts() -> dict[str, str]:
    """Every file by its name, `hicloom-VERB.cwl`."""
    return {f"hicloom-{verb}.cwl": text(verb, command) for verb, command in steps().items()}


def text(verb: str, command: App) -> str:
    """The CWL file of a verb."""
    described = tool(verb, command, table())
    lines = yaml.dump(described, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return HEAD + TERM.sub(r"\1  # \2", lines)


def steps() -> dict[str, App]:
    """The commands of the steps that have a CWL file, by verb: those of a group as `group-verb`."""
    found = dict(_commands(cli.app()))
    return {verb: found[verb] for verb in sorted(found) if verb not in table()["without"]}


@cache
def table() -> Table:
    """What the signatures cannot tell."""
    whole: Table = yaml.safe_load(Path(__file__).with_name("verbs.yaml").read_text("utf-8"))
    return whole


def _commands(app: App, *words: str) -> Iterator[tuple[str, App]]:
    names = [name for name in app if not name.startswith("-")]
    for name in names:
        yield from _commands(app[name], *words, name)
    if not names and app.default_command.__module__.startswith("hicloom.steps."):
        yield "-".join(words), app


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """YAML as people write it: lists indented, texts of several lines as they are."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        return True


def _write_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _write_table(dumper: yaml.SafeDumper, value: Table) -> yaml.MappingNode:
    small = not any(isinstance(part, dict) or ":" in str(part) for part in value.values())
    flow = small and len(str(value)) < 80
    return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=flow)


def _write_list(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.SequenceNode:
    small = not any(isinstance(part, dict) for part in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=small)


_Dumper.add_representer(str, _write_text)
_Dumper.add_representer(dict, _write_table)
_Dumper.add_representer(list, _write_list)
