"""The table on a screen, driven by keys and mouse."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from rich.cells import cell_len
from textual import events
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot
from textual.widgets import Button

from lambdatui.model.query import Language, QueryError
from lambdatui.ui.widgets.columns import Column, Toned
from lambdatui.ui.widgets.table import Table


@dataclass(frozen=True)
class Function:
    name: str
    memory: int | None = 128
    runtime: str = "python3.12"


def functions(count: int) -> list[Function]:
    return [Function(f"fn-{n:03}", memory=count - n) for n in range(count)]


class Terminal(HeadlessDriver):
    """A terminal that counts what is written to it."""

    written = 0

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written += len(data)


class Tables(App[None]):
    """A table, and something else to focus."""

    CSS = "Button { height: 1; border: none; }"

    def __init__(self, items: list[Function]) -> None:
        super().__init__(driver_class=Terminal)
        self.items = items
        self.heard: list[tuple[str, Any]] = []

    def compose(self) -> ComposeResult:
        yield Table[Function](
            [
                Column("Name", lambda function: function.name, 12, 1, sort=lambda function: function.name),
                Column("Memory", lambda f: f"{f.memory} MB", 8, sort=lambda f: f.memory, align="right"),
                Column("Runtime", lambda f: Toned(f.runtime, "muted"), 12),
                Column("Text", lambda function: function.name * 2, 12),
            ],
            key=lambda function: function.name,
            language=Language(lambda function: function.name),
        )
        yield Button("other")

    def on_mount(self) -> None:
        self.table.merge(self.items)

    @property
    def table(self) -> Table[Function]:
        return self.query_one(Table)

    @property
    def lines(self) -> list[str]:
        return [self.table.render_line(y).text for y in range(self.table.size.height)]

    @property
    def cursors(self) -> list[str]:
        """Names on the lines that have a cursor's sign, in either form."""
        return [line[2:].split()[0] for line in self.lines if line[0] in "▌▏"]

    def on_table_highlighted(self, message: Table.Highlighted) -> None:
        self.heard.append(("highlighted", message.item and message.item.name))

    def on_table_selected(self, message: Table.Selected) -> None:
        self.heard.append(("selected", message.item.name))


@asynccontextmanager
async def showing(
    items: list[Function], width: int = 60, height: int = 10
) -> AsyncIterator[tuple[Tables, Pilot[None]]]:
    app = Tables(items)
    async with app.run_test(size=(width, height), headless=False) as pilot:
        await pilot.pause()
        yield app, pilot


async def written_by(app: Tables, pilot: Pilot[None], act: Callable[[], object]) -> int:
    """How much goes to the terminal because of an act."""
    terminal = app._driver
    assert isinstance(terminal, Terminal)
    await pilot.pause()
    before = terminal.written
    act()
    await pilot.pause()
    return terminal.written - before


async def test_rows_are_drawn_under_a_header_with_the_cursor_on_the_first() -> None:
    async with showing(functions(3)) as (app, _):
        header, first, second, *_ = app.lines
        assert header.split() == ["Name", "Memory", "Runtime", "Text"]
        assert first.split() == ["▌", "fn-000", "3", "MB", "python3.12", "fn-000fn-000"]
        assert second.startswith("  fn-001")
        assert app.heard == [("highlighted", "fn-000")]


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ("j", "fn-001"),
        ("down down up", "fn-001"),
        ("j j k", "fn-001"),
        ("G", "fn-099"),
        ("end home", "fn-000"),
        ("G g", "fn-000"),
        ("pagedown", "fn-007"),
        ("ctrl+f pageup", "fn-000"),
        ("ctrl+f ctrl+f ctrl+b", "fn-007"),
        ("ctrl+d", "fn-004"),
        ("ctrl+d ctrl+d ctrl+u", "fn-004"),
        ("k k k", "fn-000"),
        ("G j pagedown", "fn-099"),
    ],
)
async def test_keys_move_the_cursor_and_it_is_always_on_screen(keys: str, name: str) -> None:
    async with showing(functions(100)) as (app, pilot):
        await pilot.press(*keys.split())
        assert app.cursors == [name]
        assert app.table.cursor_item is not None
        assert app.table.cursor_item.name == name


