"""Objects that cannot be read: one line that says why, and no credential in it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cloud.storage import KEY, SECRET, Fault, Storage, breaking
from tests.conftest import Outcome
from tests.executions import execution

Hicloom = Callable[..., Outcome]


@pytest.fixture
def run(s3: Storage, tmp_path: Path) -> Path:
    """An execution whose file is in the bucket."""
    (tmp_path / "1.fastq.gz").write_bytes(b"reads")
    s3.put(tmp_path / "1.fastq.gz", "lab-data", "reads/1.fastq.gz")
    path = tmp_path / "run.json"
    path.write_text(json.dumps(execution("md5")))
    return path


@pytest.fixture
def check(hicloom: Hicloom, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Storage], Outcome]:
    """Check an execution against a storage."""

    def checked(run: Path, storage: Storage) -> Outcome:
        for name, value in storage.environment.items():
            if name.startswith("AWS_"):
                monkeypatch.setenv(name, value)
        outcome = hicloom("tibanna", "check", run, "--objects")
        assert KEY not in outcome.stdout + outcome.stderr
        assert SECRET not in outcome.stdout + outcome.stderr
        return outcome

    return checked


Check = Callable[[Path, Storage], Outcome]


def test_objects_that_are_there_are_found(check: Check, run: Path, s3: Storage) -> None:
    checked = check(run, s3)
    assert (checked.code, checked.stdout) == (0, f"{run}: OK (md5.cwl, 1 file)\n")


@pytest.mark.parametrize(
    ("bucket", "key", "said"),
    [
        ("lab-data", "reads/1.fastq", "there is no such object"),
        ("lab-date", "reads/1.fastq.gz", "there is no such bucket"),
    ],
)
def test_an_object_that_is_missing_is_named(
    bucket: str, key: str, said: str, check: Check, run: Path, s3: Storage
) -> None:
    """Tibanna's own look takes `reads/1.fastq`, which is how another key begins, for there."""
    wrong = execution("md5")
    wrong["args"]["input_files"]["input_file"] = {"bucket_name": bucket, "object_key": key}
    run.write_text(json.dumps(wrong))
    checked = check(run, s3)
    assert checked.code == 2
    assert checked.stdout == f"{run}: s3://{bucket}/{key}: {said}\n"


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("ExpiredToken", 400, "the credentials have expired"),
        ("InvalidAccessKeyId", 403, "the credentials are not valid there"),
        ("SignatureDoesNotMatch", 403, "the credentials are not valid there"),
        ("AuthorizationHeaderMalformed", 400, "the bucket is in another region"),
        ("PermanentRedirect", 301, "the bucket is in another region"),
        ("SlowDown", 503, "S3 says SlowDown"),
    ],
)
def test_what_s3_says_is_told_in_words(
    code: str, status: int, said: str, check: Check, run: Path, s3: Storage
) -> None:
    with breaking(s3, Fault("GET", "lab-data", code, status)) as broken:
        checked = check(run, broken)
    assert checked.code == 2
    assert f"s3://lab-data/reads/1.fastq.gz: {said}" in checked.stdout


def test_an_object_may_be_readable_where_its_bucket_may_not_be_listed(
    check: Check, run: Path, s3: Storage
) -> None:
    with breaking(s3, Fault("GET", "list-type", "AccessDenied", 403)) as broken:
        assert check(run, broken).code == 0


def test_a_storage_that_does_not_answer_is_told(check: Check, run: Path) -> None:
    checked = check(run, Storage("http://127.0.0.1:9"))
    assert checked.code == 1
    assert "s3://lab-data: the server cannot be reached" in checked.stderr
