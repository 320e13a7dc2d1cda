"""The server of `hicloom view`: a page with HiGlass, and tiles by HiGlass's API.

It answers only whoever knows its token, and only requests for its own host's name, so that
neither other users of the machine nor pages of other sites can read the files.
"""

import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hicloom.errors import HicloomError
from hicloom.higlass.tiles import TileServer
from hicloom.higlass.viewconf import SERVER, Json, tileset_uids

PAGE = Path(__file__).parent / "page"

# HiGlass compiles shaders and styles as it runs. Nothing is loaded from, or sent to, elsewhere.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:;"
        " frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def application(
    tiles: TileServer,
    viewconf: Json,
    title: str,
    script: Path,
    token: str,
    hosts: Collection[str] | None,
) -> Starlette:
    """The server's application.

    Parameters
    ----------
    tiles : TileServer
    viewconf : dict
        What the page shows.
    title : str
        Its title.
    script : Path
        HiGlass.
    token : str
        What the first request must bring as `?token=`; a cookie brings it from then on.
    hosts : collection of str, optional
        Names by which it may be called (default: any).
    """
    settings = {"title": title, "viewconf": viewconf, "chromsizes": _chromsizes(tiles, viewconf)}
    files = {"": PAGE / "index.html", "page.js": PAGE / "page.js", "page.css": PAGE / "page.css"}
    pages: list[BaseRoute] = [_file(f"/{name}", path) for name, path in files.items()]
    pages += [
        _file("/higlass.js", script),
        Route("/settings.json", lambda request: JSONResponse(settings)),
        Mount(SERVER, routes=_api(tiles)),
    ]
    app = Starlette(routes=pages, exception_handlers={HicloomError: _failed})
    app.add_middleware(Guard, token=token, hosts=hosts)
    return app


class Guard:
    """Lets those in that call the server by its name and bring the token."""

    def __init__(self, app: ASGIApp, token: str, hosts: Collection[str] | None):
        self._app, self._token, self._hosts = app, token, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        refused = self._refused(Request(scope))
        await (refused or self._app)(scope, receive, sending)

    def _refused(self, request: Request) -> Response | None:
        host, port = _named(request.headers.get("host", ""))
        if self._hosts is not None and host not in self._hosts:
            return PlainTextResponse("This is not the name of this server.\n", 400)
        cookie = f"hicloom-{port}"
        if self._is_token(request.cookies.get(cookie, "")):
            return None
        if not self._is_token(request.query_params.get("token", "")):
            told = "Open the address that hicloom view has printed, with its token.\n"
            return PlainTextResponse(told, 403)
        response = RedirectResponse("/", 303)
        response.set_cookie(cookie, self._token, httponly=True, samesite="strict")
        return response

    def _is_token(self, text: str) -> bool:
        return secrets.compare_digest(text.encode(), self._token.encode())


def _named(header: str) -> tuple[str | None, int | None]:
    """The name and port of a header `Host`."""
    try:
        parts = urlsplit(f"//{header}")
        return parts.hostname, parts.port
    except ValueError:
        return None, None


def _file(address: str, path: Path) -> Route:
    headers = {"Cache-Control": "no-cache"}
    return Route(address, lambda request: FileResponse(path, headers=headers))


def _api(tiles: TileServer) -> list[BaseRoute]:
    def tileset_info(request: Request) -> Response:
        return JSONResponse({uid: tiles.info(uid) for uid in request.query_params.getlist("d")})

    def some_tiles(request: Request) -> Response:
        made = {name: tiles.tile(name) for name in request.query_params.getlist("d")}
        return JSONResponse({name: tile for name, tile in made.items() if tile})

    def chrom_sizes(request: Request) -> Response:
        tileset = tiles.tilesets.get(request.query_params.get("id", ""))
        if not tileset:
            return PlainTextResponse("No such tileset.\n", 404)
        lines = (f"{name}\t{size}\n" for name, size in tileset.chromsizes.items())
        return PlainTextResponse("".join(lines))

    def tilesets(request: Request) -> Response:
        kinds = request.query_params.getlist("dt")
        listed = [_listed(t) for t in tiles.tilesets.values()]
        found = [entry for entry in listed if not kinds or entry["datatype"] in kinds]
        return JSONResponse({"count": len(found), "results": found})

    def none(request: Request) -> Response:
        return JSONResponse({"count": 0, "results": []})

    return [
        Route("/tileset_info/", tileset_info),
        Route("/tiles/", some_tiles),
        Route("/chrom-sizes/", chrom_sizes),
        Route("/tilesets/", tilesets),
        Route("/available-chrom-sizes/", none),
    ]


def _listed(tileset: Any) -> Json:
    return {
        "uuid": tileset.uid,
        "name": tileset.name,
        "filetype": "cooler" if tileset.is_map else "bigwig",
        "datatype": "matrix" if tileset.is_map else "vector",
        "coordSystem": "",
        "coordSystem2": "",
    }


def _chromsizes(tiles: TileServer, viewconf: Json) -> dict[str, list[list[Any]]]:
    """Chromosomes of each view, those of the first of its tilesets that is here."""
    found = {}
    for view in viewconf["views"]:
        uids = [uid for uid in tileset_uids(view) if uid in tiles.tilesets]
        sizes = tiles.tilesets[uids[0]].chromsizes if uids else {}
        found[view["uid"]] = [[name, size] for name, size in sizes.items()]
    return found


def _failed(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 500)
