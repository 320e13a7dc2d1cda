"""Holding against each other all that names images or says what they hold."""

import re
import tomllib
from pathlib import Path

from packaging.utils import canonicalize_name

from hicloom.errors import InputError
from hicloom.images.lock import LOCK, Lock, read_lock
from hicloom.images.plan import PLAN, Plan, read_plan
from hicloom.images.references import (
    cwl_references,
    table_references,
    wanted,
    wanted_by_apptainer,
)
from hicloom.workflow.containers import TABLE

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)


def check_names(checkout: Path) -> Lock:
    """Check that CWL files, the workflow's table and the lock name the same images.

    Returns
    -------
    Lock
        The checkout's, which describes them.

    Raises
    ------
    InputError
        For the first difference: of version, tag, digest or a pinned package.
    """
    lock, plan = read_lock(checkout), read_plan(checkout)
    _check_version(checkout, lock)
    _check_images(lock, plan)
    _check_cwl(checkout, lock)
    _check_table(checkout, lock)
    _check_pins(checkout, lock)
    return lock


def _check_version(checkout: Path, lock: Lock) -> None:
    text = (checkout / "pyproject.toml").read_text(encoding="utf-8")
    version = tomllib.loads(text)["project"]["version"]
    if lock.hicloom != version:
        raise _differ(LOCK, f"is of hicloom {lock.hicloom}", f"pyproject.toml says {version}")


def _check_images(lock: Lock, plan: Plan) -> None:
    planned = {image.key: f"{image.title}:{lock.hicloom}" for image in plan.images}
    locked = {key: image.name for key, image in lock.images.items()}
    if planned != locked:
        names = [", ".join(sorted(part.values())) for part in (locked, planned)]
        raise _differ(LOCK, f"has {names[0]}", f"docker/images.yaml asks for {names[1]}")
    for image in plan.images:
        held = lock.images[image.key].python
        if held.get("hicloom") != lock.hicloom:
            raise _differ(LOCK, f"{image.key} holds hicloom {held.get('hicloom')}", "is of another")
        for name in {*map(canonicalize_name, image.python)} - {*map(canonicalize_name, held)}:
            raise _differ(PLAN, f"{image.key} is to hold {name}", f"{LOCK} lacks it")


def _check_cwl(checkout: Path, lock: Lock) -> None:
    right = [wanted(image) for image in lock.images.values()]
    for reference in cwl_references(checkout):
        if reference.name not in right:
            raise _differ(reference.path, f"pulls {reference.name}", f"{LOCK} has {_listed(right)}")


def _check_table(checkout: Path, lock: Lock) -> None:
    right = {key: wanted_by_apptainer(image) for key, image in lock.images.items()}
    table = table_references(checkout)
    for key in sorted(right.keys() | table.keys()):
        if table.get(key) != right.get(key):
            raise _differ(TABLE, f"{key} is {table.get(key)}", f"{LOCK} has {right.get(key)}")


def _check_pins(checkout: Path, lock: Lock) -> None:
    pins: dict[str, set[str]] = {}
    for path in (checkout / "requirements.lock", *checkout.glob("docker/*/*.lock")):
        for name, version in _PIN.findall(path.read_text(encoding="utf-8")):
            pins.setdefault(canonicalize_name(name), set()).add(version)
    for image in lock.images.values():
        for name, version in image.python.items():
            allowed = pins.get(canonicalize_name(name), set())
            if name != "hicloom" and version not in allowed:
                pinned = f"requirements.lock pins {_listed(sorted(allowed)) or 'no version'}"
                raise _differ(LOCK, f"{image.name} holds {name} {version}", pinned)


def _listed(names: list[str]) -> str:
    return " and ".join(names)


def _differ(path: Path, has: str, other: str) -> InputError:
    return InputError(f"{path}: {has}, but {other}")
