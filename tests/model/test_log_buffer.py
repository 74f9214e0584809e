"""The buffer of a log, against a list that is sorted."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.model.log_buffer import LogBuffer
from lambdatui.model.log_chunk import Key, Record
from lambdatui.model.log_spans import STYLE
from lambdatui.model.logs import LogEvent, Marker
from lambdatui.model.sgr import Span, Style

LARGE = 1_000_000
RED, BOLD = Style(foreground=1), Style(bold=True)

MESSAGES = st.sampled_from(
    ["", "a", "größer 日本", "two\nlines", "x" * 50, "ERROR no stock", '{"level":"error","ms":512}']
)
EVENTS = st.lists(
    st.builds(
        LogEvent,
        event_id=st.just(""),
        timestamp=st.integers(0, 30),
        ingestion=st.integers(0, 40),
        stream=st.sampled_from(["s1", "s2", "s3"]),
        message=MESSAGES,
        spans=st.sampled_from([(), (), (Span(0, 1, RED),), (Span(0, 1, BOLD), Span(2, 9, RED))]),
        hidden=st.sampled_from([0, 0, 7]),
        group=st.sampled_from(["", "g"]),
    ),
    max_size=12,
)
MARKERS = st.builds(Marker, st.sampled_from("kl"), st.integers(0, 30), st.sampled_from(["gap", "gap: 3 read"]))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), EVENTS),
        st.tuples(st.just("history"), EVENTS),
        st.tuples(st.just("mark"), MARKERS),
        st.tuples(st.just("clear"), st.none()),
    ),
    max_size=25,
)


@dataclass
class Naive:
    """What a buffer is, without any thought of speed or memory."""

    records: list[Record] = field(default_factory=list)
    newest: int | None = None
    after: int = 0
    before: int = 0
    marks: dict[str, Key] = field(default_factory=dict)

    def add(self, events: list[LogEvent], taken: int, *, history: bool) -> None:
        """The newest `taken` of the events."""
        events = sorted(events, key=lambda event: event.timestamp)[len(events) - taken :]
        if history:
            self.before -= len(events)
        for number, event in enumerate(events):
            key = (event.timestamp, (self.before if history else self.after) + number)
            late = not history and self.newest is not None and event.timestamp < self.newest
            self.records.append(
                Record(
                    key,
                    event.timestamp,
                    event.ingestion,
                    event.group,
                    event.stream,
                    event.message,
                    event.spans,
                    event.hidden,
                    late,
                    note=False,
                )
            )
        if events:
            self.after += 0 if history else len(events)
            latest = max(min(event.timestamp, event.ingestion or event.timestamp) for event in events)
            self.newest = latest if self.newest is None else max(self.newest, latest)
        self.records.sort()

    def mark(self, marker: Marker) -> None:
        old = self.marks.get(marker.key)
        if old is not None and old[0] == marker.timestamp:
            key = old
        else:
            key, self.after = (marker.timestamp, self.after), self.after + 1
        self.records = [record for record in self.records if record.key != old]
        self.marks[marker.key] = key
        self.records.append(Record(key, marker.timestamp, 0, "", "", marker.text, (), 0, late=False, note=True))
        self.records.sort()

    def drop(self, events: int) -> None:
        """Let the oldest go, so many of them events."""
        while events:
            events -= not self.records.pop(0).note


@settings(max_examples=300, deadline=None)
@given(STEPS, st.sampled_from([1, 3, 40, 100, 10_000]), st.sampled_from([1, 300, 2000, LARGE]))
def test_a_buffer_has_the_records_that_a_sorted_list_would_have(
    steps: list[tuple[str, object]], lines: int, size: int
) -> None:
    buffer, naive = LogBuffer(lines, size), Naive()
    for step, what in steps:
        dropped, version, before = buffer.dropped, buffer.version, list(naive.records)
        if isinstance(what, Marker):
            buffer.mark(what)
            naive.mark(what)
        elif isinstance(what, list):
            taken = buffer.add(what, history=step == "history")
            assert taken <= len(what) if step == "history" else taken == len(what)
            naive.add(what, taken, history=step == "history")
        else:
            buffer.clear()
            naive, dropped = Naive(after=naive.after, before=naive.before), 0
        naive.drop(buffer.dropped - dropped)
        # Notes that were oldest go with the events after them, or alone.
        del naive.records[: len(naive.records) - len(buffer)]
        kept = {record.key for record in naive.records}
        naive.marks = {name: key for name, key in naive.marks.items() if key in kept}
        found = [buffer.record(index) for index in range(len(buffer))]
        assert found == naive.records
        assert buffer.version != version or found == before
        check(buffer, lines, size)
        if buffer.dropped > dropped and lines > 16 and size == LARGE:
            assert len(buffer) > lines * 3 // 4  # no more go than have to, but for the rest of a chunk


def check(buffer: LogBuffer, lines: int, size: int) -> None:
    """What is true of every buffer."""
    # How many chunks will know of the two styles that there are here, nobody can say before.
    most = size + 2 * STYLE * len(buffer.chunks)
    assert len(buffer.chunks) <= 1 or (len(buffer) <= lines and buffer.taken <= most)
    assert all(buffer.chunks)
    for index in range(len(buffer)):
        key = buffer.key(index)
        assert buffer.index(key) == index
        assert buffer.index((key[0], key[1] + 1)) == index + 1
    assert buffer.index((99, 0)) == len(buffer)
    with pytest.raises(IndexError):
        buffer.record(len(buffer))


def test_an_event_is_late_behind_what_an_earlier_batch_brought_but_not_behind_a_clock_that_is_fast() -> None:
    buffer = LogBuffer()
    buffer.add([LogEvent("", time, 1000, "s", "") for time in (500, 400, 900)])
    buffer.add([LogEvent("", time, 1100, "s", "") for time in (800, 900, 1000)])
    assert [record.late for record in records(buffer)] == [False, False, True, False, False, False]
    buffer.add([LogEvent("", 9_000_000, 1200, "s", "from the future")])
    buffer.add([LogEvent("", time, 1300, "s", "") for time in (1100, 1300)])
    assert [record.timestamp for record in records(buffer) if record.late] == [800, 1100]


def records(buffer: LogBuffer) -> list[Record]:
    """All of them."""
    return [buffer.record(index) for index in range(len(buffer))]


def test_a_buffer_that_is_just_full_drops_nothing_and_then_the_oldest() -> None:
    buffer = LogBuffer(100)
    buffer.add([LogEvent("", n, 0, "s", "") for n in range(100)])
    assert (len(buffer), buffer.dropped) == (100, 0)
    buffer.add([LogEvent("", 100, 0, "s", "")])
    assert buffer.record(0).timestamp == buffer.dropped > 0
    assert len(buffer) == 101 - buffer.dropped


def test_history_goes_in_front_as_far_as_there_is_room_and_pushes_nothing_out() -> None:
    buffer = LogBuffer(100)
    buffer.add([LogEvent("", 1000 + n, 0, "s", "") for n in range(90)])
    assert buffer.add([LogEvent("", n, 0, "s", "") for n in range(30)], history=True) == 10
    assert buffer.add([LogEvent("", 0, 0, "s", "")], history=True) == 0
    assert [record.timestamp for record in records(buffer)][:11] == [*range(20, 30), 1000]
    assert (buffer.dropped, any(record.late for record in records(buffer))) == (0, False)


@pytest.mark.parametrize(
    ("spans", "most"), [((), 40), ((Span(0, 5, RED), Span(6, 9, BOLD)), 75)], ids=["plain", "coloured"]
)
def test_a_record_takes_few_bytes_beside_its_text(spans: tuple[Span, ...], most: int) -> None:
    tracemalloc.start()
    try:
        buffer, text = LogBuffer(), 0
        for start in range(0, 20_000, 1000):
            batch = [
                LogEvent(f"{n}", 10**12 + n, 10**12 + n, f"2026/11/23/[7]{n % 64:032x}", f"order {n} placed", spans)
                for n in range(start, start + 1000)
            ]
            text += sum(len(event.message) for event in batch)
            buffer.add(batch)
        del batch
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (taken - text) / len(buffer) < most
