"""How memory is given back: to the system while a command runs, and at its end."""

import atexit
import contextlib
import ctypes
import gc

# Names and numbers of glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGEST_REUSED, _KEPT = 32 << 20, 64 << 20


def reuse_freed_memory() -> None:
    """Let buffers of up to 32 MB be used again, rather than given back and asked for anew.

    By default glibc returns nearly every buffer of a stream at once, and the system clears each
    page before it comes again: up to a third of a command's time. What is kept is at most 64
    MB at the end of each arena. Other C libraries are left as they are.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    mallopt(_M_MMAP_THRESHOLD, _LARGEST_REUSED)
    mallopt(_M_TRIM_THRESHOLD, _KEPT)


def give_back() -> None:
    """Give the system all that is free now, between two stages of a command that both take much.

    Other C libraries than glibc are left as they are.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def search_seldom() -> None:
    """Let the interpreter search for unused objects once in 50,000 new ones, not in 700.

    Most of what the imports of a verb make stays, and looking at it again and again takes 0.05 s.
    """
    gc.set_threshold(50_000)


def leave_objects_at_exit() -> None:
    """Let the interpreter end without a last search for unused objects.

    With numba loaded this search takes 0.15 s, and the memory goes with the process anyway.
    """
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
