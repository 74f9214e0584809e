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

from lambdatui.ui.widgets.log_text import LogLine, LogText, Place
from lambdatui.ui.widgets.log_view import LogView


def lines(count: int, start: int = 0) -> list[LogLine]:
    return [LogLine(f"12:00:{n % 60:02}", f"line {n}") for n in range(start, start + count)]


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
        self.heard: list[tuple[bool, int, int]] = []

    def compose(self) -> ComposeResult:
        yield LogView(limit=self.limit)

    @property
    def log_view(self) -> LogView:
        return self.query_one(LogView)

    @property
    def rows(self) -> list[str]:
        return [self.log_view.render_line(y).text.rstrip() for y in range(self.log_view.size.height)]

    @property
    def texts(self) -> list[str]:
        """The rows without mark and moment."""
        return [row[11:] for row in self.rows]

    def on_log_view_changed(self, message: LogView.Changed) -> None:
        view = message.log_view
        self.heard.append((view.following, view.unseen, view.dropped))


@asynccontextmanager
async def showing(
    *first: LogLine, width: int = 60, height: int = 5, limit: int = 1000
) -> AsyncIterator[tuple[Logs, LogView, Pilot[None]]]:
    app = Logs(limit)
    async with app.run_test(size=(width, height), headless=False) as pilot:
        app.log_view.append(first)
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


async def test_the_end_is_followed() -> None:
    async with showing(*lines(3)) as (app, view, _):
        assert app.texts == ["line 0", "line 1", "line 2", "", ""]
        view.append(lines(10, 3))
        assert app.texts == [f"line {n}" for n in range(8, 13)]
        assert view.following
        assert view.unseen == 0


@pytest.mark.parametrize(
    ("keys", "top"),
    [
        ("k", 14),
        ("up up", 13),
        ("pageup", 11),
        ("ctrl+b ctrl+f", 15),
        ("ctrl+u", 13),
        ("ctrl+u ctrl+d", 15),
        ("g", 0),
        ("home j down", 2),
        ("g pagedown", 4),
        ("g G", 15),
        ("g end", 15),
        ("j j j", 15),
    ],
)
async def test_keys_scroll(keys: str, top: int) -> None:
    async with showing(*lines(20)) as (app, view, pilot):
        await pilot.press(*keys.split())
        assert app.texts == [f"line {n}" for n in range(top, top + 5)]
        assert view.following == (top == 15)


async def test_a_reader_who_scrolled_up_keeps_the_place_and_hears_of_new_lines() -> None:
    async with showing(*lines(20)) as (app, view, pilot):
        await pilot.press("k", "k")
        view.append(lines(3, 20))
        await pilot.pause()
        assert app.texts[0] == "line 13"
        assert app.heard[-1] == (False, 3, 0)
        await pilot.press("G")
        assert app.texts[-1] == "line 22"
        assert app.heard[-1] == (True, 0, 0)


async def test_scrolling_down_over_new_lines_counts_them_down_and_follows_at_the_end() -> None:
    async with showing(*lines(20)) as (_, view, pilot):
        await pilot.press("k")
        view.append(lines(2, 20))
        await pilot.press("j", "j")
        assert (view.following, view.unseen) == (False, 1)
        await pilot.press("j")
        assert (view.following, view.unseen) == (True, 0)


async def test_space_holds_the_lines_at_the_end_and_lets_go_again() -> None:
    async with showing(*lines(20)) as (app, view, pilot):
        await pilot.press("space")
        view.append(lines(5, 20))
        assert app.texts[-1] == "line 19"
        assert view.unseen == 5
        await pilot.press("space")
        assert app.texts[-1] == "line 24"
        assert view.following


