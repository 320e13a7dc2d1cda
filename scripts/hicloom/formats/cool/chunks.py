"""Chunks of HDF5 datasets as they lie in the file: shuffled and deflated, or not.

HDF5 runs its filters in one thread. Chunks that are taken from and given to it raw are
filtered here, by many. Shuffling brings together the first bytes of all numbers of a chunk,
then the second ones, and so on:
https://support.hdfgroup.org/documentation/hdf5/latest/group___f_l_e_t_e_r.html
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from types import TracebackType
from typing import Any, TypeVar

import deflate
import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from hicloom.formats.threads import shared_pool

Values = NDArray[Any]
Result = TypeVar("Result")

LEVEL = 3
"""libdeflate's. Pixels take as many bytes as at zlib's 6, which cooler writes, in a third of
its time; isal's 1 would take a third of that for 8 % more bytes."""

REGULAR = 6
"""libdeflate's level for the starts and ends of bins, which at 3 take a fifth more bytes."""

_BATCH = 1 << 19
"""Bytes that one task filters, so that handing over tasks takes no time."""


def encode(values: Values, shuffled: bool, deflated: bool, level: int = LEVEL) -> bytes:
    """The bytes of one chunk.

    Parameters
    ----------
    values : array of shape (items,)
        As many as a chunk holds.
    level : int
        libdeflate's, 1 (fast) to 12 (small).
    """
    data = values.tobytes() if not shuffled else _transposed(values, values.itemsize).tobytes()
    return bytes(deflate.zlib_compress(data, level)) if deflated else data


def decode(data: bytes, out: Values, shuffled: bool, deflated: bool) -> None:
    """Fill `out`, of as many items as a chunk holds, from the bytes of one.

    Raises
    ------
    ValueError
        If the bytes are damaged.
    """
    if deflated:
        try:
            data = isal_zlib.decompress(data, bufsize=out.nbytes)
        except isal_zlib.IsalError as error:  # type: ignore[misc]
            raise ValueError(f"a chunk does not inflate: {error}") from None
    if len(data) != out.nbytes:
        raise ValueError(f"a chunk of {len(data)} bytes, expected {out.nbytes}")
    if shuffled:
        octets = np.frombuffer(data, np.uint8).reshape(out.itemsize, len(out))
        out.view(np.uint8).reshape(len(out), out.itemsize)[:] = octets.T
    else:
        out[:] = np.frombuffer(data, out.dtype)


def _transposed(values: Values, size: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(values).view(np.uint8).reshape(len(values), size).T


def filters(dataset: Any) -> tuple[bool, bool] | None:
    """Whether chunks of a dataset are shuffled and deflated; None where HDF5 must read it."""
    if dataset.chunks is None or dataset.dtype.byteorder == ">" or dataset.dtype.kind not in "iuf":
        return None
    properties = dataset.id.get_create_plist()
    names = [properties.get_filter(i)[0] for i in range(properties.get_nfilters())]
    if names not in ([], [_SHUFFLE], [_DEFLATE], [_SHUFFLE, _DEFLATE]):
        return None
    return _SHUFFLE in names, _DEFLATE in names


_DEFLATE, _SHUFFLE = 1, 2


class Workers:
    """Runs tasks by `threads` threads and takes their results in order.

    `with Workers(threads) as workers:` waits for all tasks; with one thread, tasks run in the
    caller's.
    """

    def __init__(self, threads: int):
        self._stack = ExitStack()
        self._pool = self._stack.enter_context(shared_pool(threads)) if threads > 1 else None
        self._ahead = 4 * threads
        self._waiting: deque[tuple[Future[Any], Callable[[Any], None]]] = deque()

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.wait()
        finally:
            for future, _ in self._waiting:
                future.cancel()
            self._stack.close()

    def run(self, task: Callable[[], Result], take: Callable[[Result], None]) -> None:
        """Run `task` in a thread, and `take` with its result in the caller's, sooner or later."""
        if self._pool is None:
            take(task())
            return
        self._waiting.append((self._pool.submit(task), take))
        while len(self._waiting) > self._ahead or (self._waiting and self._waiting[0][0].done()):
            self._take()

    def wait(self) -> None:
        """Take all results."""
        while self._waiting:
            self._take()

    def _take(self) -> None:
        future, take = self._waiting.popleft()
        take(future.result())


class ColumnWriter:
    """Appends to a chunked dataset of one dimension, which is emptied first.

    Parameters
    ----------
    dataset : h5py.Dataset
        Deflated, shuffled or both or none.
    workers : Workers
        They compress. The last values are there once `close` was called and they are done.
    level : int
        libdeflate's.
    """

    def __init__(self, dataset: Any, workers: Workers, level: int = LEVEL):
        self._dataset, self._workers, self._level = dataset, workers, level
        found = filters(dataset)
        assert found is not None
        self._filters = found
        self._chunk = dataset.chunks[0]
        self._batch = self._chunk * max(1, _BATCH // (self._chunk * dataset.dtype.itemsize))
        self._tail = np.empty(0, dataset.dtype)
        self._done = 0
        dataset.resize((0,))

    def write(self, values: Values) -> None:
        """Append `values`, which must not change afterwards."""
        values = np.asarray(values).astype(self._dataset.dtype, copy=False)
        if len(self._tail):
            missing = self._batch - len(self._tail)
            self._tail = np.concatenate((self._tail, values[:missing]))
            values = values[missing:]
            if len(self._tail) < self._batch:
                return
            self._put(self._tail)
        whole = len(values) - len(values) % self._batch
        for start in range(0, whole, self._batch):
            self._put(values[start : start + self._batch])
        self._tail = values[whole:].copy()

    def close(self) -> None:
        """Append what is left."""
        if len(self._tail):
            self._put(self._tail)
            self._tail = self._tail[:0]

    def _put(self, values: Values) -> None:
        start, self._done = self._done, self._done + len(values)
        chunk, how = self._chunk, (*self._filters, self._level)

        def task() -> list[bytes]:
            pieces = (values[place : place + chunk] for place in range(0, len(values), chunk))
            return [encode(_padded(piece, chunk), *how) for piece in pieces]

        def take(chunks: list[bytes]) -> None:
            self._dataset.resize((start + len(values),))
            for number, data in enumerate(chunks):
                self._dataset.id.write_direct_chunk((start + number * chunk,), data)

        self._workers.run(task, take)


def _padded(values: Values, length: int) -> Values:
    if len(values) == length:
        return values
    padded = np.zeros(length, values.dtype)
    padded[: len(values)] = values
    return padded
