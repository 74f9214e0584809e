"""Searches forth and back through what a query picks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.model.log_buffer import LogBuffer
from lambdatui.model.log_query import parse
from lambdatui.model.log_search import AT_ONCE, LogSearch
from lambdatui.model.log_selection import LogSelection
from lambdatui.model.logs import LogEvent, Marker
from tests.model.test_log_buffer import EVENTS, MARKERS
from tests.model.test_log_selection import ticks

MORE = st.lists(st.one_of(EVENTS, MARKERS), max_size=4)


def add(buffer: LogBuffer, steps: list[list[LogEvent] | Marker]) -> None:
    """Put all that in."""
    for step in steps:
        if isinstance(step, Marker):
            buffer.mark(step)
        else:
            buffer.add(step)


@settings(max_examples=250, deadline=None)
@given(
    st.lists(st.one_of(EVENTS, MARKERS), max_size=12),
    st.sampled_from([None, "a", "!ERROR"]),
    st.sampled_from(["error", "a", "/l.n/", "level:error", "nothing"]),
    st.integers(0, 2),
    st.sampled_from([1, -1]),
    st.booleans(),
    st.data(),
)
def test_a_search_finds_the_next_hit_that_is_a_member(
    steps: list[list[LogEvent] | Marker],
    source: str | None,
    sought: str,
    context: int,
    step: int,
    looked: bool,
    data: st.DataObject,
) -> None:
    buffer, now = LogBuffer(100), ticks()
    add(buffer, steps)
    selection = LogSelection(buffer, None if source is None else parse(source), context if looked else 0)
    if looked:
        selection.advance(10_000, lambda: next(now))
    whole = LogSelection(buffer, selection.query, selection.context)
    whole.advance(10_000, lambda: next(now))
    members = [whole.buffer_index(index) for index in range(len(whole))]
    query, at = parse(sought), data.draw(st.none() | st.integers(0, len(buffer) - 1)) if len(buffer) else None
    start = None if at is None else buffer.key(at)
    ahead = [member for member in members if at is None or (member - at) * step > 0]
    hits = [member for member in ahead[::step] if query.matches(buffer.record(member))]
    search = LogSearch(selection, query, start, step)
    while not search.advance(1, lambda: next(now)):
        assert search.found is None
    assert search.found == (buffer.key(hits[0]) if hits else None)


@settings(max_examples=150, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=8), MORE, st.sampled_from([1, -1]))
def test_a_search_goes_on_while_lines_come(
    first: list[list[LogEvent]], more: list[list[LogEvent] | Marker], step: int
) -> None:
    buffer, now, query = LogBuffer(), ticks(), parse("error")
    add(buffer, [*first])
    search = LogSearch(LogSelection(buffer), query, None, step)
    for change in more:
        if search.advance(0, lambda: next(now)):
            break
        add(buffer, [change])
    while not search.advance(0, lambda: next(now)):
        pass
    if search.found is not None:
        assert query.matches(buffer.record(buffer.index(search.found)))
    there_all_along = [event for events in first for event in events if "ERROR" in event.message.upper()]
    assert search.found is not None or not there_all_along


@pytest.mark.parametrize("step", [1, -1])
def test_a_search_far_away_is_made_in_turns(step: int) -> None:
    buffer, now = LogBuffer(), ticks()
    count = 20 * AT_ONCE
    buffer.add([LogEvent("", n, 0, "s", "error" if n in (0, count) else "order") for n in range(count + 1)])
    search = LogSearch(LogSelection(buffer), parse("error"), buffer.key(0 if step > 0 else count), step)
    turns = 1
    while not search.advance(2, lambda: next(now)):
        turns += 1
    assert turns > 5
    assert search.found == buffer.key(count if step > 0 else 0)


def test_a_search_that_is_half_way_through_a_chunk_finds_its_hit_where_history_moved_it_to() -> None:
    buffer, now = LogBuffer(), ticks()
    buffer.add([LogEvent("", 10_000 + n, 0, "s", "error" if n == 3 else "order " * 50) for n in range(AT_ONCE)])
    hit = buffer.key(3)
    search = LogSearch(LogSelection(buffer), parse("/err.r/"), None, -1)
    assert not search.advance(0, lambda: next(now))
    buffer.add([LogEvent("", n, 0, "s", "order") for n in range(5000)], history=True)
    while not search.advance(0, lambda: next(now)):
        pass
    assert search.found == hit
    assert buffer.index(hit) == 5003
