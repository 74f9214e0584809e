"""A program that nobody touches writes nothing: over a slow line, on a laptop's battery, in a forgotten window."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest
from textual import events
from textual.geometry import Size
from textual.widgets import Input

from lambdatui.model.logs import TailUpdate
from lambdatui.settings import Settings
from lambdatui.ui.pane import SLOW, Pane
from tests import samples
from tests.fakes import FakeAws, denied
from tests.ui.stage import PANES, Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")

MINUTE = 60.0


async def drawn(stage: Stage, seconds: float = MINUTE) -> str:
    """What is written to the terminal while simulated time passes."""
    start = len(stage.terminal.written)
    await stage.wait(seconds)
    return stage.terminal.written[start:]


@pytest.mark.parametrize("kind", PANES, ids=lambda kind: kind.NAME)
async def test_a_pane_at_rest_draws_nothing(kind: type[Pane], aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, kind) as stage:
        await settled(stage.pilot)
        assert await drawn(stage) == ""
        await stage.press("question_mark")
        assert await drawn(stage) == ""


async def test_the_cursor_of_the_palette_does_not_blink(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("ctrl+p")
        asked = stage.app.screen.query_one(Input)
        assert vars(asked).get("cursor_blink") is False  # of its own: in tests none does


@pytest.mark.parametrize("keys", [[], ["question_mark"]], ids=["screen", "modal"])
async def test_a_window_that_changes_faster_than_it_is_drawn_comes_to_rest(
    keys: Sequence[str], aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings) as stage:
        await stage.press(*keys)
        await stage.resize(120, 40)
        screen, layouts = stage.app.screen, Counter[str]()

        def count(_: object) -> None:
            layouts["made"] += 1
            if layouts["made"] == 20:  # for ever, else
                screen._screen_resized = lambda size: None  # type: ignore[method-assign]
            screen.call_later(lambda: None)  # two changes of size one after the other would be taken as one

        screen.screen_layout_refresh_signal.subscribe(stage.app, count, immediate=True)
        for size in (Size(80, 24), Size(120, 40)):
            screen.post_message(events.Resize(size, size))
            screen.call_later(lambda: None)
        await stage.wait()
        assert layouts["made"] <= 2
        assert screen.size == (120, 40)
        assert await drawn(stage) == ""


async def test_what_changes_below_a_modal_is_drawn_once(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("question_mark")
        below = stage.app.main_screen
        below.place = "elsewhere"
        assert "elsewhere" in await drawn(stage)
        below.call_later(lambda: None)
        assert await drawn(stage) == ""


@pytest.mark.parametrize("kind", PANES, ids=lambda kind: kind.NAME)
async def test_a_pane_that_was_refused_or_still_loads_draws_nothing(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    def refuse(aws: FakeAws) -> None:
        aws.wire.refuse = denied

    async with showing(aws, settings, kind, prepare=refuse) as stage:
        await settled(stage.pilot)
        assert await drawn(stage) == ""
        aws.wire.gate = asyncio.Event()
        await stage.tap("r")
        await stage.wait(SLOW)  # then it is said, once
        assert await drawn(stage) == ""


@pytest.mark.parametrize("keys", [["slash"], ["enter", "right_square_bracket"], ["i", "f5", "escape"]], ids=str)
async def test_what_was_looked_at_draws_nothing(keys: Sequence[str], aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press(*keys)
        assert await drawn(stage) == ""
        await stage.press("escape", "escape")
        assert await drawn(stage) == ""


async def test_a_tail_without_news_draws_nothing(aws: FakeAws, settings: Settings) -> None:
    gates = [asyncio.Event() for _ in range(3)]
    same = TailUpdate((), "polling every 5 s")
    aws.logs.script = [TailUpdate(samples.log_events(), "polling"), same, gates[0], same, gates[1], same, gates[2]]
    async with showing(aws, settings, next(kind for kind in PANES if kind.NAME == "logs")) as stage:
        await settled(stage.pilot)
        for gate in gates:
            gate.set()
            assert await drawn(stage) == ""


async def test_a_refresh_that_brings_nothing_new_draws_no_row(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("down")
        start = len(stage.terminal.written)
        await stage.press("r")
        assert aws.wire.asked.count("lambda:ListFunctions") == 2
        drawn = stage.terminal.written[start:]
        assert [function.name for function in samples.functions() if function.name in drawn] == []


async def test_a_cursor_key_draws_two_rows_and_no_more(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, size=(120, 36)) as stage:
        # The first drawing after a layout is a whole one: Textual still has it on its list.
        await stage.press("down")
        start = len(stage.terminal.written)
        await stage.press("down")
        drawn = stage.terminal.written[start:]
        names = [function.name for function in samples.functions()]
        assert [name for name in names if name in drawn] == names[1:3]
