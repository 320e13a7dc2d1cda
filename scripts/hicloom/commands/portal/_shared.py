"""What the commands of the portal share."""

from pathlib import Path

from hicloom.portal.client import Portal


def open_portal(server: str, keypairs: Path | None) -> Portal:
    """The portal, with the key to it if there is one."""
    from hicloom.portal.keys import find_key

    # First without the key, which checks the URL.
    return Portal(server, find_key(Portal(server).server, keypairs))
