"""Files for HiGlass, and `hicloom view` as a process of its own."""

import base64
import http.cookiejar
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
from numpy.typing import NDArray

from hicloom.depth.browser import write_sum
from hicloom.formats import d4
from hicloom.higlass.script import SCRIPT, VARIABLE
from hicloom.steps.zoomify import zoomify
from tests.unit.d4s import LAYOUTS, Depth, piles, write
from tests.unit.matrices import CHROMSIZES, simulated_map

RESOLUTIONS = (1000, 2000, 10_000)
HIGLASS = Path(os.environ.get(VARIABLE) or SCRIPT)
WITHOUT_HIGLASS = "HiGlass is not there: hicloom fetch higlass"


def mcool(folder: Path) -> Path:
    """A balanced map of simulated pairs at RESOLUTIONS: toy.mcool."""
    path = folder / "toy.mcool"
    zoomify(str(simulated_map(folder)), output=path, resolutions=RESOLUTIONS)
    return path


def raw_mcool(folder: Path) -> Path:
    """A copy of `mcool(folder)` without weights: raw.mcool."""
    path = Path(shutil.copy(folder / "toy.mcool", folder / "raw.mcool"))
    with h5py.File(path, "r+") as file:
        for size in RESOLUTIONS:
            del file[f"resolutions/{size}/bins/weight"]
    return path


def toy_files(folder: Path) -> Path:
    """A folder with toy.mcool, raw.mcool, toy.depth.bw and toy.d4."""
    mcool(folder)
    raw_mcool(folder)
    bigwig(folder)
    d4_file(folder)
    return folder


def depth_of(seed: int = 1) -> Depth:
    """Depth of reads that lie 5 deep on average."""
    rng = np.random.default_rng(seed)
    return {chrom: piles(rng, size, size // 30) for chrom, size in CHROMSIZES.items()}


def d4_file(folder: Path, name: str = "toy.d4") -> Path:
    """`depth_of()` as D4."""
    return write(folder / name, depth_of(), LAYOUTS["64 values"])


def bigwig(folder: Path, name: str = "toy.depth.bw") -> Path:
    """`depth_of()` as bigWig, without zeros."""
    with d4.open(d4_file(folder, "for-bigwig.d4")) as file:
        write_sum(folder / name, list(file.tracks.values()))
    return folder / name


def tile_values(tile: Mapping[str, Any]) -> NDArray[Any]:
    """The numbers of a tile of HiGlass."""
    return np.frombuffer(base64.b64decode(tile["dense"]), tile["dtype"]).astype(np.float64)


class Reply(NamedTuple):
    """What the server answered."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class Visitor:
    """Asks a server, and keeps its cookies."""

    def __init__(self, url: str):
        self.url = url
        self.base = url.partition("/?")[0]
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, address: str, **headers: str) -> Reply:
        """What it answers to an address on it."""
        request = urllib.request.Request(self.base + address, headers=headers)
        try:
            with self._opener.open(request, timeout=120) as reply:
                return Reply(reply.status, reply.read(), reply.headers)
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.read(), error.headers)

    def json(self, address: str) -> Any:
        """The same as JSON."""
        return json.loads(self.get(address).body)

    def enter(self) -> "Visitor":
        """Come by the printed address, with the token."""
        self.get(self.url.removeprefix(self.base).partition("#")[0])
        return self


class View(NamedTuple):
    """A running `hicloom view`."""

    url: str
    process: "subprocess.Popen[str]"

    def stop(self) -> tuple[int, str]:
        """Press Ctrl-C: the exit code, and all that was said."""
        self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=120)
        return self.process.returncode, said


@contextmanager
def viewing(*words: object, script: Path = HIGLASS) -> Iterator[View]:
    """Run `hicloom view WORDS... --no-open` until the block ends."""
    command = [sys.executable, "-m", "hicloom", "view", *map(str, words), "--no-open"]
    environment = os.environ | {VARIABLE: str(script)}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout
    try:
        yield View(process.stdout.readline().strip(), process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
