"""What jobs run with, looked at before the first of them."""

import re
from importlib.metadata import requires
from importlib.util import find_spec

import pytest

from hicloom.errors import InputError
from hicloom.workflow import software
from hicloom.workflow.software import check_packages

ALL = {"output": {"crate": True, "pictures": True}, "qc": {"report": True, "multiqc": True}}
NONE = {"output": {"crate": False, "pictures": False}, "qc": {"report": False, "multiqc": False}}


@pytest.fixture
def without_plotly(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where only Snakemake's extra was installed."""
    monkeypatch.setattr(
        software, "find_spec", lambda name: None if name == "plotly" else find_spec(name)
    )


def test_a_package_that_a_wanted_file_needs_is_named_with_the_extra_that_brings_it(
    without_plotly: None,
) -> None:
    told = r"qc.report needs plotly: pip install 'hicloom\[report\]', or set the key to false"
    with pytest.raises(InputError, match=told):
        check_packages(ALL)


def test_what_is_not_wanted_needs_nothing(without_plotly: None) -> None:
    check_packages(NONE)


def test_jobs_in_images_bring_their_own_packages(without_plotly: None) -> None:
    check_packages(ALL, software._OUTSIDE)


@pytest.mark.parametrize(
    ("package", "extra"),
    [
        (p, extra)
        for names, extra in (software._OUTSIDE | software._IN_JOBS).values()
        for p in names
    ],
)
def test_the_extra_that_is_named_has_the_package(package: str, extra: str) -> None:
    lines = [line for line in requires("hicloom") or [] if f"extra == '{extra}'" in line]
    assert package in [re.split(r"[^\w.-]", line)[0].lower() for line in lines]
