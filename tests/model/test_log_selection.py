"""What a query picks of a buffer that changes, against a walk through all of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.model.log_buffer import LogBuffer
from lambdatui.model.log_chunk import Key
from lambdatui.model.log_query import parse
from lambdatui.model.log_selection import LogSelection
from lambdatui.model.logs import LogEvent, Marker
from tests.model.test_log_buffer import EVENTS, MARKERS

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), EVENTS),
        st.tuples(st.just("history"), EVENTS),
        st.tuples(st.just("mark"), MARKERS),
        st.tuples(st.just("clear"), st.none()),
        st.tuples(st.just("context"), st.integers(0, 4)),
        st.tuples(st.just("look"), st.integers(0, 3)),
        st.tuples(st.just("look"), st.just(1000)),
    ),
    max_size=25,
)


def ticks() -> Iterator[float]:
    """A clock that goes on by one whenever it is looked at."""
    now = 0.0
    while True:
        yield now
        now += 1.0


@settings(max_examples=600, deadline=None)
@given(
    STEPS,
    st.sampled_from([3, 100, 10_000]),
    st.sampled_from(["error", "a", "X", "größer", "!a", "level:error", "ms>500", "/l.n/", "o !/x/"]),
)
def test_a_selection_follows_its_buffer_whatever_happens_to_it(
    steps: list[tuple[str, object]], lines: int, source: str
) -> None:
    buffer, query, now = LogBuffer(lines), parse(source), ticks()
    selection = LogSelection(buffer, query)
    known: set[Key] = set()
    for step, what in [*steps, ("look", 10_000)]:
        done = False
        if isinstance(what, Marker):
            buffer.mark(what)
        elif isinstance(what, list):
            buffer.add(what, history=step == "history")
        elif isinstance(what, int):
            if step == "context":
                selection.context = what
            else:
                done = selection.advance(what, lambda: next(now))
        else:
            buffer.clear()
        members = [selection.buffer_index(index) for index in range(len(selection))]
        hits = [at for index, at in enumerate(members) if selection.is_hit(index)]
        records = [buffer.record(index) for index in range(len(buffer))]
        assert members == sorted(set(members))
        assert len(hits) == selection.hits
        assert selection.looked_at <= selection.total == len(buffer)
        assert all(query.matches(records[at]) for at in hits)
        kept = known & {record.key for record in records}
        known = {records[at].key for at in hits}
        assert kept <= known  # what was found stays, wherever it is now
        around = {at for hit in hits for at in range(hit - selection.context, hit + selection.context + 1)}
        notes = {at for at, record in enumerate(records) if record.note}
        assert set(members) == notes | around & {*range(len(buffer))}
        for at in range(-1, len(buffer) + 1):
            nearest = next((index for index, member in enumerate(members) if member >= at), len(members) - 1)
            assert selection.position(at) == max(0, nearest)
        if done:
            assert hits == [at for at, record in enumerate(records) if query.matches(record)]
            assert selection.looked_at == len(buffer)
    assert done


def test_the_newest_records_are_looked_at_first() -> None:
    buffer, now = LogBuffer(), ticks()
    buffer.add([LogEvent("", n, 0, "s", f"order {n}") for n in range(50_000)])
    selection = LogSelection(buffer, parse("order"))
    assert not selection.advance(3, lambda: next(now))
    assert 0 < len(selection) < len(buffer)
    assert selection.buffer_index(len(selection) - 1) == len(buffer) - 1
    buffer.add([LogEvent("", 50_000, 0, "s", "order 50000")])
    selection.advance(0, lambda: next(now))
    selection.advance(0, lambda: next(now))
    assert selection.buffer_index(len(selection) - 1) == 50_000


@pytest.mark.parametrize("source", ["stock", "Stock", "/st.ck/", "stock order"])
@pytest.mark.parametrize("every", [1, 2, 3, 5, 100])
def test_frequent_hits_are_found_as_well_as_rare_ones(every: int, source: str) -> None:
    buffer, now = LogBuffer(), ticks()
    buffer.add([LogEvent("", n, 0, "s", f"order {n}" + " Stock" * (n % every == 0)) for n in range(10_000)])
    selection = LogSelection(buffer, parse(source))
    selection.advance(10_000, lambda: next(now))
    found = [selection.buffer_index(index) for index in range(len(selection))]
    assert found == [*range(0, 10_000, every)]


def test_hits_stay_when_late_records_come_between_them() -> None:
    buffer, now = LogBuffer(), ticks()
    buffer.add([LogEvent("", 2 * n, 0, "s", f"order {n}") for n in range(20_000)])
    selection = LogSelection(buffer, parse('"order 7"'))
    selection.advance(10_000, lambda: next(now))
    hits = selection.hits
    late = [2 * n + 1 for n in (5, 700, 701, 19_000)]
    buffer.add([LogEvent("", time, 0, "s", "order 7, late") for time in late])
    assert (selection.hits, selection.looked_at) == (hits, 20_000)
    assert buffer.record(selection.buffer_index(hits - 1)).message == "order 7999"
    selection.advance(10_000, lambda: next(now))
    assert (selection.hits, selection.looked_at) == (hits + 4, 20_004)


def test_without_a_query_all_records_are_there_at_once() -> None:
    buffer = LogBuffer()
    selection = LogSelection(buffer)
    buffer.add([LogEvent("", n, 0, "s", "") for n in range(5)])
    buffer.mark(Marker("gap", 2, "gap"))
    assert [selection.buffer_index(index) for index in range(len(selection))] == [*range(6)]
    assert [selection.is_hit(index) for index in range(6)] == [True, True, True, False, True, True]
    assert (selection.hits, selection.looked_at, selection.position(9)) == (5, 6, 5)
    with pytest.raises(IndexError):
        selection.buffer_index(6)
