"""Snakemake on this machine and cwltool in Docker give the same results (tests/parity)."""

from tests.parity.test_engines import (  # noqa: F401
    demo,
    test_every_engine_gives_the_same_pairs_maps_and_statistics,
    yeast,
)
from tests.snakemake.conftest import new_project  # noqa: F401
