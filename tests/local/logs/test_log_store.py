from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.local.log_store import LARGEST_MESSAGE, NOTICES, LogStore
from lambdatui.local.logs.events import Event, Key
from lambdatui.local.places import HOME, Place

EVER = (1 << 63) - 2
START = Key(0, 0)
END = Key(EVER + 1, 0)
NOW = 1_800_000_000.0

Batch = list[tuple[int, str]]


def store(**options: Any) -> LogStore:
    return LogStore(lambda place, group: 7, **{"clock": lambda: NOW, **options})


def forward(it: LogStore, group: str = "g", key: Key = START, until: int = EVER, most: int = 1_000_000) -> list[Event]:
    return it.after(HOME, group, 7, key, until=until, most=most)


def backward(it: LogStore, group: str = "g", key: Key = END, since: int = 0, most: int = 1_000_000) -> list[Event]:
    return it.before(HOME, group, 7, key, since=since, most=most)


def messages(events: list[Event]) -> list[str]:
    return [event.message for event in events]


BATCHES = st.lists(
    st.tuples(st.sampled_from("ab"), st.lists(st.tuples(st.integers(0, 30), st.text(max_size=3)), max_size=50)),
    max_size=12,
)


@given(BATCHES)
def test_events_are_read_in_order_of_time_and_then_of_arrival(batches: list[tuple[str, Batch]]) -> None:
    it, arrived = store(), []
    for stream, events in batches:
        it.append(HOME, "g", stream, events)
        # Within a batch the order of time comes first.
        arrived += [(timestamp, stream, text or "\n") for timestamp, text in sorted(events, key=lambda event: event[0])]

    expected = sorted(arrived, key=lambda event: event[0])
    found = forward(it)

    assert [(event.timestamp, event.stream, event.message) for event in found] == expected
    assert backward(it) == found[::-1]
    assert [event.id for event in found] == sorted({event.id for event in found})
    assert all(len(event.id) == 56 for event in found)


@given(BATCHES, st.integers(0, 30), st.integers(0, 30), st.integers(1, 9))
def test_ranges_and_steps_give_what_filtering_all_of_it_gives(
    batches: list[tuple[str, Batch]], since: int, until: int, most: int
) -> None:
    it = store()
    for stream, events in batches:
        it.append(HOME, "g", stream, events)
    expected = [event for event in forward(it) if since <= event.timestamp <= until]

    stepped, key = [], Key(since, 0)
    while step := forward(it, key=key, until=until, most=most):
        stepped += step
        key = step[-1].key
    back, key = [], Key(until + 1, 0)
    while step := backward(it, key=key, since=since, most=most):
        back += step
        key = step[-1].key

    assert stepped == expected
    assert back == expected[::-1]


@given(BATCHES)
def test_streams_know_their_first_and_last_events(batches: list[tuple[str, Batch]]) -> None:
    it = store()
    for stream, events in batches:
        it.append(HOME, "g", stream, events)

    described = {stream.name: (stream.first, stream.last, stream.count) for stream in it.streams(HOME, "g", 7)}

    times = {name: [t for stream, events in batches if stream == name for t, _ in events] for name in "ab"}
    assert described == {name: (min(its), max(its), len(its)) for name, its in times.items() if its}


@given(BATCHES.filter(lambda batches: any(events for _, events in batches)), st.integers(1, 4000))
def test_it_stays_within_its_bound_and_counts_what_it_drops(batches: list[tuple[str, Batch]], limit: int) -> None:
    it, unbounded = store(limit=limit), store()
    for stream, events in batches:
        for keeper in (it, unbounded):
            keeper.append(HOME, stream, stream, events)  # each has a group of its own
    left = {group: forward(it, group) for group in "ab"}

    assert it.size <= limit
    for group, kept in left.items():
        assert len(kept) + it.dropped_from(HOME, group, 7).events == len(forward(unbounded, group))
        assert sum(stream.count for stream in it.streams(HOME, group, 7)) == len(kept)


def test_the_oldest_of_all_groups_go_first_and_streams_without_any_left_go_with_them() -> None:
    it = store(limit=20_000)
    for number in range(100):
        it.append(HOME, f"g{number % 3}", f"s{number // 50}", [(number, "x" * 100)])

    left = sorted(event.timestamp for group in ("g0", "g1", "g2") for event in forward(it, group))

    assert left == list(range(100 - len(left), 100))
    assert 50 < len(left) < 100
    assert it.dropped == (100 - len(left), 99 - len(left))
    first = {stream.name: stream.first for stream in it.streams(HOME, "g0", 7)}
    assert first["s0"] == min(event.timestamp for event in forward(it, "g0"))
    for number in range(100, 200):
        it.append(HOME, "g0", "s9", [(number, "x" * 100)])
    assert [stream.name for stream in it.streams(HOME, "g0", 7)] == ["s9"]


def test_late_events_older_than_all_others_are_the_first_to_go() -> None:
    it = store(limit=20_000)
    it.append(HOME, "g", "s", [(number, "x" * 100) for number in range(1000, 1080)])
    it.append(HOME, "g", "s", [(number, "x" * 100) for number in range(80)])

    assert min(event.timestamp for event in forward(it)) >= 20
    assert [event for event in forward(it) if event.timestamp >= 1000] == forward(it, key=Key(1000, 0))
    assert len(forward(it, key=Key(1000, 0))) == 80


