"""How the account does, below the functions."""

from __future__ import annotations

import asyncio

import pytest
from textual.geometry import Size

from lambdatui.settings import Settings
from lambdatui.ui.account_strip import AccountStrip
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.size import lines_below
from tests import samples
from tests.fakes import FakeAws, denied
from tests.ui.stage import Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")


def strips(stage: Stage) -> list[AccountStrip]:
    return [it for it in stage.app.screen.query(AccountStrip) if it.display]


async def test_where_there_is_room_errors_and_concurrency_are_below_the_functions(
    aws: FakeAws, settings: Settings
) -> None:
    aws.metrics.active_are = frozenset({"checkout-api"})
    aws.metrics.value = lambda metric, at, period: 2.0
    async with showing(aws, settings, size=(160, 50)) as stage:
        await settled(stage.pilot)
        assert "120 errors in 1h, 1 function ran" in stage.words
        assert "In use 2, at most 2 in 1h" in stage.words
        assert stage.app.screen.focused is stage.pane(FunctionsPane).table
        await stage.press("2")
        assert strips(stage) == []
        await stage.press("1")
        assert len(strips(stage)) == 1


async def test_a_smaller_terminal_has_the_list_alone_and_asks_for_nothing_else(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, size=(119, 50)) as stage:
        await settled(stage.pilot)
        assert strips(stage) == []
        assert "lambda:GetAccountSettings" not in aws.wire.asked
        await stage.resize(120, 50)
        await settled(stage.pilot)
        assert len(strips(stage)) == 1
        assert "lambda:GetAccountSettings" in aws.wire.asked
        table = stage.app.screen.focused
        await stage.press("tab")
        assert stage.app.screen.focused is not table
        await stage.resize(120, 24)
        assert strips(stage) == []
        assert stage.app.screen.focused is table


async def test_a_short_list_leaves_its_room_to_them_once_all_of_it_is_known(aws: FakeAws, settings: Settings) -> None:
    def late(aws: FakeAws) -> None:
        aws.wire.gate = asyncio.Event()

    async with showing(aws, settings, size=(120, 28), prepare=late) as stage:
        assert strips(stage) == []
        assert aws.wire.gate is not None
        aws.wire.gate.set()
        await settled(stage.pilot)
        assert len(strips(stage)) == 1
        assert len(stage.pane(FunctionsPane).table.in_sight) == len(samples.functions()) == 10
        await stage.press("slash", *"checkout", "enter")
        assert len(strips(stage)) == 1
        await stage.resize(120, 27)
        assert strips(stage) == []


async def test_what_had_failed_below_the_list_loads_again_with_it(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, size=(120, 40)) as stage:
        await settled(stage.pilot)
        panes = strips(stage)[0].errors, strips(stage)[0].concurrency
        aws.wire.refuse = denied
        for pane in panes:
            pane.reload()
        await settled(stage.pilot)
        assert None not in [pane.problem for pane in panes]
        aws.wire.refuse = None
        await stage.press("r")
        assert [pane.problem for pane in panes] == [None, None]


@pytest.mark.parametrize(
    ("size", "rows", "lines"),
    [
        ((120, 36), 18, 14),
        ((120, 36), 19, 0),
        ((119, 60), 5, 0),
        ((160, 50), 1000, 16),
        ((160, 47), 1000, 0),
        ((120, 60), 0, 16),
    ],
)
def test_the_list_keeps_its_rows_or_thirty(size: tuple[int, int], rows: int, lines: int) -> None:
    assert lines_below(Size(*size), rows) == lines
