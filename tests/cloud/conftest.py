"""Storage on this machine, a worker of tibanna, and small data."""

from collections.abc import Iterator

import pytest

pytest.importorskip("boto3", reason="S3 needs the extra `cloud`")
pytest.importorskip("moto", reason="the storage of these tests is moto's server")

from tests.cloud.storage import Storage, storage
from tests.cwl.conftest import cwltool, lanes
from tests.docker.conftest import docker
from tests.snakemake.conftest import data, new_project

__all__ = ["cwltool", "data", "docker", "lanes", "new_project"]


@pytest.fixture(scope="session")
def s3() -> Iterator[Storage]:
    """An S3 with the buckets lab-data, lab-results, lab-logs and lab-cwl."""
    with storage() as started:
        yield started
