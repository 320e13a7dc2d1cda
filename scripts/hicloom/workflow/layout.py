"""The workflow's own files: Snakefile, rules, schemas and config."""

from pathlib import Path


def folder() -> Path:
    """Where they lie: inside an installed package, or at the root of an editable checkout."""
    package = Path(__file__).parents[1]
    installed = package / "project"
    return installed if installed.is_dir() else package.parents[1]
