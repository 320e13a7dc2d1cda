"""A part of requirements.lock: some packages and all that they need, with their hashes."""

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hicloom.errors import InputError


def subset(lock: str, roots: Iterable[str], python: str) -> str:
    """The lines of a lock for `roots` and what they need in turn, in the lock's order.

    Parameters
    ----------
    lock : str
        Text of requirements.lock: pins with hashes and markers, as pip reads them.
    roots : iterable of str
        Names of packages.
    python : str
        Version of Python (`3.13`) that they are for.

    Raises
    ------
    InputError
        If a package is not in the lock.
    """
    pins = dict(_pins(lock))
    needed = _closure(roots, python)
    for name in sorted(needed - pins.keys()):
        raise InputError(f"requirements.lock: {name} is not in it; make lock resolves it anew")
    return "".join(text for name, text in pins.items() if name in needed)


def _pins(lock: str) -> Iterator[tuple[str, str]]:
    """Each package's name and its lines: one pin, or one for each marker."""
    texts: dict[str, str] = {}
    for text in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:]:
        name = canonicalize_name(text.partition("==")[0].partition("[")[0])
        texts[name] = texts.get(name, "") + text
    yield from texts.items()


def _closure(roots: Iterable[str], python: str) -> set[str]:
    """Names of packages and of all that they need, as those installed here say it."""
    found: set[str] = set()
    waiting: list[tuple[str, str]] = [(canonicalize_name(root), "") for root in roots]
    seen = set(waiting)
    while waiting:
        name, extra = waiting.pop()
        found.add(name)
        further = set(_needs(name, extra, python)) - seen
        seen |= further
        waiting.extend(further)
    return found


def _needs(name: str, extra: str, python: str) -> Iterator[tuple[str, str]]:
    """What a package needs on that Python, and the extras that it asks of it.

    One that only that Python needs is not installed here; pip checks the set in the image.
    """
    try:
        lines = requires(name) or []
    except PackageNotFoundError:
        return
    machine = {"python_version": python, "python_full_version": f"{python}.0"}
    machine |= {"sys_platform": "linux", "platform_system": "Linux", "extra": extra}
    for need in map(Requirement, lines):
        if need.marker is None or need.marker.evaluate(machine):
            yield from ((canonicalize_name(need.name), part) for part in ("", *need.extras))
