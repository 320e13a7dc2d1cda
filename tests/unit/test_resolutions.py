"""Which resolutions a map gets."""

import pytest

from hicloom.errors import InputError
from hicloom.matrix.resolutions import STANDARD, choose


def test_the_standard_ones_up_to_the_longest_chromosome() -> None:
    assert choose(None, longest=248_956_422, base=1000) == list(STANDARD)
    assert choose(None, longest=26_000, base=1000) == [1000, 2000, 5000, 10_000, 25_000]


def test_only_multiples_of_the_base() -> None:
    assert choose(None, longest=60_000, base=2000) == [2000, 10_000, 50_000]
    assert choose(None, longest=60_000, base=3000) == [3000]


def test_a_list_is_taken_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert choose([4000, 1000], longest=3000) == [1000, 4000]
    assert "resolution 4000 is above the longest chromosome, 3000" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [1500, 0, -1000])
def test_no_multiple_of_the_base_is_refused(wrong: int) -> None:
    with pytest.raises(InputError, match=f"{wrong} is not a multiple of the base resolution 1000"):
        choose([1000, wrong], longest=10_000, base=1000)
