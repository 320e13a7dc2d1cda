"""Asking every tool in an image for its version, as the runners of containers would."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hicloom import __version__
from hicloom.errors import WorkError
from hicloom.images.daemon import container, run
from hicloom.images.plan import Image, Tool

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

# With all that Docker gives; and with what the runners of CWL leave: an unknown user without a
# home, no network, and nothing writable but a folder for temporary files.
MODES: Mapping[str, Mapping[str, Any]] = {
    "as it is": {},
    "read-only, as user 1234, without network": {
        "read_only": True,
        "tmpfs": {"/tmp": "mode=1777"},
        "user": "1234:1234",
        "network_mode": "none",
        "environment": {"HOME": "/nonexistent"},
    },
}


def tool_versions(client: "DockerClient", image: Image, name: str | None = None) -> dict[str, str]:
    """The versions of an image's tools, asked for in every mode.

    Parameters
    ----------
    client : DockerClient
        Where it runs.
    image : Image
        What it is to hold.
    name : str, optional
        Its name or id there (default: its local tag).

    Raises
    ------
    WorkError
        If a tool does not answer, or hicloom is of another version than the checkout's.
    """
    found = {}
    for mode, options in MODES.items():
        with container(client, name or image.tag, **options) as inside:
            for tool in image.tools:
                found[tool.name] = _ask(inside, tool, f"{image.tag} ({mode})")
    if found.get("hicloom") != __version__:
        raise WorkError(f"{image.tag}: holds hicloom {found.get('hicloom')}, not {__version__}")
    return found


def _ask(inside: "Container", tool: Tool, where: str) -> str:
    _, said = run(inside, tool.command)
    answer = re.search(tool.answers, said, flags=re.MULTILINE)
    if answer is None:
        words = " ".join(said.split())[-300:]
        raise WorkError(f"{where}: {tool.name} does not answer: {words or 'no word'}")
    return answer[1]
