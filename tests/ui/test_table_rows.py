"""The rows of a table and their place on screen, under any sequence of changes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lambdatui.model.fuzzy import folded
from lambdatui.model.query import Language
from lambdatui.model.terms import Number
from lambdatui.ui.widgets.rows import Rows
from lambdatui.ui.widgets.view import View


@dataclass(frozen=True)
class Thing:
    key: str
    text: str = ""
    value: float | None = 0


KEYS = st.sampled_from([f"k{n}" for n in range(12)])
THINGS = st.lists(
    st.builds(
        Thing,
        KEYS,
        st.sampled_from(["Order", "order mail", "ORDER Stock", "stock", ""]),
        st.sampled_from([3, 1, 2, 1, None, math.nan]),
    ),
    max_size=8,
)


LANGUAGE = Language[Thing](lambda thing: thing.text, [Number("value", lambda thing: thing.value, ">1")])
FILTERS = ["", "order", "ORDER", "stock", "om", "nothing has this", "!order", "value>1", "!value>1 order", '"r m"']


def empty() -> Rows[Thing]:
    return Rows[Thing](key=lambda thing: thing.key, text=LANGUAGE.text)


def things(*keys: str) -> Rows[Thing]:
    rows = empty()
    rows.merge(Thing(key, key) for key in keys)
    return rows


class AnyChanges(RuleBasedStateMachine):
    """A table's rows beside the plainest thing that could be meant by them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = empty()
        self.view = View(self.rows)
        self.view.resize(4)
        self.kept: dict[str, Thing] = {}
        self.query = LANGUAGE.parse("")
        self.marked: set[str] = set()
        self.pinned: set[str] = set()
        self.sorted: tuple[bool, bool] = (False, False)
        self.held: str | None = None

    def change(self, *, line: int | None) -> None:
        """After a change the cursor is where it was, if that can be seen at all, and on the same line of the screen."""
        if self.held in self.rows.shown:
            assert self.cursor() == self.held
            if line is not None:
                hidden = len(self.rows.shown) - self.view.height
                assert self.view.cursor_line is not None
                assert self.view.cursor_line == line or self.view.offset in (0, hidden)
        self.held = self.cursor() or self.held

    def cursor(self) -> str | None:
        return self.rows.shown[self.rows.at] if self.rows.shown else None

    @rule(new=THINGS)
    def merge(self, new: list[Thing]) -> None:
        line = self.view.cursor_line
        self.view.hold(lambda: self.rows.merge(new))
        for thing in new:
            if self.kept.get(thing.key) != thing:
                self.kept[thing.key] = thing
        self.change(line=line)

    @rule(keys=st.sets(KEYS))
    def retain(self, keys: set[str]) -> None:
        line = self.view.cursor_line
        self.view.hold(lambda: self.rows.retain(keys))
        self.kept = {key: thing for key, thing in self.kept.items() if key in keys}
        self.marked &= keys
        self.change(line=line)

    @rule(source=st.sampled_from(FILTERS))
    def filter(self, source: str) -> None:
        self.query = LANGUAGE.parse(source)
        line = self.view.cursor_line
        self.view.hold(lambda: self.rows.filter(self.query))
        if self.ranks_are_shown and self.rows.shown and self.held != self.cursor():
            # It goes where the words fit best, unless it fits them as well.
            shown = [self.kept[key] for key in self.rows.shown]
            best = min(map(self.rank, shown))
            assert self.rank(self.rows.item(self.rows.at)) == best
            assert self.held not in self.rows.shown or self.rank(self.kept[self.held or ""]) > best
            self.held = self.cursor()
        else:
            self.change(line=line)

    @rule()
    def mark(self) -> None:
        if (key := self.cursor()) is not None:
            self.marked ^= {key}
        self.rows.mark()

    @rule(keys=st.sets(KEYS, max_size=3))
    def pin(self, keys: set[str]) -> None:
        line = self.view.cursor_line
        self.pinned = keys
        self.view.hold(lambda: self.rows.pin(keys))
        self.change(line=line)

    @rule(by_value=st.booleans(), reverse=st.booleans())
    def sort(self, by_value: bool, reverse: bool) -> None:
        line = self.view.cursor_line
        self.sorted = (by_value, reverse)
        self.view.hold(lambda: self.rows.sort((lambda thing: thing.value) if by_value else None, reverse))
        self.change(line=line)

    @rule(index=st.integers(-2, 14))
    def go(self, index: int) -> None:
        self.view.go(index)
        self.held = self.cursor() or self.held
        assert not self.rows.shown or self.view.cursor_line is not None

    @rule(pages=st.sampled_from([1.0, -1.0, 0.5, -0.5]))
    def page(self, pages: float) -> None:
        self.view.page(pages)
        self.held = self.cursor() or self.held
        assert not self.rows.shown or self.view.cursor_line is not None

    @rule(offset=st.integers(-3, 14))
    def scroll(self, offset: int) -> None:
        self.view.scroll_to(offset)

    @rule(height=st.integers(1, 6))
    def resize(self, height: int) -> None:
        seen = self.view.cursor_line is not None
        self.view.resize(height)
        assert not seen or self.view.cursor_line is not None

    @rule()
    def clear(self) -> None:
        self.view.hold(self.rows.clear)
        self.kept, self.marked = {}, set()
        self.held = None

    @property
    def ranks_are_shown(self) -> bool:
        return bool(self.query.needles) and not self.sorted[0]

    def rank(self, thing: Thing) -> int:
        return self.query.rank(folded(thing.text))

    @invariant()
    def shows_what_matches_in_order(self) -> None:
        expected = [thing for thing in self.kept.values() if self.query.fits(thing, folded(thing.text))]
        by_value, reverse = self.sorted
        if by_value:
            missing = [thing for thing in expected if thing.value is None or math.isnan(thing.value)]
            present = [thing for thing in expected if thing not in missing]
            present.sort(key=lambda thing: thing.value or 0, reverse=reverse)
            expected = present + missing
        if self.ranks_are_shown:
            expected.sort(key=self.rank)
        expected.sort(key=lambda thing: thing.key not in self.pinned)
        assert self.rows.shown == [thing.key for thing in expected]
        assert [self.rows.item(index) for index in range(len(expected))] == expected
        assert len(self.rows) == len(self.kept)

    @invariant()
    def marks_and_pins_are_those_that_were_made(self) -> None:
        assert self.rows.marked == self.marked <= set(self.kept)
        assert self.rows.pinned == self.pinned
        assert {thing.key for thing in self.rows.marked_items} == self.marked
        assert self.rows.hidden_marks == len(self.marked - set(self.rows.shown))

    @invariant()
    def cursor_and_window_are_within_the_rows(self) -> None:
        assert (self.rows.at == -1) == (not self.rows.shown)
        assert self.rows.at < len(self.rows.shown)
        assert 0 <= self.view.offset <= max(0, len(self.rows.shown) - self.view.height)


