"""Where maps lie in cool and mcool files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py

from hicloom.errors import InputError

if TYPE_CHECKING:
    import cooler

DAMAGE = (OSError, RuntimeError, KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What reading damaged HDF5 data raises, depending on where the damage lies."""


def open_cool(uri: str) -> "cooler.Cooler":
    """The map at `uri`: `x.cool`, `x.mcool::/resolutions/N`, or an mcool of one resolution.

    Raises
    ------
    InputError
        If there is no such file, or no map there; names the resolutions that there are.
    """
    # It and pandas take 0.4 s to import, and few steps need them.
    import cooler

    path, group = locate(uri)
    try:
        return cooler.Cooler(f"{path}::{group}")
    except (KeyError, OSError, ValueError):
        raise no_map(uri) from None


def locate(uri: str) -> tuple[Path, str]:
    """File and HDF5 group of a map; the group may be left out where a file holds one map.

    Raises
    ------
    InputError
        If the file is missing or not HDF5, or holds many maps of which `uri` names none.
    """
    path, group = split_uri(uri)
    sizes = resolutions(path)
    if "::" in uri or not sizes:
        return path, group
    if len(sizes) > 1:
        raise InputError(f"{path}: name one of its maps, {_names(path)}")
    return path, f"/resolutions/{sizes[0]}"


def no_map(uri: str) -> InputError:
    """What to raise where there is no map at `uri`."""
    path, _ = split_uri(uri)
    there = _names(path) if resolutions(path) else "no map that cooler can read"
    return InputError(f"{uri}: no map there; the file holds {there}")


def damaged(uri: str, error: Exception) -> InputError:
    """What to raise where reading the map at `uri` failed."""
    reason = str(error).partition("\n")[0]
    return InputError(f"{uri}: is damaged ({reason}); make or download it anew")


def extent(clr: "cooler.Cooler", region: str) -> tuple[int, int]:
    """Numbers of the first bin of a region and of the first behind it.

    Raises
    ------
    InputError
        If it is not on the map.
    """
    try:
        low, high = clr.extent(region)
    except ValueError as error:
        raise InputError(
            f"region {region}: {error}; expected a chromosome of the map, or chrom:start-end"
        ) from None
    return int(low), int(high)


def split_uri(uri: str) -> tuple[Path, str]:
    """File and HDF5 group of a cooler URI."""
    path, _, group = uri.partition("::")
    return Path(path), "/" + group.strip("/")


def resolutions(path: Path) -> list[int]:
    """Bin sizes (bp) of an mcool, ascending; none for a file of one map.

    Raises
    ------
    InputError
        If it is missing, or not HDF5.
    """
    try:
        with h5py.File(path, "r") as file:
            return sorted(int(name) for name in file.get("resolutions", ()) if name.isdecimal())
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError:
        raise InputError(f"{path}: is not a .cool or .mcool (HDF5) file, or is damaged") from None


def _names(path: Path) -> str:
    return " ".join(f"{path}::/resolutions/{size}" for size in resolutions(path))


def text(value: Any) -> str:
    """A text attribute, which old files keep as bytes."""
    return value.decode() if isinstance(value, bytes) else str(value)
