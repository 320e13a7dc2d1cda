"""One pool of threads for the stages of a command that run at a time, and work done in order."""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_lock = threading.Lock()
_pools: dict[int, tuple[ThreadPoolExecutor, int]] = {}


@contextlib.contextmanager
def shared_pool(threads: int) -> Iterator[ThreadPoolExecutor]:
    """The pool of so many threads, which all who ask for as many share; the last one ends it.

    What runs in it must not wait for something else that runs in it.
    """
    with _lock:
        pool, users = _pools.get(threads) or (ThreadPoolExecutor(threads, "hicloom"), 0)
        _pools[threads] = pool, users + 1
    try:
        yield pool
    finally:
        with _lock:
            _, users = _pools.pop(threads)
            if users > 1:
                _pools[threads] = pool, users - 1
        if users == 1:
            pool.shutdown()


def in_order(
    function: Callable[[T], R], tasks: Iterable[T], threads: int, *, ahead: int = 3
) -> Iterator[R]:
    """`map` by `threads` threads, in order; with 1 by the caller's own.

    At most `ahead` tasks a thread are begun before their turn.
    """
    if threads == 1:
        yield from map(function, tasks)
        return
    waiting: deque[Future[R]] = deque()
    with shared_pool(threads) as pool:
        try:
            for task in tasks:
                waiting.append(pool.submit(function, task))
                if len(waiting) > ahead * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
