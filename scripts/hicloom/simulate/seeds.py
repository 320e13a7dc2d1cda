"""Random numbers that depend on what they are for, never on how the work is divided."""

import zlib

import numpy as np


def generator(seed: int, *purpose: str | int) -> np.random.Generator:
    """A generator of its own for one piece of work, such as `(seed, "reads", block)`."""
    words = [zlib.crc32(word.encode()) if isinstance(word, str) else word for word in purpose]
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, *words])))