async def test_held_lines_stay_alone_even_where_the_screen_has_room() -> None:
    async with showing(*lines(2)) as (app, view, pilot):
        await pilot.press("space")
        view.append(lines(1, 2))
        assert app.texts[:3] == ["line 0", "line 1", ""]
        assert view.unseen == 1
        await pilot.press("j")
        assert app.texts[:3] == ["line 0", "line 1", "line 2"]
        assert (view.following, view.unseen) == (True, 0)


async def test_the_wheel_scrolls() -> None:
    async with showing(*lines(20)) as (app, view, pilot):
        await pilot._post_mouse_events([events.MouseScrollUp], LogView, (5, 2))
        await pilot.pause()
        assert app.texts[0] == "line 12"
        assert not view.following


async def test_old_lines_are_dropped_and_counted_without_moving_what_is_read() -> None:
    async with showing(*lines(20), limit=20) as (app, view, pilot):
        await pilot.press("k", "k")
        view.append(lines(10, 20))
        await pilot.pause()
        assert (view.total, view.dropped, view.unseen) == (20, 10, 10)
        assert app.texts[0] == "line 13"
        view.append(lines(10, 30))
        assert app.texts == [f"line {n}" for n in range(20, 25)]  # what was read is gone
        view.append(lines(100, 40))
        assert (view.total, view.dropped) == (20, 120)
        await pilot.press("g")
        assert app.texts[0] == "line 120"


async def test_clearing_begins_anew() -> None:
    async with showing(*lines(20), limit=10) as (app, view, pilot):
        await pilot.press("g")
        view.clear()
        await pilot.pause()
        assert app.rows == [""] * 5
        assert (view.total, view.dropped, view.unseen, view.following) == (0, 0, 0, True)
        view.append(lines(1))
        assert app.texts[0] == "line 0"


async def test_an_empty_log_bears_every_key() -> None:
    async with showing() as (app, view, pilot):
        await pilot.press("j", "k", "G", "g", "pageup", "ctrl+d", "W", "right", "t", "space", "space", "left")
        await pilot.resize_terminal(10, 3)
        assert app.rows == [""] * 3
        assert view.following


async def test_long_lines_go_on_under_their_own_text() -> None:
    async with showing(LogLine("12:00:00", "ab" * 50), width=51) as (app, _, _pilot):
        assert app.rows[:3] == ["  12:00:00 " + "ab" * 20, " " * 11 + "ab" * 20, " " * 11 + "ab" * 10]


async def test_newlines_make_rows_and_tabs_spaces() -> None:
    async with showing(LogLine("12:00:00", "Traceback:\n\tat x\n\nend\n")) as (app, *_):
        assert app.texts == ["Traceback:", "        at x", "", "end", ""]


async def test_kinds_are_marked_without_colours_too() -> None:
    kinds = [LogLine("t", "START", "platform"), LogLine("t", "boom", "error"), LogLine("", "gap", "note")]
    async with showing(*kinds) as (app, *_):
        assert app.rows[:3] == ["· t START", "! t boom", "» gap"]


async def test_markup_and_controls_are_drawn_as_they_are() -> None:
    async with showing(LogLine("t", "[@click=app.quit]x[/] [/ \x1b]0;x\x07")) as (app, *_):
        assert app.rows[0] == "  t [@click=app.quit]x[/] [/ ␛]0;x␇"


async def test_wide_characters_are_folded_by_cells() -> None:
    async with showing(LogLine("", "日本語" * 10), width=23) as (app, *_):
        assert all(cell_len(row) <= 23 for row in app.rows)
        assert "".join(row.strip() for row in app.rows) == "日本語" * 10


async def test_unwrapped_lines_scroll_sideways() -> None:
    async with showing(LogLine("12:00:00", "0123456789" * 10), width=51) as (app, view, pilot):
        await pilot.press("W")
        assert app.texts[:2] == [("0123456789" * 4)[:39] + "…", ""]
        await pilot.press("right")
        assert app.texts[0].startswith("6789")
        await pilot.press(*["right"] * 9)
        assert app.texts[0].endswith("789")
        assert cell_len(app.texts[0]) == 40
        await pilot.press(*["left"] * 9)
        assert app.texts[0].startswith("0123")
        await pilot.press("W")
        assert view.wrap
        assert app.texts[1].startswith("0123")