async def test_enter_selects_what_the_cursor_is_on() -> None:
    async with showing(functions(3)) as (app, pilot):
        await pilot.press("j", "enter")
        assert app.heard[1:] == [("highlighted", "fn-001"), ("selected", "fn-001")]


async def test_a_click_moves_the_cursor_and_a_click_on_the_cursor_selects() -> None:
    async with showing(functions(5)) as (app, pilot):
        await pilot.press("k")
        await pilot.click(Table, offset=(5, 3))
        assert app.cursors == ["fn-002"]
        assert ("selected", "fn-002") not in app.heard
        await pilot.click(Table, offset=(5, 3))
        assert app.heard[-1] == ("selected", "fn-002")


async def test_a_click_that_brings_the_focus_opens_nothing() -> None:
    async with showing(functions(5)) as (app, pilot):
        await pilot.press("tab")
        await pilot.click(Table, offset=(5, 1))
        assert app.table.has_focus
        assert app.heard == [("highlighted", "fn-000")]
        await pilot.click(Table, offset=(5, 1))
        assert app.heard[-1] == ("selected", "fn-000")


async def test_a_double_click_opens_a_row() -> None:
    async with showing(functions(5)) as (app, pilot):
        await pilot.click(Table, offset=(5, 4), times=2)
        assert app.heard[-1] == ("selected", "fn-003")


async def test_the_wheel_scrolls_and_leaves_the_cursor_where_it_is() -> None:
    async with showing(functions(100)) as (app, pilot):
        await pilot._post_mouse_events([events.MouseScrollDown], Table, (5, 5))
        await pilot.pause()
        assert app.lines[1].startswith("  fn-003")
        assert app.cursors == []
        await pilot.press("j")
        assert app.cursors == ["fn-001"]


async def test_a_click_at_the_right_edge_scrolls_there() -> None:
    async with showing(functions(100)) as (app, pilot):
        await pilot.click(Table, offset=(59, 8))
        assert app.lines[8].startswith("  fn-099")


async def test_clicks_on_a_title_sort_and_reverse() -> None:
    async with showing(functions(5)) as (app, pilot):
        memory = app.lines[0].index("Memory")
        await pilot.click(Table, offset=(memory, 0))
        assert "▲Memory" in app.lines[0]
        assert app.lines[1].startswith("  fn-004")
        await pilot.click(Table, offset=(memory, 0))
        assert "▼Memory" in app.lines[0]
        assert app.lines[1].startswith("▌ fn-000") or app.lines[1].startswith("▏ fn-000")


async def test_s_goes_through_the_columns_that_sort_and_back_to_arrival() -> None:
    async with showing([Function("b", 2), Function("a", None), Function("c", 1)]) as (app, pilot):
        orders = []
        for _ in range(3):
            await pilot.press("s")
            orders.append("".join(item.name for item in app.table.items))
        assert orders == ["abc", "cba", "bac"]
        assert app.table.sorted_by == (None, False)
        assert not set("▲▼") & set(app.lines[0])


async def test_missing_values_are_last_in_both_directions() -> None:
    async with showing([Function("b", 2), Function("a", None), Function("c", 1)]) as (app, pilot):
        await pilot.press("s", "s", "S")
        assert [item.name for item in app.table.items] == ["b", "c", "a"]
        assert "▼Memory" in app.lines[0]


async def test_sorting_by_a_column_without_a_sort_value_is_refused() -> None:
    async with showing(functions(2)) as (app, _):
        with pytest.raises(ValueError, match="Runtime"):
            app.table.sort_by(2)


async def test_the_filter_shows_hits_and_keeps_the_cursor() -> None:
    async with showing(functions(30)) as (app, pilot):
        await pilot.press(*"jjjjjjjjjjjj")
        app.table.filter = "FN-01"
        await pilot.pause()
        assert app.cursors == ["fn-012"]
        assert (app.table.shown, app.table.total) == (12, 30)
        segments = list(app.table.render_line(1))
        assert [segment.text for segment in segments if segment.style and segment.style.underline] == ["fn-01"]


async def test_letters_with_others_between_them_are_hits_too_after_those_in_one_piece() -> None:
    async with showing([Function("orders-create"), Function("ocr"), Function("other")]) as (app, pilot):
        app.table.filter = "ocr"
        await pilot.pause()
        assert [item.name for item in app.table.items] == ["ocr", "orders-create"]
        segments = list(app.table.render_line(2))
        assert "".join(it.text for it in segments if it.style and it.style.underline) == "ocr"
        assert app.cursors == ["ocr"]


