"""The log view while lines arrive, driven by keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from lambdatui.model.log_buffer import LogBuffer
from lambdatui.model.log_chunk import Record
from lambdatui.model.log_query import parse
from lambdatui.model.log_selection import LogSelection
from lambdatui.model.logs import LogEvent, Marker
from lambdatui.ui.widgets.log_rows import LogRows, Look, Place
from lambdatui.ui.widgets.log_times import Times
from lambdatui.ui.widgets.log_view import LogView

START = 1_700_000_000_000


def event(text: str, at: int, group: str = "") -> LogEvent:
    """An event some milliseconds after the start."""
    return LogEvent(f"{at}", START + at, START + at, "s", text, group=group)


def lines(count: int, start: int = 0) -> list[LogEvent]:
    return [event(f"line {n}", 1000 * n) for n in range(start, start + count)]


class Terminal(HeadlessDriver):
    """A terminal that counts what is written to it."""

    written = 0

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written += len(data)


class Logs(App[None]):
    """A log and nothing else."""

    def __init__(self, limit: int) -> None:
        super().__init__(driver_class=Terminal)
        self.limit = limit
        self.heard: list[tuple[bool, int]] = []
        self.starts = 0
        self.opened: list[Record] = []

    def compose(self) -> ComposeResult:
        yield LogView(LogBuffer(lines=self.limit))

    @property
    def log_view(self) -> LogView:
        return self.query_one(LogView)

    @property
    def rows(self) -> list[str]:
        return [self.log_view.render_line(y).text.rstrip() for y in range(self.log_view.size.height)]

    @property
    def texts(self) -> list[str]:
        """The rows without sign, letter and moment."""
        return [row[22:] for row in self.rows]

    @property
    def at_cursor(self) -> str:
        """The row that the cursor is on; empty where there is none."""
        return next((row[22:] for row in self.rows if row.startswith("▌")), "")

    def on_log_view_changed(self, message: LogView.Changed) -> None:
        view = message.log_view
        self.heard.append((view.following, view.reader.unseen))

    def on_log_view_start_reached(self) -> None:
        self.starts += 1

    def on_log_view_opened(self, message: LogView.Opened) -> None:
        self.opened.append(message.record)


@asynccontextmanager
async def showing(
    *first: LogEvent, width: int = 70, height: int = 5, limit: int = 1000
) -> AsyncIterator[tuple[Logs, LogView, Pilot[None]]]:
    app = Logs(limit)
    async with app.run_test(size=(width, height), headless=False) as pilot:
        app.log_view.times = Times.UTC
        app.log_view.add(first)
        await pilot.pause()
        yield app, app.log_view, pilot


async def written_by(app: Logs, pilot: Pilot[None], act: Callable[[], object]) -> int:
    """How much goes to the terminal because of an act."""
    terminal = app._driver
    assert isinstance(terminal, Terminal)
    await pilot.pause()
    before = terminal.written
    act()
    await pilot.pause()
    return terminal.written - before


async def test_the_end_is_followed_without_a_cursor() -> None:
    async with showing(*lines(3)) as (app, view, _):
        assert app.texts == ["line 0", "line 1", "line 2", "", ""]
        view.add(lines(10, 3))
        assert app.texts == [f"line {n}" for n in range(8, 13)]
        assert view.following
        assert view.reader.unseen == 0
        assert not app.at_cursor


@pytest.mark.parametrize(
    ("keys", "top", "cursor"),
    [
        ("k", 15, 18),
        ("up up up up up", 14, 14),
        ("pageup", 11, 15),
        ("ctrl+b ctrl+f", 15, 19),
        ("ctrl+u", 13, 17),
        ("g", 0, 0),
        ("home j down", 0, 2),
        ("g j j j j j", 1, 5),
        ("g pagedown", 4, 4),
        ("g pagedown pageup pageup", 0, 0),
    ],
)
async def test_keys_move_the_cursor_and_scroll_as_far_as_needed(keys: str, top: int, cursor: int) -> None:
    async with showing(*lines(20)) as (app, view, pilot):
        await pilot.press(*keys.split())
        assert app.texts == [f"line {n}" for n in range(top, top + 5)]
        assert app.at_cursor == f"line {cursor}"
        assert not view.following


@pytest.mark.parametrize("keys", ["g G", "g end", "k j j", "g pagedown pagedown pagedown pagedown pagedown", "j"])
async def test_at_the_end_it_is_followed_again(keys: str) -> None:
    async with showing(*lines(20)) as (app, view, pilot):
        await pilot.press(*keys.split())
        assert view.following
        assert not app.at_cursor
        view.add(lines(1, 20))
        assert app.texts[-1] == "line 20"


async def test_a_reader_who_went_up_keeps_the_place_and_hears_of_new_lines() -> None:
    async with showing(*lines(20)) as (app, view, pilot):
        await pilot.press("pageup")
        before = app.texts
        view.add(lines(3, 20))
        await pilot.pause()
        assert app.texts == before
        assert app.heard[-1] == (False, 3)
        await pilot.press("G")
        assert app.texts[-1] == "line 22"
        assert app.heard[-1] == (True, 0)


async def test_late_and_older_lines_go_where_they_belong_without_moving_what_is_read() -> None:
    async with showing(*lines(20, 10)) as (app, view, pilot):
        await pilot.press("pageup")
        before = app.texts
        view.add([event("in between", 12_500)])
        view.add(lines(10), history=True)
        await pilot.pause()
        assert app.texts == before
        await pilot.press("g")
        assert app.texts[0] == "line 0"
        await pilot.press("pagedown", "pagedown", "pagedown")
        assert [text for text in app.texts if "between" in text] == ["late in between"]


async def test_going_up_from_the_first_line_asks_for_older_ones() -> None:
    async with showing(*lines(8)) as (app, _, pilot):
        await pilot.press("g")
        assert app.starts == 0
        for number, key in enumerate(["k", "pageup", "ctrl+u", "g"], 1):
            await pilot.press(key)
            assert app.starts == number


async def test_space_holds_the_lines_and_lets_go_again() -> None:
    async with showing(*lines(20)) as (app, view, pilot):
        await pilot.press("space")
        view.add(lines(5, 20))
        assert app.texts[-1] == "line 19"
        assert view.reader.unseen == 5
        assert view.reader.held
        await pilot.press("space")
        assert app.texts[-1] == "line 24"
        assert view.following


async def test_held_lines_stay_alone_even_where_the_screen_has_room() -> None:
    async with showing(*lines(2)) as (app, view, pilot):
        await pilot.press("space")
        view.add(lines(1, 2))
        assert app.texts[:3] == ["line 0", "line 1", ""]
        await pilot.press("j")
        assert app.texts[:3] == ["line 0", "line 1", "line 2"]


async def test_the_wheel_scrolls_and_takes_the_cursor_along() -> None:
    async with showing(*lines(20)) as (app, view, pilot):
        await pilot._post_mouse_events([events.MouseScrollUp], LogView, (5, 2))
        await pilot.pause()
        assert (app.texts[0], app.at_cursor) == ("line 12", "line 16")
        assert not view.following


async def test_a_click_puts_the_cursor_on_a_line_and_a_second_one_opens_it() -> None:
    async with showing(*lines(20)) as (app, _, pilot):
        await pilot.click(LogView, offset=(30, 1))
        assert app.at_cursor == "line 16"
        await pilot.click(LogView, offset=(30, 1))
        await pilot.press("k", "enter")
        assert [record.message for record in app.opened] == ["line 16", "line 15"]


async def test_old_lines_are_dropped_without_moving_what_is_read() -> None:
    async with showing(*lines(200), limit=200) as (app, view, pilot):
        await pilot.press("pageup")
        top = app.texts[0]
        view.add(lines(20, 200))
        await pilot.pause()
        assert app.texts[0] == top
        assert 0 < view.buffer.dropped <= 40
        view.add(lines(1000, 220))
        await pilot.pause()
        assert view.buffer.record(0).message == app.texts[0]  # what was read is gone


async def test_clearing_begins_anew() -> None:
    async with showing(*lines(20)) as (app, view, pilot):
        await pilot.press("g")
        view.clear()
        await pilot.pause()
        assert app.rows == [""] * 5
        assert view.following
        view.add(lines(1))
        assert app.texts[0] == "line 0"


async def test_an_empty_log_bears_every_key() -> None:
    async with showing() as (app, view, pilot):
        keys = "j k G g pageup ctrl+d W right t t t t space space left e E n N z Z V V enter"
        await pilot.press(*keys.split())
        await pilot.resize_terminal(10, 3)
        assert app.rows == [""] * 3
        assert view.following


async def test_long_lines_go_on_under_their_own_text() -> None:
    async with showing(event("ab" * 50, 0), width=62) as (app, _, _pilot):
        assert [row[22:] for row in app.rows[:3]] == ["ab" * 20, "ab" * 20, "ab" * 10]
        assert app.rows[1][:22] == " " * 22


async def test_a_record_higher_than_the_screen_is_scrolled_through_row_by_row() -> None:
    tall = event("\n".join(f"row {n}" for n in range(8)), 0)
    async with showing(tall, *lines(3, 1)) as (app, _, pilot):
        await pilot.press("g")
        assert app.texts == [f"row {n}" for n in range(5)]
        await pilot.press("j", "j", "j")
        assert app.texts == [f"row {n}" for n in range(3, 8)]
        await pilot.press("j")
        assert app.at_cursor == "line 1"
        await pilot.press("k")
        assert app.texts[0] == "row 3"
        await pilot.press("k")
        assert app.texts[0] == "row 2"


async def test_newlines_make_rows_and_tabs_spaces() -> None:
    async with showing(event("Traceback:\n\tat x\n\nend\n", 0)) as (app, *_):
        assert app.texts == ["Traceback:", "        at x", "", "end", ""]


async def test_levels_are_told_without_colours_too() -> None:
    texts = ["START RequestId: 1", "[ERROR] boom", "WARN: well", "plain"]
    async with showing(*[event(text, n) for n, text in enumerate(texts)]) as (app, view, _):
        view.add((), [Marker("gap", START + 9, "a gap")])
        assert [row[1] for row in app.rows] == ["·", "E", "W", " ", "»"]


async def test_markup_and_controls_are_drawn_as_they_are() -> None:
    async with showing(event("[@click=app.quit]x[/] [/ \x1b]0;x\x07", 0)) as (app, *_):
        assert app.texts[0] == "[@click=app.quit]x[/] [/ ␛]0;x␇"


async def test_wide_characters_are_folded_by_cells() -> None:
    async with showing(event("日本語" * 10, 0), width=30) as (app, *_):
        assert all(cell_len(row) <= 30 for row in app.rows)
        assert "".join(row[1:].strip() for row in app.rows) == "日本語" * 10


async def test_unwrapped_lines_scroll_sideways() -> None:
    async with showing(event("0123456789" * 10, 0), width=62) as (app, view, pilot):
        await pilot.press("W")
        assert app.texts[:2] == [("0123456789" * 4)[:39] + "…", ""]
        await pilot.press("right")
        assert app.texts[0].startswith("6789")
        await pilot.press(*["right"] * 9)
        assert app.texts[0].endswith("789")
        assert cell_len(app.texts[0]) == 40
        await pilot.press(*["left"] * 9, "W")
        assert view.wrap
        assert app.texts[1].startswith("0123")


async def test_t_goes_through_the_ways_to_tell_a_moment() -> None:
    async with showing(*lines(1)) as (app, view, pilot):
        assert app.rows[0] == "   11-14 22:13:20.000 line 0"
        await pilot.press("t")
        assert view.times.value == "relative"
        assert app.rows[0].split()[0][-1] == "y"
        await pilot.press("t")
        assert app.rows[0] == "   line 0"
        await pilot.press("t")
        assert view.times.value == "local"


async def test_moments_give_way_in_a_narrow_place() -> None:
    async with showing(*lines(1), width=30) as (app, *_):
        assert app.rows[0] == "   line 0"


async def test_the_groups_of_lines_are_named_where_there_are_several() -> None:
    async with showing(event("x", 0, "a"), event("y", 1, "b"), width=60) as (app, view, _):
        view.groups = {"a": "first ", "b": "second"}
        assert [row[22:] for row in app.rows[:2]] == ["first  x", "second y"]


@pytest.mark.parametrize("width", [1, 2, 3, 4, 7])
async def test_tiny_widths_are_drawn_to_the_last_cell(width: int) -> None:
    async with showing(event("some 日本 text", 0), width=width) as (app, view, pilot):
        await pilot.press("g", "j", "W", "right")
        assert {view.render_line(y).cell_length for y in range(len(app.rows))} == {width}


async def test_a_resize_keeps_the_reader_on_the_same_text() -> None:
    long = [event(f"<{n}>" + "x" * 500, n) for n in range(50)]
    async with showing(*long, width=90, height=8) as (app, view, pilot):
        await pilot.press("g", *["pagedown"] * 6)
        seen = next(row for row in app.texts if row.startswith("<"))[:4]
        top = app.texts[0]
        await pilot.resize_terminal(130, 8)
        await pilot.pause()
        assert seen in "".join(app.texts)
        await pilot.resize_terminal(90, 8)
        await pilot.pause()
        assert app.texts[0] == top
        assert not view.following


async def test_a_resize_at_the_end_stays_at_the_end() -> None:
    async with showing(*[event("y" * 100, n) for n in range(50)], event("last", 99)) as (app, _, pilot):
        await pilot.resize_terminal(40, 7)
        await pilot.pause()
        assert app.rows[-1].endswith("last")


async def test_lines_out_of_sight_draw_nothing_and_lines_below_draw_their_own_rows_only() -> None:
    async with showing(*lines(2), height=30) as (app, view, pilot):
        one = await written_by(app, pilot, lambda: view.add(lines(1, 2)))
        everything = await written_by(app, pilot, view.refresh)
        assert 0 < one < everything / 3
        view.add(lines(100, 3))
        await pilot.press("g")
        assert await written_by(app, pilot, lambda: view.add(lines(100, 103))) == 0


async def test_a_batch_is_told_once() -> None:
    async with showing(*lines(20)) as (app, view, pilot):
        await pilot.press("k")
        app.heard.clear()
        view.add(lines(500, 20))
        await pilot.pause()
        assert app.heard == [(False, 500)]


# Finding --------------------------------------------------------------------------------------------------------


def shop() -> list[LogEvent]:
    """Thirty lines: of each ten one is an error."""
    return [event(f"[ERROR] no {n}" if n % 10 == 5 else f"fine {n}", n) for n in range(30)]


async def test_a_filter_shows_hits_and_their_context_and_follows_new_ones() -> None:
    async with showing(*shop()) as (app, view, pilot):
        view.filter(parse("level:error"))
        assert app.texts == ["[ERROR] no 5", "[ERROR] no 15", "[ERROR] no 25", "", ""]
        view.add([event("fine", 40), event("[ERROR] new", 41)])
        assert app.texts[3] == "[ERROR] new"
        await pilot.press("z")
        assert app.texts == ["fine 24", "[ERROR] no 25", "fine 26", "fine", "[ERROR] new"]
        await pilot.press("Z")
        assert app.texts[0] == "[ERROR] no 5"
        view.filter(None)
        assert app.texts[-1] == "[ERROR] new"


async def test_what_the_cursor_is_on_stays_in_sight_when_the_filter_goes() -> None:
    async with showing(*shop()) as (app, view, pilot):
        view.filter(parse("level:error"))
        await pilot.press("g", "j")
        assert app.at_cursor == "[ERROR] no 15"
        view.filter(None)
        await pilot.pause()
        assert app.at_cursor == "[ERROR] no 15"


async def test_e_goes_from_error_to_error_and_says_where_there_are_no_more() -> None:
    async with showing(*shop()) as (app, view, pilot):
        seen = []
        for key in ("E", "E", "E", "e", "E", "E"):
            await pilot.press(key)
            seen.append(app.at_cursor)
        assert [text.rpartition(" ")[2] for text in seen] == ["25", "15", "5", "15", "5", "5"]
        assert view.finder.missed == "nothing more above"
        await pilot.press("j")
        assert not view.finder.missed


async def test_n_goes_from_hit_to_hit_of_the_search_between_other_lines() -> None:
    async with showing(*shop()) as (app, view, pilot):
        await pilot.press("g")
        view.search(parse("fine 1"))
        await pilot.press("n", "n", "n", "N")
        assert app.at_cursor == "fine 10"
        assert view.finder.found is not None
        assert view.finder.found.hits == 11


async def test_a_marked_range_goes_with_the_cursor() -> None:
    async with showing(*lines(20)) as (app, view, pilot):
        await pilot.press("k", "V", "k", "k")
        assert [record.message for record in view.marked] == ["line 16", "line 17", "line 18"]
        assert [row[0] for row in app.rows] == [" ", "▌", "│", "│", " "]
        await pilot.press("V")
        assert [record.message for record in view.marked] == ["line 16"]


@given(
    st.lists(st.text(st.sampled_from("ab日\n\t "), max_size=60), min_size=1, max_size=15),
    st.integers(4, 40),
    st.integers(1, 10),
    st.lists(st.integers(-15, 15), max_size=10),
)
def test_moving_by_rows_is_moving_in_the_list_of_all_rows(
    texts: list[str], width: int, height: int, moves: list[int]
) -> None:
    buffer = LogBuffer()
    buffer.add([event(text, n) for n, text in enumerate(texts)])
    rows = LogRows(LogSelection(buffer))
    rows.shape(Look(width=width))
    keys = [rows.key(index) for index in range(len(rows))]
    every = [Place(key, row) for key in keys for row in range(len(rows.lines(key).rows))]
    assert rows.places(every[0], len(every) + 1) == every
    assert rows.last_top(height) == every[max(0, len(every) - height)]
    index = 0
    for move in moves:
        place = rows.moved(every[index], move)
        index = max(0, min(index + move, len(every) - 1))
        assert place == every[index]
        assert rows.place_of(place.key, rows.characters_before(place)).key == place.key
