"""Compile kernels with numba, once for every machine.

numba's own cache serves one user on one model of processor. Here the machine code is made
for x86-64-v2, the least that numpy's wheels run on, and lies in the package: an image or an
installation that was warmed up (`python -m hicloom.kernels`) never compiles again, on a
read-only root, for any user, on any model. Where nothing lies there and nothing can be
written, kernels are compiled in memory.

The code of each module lies in a folder of its own, whose name holds a hash of its source and of
the modules here that it imports, because kernels call one another.
"""

import ast
import contextlib
import functools
import hashlib
import importlib
import pkgutil
import platform
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import caching, config
from numba.core.registry import cpu_target
from numba.core.runtime import rtsys  # type: ignore[attr-defined]
from numba.extending import register_jitable

FOLDER = Path(__file__).parent
CACHE = FOLDER / "__compiled__"

TEXT = "Array(u1, 1, 'C', True)"
"""In a signature: bytes that are only read, also such as Python refuses to write."""

F = TypeVar("F", bound=Callable[..., Any])


def compiled(*signatures: str, allocates: bool = False) -> Callable[[F], F]:
    """Decorate a function of numbers and arrays with its machine code for one signature or more.

    It runs without Python's lock, and refuses arguments of other types instead of being
    compiled for them. Signed overflow wraps, division by zero raises.

    Parameters
    ----------
    signatures : str
        Types as numba writes them, such as `"i8(u1[::1], i8)"`; arrays must be writable
        (but see `TEXT`), and contiguous where the signature says `::1`.
    allocates : bool
        Whether it makes arrays. Where none does, numba counts no references to them, which in
        a loop over lines takes as long as all the rest.
    """

    def decorate(function: F) -> F:
        options: dict[str, Any] = {"nogil": True, "_nrt": allocates}
        kernel: Any = numba.njit(**options)(function)
        kernel._cache = _Cache(function)
        for signature in signatures:
            kernel.compile(signature)
        kernel.disable_compile()
        return kernel

    return decorate


def part(function: F) -> F:
    """Decorate a function that kernels call: it becomes part of their machine code."""
    return register_jitable(forceinline=True)(function)


def warm_up() -> int:
    """Compile every kernel into the package, and return how many there are.

    Raises
    ------
    OSError
        If the folder of the package cannot be written.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    for module in pkgutil.iter_modules([str(FOLDER)], "hicloom.kernels."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return sum(len(list(_folder(path.stem).glob("*.nbi"))) for path in FOLDER.glob("*.py"))


@functools.cache
def _folder(module: str) -> Path:
    """Where code of a module lies: code of other sources is never mistaken for it."""
    stamp = hashlib.sha256()
    for name in sorted(_with_imports(module)):
        stamp.update(_source(name))
    return CACHE / f"{module}-{stamp.hexdigest()[:16]}"


def _with_imports(module: str) -> set[str]:
    """A module, those here that it imports, and those that they import."""
    found, left = set(), {module, Path(__file__).stem}
    while left:
        found.add(name := left.pop())
        imports = [n.module or "" for n in ast.walk(_tree(name)) if isinstance(n, ast.ImportFrom)]
        package = f"{__package__}."
        left |= {n.removeprefix(package) for n in imports if n.startswith(package)} - found
    return found


@functools.cache
def _tree(module: str) -> ast.Module:
    return ast.parse(_source(module))


def _source(module: str) -> bytes:
    return (FOLDER / f"{module}.py").read_bytes()


def _fix_target() -> None:
    """Settle for which processor numba makes code, before it makes any.

    numba asks for this once in a process. On other architectures it is the machine's own.
    """
    if platform.machine() in ("x86_64", "AMD64"):
        config.CPU_NAME, config.CPU_FEATURES = "x86-64-v2", ""  # type: ignore[attr-defined]
    cpu_target.target_context.codegen()


class _Locator(caching._CacheLocator):
    """Where the code of one function lies."""

    def __init__(self, file: str):
        self._py_file = file
        self._folder = _folder(Path(file).stem)

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> "_Locator":
        return cls(file)

    def ensure_cache_path(self) -> None:
        """Make the folder, and remove those of sources that are no more."""
        if not self._folder.is_dir():
            for old in CACHE.glob(f"{Path(self._py_file).stem}-*"):
                shutil.rmtree(old, ignore_errors=True)
            self._folder.mkdir(parents=True, exist_ok=True)

    def get_cache_path(self) -> str:
        return str(self._folder)

    def get_source_stamp(self) -> str:
        return self._folder.name

    def get_disambiguator(self) -> str:
        return "kernel"


class _Code(caching.CompileResultCacheImpl):
    _locator_classes = [_Locator]  # type: ignore[list-item]  # noqa: RUF012


class _Cache(caching.FunctionCache):
    """numba's cache of a function; what it cannot read or write is as if it were not there."""

    _impl_class = _Code

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """As numba's, which also makes ready what only compiling needs; this takes 0.2 s."""
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)

    def _load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super()._load_overload(sig, target_context)
        except Exception:
            # Damaged pickles raise almost anything; an empty index takes the place of one.
            with contextlib.suppress(OSError):
                self.flush()
            return None

    def _save_overload(self, sig: Any, data: Any) -> None:
        with contextlib.suppress(OSError):
            super()._save_overload(sig, data)


_fix_target()