async def test_a_filter_that_cannot_be_leaves_the_last_one() -> None:
    async with showing(functions(30)) as (app, _):
        app.table.filter = "fn-01"
        with pytest.raises(QueryError):
            app.table.filter = "colour:red"
        assert app.table.filter == "fn-01"
        assert app.table.shown == 12


# Marks and pins -----------------------------------------------------------------------------------------------------


def signs(app: Tables) -> str:
    """What is in the gutter beside the cursor's sign."""
    return "".join(line[1] for line in app.lines[1:])


async def test_space_marks_and_goes_on_and_a_second_time_takes_the_mark_away() -> None:
    async with showing(functions(5)) as (app, pilot):
        await pilot.press("space", "space")
        assert signs(app).rstrip() == "++"
        assert app.cursors == ["fn-002"]
        assert [item.name for item in app.table.marked] == ["fn-000", "fn-001"]
        await pilot.press("k", "space")
        assert signs(app).rstrip() == "+"
        app.table.unmark()
        assert signs(app).strip() == ""


async def test_marks_and_pins_survive_refresh_filter_and_sort() -> None:
    async with showing(functions(5)) as (app, pilot):
        await pilot.press("j", "space", "j", "asterisk")
        assert app.lines[1].startswith("▌*fn-003")
        app.table.merge([Function("fn-001", 77), Function("fn-003", 78)])
        app.table.filter = "fn-00"
        await pilot.press("s", "S")
        assert [line[1:8] for line in app.lines[1:6]] == ["*fn-003", " fn-004", " fn-002", "+fn-001", " fn-000"]
        app.table.filter = "fn-002"
        assert (app.table.hidden_marks, [item.memory for item in app.table.marked]) == (1, [77])
        app.table.filter = ""
        app.table.retain({"fn-000"})
        assert app.table.marked == []
        assert app.table.pins == {"fn-003"}


async def test_a_pin_puts_a_row_first_and_a_second_time_back_under_the_cursor() -> None:
    async with showing(functions(5)) as (app, pilot):
        await pilot.press("G", "asterisk")
        assert [item.name for item in app.table.items][:2] == ["fn-004", "fn-000"]
        assert app.cursors == ["fn-004"]
        await pilot.press("asterisk")
        assert [item.name for item in app.table.items][-1] == "fn-004"
        assert app.cursors == ["fn-004"]


async def test_pins_that_came_before_the_rows_are_first_as_soon_as_they_come() -> None:
    async with showing([]) as (app, _):
        app.table.pins = frozenset({"fn-003", "gone"})
        app.table.merge(functions(5))
        assert app.table.items[0].name == "fn-003"


async def test_a_mark_draws_two_lines() -> None:
    async with showing(functions(100), 60, 40) as (app, pilot):
        marked = await written_by(app, pilot, app.table.action_mark)
        everything = await written_by(app, pilot, app.table.refresh)
        assert 0 < marked < everything / 10


async def test_a_refresh_keeps_cursor_and_line_and_drops_what_is_gone_only_at_its_end() -> None:
    async with showing(functions(100)) as (app, pilot):
        await pilot.press("G", *"kkk")
        line = next(y for y, text in enumerate(app.lines) if text[0] == "▌")
        app.table.merge([Function("new", 1), Function("fn-096", 999)])
        assert app.table.total == 101
        app.table.retain({function.name for function in functions(100)[50:]})
        await pilot.pause()
        assert app.table.total == 50
        assert app.lines[line].startswith("▌ fn-096")
        assert app.heard[-1] == ("highlighted", "fn-096")
        assert app.table.cursor_item == Function("fn-096", 999)


async def test_what_does_not_change_a_line_on_screen_writes_nothing() -> None:
    async with showing(functions(100)) as (app, pilot):

        def equal_refresh() -> None:
            app.table.merge(functions(100))
            app.table.retain({function.name for function in functions(100)})
            app.table.filter = ""

        assert await written_by(app, pilot, equal_refresh) == 0
        assert await written_by(app, pilot, lambda: app.table.merge([Function("fn-050", 1)])) == 0
        assert await written_by(app, pilot, lambda: app.table.merge([Function("fn-001", 1)])) > 0


