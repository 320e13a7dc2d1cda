"""The house rules that a machine can hold: arrows between modules, and sizes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hicloom.workflow import layout

ROOT = layout.folder()
PACKAGE = ROOT / "scripts/hicloom"
MODULES = sorted(PACKAGE.rglob("*.py"))
# What stands below everything else, and may be used everywhere.
GROUND = {"errors", "outputs", "provenance", "progress"}
MAY_USE = {"kernels": {"kernels"}, "formats": {"formats", "kernels", "findings"}}


def imports(path: Path) -> Iterator[str]:
    """The parts of hicloom that a module imports, by their first name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "hicloom":
                yield from (alias.name for alias in node.names)
            elif node.module.startswith("hicloom."):
                yield node.module.split(".")[1]


@pytest.mark.parametrize("layer", MAY_USE)
def test_lower_layers_know_nothing_of_those_above(layer: str) -> None:
    allowed = MAY_USE[layer] | GROUND
    strange = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for path in (PACKAGE / layer).rglob("*.py")
        for name in imports(path)
        if name not in allowed
    }
    assert strange == set()


def test_nothing_but_the_command_line_and_4dns_tools_imports_a_step_or_it_is_another() -> None:
    for path in MODULES:
        if path.relative_to(PACKAGE).parts[0] not in ("cli.py", "compat", "steps"):
            assert "steps" not in set(imports(path)), path


def test_4dns_tools_are_used_by_nothing_and_need_steps_or_digests_only() -> None:
    for path in MODULES:
        inside = path.relative_to(PACKAGE).parts[0] == "compat"
        assert inside or "compat" not in set(imports(path)), path
        if inside and not path.name.startswith("_"):
            text = path.read_text()
            assert "hicloom.steps" in text or "hicloom.compat._digests" in text, path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_and_functions_are_short(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            documented = ast.get_docstring(node, clean=False) or ""
            lines = node.end_lineno - node.lineno - documented.count("\n")  # type: ignore[operator]
            assert lines <= 60, node.name


def test_rules_are_short() -> None:
    for path in sorted((ROOT / "workflows/rules").glob("*.smk")):
        rules = re.split(r"^(?=(?:rule|checkpoint) \w+:)", path.read_text(), flags=re.MULTILINE)[1:]
        for rule in rules:
            lines = [line for line in rule.splitlines() if line.strip()]
            assert len(lines) <= 26, lines[0]
    assert len((ROOT / "Snakefile").read_text().splitlines()) <= 60
