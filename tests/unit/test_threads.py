"""Work done in order by the threads that the stages of a command share."""

import threading

import pytest

from hicloom.formats.threads import in_order, shared_pool


@pytest.mark.parametrize("threads", [1, 3])
def test_results_come_in_the_order_of_the_tasks(threads: int) -> None:
    assert list(in_order(lambda task: task * task, range(50), threads)) == [n**2 for n in range(50)]


def test_only_so_many_tasks_are_begun_before_their_turn() -> None:
    """One more than 2 a thread are taken to get the first result."""
    tasks = iter(range(100))
    results = in_order(lambda task: task, tasks, 2, ahead=2)
    assert next(results) == 0
    assert next(tasks) == 5
    results.close()  # type: ignore[attr-defined]


def test_what_a_task_raises_comes_in_its_turn() -> None:
    results = in_order(lambda task: 6 // task, [3, 2, 0, 1], 2)
    assert [next(results), next(results)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_stages_share_one_pool_which_ends_with_the_last() -> None:
    names = in_order(lambda _: threading.current_thread(), range(40), 2)
    inner = in_order(lambda thread: {thread, threading.current_thread()}, names, 2)
    threads = set().union(*inner)
    assert len(threads) <= 2
    assert not any(thread.is_alive() for thread in threads)
    with shared_pool(2) as one, shared_pool(2) as two:
        assert one is two
