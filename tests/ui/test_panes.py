"""Every pane of the registry, whatever it shows: loading, empty, refused, out of sight, at any size."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual.command import CommandPalette
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen

from lambdatui.model.errors import Offline
from lambdatui.model.text import one_line, visible
from lambdatui.settings import Settings
from lambdatui.ui.pane import Pane
from lambdatui.ui.panes.invoke import InvokePane
from lambdatui.ui.panes.logs import LogsPane
from lambdatui.ui.panes.resources import RESOURCES
from lambdatui.ui.screens.function import FunctionScreen
from lambdatui.ui.screens.help import HelpScreen
from lambdatui.ui.screens.too_small import TooSmallScreen
from tests import samples
from tests.fakes import FakeAws, denied
from tests.ui.stage import PANES, Stage, settled, showing
from tests.ui.tabs import DETAILS

pytestmark = pytest.mark.usefixtures("simulated")

ASKS_NOTHING: set[type[Pane]] = {InvokePane}
"""Panes that have nothing to load."""

OF_EACH = {"lambda:GetLayerVersionByArn", "lambda:ListEventSourceMappings", "lambda:GetPolicy"}
"""What is asked for of each thing in sight."""

LOADING = [kind for kind in PANES if kind not in ASKS_NOTHING]

SIZES = [(1, 1), (2, 1), (1, 40), (3, 3), (8, 4), (24, 8), (80, 24), (300, 2), (300, 100)]

every_pane = pytest.mark.parametrize("kind", PANES, ids=lambda kind: kind.NAME)
every_loading_pane = pytest.mark.parametrize("kind", LOADING, ids=lambda kind: kind.NAME)
every_list = pytest.mark.parametrize("kind", RESOURCES, ids=lambda kind: kind.NAME)
every_tab = pytest.mark.parametrize("kind", DETAILS, ids=lambda kind: kind.NAME)


def shut(aws: FakeAws) -> None:
    aws.wire.gate = asyncio.Event()


def open_up(aws: FakeAws) -> None:
    assert aws.wire.gate is not None
    aws.wire.gate.set()


def refuse(aws: FakeAws) -> None:
    aws.wire.refuse = denied


def asked(aws: FakeAws) -> list[str]:
    """What was asked for, but for what is asked of each thing in sight."""
    return [operation for operation in aws.wire.asked if operation not in OF_EACH]


def asked_once(aws: FakeAws) -> bool:
    """Whether nothing was asked for twice."""
    return len(asked(aws)) == len(set(asked(aws)))


def body(stage: Stage, kind: type[Pane]) -> str:
    """What stands in the pane where its data is."""
    region = stage.pane(kind).query_one(".pane--body").region
    return "\n".join(line.rstrip() for line in stage.lines[region.y : region.bottom]).strip()


def has_focus(stage: Stage, kind: type[Pane]) -> bool:
    """Whether keys go to something that is shown in the pane."""
    focused = stage.app.screen.focused
    return focused is not None and stage.pane(kind) in focused.ancestors and focused.display


def small(stage: Stage) -> bool:
    """Whether the terminal is too small; the screen says so, and nothing else."""
    is_small = stage.app.size.width < 40 or stage.app.size.height < 10
    assert isinstance(stage.app.screen, TooSmallScreen) is is_small
    assert not is_small or stage.text.replace("\n", "").startswith("Too"[: stage.app.size.width])
    return is_small


# Loading ------------------------------------------------------------------------------------------------------------


@every_loading_pane
async def test_a_pane_says_that_it_loads_until_something_comes(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, kind, prepare=shut) as stage:
        assert kind.LOADING in stage.text
        assert body(stage, kind) == ""
        open_up(aws)
        await settled(stage.pilot)
        assert kind.LOADING not in stage.text
        assert body(stage, kind) != ""


@every_loading_pane
async def test_keys_have_somewhere_to_go_while_data_comes_in_place_of_the_notice(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, kind, prepare=shut) as stage:
        focused: list[object] = []
        stage.app.watch(stage.app.screen, "focused", lambda it: focused.append(it), init=False)
        open_up(aws)
        await settled(stage.pilot)
        assert has_focus(stage, kind)
        assert None not in focused


@every_loading_pane
async def test_a_pane_asks_only_once_for_what_it_shows(kind: type[Pane], aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, kind) as stage:
        await stage.wait(60)
        assert aws.wire.asked
        assert asked_once(aws)


@every_loading_pane
async def test_a_pane_that_has_nothing_to_show_says_so(kind: type[Pane], aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, kind, prepare=FakeAws.empty) as stage:
        await settled(stage.pilot)
        assert kind.LOADING not in stage.text
        assert len(body(stage, kind).split()) > 5
        assert has_focus(stage, kind)


@every_list
async def test_an_empty_list_says_why_and_can_be_loaded_again(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, kind, prepare=FakeAws.empty) as stage:
        await settled(stage.pilot)
        assert " ".join(getattr(kind, "EMPTY", "").split()) in stage.words
        asked = len(aws.wire.asked)
        await stage.press("r")
        assert len(aws.wire.asked) == 2 * asked


async def test_the_first_page_of_a_list_is_shown_while_the_second_is_awaited(aws: FakeAws, settings: Settings) -> None:
    gate = asyncio.Event()
    first, *others = samples.functions()
    aws.functions.script = [[], [first], gate, others]
    async with showing(aws, settings) as stage:
        await stage.wait()
        assert first.name in stage.text
        assert "loading 1+…" in stage.text
        gate.set()
        await settled(stage.pilot)
        assert "Functions 10 " in stage.words
        assert "loading" not in stage.text


# Refused ------------------------------------------------------------------------------------------------------------


@every_loading_pane
async def test_a_refusal_stands_where_the_data_would_be_and_r_tries_again(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, kind, prepare=refuse) as stage:
        await settled(stage.pilot)
        refused = [denied(operation) for operation in (*aws.wire.asked, "cloudwatch:GetMetricData")]
        problem = next(it for it in refused if it.operation in stage.words)
        for said in (problem.title, problem.reason, problem.remedy, problem.operation, problem.request_id, "r tries"):
            assert said in stage.words
        assert not stage.toasts
        assert has_focus(stage, kind)
        aws.wire.refuse = None
        await stage.press("r")
        assert aws.revived == 1
        assert problem.reason not in stage.words
        assert body(stage, kind) != ""
        assert has_focus(stage, kind)


@every_loading_pane
async def test_trying_again_says_that_it_loads(kind: type[Pane], aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, kind, prepare=refuse) as stage:
        await settled(stage.pilot)
        aws.wire.gate = asyncio.Event()
        await stage.tap("r")
        assert kind.LOADING in stage.text
        assert "Not allowed" not in stage.text
        aws.wire.gate.set()
        await settled(stage.pilot)
        assert "Not allowed" in stage.text


@every_loading_pane
async def test_a_failed_refresh_keeps_what_was_there_and_says_that_it_is_older(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, kind, size=(100, 60)) as stage:
        await settled(stage.pilot)
        before = body(stage, kind)
        aws.wire.refuse = lambda operation: Offline(operation, "The network is down.", "Look at the cable.")
        await stage.press("r")
        assert "what is below is stale, from" in stage.words
        assert "The network is down. Look at the cable." in stage.words
        kept, now = before.splitlines(), body(stage, kind).splitlines()
        assert now[1:4] == kept[1:4]  # the first row may say how the pane is doing
        assert has_focus(stage, kind)
        aws.wire.refuse = None
        await stage.press("ctrl+r")
        assert "what is below is" not in stage.words
        assert body(stage, kind) == before


@every_loading_pane
async def test_a_refresh_does_not_take_the_old_data_away(kind: type[Pane], aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, kind) as stage:
        await settled(stage.pilot)
        before = body(stage, kind)
        shut(aws)
        await stage.tap("r")
        assert aws.wire.under_way
        assert body(stage, kind) == before


@every_pane
async def test_a_pane_may_be_told_to_forget_and_of_another_window_while_it_is_being_made(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        opening = asyncio.create_task(stage.open(kind))
        for _ in range(60):
            for pane in stage.app.screen.query(Pane):
                pane.forget()
                pane.retime()
            await asyncio.sleep(0)
        await opening
        await settled(stage.pilot)
        assert has_focus(stage, kind)
        assert kind.LOADING not in stage.text
        assert body(stage, kind) != ""


# Out of sight -------------------------------------------------------------------------------------------------------


async def other_tab(stage: Stage) -> None:
    await stage.tap("right_square_bracket")


async def other_list(stage: Stage) -> None:
    await stage.tap("1")


async def covered(stage: Stage) -> None:
    await stage.app.push_screen(Screen())


async def removed(stage: Stage) -> None:
    for pane in stage.app.screen.query(Pane):
        await pane.remove()


LEAVING: list[tuple[type[Pane], Callable[[Stage], Awaitable[None]]]] = [
    (kind, leave) for kind in LOADING for leave in (other_tab, other_list, covered, removed)
    if kind in {other_tab: DETAILS, other_list: RESOURCES[1:]}.get(leave, LOADING)
]  # fmt: skip


@pytest.mark.parametrize(("kind", "leave"), LEAVING, ids=lambda it: getattr(it, "NAME", None) or it.__name__)
@pytest.mark.parametrize("loaded", [False, True], ids=["loading", "loaded"])
async def test_a_pane_stops_asking_when_it_cannot_be_seen(
    kind: type[Pane],
    leave: Callable[[Stage], Awaitable[None]],
    loaded: bool,
    aws: FakeAws,
    settings: Settings,
) -> None:
    async with showing(aws, settings, kind, prepare=None if loaded else shut) as stage:
        pane, before = stage.pane(kind), asked(aws)
        assert loaded or set(before) <= set(aws.wire.under_way)
        await leave(stage)
        await stage.wait(60)
        assert not [it for it in stage.app.workers if it.node is pane and not it.is_finished]
        if leave in {covered, removed}:  # else another pane asks, perhaps for the same
            assert not aws.wire.under_way
            assert asked(aws) == before


@every_loading_pane
async def test_a_pane_that_comes_back_into_sight_loads_again(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, kind) as stage:
        await settled(stage.pilot)
        before = asked(aws)
        await stage.app.push_screen(Screen())
        await stage.wait()
        await stage.app.pop_screen()
        await settled(stage.pilot)
        assert asked(aws) == before * 2
        assert body(stage, kind) != ""
        assert has_focus(stage, kind)


@every_tab
async def test_a_tab_that_comes_back_loads_again_and_has_the_focus(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, kind) as stage:
        await settled(stage.pilot)
        asked = list(aws.wire.asked)
        for other in DETAILS:
            if other is not kind:
                stage.app.screen.query_one("TabbedContent Tabs").focus()
                await stage.press(other.KEY)
                assert has_focus(stage, other)
        stage.app.screen.query_one("TabbedContent Tabs").focus()
        aws.wire.asked.clear()
        await stage.press(kind.KEY)
        assert aws.wire.asked == asked
        assert has_focus(stage, kind)


@every_loading_pane
async def test_a_pane_goes_on_behind_a_modal(kind: type[Pane], aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, kind, prepare=shut) as stage:
        await stage.tap("question_mark")
        assert isinstance(stage.app.screen, HelpScreen)
        assert aws.wire.under_way
        open_up(aws)
        await settled(stage.pilot)
        await stage.press("escape")
        assert body(stage, kind) != ""
        assert asked_once(aws)
        assert has_focus(stage, kind)


@every_loading_pane
async def test_a_pane_behind_a_modal_on_another_screen_rests(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, kind) as stage:
        await settled(stage.pilot)
        await stage.app.push_screen(Screen())
        await stage.tap("question_mark")
        assert isinstance(stage.app.screen, HelpScreen)
        await stage.press("escape")
        assert aws.wire.under_way == []
        assert asked_once(aws)


async def test_the_list_rests_while_a_function_is_looked_at(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("enter")
        assert aws.wire.asked.count("lambda:ListFunctions") == 1
        assert "lambda:GetFunction" in aws.wire.asked
        await stage.press("escape")
        assert aws.wire.asked.count("lambda:ListFunctions") == 2


# Hostile text -------------------------------------------------------------------------------------------------------


@every_pane
async def test_hostile_text_is_drawn_as_it_is_and_does_nothing(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    async with showing(
        aws, settings, kind, prepare=FakeAws.hostile, function=samples.hostile_function(), size=(500, 24)
    ) as stage:
        await settled(stage.pilot)
        await stage.press("f5", "x")
        assert one_line(samples.HARM) in stage.text or visible(samples.HARM) in stage.text
        for y, line in enumerate(stage.lines):
            if "[@click=app.quit]x" in line:
                await stage.pilot.click(offset=(line.index("app.quit]x") + 9, y))
                await stage.wait()
        await stage.press("question_mark", "escape", "r")
        assert stage.app.is_running
        drawn = stage.terminal.written
        assert [it for it in ("\x1b]52", "\x1b[2J", "cm0gLXJm\x07", "\u202e", "\u200b") if it in drawn] == []


@every_loading_pane
async def test_a_hostile_refusal_is_drawn_as_it_is_and_does_nothing(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    text = one_line(samples.HARM)

    def refuse(aws: FakeAws) -> None:
        aws.wire.refuse = lambda operation: Offline(operation + text, text, text, request_id=text)

    async with showing(aws, settings, kind, prepare=refuse, size=(200, 24)) as stage:
        await settled(stage.pilot)
        assert stage.text.count(text) == 4
        aws.wire.refuse = None
        await stage.press("r")
        refuse(aws)
        await stage.press("r")
        assert f"{text} {text} (Asked: lambda" in stage.words or stage.text.count(text) == 4


# Sizes --------------------------------------------------------------------------------------------------------------


@every_pane
async def test_a_pane_stands_any_size_and_keeps_the_focus(kind: type[Pane], aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, kind, size=(1, 1)) as stage:
        await settled(stage.pilot)
        for width, height in SIZES:
            await stage.resize(width, height)
            assert len(stage.lines) == height
            assert has_focus(stage, kind) is not small(stage)
            await stage.press("end", "pageup", "right", "home")
            assert has_focus(stage, kind) is not small(stage)
        assert body(stage, kind) != ""


@every_loading_pane
async def test_a_refusal_stands_any_size_and_keeps_the_focus(
    kind: type[Pane], aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, kind, prepare=refuse, size=(1, 1)) as stage:
        await settled(stage.pilot)
        for width, height in SIZES:
            await stage.resize(width, height)
            assert len(stage.lines) == height
            await stage.press("r")
            assert has_focus(stage, kind) is not small(stage)
        refused = [denied(operation) for operation in (*aws.wire.asked, "cloudwatch:GetMetricData")]
        assert any(it.remedy in stage.words for it in refused)


async def test_help_and_commands_open_at_any_size(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        for width, height in SIZES:
            await stage.resize(width, height)
            if small(stage):
                continue
            for key, screen in (("ctrl+p", CommandPalette), ("question_mark", HelpScreen)):
                await stage.press(key)
                assert isinstance(stage.app.screen, screen)
                await stage.press("escape")
                assert has_focus(stage, RESOURCES[0])


async def test_a_tab_that_is_asked_for_while_its_screen_closes_is_no_fault(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, LogsPane) as stage:
        screen = stage.app.screen
        assert isinstance(screen, FunctionScreen)
        closing = screen.dismiss()
        for _ in range(6):
            await screen.action_step(1)
            screen.check_action("tab", (InvokePane.NAME,))
            await stage.wait(0)
        await closing
        assert not isinstance(stage.app.screen, FunctionScreen)
        await screen.action_step(1)


async def test_a_size_of_before_in_which_there_was_room_does_not_end_the_note(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, size=(30, 8)) as stage:
        before = Size(100, 30)
        stage.app.screen.post_message(Resize(before, before))
        await stage.wait()
        assert small(stage)
        assert "30×8" in stage.text