async def test_t_hides_and_shows_moments() -> None:
    async with showing(*lines(1)) as (app, _, pilot):
        await pilot.press("t")
        assert app.rows[0] == "  line 0"
        await pilot.press("t")
        assert app.rows[0] == "  12:00:00 line 0"


async def test_moments_give_way_in_a_narrow_place() -> None:
    async with showing(*lines(1), width=20) as (app, *_):
        assert app.rows[0] == "  line 0"


@pytest.mark.parametrize("width", [1, 2, 3, 4, 7])
async def test_tiny_widths_are_drawn_to_the_last_cell(width: int) -> None:
    async with showing(LogLine("12:00:00", "some 日本 text"), width=width) as (app, view, pilot):
        await pilot.press("g", "j", "W", "right")
        assert {view.render_line(y).cell_length for y in range(len(app.rows))} == {width}


async def test_a_resize_keeps_the_reader_on_the_same_text() -> None:
    long = [LogLine("12:00:00", f"<{n}>" + "x" * 500) for n in range(50)]
    async with showing(*long, width=80, height=8) as (app, view, pilot):
        await pilot.press("g", *["pagedown"] * 6)
        assert any("<" in row for row in app.rows)
        seen = next(row for row in app.texts if row.startswith("<"))[:4]
        top = app.texts[0]
        await pilot.resize_terminal(120, 8)
        await pilot.pause()
        assert seen in "".join(app.texts)
        await pilot.resize_terminal(80, 8)
        await pilot.pause()
        assert app.texts[0] == top
        assert not view.following


async def test_a_resize_at_the_end_stays_at_the_end() -> None:
    async with showing(*[LogLine("12:00:00", "y" * 100) for _ in range(50)], LogLine("t", "last")) as (app, _, pilot):
        await pilot.resize_terminal(40, 7)
        await pilot.pause()
        assert app.rows[-1].endswith("last")


async def test_lines_out_of_sight_draw_nothing_and_lines_below_draw_their_own_rows_only() -> None:
    async with showing(*lines(2), height=30) as (app, view, pilot):
        one = await written_by(app, pilot, lambda: view.append(lines(1, 2)))
        everything = await written_by(app, pilot, view.refresh)
        assert 0 < one < everything / 3
        view.append(lines(100))
        await pilot.press("g")
        assert await written_by(app, pilot, lambda: view.append(lines(100))) == 0


async def test_a_batch_is_told_once() -> None:
    async with showing(*lines(20)) as (app, view, pilot):
        await pilot.press("k")
        app.heard.clear()
        view.append(lines(500, 20))
        await pilot.pause()
        assert app.heard == [(False, 500, 0)]


@given(
    st.lists(st.text(st.sampled_from("ab日\n\t "), max_size=60), min_size=1, max_size=15),
    st.integers(1, 40),
    st.integers(1, 10),
    st.lists(st.integers(-15, 15), max_size=10),
)
def test_moving_by_rows_is_moving_in_the_list_of_all_rows(
    texts: list[str], width: int, height: int, moves: list[int]
) -> None:
    text = LogText(limit=10)
    text.append([LogLine("", content) for content in texts])
    text.shape(width, True, True)
    rows = [Place(n, row) for n in range(text.first, text.end) for row in range(len(text.rows(n)))]
    assert text.places(rows[0], len(rows) + 1) == rows
    assert text.last_top(height) == rows[max(0, len(rows) - height)]
    index = 0
    for move in moves:
        place = text.moved(rows[index], move)
        index = max(0, min(index + move, len(rows) - 1))
        assert place == rows[index]
        assert text.place_of(place.line, text.characters_before(place)).line == place.line