async def test_a_cursor_key_draws_two_lines() -> None:
    async with showing(functions(100), 60, 40) as (app, pilot):
        moved = await written_by(app, pilot, lambda: app.table.action_move(1))
        everything = await written_by(app, pilot, app.table.refresh)
        assert 0 < moved < everything / 10


async def test_markup_is_drawn_as_it_is() -> None:
    hostile = "[@click=app.quit]x[/] [red]"
    async with showing([Function(hostile, runtime="[/]")], 120) as (app, pilot):
        assert hostile in app.lines[1]
        assert "[/]" in app.lines[1]
        await pilot.click(Table, offset=(3, 1))
        await pilot.click(Table, offset=(3, 1))
        assert app.heard[-1] == ("selected", hostile)
        assert all(not segment.style.meta for segment in app.table.render_line(1) if segment.style)


async def test_wide_characters_keep_the_columns_in_line() -> None:
    items = [Function("注文を処理する関数の名前がとても長い場合のテスト"), Function("plain"), Function("é́é")]
    async with showing(items) as (app, _):
        lines = app.lines[1:4]
        assert all(cell_len(line) == 60 for line in lines)
        assert len({cell_len(line[: line.index(" MB")]) for line in lines}) == 1


@pytest.mark.parametrize("count", [0, 1])
async def test_no_row_and_one_row_bear_every_key(count: int) -> None:
    keys = [
        "j",
        "k",
        "pagedown",
        "pageup",
        "ctrl+d",
        "ctrl+u",
        "G",
        "g",
        "left",
        "right",
        "s",
        "S",
        "s",
        "S",
        "space",
        "asterisk",
        "space",
        "asterisk",
        "enter",
    ]
    async with showing(functions(count)) as (app, pilot):
        await pilot.press(*keys)
        assert app.lines[0].split()[0].startswith("Name")
        assert app.cursors == ["fn-000"] * count
        assert (app.table.cursor_item is None) == (count == 0)


async def test_clearing_tells_that_nothing_is_highlighted() -> None:
    async with showing(functions(3)) as (app, pilot):
        app.table.clear()
        await pilot.pause()
        assert app.heard[-1] == ("highlighted", None)
        assert app.lines[1].strip() == ""


async def test_columns_that_do_not_fit_are_reached_with_the_arrows() -> None:
    async with showing(functions(3), 43) as (app, pilot):
        assert app.lines[0].split() == ["Name", "Memory", "Runtime", "›"]
        await pilot.press("right")
        assert app.lines[0].split() == ["Name", "‹", "Runtime", "Text"]
        assert app.lines[1].split() == ["▌", "fn-000", "python3.12", "fn-000fn-000"]
        await pilot.press("right", "left")
        assert "Memory" in app.lines[0]


async def test_sorting_by_a_column_out_of_sight_scrolls_to_it() -> None:
    async with showing(functions(3), 24) as (app, pilot):
        await pilot.press("right", "right")
        assert "Memory" not in app.lines[0]
        await pilot.press("s", "s")
        assert "▲Memory" in app.lines[0]


async def test_every_width_is_drawn_to_the_last_cell() -> None:
    async with showing(functions(50), 100) as (app, pilot):
        await pilot.press("right", "s")
        for width in (*range(1, 16), 30, 200):
            await pilot.resize_terminal(width, 10)
            await pilot.press("right", "j")
            assert {cell_len(line) for line in app.lines} == {width}


async def test_a_resize_keeps_the_cursor_in_sight() -> None:
    async with showing(functions(100), 60, 30) as (app, pilot):
        await pilot.press(*"jjjjjjjjjjjjjjjjjjjj")
        await pilot.resize_terminal(30, 8)
        await pilot.pause()
        assert app.cursors == ["fn-020"]


async def test_the_cursor_is_marked_differently_without_the_focus() -> None:
    async with showing(functions(3)) as (app, pilot):
        await pilot.press("tab")
        assert app.lines[1][0] == "▏"


async def test_a_theme_change_is_drawn() -> None:
    async with showing(functions(3)) as (app, pilot):
        before = app.table.render_line(0)
        app.theme = "textual-light"
        await pilot.pause()
        assert app.table.render_line(0) != before
