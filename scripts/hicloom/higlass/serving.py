"""Start and end the server of `hicloom view`."""

import contextlib
import json
import os
import secrets
import socket
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hicloom.errors import InputError
from hicloom.formats.regions import parse_region
from hicloom.higlass.files import Tileset, open_tilesets, uid_of
from hicloom.higlass.script import script
from hicloom.higlass.viewconf import SERVER, Json, tileset_uids, viewconf
from hicloom.outputs import scratch

_LOCAL = {"127.0.0.1", "localhost", "::1"}


def serve(
    paths: Sequence[Path], region: str | None, host: str, port: int, open_: bool | None
) -> None:
    """Show files until interrupted; `hicloom view` says what the parameters mean.

    Raises
    ------
    InputError
        As `hicloom view` does.
    """
    try:
        import uvicorn

        from hicloom.higlass.server import application
        from hicloom.higlass.tiles import TileServer
    except ImportError as error:
        advice = "pip install 'hicloom[view]' brings it"
        raise InputError(f"{error.name} is not installed: {advice}") from None
    higlass, (conf, tilesets) = script(), _shown(paths, region)
    token = secrets.token_urlsafe(16)
    hosts = {*_LOCAL, host} if host in _LOCAL else None
    with scratch() as folder, _listening(host, port) as listener:
        tiles = TileServer(tilesets, folder)
        app = application(tiles, conf, _title(tilesets), higlass, token, hosts)
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_level="error",
                lifespan="off",
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        _announce(listener, host, token, region, open_)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


def _shown(paths: Sequence[Path], region: str | None) -> tuple[Json, list[Tileset]]:
    """The viewconf and its tilesets."""
    given = [path for path in paths if path.suffix == ".json"]
    files = [path for path in paths if path.suffix != ".json"]
    if not given:
        tilesets = open_tilesets(files)
        return viewconf(tilesets, region), tilesets
    if len(given) > 1:
        raise InputError(f"{given[1]}: one viewconf at a time can be shown")
    conf = _read(given[0])
    wanted = dict.fromkeys(tileset_uids(conf))
    there = {path.name for path in files}
    beside = (path for path in sorted(given[0].parent.iterdir()) if path.name not in there)
    tilesets = open_tilesets([*files, *(path for path in beside if _is_named(path, wanted))])
    missing = wanted.keys() - {tileset.uid for tileset in tilesets}
    if missing:
        raise InputError(
            f"{given[0]}: names the tileset {min(missing)}, but no file beside it has that name;"
            " give the file, too"
        )
    if region:
        parse_region(region, tilesets[0].chromsizes.keys())
    return _local(conf), tilesets


def _read(path: Path) -> Json:
    try:
        conf = json.loads(path.read_text(encoding="utf-8"))
        if conf["views"] and all("tracks" in view for view in conf["views"]):
            return dict(conf)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise InputError(f"{path}: is no viewconf (JSON with views of tracks)")


def _is_named(path: Path, wanted: Any) -> bool:
    """Whether a file, or a track of it, is among the tilesets of a viewconf."""
    uid = uid_of(path.name)
    return uid in wanted or (
        path.suffix == ".d4" and any(name.startswith(f"{uid}-") for name in wanted)
    )


def _local(part: Any) -> Any:
    """A viewconf, or a part of it, with the server of every tileset here."""
    if isinstance(part, dict):
        found = {key: _local(value) for key, value in part.items()}
        return found | ({"server": SERVER} if "tilesetUid" in found else {})
    return [_local(value) for value in part] if isinstance(part, list) else part


def _title(tilesets: Sequence[Tileset]) -> str:
    names = dict.fromkeys(tileset.path.name for tileset in tilesets)
    return ", ".join(names)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        told = error.strerror or error
        raise InputError(f"--host {host} --port {port}: cannot listen there ({told})") from None


def _announce(
    listener: socket.socket, host: str, token: str, region: str | None, open_: bool | None
) -> None:
    port = listener.getsockname()[1]
    name = f"[{host}]" if ":" in host else host
    if host in ("0.0.0.0", "::"):
        name = socket.gethostname()
    fragment = f"#{quote(region, safe=':,')}" if region else ""
    url = f"http://{name}:{port}/?token={token}{fragment}"
    if host not in _LOCAL:
        told = "whoever has this address can see the files; the connection is not encrypted"
        print(f"--host {host}: {told}", file=sys.stderr)
    print(url, flush=True)
    print("Ctrl-C ends", file=sys.stderr)
    screen = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if (screen or sys.platform == "darwin") if open_ is None else open_:
        webbrowser.open(url)
