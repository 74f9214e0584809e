"""The place of a reader in a log group: nothing lost, nothing twice, in whatever order events become visible."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.model.following import (
    FARTHEST,
    OVERLAP,
    RECONCILE,
    RECONCILE_EVERY,
    Follower,
)
from lambdatui.model.logs import HISTORY, Kind, LogEvent, kind

NOW = 1_800_000_000_000


def event(number: int, timestamp: int, ingestion: int = 0) -> LogEvent:
    return LogEvent(f"e{number}", timestamp, ingestion, "stream", f"m{number}")


@dataclass
class Group:
    """A log group whose newest event is as late as its latest one, and a reader who polls it in pages."""

    follower: Follower = field(default_factory=lambda: Follower(NOW - HISTORY))
    events: list[LogEvent] = field(default_factory=list)
    given: list[LogEvent] = field(default_factory=list)

    @property
    def newest(self) -> int:
        return max((one.timestamp for one in self.events), default=NOW)

    def show(self, timestamp: int) -> None:
        self.events.append(event(len(self.events), timestamp))

    def poll(self, page: int = 5, *, broken_after: int | None = None) -> None:
        """One poll; with `broken_after` it breaks off after that many pages."""
        start = self.follower.ask_from()
        found = sorted((one for one in self.events if one.timestamp >= start), key=lambda one: one.timestamp)
        pages = [found[at : at + page] for at in range(0, len(found), page)]
        for number, one in enumerate(pages):
            if number == broken_after:
                return
            self.given += self.follower.accept(one)
        self.follower.finished()


STEPS = st.lists(
    st.tuples(
        # How far each event that becomes visible now is behind the newest, or before it.
        st.lists(st.integers(-20_000, RECONCILE), max_size=8),
        st.integers(1, 6),
        st.none() | st.integers(0, 3),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=300)
@given(st.lists(st.integers(0, HISTORY), max_size=30), STEPS)
def test_whatever_becomes_visible_late_comes_once(
    history: list[int], steps: list[tuple[list[int], int, int | None]]
) -> None:
    group = Group()
    for back in history:
        group.show(NOW - back)
    group.show(NOW)
    group.poll()
    for behind, page, broken_after in steps:
        newest = group.newest
        for back in behind:
            group.show(newest - back)
        group.poll(page, broken_after=broken_after)
    for _ in range(RECONCILE_EVERY + 1):
        group.poll()
    ids = [one.event_id for one in group.given]
    assert len(ids) == len(set(ids))
    assert set(ids) == {one.event_id for one in group.events}


@given(st.lists(st.lists(st.integers(-10, 10).map(lambda at: NOW + at), max_size=10), max_size=10))
def test_a_batch_is_in_order_of_time_and_of_arrival_within_a_millisecond(batches: list[list[int]]) -> None:
    follower, number = Follower(NOW - HISTORY), 0
    for times in batches:
        follower.ask_from()
        page = [event(number := number + 1, time) for time in times]
        got = follower.accept(page + page[::2])
        assert got == sorted(page, key=lambda one: (one.timestamp, int(one.event_id[1:])))
        assert follower.accept(page) == []
        follower.finished()


CONTENTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=8)
"""Events by their time and text: some have the same of both."""


@settings(max_examples=300)
@given(CONTENTS, st.lists(st.tuples(st.sampled_from(("poll", "live", "session")), st.randoms()), max_size=12))
def test_polls_and_live_sessions_together_give_each_event_once(
    contents: list[tuple[int, int]], steps: list[tuple[str, Random]]
) -> None:
    events = [
        LogEvent(f"e{number}", NOW + time, NOW, "stream", f"m{text}") for number, (time, text) in enumerate(contents)
    ]
    follower = Follower(NOW - HISTORY)
    given: list[LogEvent] = []
    said: set[str] = set()  # by the session under way, which says nothing twice
    follower.ask_from()
    for what, chance in steps:
        some = chance.sample(events, chance.randint(0, len(events)))
        if what == "poll":
            given += follower.accept(some)
        elif what == "session":
            follower.begin_session()
            said = set()
        else:
            given += follower.accept_live(replace(it, event_id="") for it in some if it.event_id not in said)
            said |= {it.event_id for it in some}
        most = Counter((it.timestamp, it.message) for it in events)
        assert not Counter((it.timestamp, it.message) for it in given) - most
    given += follower.accept(events)
    follower.finished()
    assert Counter((it.timestamp, it.message) for it in given) == Counter((it.timestamp, it.message) for it in events)


def test_the_first_poll_asks_from_the_start_until_something_came() -> None:
    follower = Follower(1000)
    for _ in range(RECONCILE_EVERY * 2):
        assert follower.ask_from() == 1000
        follower.accept([])
        follower.finished()


def test_most_polls_look_back_a_little_and_every_fifteenth_far() -> None:
    group = Group()
    group.show(NOW)
    group.poll()
    asked = []
    for _ in range(RECONCILE_EVERY * 3):
        asked.append(NOW - group.follower.ask_from())
        group.follower.finished()
    assert asked == ([OVERLAP] * (RECONCILE_EVERY - 1) + [RECONCILE]) * 3


def test_the_poll_after_one_that_broke_off_looks_far_back() -> None:
    group = Group()
    group.show(NOW)
    group.poll()
    group.poll(broken_after=0)
    assert group.follower.ask_from() == NOW - RECONCILE


def test_what_was_older_than_the_newest_that_were_read_first_is_not_asked_for() -> None:
    follower = Follower(NOW - HISTORY)
    follower.ask_from()
    follower.accept([event(1, NOW - 5), event(2, NOW)])
    follower.begin_at(NOW - 5)
    follower.finished()
    for _ in range(RECONCILE_EVERY * 2):
        assert follower.ask_from() >= NOW - 5
        follower.finished()


def test_nothing_before_the_start_is_asked_for() -> None:
    follower = Follower(NOW)
    follower.ask_from()
    follower.accept([event(1, NOW + 5)])
    follower.finished()
    assert follower.ask_from() == NOW


@pytest.mark.parametrize(("ingestion", "now"), [(NOW, None), (0, NOW), (NOW, NOW)])
def test_an_event_from_the_future_does_not_move_the_place_into_the_future(ingestion: int, now: int | None) -> None:
    follower = Follower(NOW - HISTORY)
    follower.ask_from()
    follower.accept([event(1, NOW + 7_200_000, ingestion)], now)
    follower.finished()
    assert follower.ask_from() == NOW - OVERLAP
    assert follower.accept([event(1, NOW + 7_200_000, ingestion)], now) == []


def test_nothing_is_given_twice_of_a_busy_group_whose_ids_are_forgotten_in_time() -> None:
    group = Group()
    for second in range(RECONCILE // 1000 * 4):
        for one in range(20):
            group.show(NOW + second * 1000 + one)
        group.poll(page=1000)
    assert group.follower.remembered < len(group.events)
    assert [one.event_id for one in group.given] == [one.event_id for one in group.events]


@pytest.mark.parametrize("step", [0, 1, 100])
def test_memory_is_bounded_in_steady_use(step: int) -> None:
    follower, number, most = Follower(NOW - HISTORY), 0, 0
    for poll in range(400):
        follower.ask_from()
        follower.accept([event(number := number + 1, NOW + poll * 1000 + one * step) for one in range(200)])
        follower.finished()
        most = max(most, follower.remembered)
    # 200 events a second; those of RECONCILE and of RECONCILE_EVERY polls, twice, and a page.
    assert most <= 200 * (RECONCILE // 1000 + RECONCILE_EVERY + 20) * 2 + 200
    assert number == 80_000


def test_memory_is_bounded_while_a_long_history_is_read() -> None:
    follower, most = Follower(NOW - HISTORY), 0
    follower.ask_from()
    for page in range(1000):
        follower.accept([event(page * 100 + one, NOW - HISTORY + page * 3600 + one * 36) for one in range(100)])
        most = max(most, follower.remembered)
    assert most <= 2 * 100 * RECONCILE // 3600 + 1000


def test_memory_is_bounded_while_what_an_outage_left_is_read() -> None:
    follower, most = Follower(NOW - HISTORY), 0
    follower.ask_from()
    follower.accept([event(-1, NOW)])
    follower.finished()
    follower.ask_from()
    for page in range(2000):  # eight hours
        follower.accept([event(page * 100 + one, NOW + page * 14_400 + one * 144) for one in range(100)])
        most = max(most, follower.remembered)
    assert most <= 2 * 100 * FARTHEST // 14_400 + 1000


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("START RequestId: 8f Version: $LATEST", Kind.PLATFORM),
        ("END RequestId: 8f", Kind.PLATFORM),
        ("REPORT RequestId: 8f\tDuration: 2.21 ms\tBilled Duration: 3 ms", Kind.PLATFORM),
        ("INIT_START Runtime Version: python:3.13.v1", Kind.PLATFORM),
        ("RESTORE_START Runtime Version: java:21.v1", Kind.PLATFORM),
        ("EXTENSION\tName: lambda-insights\tState: Ready", Kind.PLATFORM),
        ('{"time":"2026-11-23T13:12:20.1Z","type":"platform.start","record":{}}', Kind.PLATFORM),
        ("REPORT RequestId: 8f\tDuration: 3000 ms\tStatus: timeout", Kind.ERROR),
        (
            "INIT_REPORT Init Duration: 1 ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError",
            Kind.ERROR,
        ),
        ('{"time":"t","type":"platform.report","record":{"status":"timeout"}}', Kind.ERROR),
        ("2026-11-23T13:12:20.123Z 8f Task timed out after 3.00 seconds", Kind.ERROR),
        ("RequestId: 8f Error: Runtime exited with error: signal: killed", Kind.ERROR),
        ("Runtime.ExitError", Kind.ERROR),
        ("[ERROR] KeyError: 'sku'\nTraceback (most recent call last):", Kind.ERROR),
        ("stock\nTraceback (most recent call last):", Kind.ERROR),
        ("2026-11-23T13:12:20.123Z\t8f\tERROR\tInvoke Error\t{}", Kind.ERROR),
        ('{"timestamp":"t","level":"ERROR","message":"no stock"}', Kind.ERROR),
        ('{"level": "error"}', Kind.ERROR),
        ("2026-11-23T13:12:20.123Z\t8f\tINFO\t0 errors, no error at all", Kind.LOG),
        ("[INFO] order placed", Kind.LOG),
        ('{"level":"INFO","message":"the error page was shown"}', Kind.LOG),
        ('{"status":"error"}', Kind.LOG),
        ("a START RequestId: in a sentence", Kind.LOG),
        ("", Kind.LOG),
    ],
)
def test_the_kinds_of_lines(message: str, expected: Kind) -> None:
    assert kind(message) is expected
