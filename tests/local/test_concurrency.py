"""Who may run: reservations, the account's limit, and counts that come out even."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.local.concurrency import Concurrency, Taken, Throttled

RESERVED = {"a": 2, "b": 0, "c": None, "d": None}
ALLOCATED = 2


def test_a_function_runs_as_often_at_once_as_it_has_reserved() -> None:
    count = Concurrency()
    taken = [count.take("a", 2, 2) for _ in range(2)]

    with pytest.raises(Throttled) as throttled:
        count.take("a", 2, 2)
    taken[0].give_back()
    count.take("a", 2, 2)

    assert throttled.value.reason == "ReservedFunctionConcurrentInvocationLimitExceeded"


def test_a_reservation_of_zero_switches_a_function_off() -> None:
    with pytest.raises(Throttled, match="Rate Exceeded"):
        Concurrency().take("a", 0, 0)


def test_what_is_reserved_is_not_there_for_others() -> None:
    count = Concurrency(limit=3)
    count.take("other", None, 2)

    with pytest.raises(Throttled) as throttled:
        count.take("other", None, 2)
    count.take("a", 2, 2)

    assert throttled.value.reason == "ConcurrentInvocationLimitExceeded"


def test_claimed_is_what_runs_unreserved_and_all_that_is_reserved() -> None:
    count = Concurrency()
    count.take("other", None, 50)
    count.take("a", 50, 50)

    assert (count.total, count.unreserved, count.claimed(50)) == (2, 1, 51)


def test_a_reservation_that_is_removed_meanwhile_leaves_the_count_even() -> None:
    count = Concurrency()
    first = count.take("a", 1, 1)
    second = count.take("a", None, 0)
    first.give_back()
    second.give_back()
    second.give_back()

    assert (count.total, count.unreserved, count.of("a"), count.running()) == (0, 0, 0, [])


@given(st.lists(st.one_of(st.sampled_from(sorted(RESERVED)), st.integers(0, 9))))
def test_counts_are_those_of_what_was_taken_and_not_given_back(steps: list[str | int]) -> None:
    count, held = Concurrency(limit=5), list[tuple[str, Taken]]()
    for step in steps:
        if isinstance(step, int):
            if held:
                held.pop(step % len(held))[1].give_back()
            continue
        try:
            held.append((step, count.take(step, RESERVED[step], ALLOCATED)))
        except Throttled:
            running = Counter(name for name, _ in held)
            free = sum(running[name] for name in "cd") < 5 - ALLOCATED
            assert not free if RESERVED[step] is None else running[step] == RESERVED[step]

    assert count.total == len(held) <= 5
    assert count.unreserved == sum(RESERVED[name] is None for name, _ in held)