def test_the_bound_holds_in_real_memory() -> None:
    it = store(limit=2_000_000)
    for number in range(30_000):
        it.append(HOME, f"g{number % 7}", f"s{number // 1000}", [(number, f"an event with some text, number {number}")])
    held = sum(
        sys.getsizeof(event.message) + 4 * 8 + 4
        for group in range(7)
        for event in it.after(HOME, f"g{group}", 7, START, until=EVER, most=100_000)
    )

    assert 0.7 * 2_000_000 < held < 2_000_000


def test_streams_without_events_are_bounded_too() -> None:
    it = store(limit=50_000)
    for number in range(1000):
        it.create_stream(HOME, "g", 7, f"s{number}")

    assert it.size <= 50_000
    assert it.streams(HOME, "g", 7)[-1].name == "s999"


def test_what_was_dropped_is_told_in_a_group_of_its_own_now_and_then() -> None:
    now = [NOW]
    it = store(limit=20_000, clock=lambda: now[0])

    def write(start: int) -> list[str]:
        for number in range(start, start + 200):
            it.append(HOME, "g", "s", [(number, "x" * 100)])
        return messages(forward(it, NOTICES))

    (first,) = write(1_700_000_000_000)
    assert first.endswith("were dropped: this endpoint keeps 0.02 MB of logs.\n")
    assert len(write(1_700_000_001_000)) == 1
    now[0] += 601
    assert len(write(1_700_000_002_000)) == 2


def test_places_groups_and_their_successors_are_kept_apart() -> None:
    created = [7]
    it = LogStore(lambda place, group: created[0], clock=lambda: NOW)
    elsewhere = Place("111122223333", "eu-west-1")
    it.append(HOME, "g", "s", [(1, "here")])
    it.append(elsewhere, "g", "s", [(1, "there")])
    assert messages(forward(it)) == ["here"]

    created[0] = 8  # deleted behind its back, and made again
    assert it.after(HOME, "g", 8, START, until=EVER, most=9) == []
    assert it.streams(HOME, "g", 8) == []
    it.append(HOME, "g", "s", [(2, "again")])
    assert messages(it.after(HOME, "g", 8, START, until=EVER, most=9)) == ["again"]

    size = it.size
    it.delete_group(HOME, "g")
    assert it.after(HOME, "g", 8, START, until=EVER, most=9) == []
    assert it.size < size
    assert messages(it.after(elsewhere, "g", 7, START, until=EVER, most=9)) == ["there"]


def test_a_deleted_stream_takes_its_events_along() -> None:
    it = store()
    for number in range(20):
        it.append(HOME, "g", f"s{number % 2}", [(number, str(number))])

    assert it.delete_stream(HOME, "g", 7, "s1")
    assert not it.delete_stream(HOME, "g", 7, "s1")

    assert messages(forward(it)) == [str(number) for number in range(0, 20, 2)]
    assert it.delete_stream(HOME, "g", 7, "s0")
    assert it.size == 0


def test_messages_are_as_they_can_be_in_cloudwatch_logs() -> None:
    it = store()
    it.append(HOME, "g", "s", [(1, ""), (2, "x" * (LARGEST_MESSAGE + 1)), (3, "é" * (LARGEST_MESSAGE // 2))])

    empty, *pieces, whole = messages(forward(it))

    assert empty == "\n"
    assert "".join(pieces) == "x" * (LARGEST_MESSAGE + 1)
    assert max(map(len, pieces)) <= LARGEST_MESSAGE
    assert len(whole) == LARGEST_MESSAGE // 2


@pytest.mark.parametrize("timestamp", [1 << 63, 1.5, "1"])
def test_what_is_no_timestamp_is_refused_and_nothing_is_written(timestamp: Any) -> None:
    it = store()

    with pytest.raises((TypeError, OverflowError)):
        it.append(HOME, "g", "s", [(1, "fine"), (timestamp, "not")])

    assert forward(it) == []
    assert it.size == 0


class Ears:
    """What a follower hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def offer(self, group: str, stream: str, ingestion: int, events: Any) -> None:
        self.heard += [f"{group} {stream} {message}" for _, message in events]


def test_followers_hear_of_their_groups_until_they_leave() -> None:
    one, other, written = Ears(), Ears(), []
    it = store(written=lambda place, group, stream, events: written.append((group, len(events))))
    it.follow(HOME, ["a", "b"], one)
    it.follow(HOME, ["b"], other)
    for group in "abc":
        it.append(HOME, group, "s", [(1, group)])
    it.unfollow(one)
    it.append(HOME, "b", "s", [(1, "more")])

    assert one.heard == ["a s a", "b s b"]
    assert other.heard == ["b s b", "b s more"]
    assert written == [("a", 1), ("b", 1), ("c", 1), ("b", 1)]


def test_threads_write_and_read_at_once_and_nothing_is_lost() -> None:
    it = store()
    done = threading.Event()
    faults: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as fault:  # noqa: BLE001  shown below
                faults.append(fault)

        return run

    def write(name: str) -> None:
        for number in range(2000):
            it.append(HOME, "g", name, [(number, f"{name}{number}"), (number, "x")])

    def read() -> None:
        while not done.is_set():
            found = forward(it)
            assert [event.key for event in found] == sorted(event.key for event in found)
            it.streams(HOME, "g", 7)

    reader = threading.Thread(target=guarded(read))
    writers = [threading.Thread(target=guarded(lambda name=name: write(name))) for name in "abc"]  # type: ignore[misc]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()

    assert not faults
    assert len({event.id for event in forward(it)}) == 3 * 4000
