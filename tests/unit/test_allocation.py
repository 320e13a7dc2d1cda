"""Memory that a stream frees is used again."""

import platform
import subprocess
import sys

import pytest

# Fifty times sixteen buffers of 1 MB, all freed before the next; prints the pages that the
# system had to give.
PROGRAM = """
import resource, sys
from hicloom.allocation import reuse_freed_memory
if sys.argv[1] == "reuse":
    reuse_freed_memory()
for _ in range(50):
    buffers = [bytes([1]) * (1 << 20) for _ in range(16)]
    buffers.clear()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


def pages(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how], check=True, capture_output=True, text=True
    )
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc has this setting")
def test_freed_buffers_are_not_asked_for_anew() -> None:
    # 16 MB are 4,096 pages, which otherwise come again fifty times.
    assert pages("reuse") + 20 * 4096 < pages("default")
