"""Ten thousand functions over a line that breaks, as a person meets them: the cursor stays while they come."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from lambdatui.ui.panes.functions import FunctionsPane
from tests.aws.fault_server import FaultServer
from tests.aws.paging import A_PAGE, Pages, by_chance, named, on_pages
from tests.faults.catalogue import healthy
from tests.faults.screens import Show, fine, showing

MANY = 10_000
PATIENCE = 60.0


@pytest.fixture(autouse=True)
def all_pages(quick: None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("lambdatui.aws.calls.MOST_PAGES", 1_000)
        yield


def shown(pane: FunctionsPane) -> list[str]:
    return [function.name for function in pane.table.items]


def under_cursor(pane: FunctionsPane) -> str:
    """The name of the function that the cursor is on."""
    assert pane.table.cursor_item is not None
    return pane.table.cursor_item.name


async def come(pane: FunctionsPane, show: Show) -> None:
    """Wait until all has come."""
    await show.until("all of it", lambda: fine(pane, show) and not pane._coming, PATIENCE)


async def filled(show: Show) -> FunctionsPane:
    """The list, once all has come; the cursor was put on a row of the first page as soon as that was there."""
    show.server.plan("cloudwatch:GetMetricData", healthy("cloudwatch:GetMetricData"))
    pane = await show.open(FunctionsPane)
    assert isinstance(pane, FunctionsPane)
    await show.until("the first rows", lambda: pane.table.shown >= A_PAGE, PATIENCE)
    await show.until("word that more comes", lambda: show.says("loading"))
    for _ in range(7):
        await show.press("down")
    await come(pane, show)
    return pane


async def test_ten_thousand_are_shown_none_twice_and_none_lost_and_the_cursor_is_kept() -> None:
    chance = random.Random(7)
    pages = Pages(MANY, on_pages(chance.sample(range(MANY // A_PAGE), 60), 2, chance))
    async with FaultServer() as server:
        server.plan("lambda:ListFunctions", pages)
        async with showing(server) as show:
            pane = await filled(show)
            assert shown(pane) == [*map(named, range(MANY))]
            assert show.says(f"Functions {MANY}")
            assert pane.table.cursor_item is not None
            assert pane.table.cursor_item.name == named(7)


async def test_a_refresh_in_which_requests_fail_keeps_rows_filter_sort_order_and_cursor() -> None:
    async with FaultServer() as server:
        pages = Pages(MANY)
        server.plan("lambda:ListFunctions", pages)
        async with showing(server) as show:
            pane = await filled(show)
            pane.apply_filter("arch:arm64 mem>512")
            pane.sort("Size", reverse=True)
            await show.press("end")
            before, cursor = shown(pane), under_cursor(pane)
            pages.before = by_chance(0.3, random.Random(11))
            asked = len(pages.asked)
            await show.press("r")
            await come(pane, show)
            assert len(pages.asked) - asked > MANY // A_PAGE
            assert (shown(pane), under_cursor(pane)) == (before, cursor)
            assert pane.table.total == MANY


async def test_functions_that_come_and_go_while_pages_fail_are_there_or_not_as_they_are_in_the_end() -> None:
    async with FaultServer() as server:
        server.plan("lambda:ListFunctions", Pages(MANY))
        async with showing(server) as show:
            pane = await filled(show)
            server.plan("lambda:ListFunctions", Pages(MANY - 1_000, by_chance(0.3, random.Random(3))))
            await show.press("r")
            await come(pane, show)
            assert shown(pane) == [*map(named, range(MANY - 1_000))]
            server.plan("lambda:ListFunctions", Pages(MANY, by_chance(0.3, random.Random(4))))
            await show.press("r")
            await come(pane, show)
            assert shown(pane) == [*map(named, range(MANY))]
            assert pane.table.cursor_item is not None
            assert pane.table.cursor_item.name == named(7)


async def test_a_list_that_ends_in_the_middle_keeps_what_was_there_before_and_says_so() -> None:
    async with FaultServer() as server:
        pages = Pages(MANY)
        server.plan("lambda:ListFunctions", pages)
        async with showing(server) as show:
            pane = await filled(show)
            pages.before = on_pages([100], 99, random.Random(1))
            await show.press("r")
            await show.until("the reason", lambda: pane.problem is not None, PATIENCE)
            assert shown(pane) == [*map(named, range(MANY))]
            await show.until("word of it", lambda: show.says("stale, from"))
            pages.before = lambda page: None
            await show.press("r")
            await come(pane, show)