AnyChanges.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestAnyChanges = AnyChanges.TestCase


def test_a_cursor_whose_row_goes_moves_to_the_next_one_and_at_the_end_to_the_one_before() -> None:
    rows = things("a", "b", "c", "d")
    rows.move(1)
    rows.retain({"a", "c", "d"})
    assert rows.shown[rows.at] == "c"
    rows.move(2)
    rows.retain({"a", "c"})
    assert rows.shown[rows.at] == "c"


def test_a_filter_that_hides_the_cursor_takes_the_nearest_row() -> None:
    rows = things("xa", "b", "c", "d", "xe")
    rows.move(1)
    rows.filter(LANGUAGE.parse("x"))
    assert rows.shown[rows.at] == "xa"


def test_a_filter_that_nothing_matches_gives_the_cursor_back_when_it_is_taken_away() -> None:
    rows = things("a", "b", "c")
    rows.move(2)
    rows.filter(LANGUAGE.parse("zzz"))
    assert rows.at == -1
    rows.filter(LANGUAGE.parse(""))
    assert rows.shown[rows.at] == "c"


def test_an_equal_item_leaves_the_object_and_the_list_alone() -> None:
    rows = things("a", "b")
    item, shown = rows.item(0), rows.shown
    rows.merge([Thing("a", "a")])
    assert rows.item(0) is item
    assert rows.shown is shown


def test_equals_stay_in_order_of_arrival_in_both_directions() -> None:
    rows = things("b", "a", "c")
    rows.sort(lambda thing: thing.value, False)
    assert rows.shown == ["b", "a", "c"]
    rows.sort(lambda thing: thing.value, True)
    assert rows.shown == ["b", "a", "c"]


def test_a_replaced_item_is_found_by_its_new_text_only() -> None:
    rows = things("a", "b")
    rows.filter(LANGUAGE.parse("a"))
    rows.merge([Thing("a", "other"), Thing("b", "was a bee")])
    assert rows.shown == ["b"]


@pytest.mark.parametrize("height", [1, 2, 3, 10])
def test_rows_that_come_above_the_window_do_not_push_what_is_read(height: int) -> None:
    rows = empty()
    rows.sort(lambda thing: thing.value, False)
    rows.merge(Thing(f"k{n}", value=n) for n in range(20))
    view = View(rows)
    view.resize(height)
    view.scroll_to(9)  # the cursor is out of sight, above
    view.hold(lambda: rows.merge(Thing(f"new{n}", value=n / 10) for n in range(5)))
    assert rows.shown[view.offset] == "k9"
