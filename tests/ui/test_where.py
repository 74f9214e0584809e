"""Another profile, another region: a gateway and screens of their own, and nothing of the old ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.widgets import OptionList

from lambdatui.app import LambdaTui
from lambdatui.model.errors import Misconfigured, NoCredentials
from lambdatui.model.identity import Place
from lambdatui.settings import Settings
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.invoke import InvokePane
from lambdatui.ui.screens.main import MainScreen
from lambdatui.ui.screens.pick import PickScreen
from tests.fakes import FakeAws, FakeGateways
from tests.ui.stage import Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")


@pytest.fixture
def gateways(settings: Settings) -> FakeGateways:
    """Three profiles."""
    return FakeGateways(settings, "dev", "prod", "staging")


@asynccontextmanager
async def started(gateways: FakeGateways, settings: Settings) -> AsyncIterator[Stage]:
    """The program at its first place."""
    async with showing(gateways.open(gateways.start), settings, gateways=gateways) as stage:
        await settled(stage.pilot)
        yield stage


def choices(stage: Stage) -> list[str]:
    """What can be chosen, in its order."""
    return [str(option.id) for option in stage.app.screen.query_one(OptionList).options]


async def test_another_profile_has_its_own_rows_under_its_own_name(gateways: FakeGateways, settings: Settings) -> None:
    async with started(gateways, settings) as stage:
        assert "shop-in-eu-west-1" in stage.text
        await stage.press("P", *"prod", "enter")
        assert " · prod · " in stage.lines[0]
        assert "prod-in-eu-west-1" in stage.text
        assert "shop" not in stage.text
        assert [aws.closed for aws in gateways.opened] == [True, False]
        assert isinstance(stage.app.screen, MainScreen)


async def test_another_region_is_found_by_where_it_is(gateways: FakeGateways, settings: Settings) -> None:
    async with started(gateways, settings) as stage:
        await stage.press("R", *"frank", "enter")
        assert " · shop · " in stage.lines[0]
        assert " · eu-central-1 · " in stage.lines[0]
        assert "shop-in-eu-central-1" in stage.text


async def test_a_region_that_was_chosen_stays_when_the_profile_changes(
    gateways: FakeGateways, settings: Settings
) -> None:
    async with started(gateways, settings) as stage:
        await stage.press("R", *"frank", "enter", "P", *"dev", "enter")
        assert "dev-in-eu-central-1" in stage.text
        assert stage.app.place == Place("dev", "eu-central-1")


async def test_a_region_that_the_sdk_does_not_know_can_be_typed(gateways: FakeGateways, settings: Settings) -> None:
    async with started(gateways, settings) as stage:
        await stage.press("R", *"mars-north-1")
        assert choices(stage) == ["mars-north-1"]
        await stage.press("enter")
        assert "shop-in-mars-north-1" in stage.text
        await stage.press("R", *"no region")
        assert choices(stage) == []
        await stage.press("enter")
        assert isinstance(stage.app.screen, PickScreen)


async def test_those_used_lately_come_first_and_the_one_in_use_is_marked(
    gateways: FakeGateways, settings: Settings
) -> None:
    async with started(gateways, settings) as stage:
        await stage.press("P")
        assert choices(stage) == ["(as started)", "dev", "prod", "staging"]
        assert "(as started) what the environment and the files say, in use" in stage.words
        await stage.press("escape", "P", *"stag", "enter", "P", *"dev", "enter", "P")
        assert choices(stage) == ["staging", "(as started)", "dev", "prod"]
        assert "dev in use" in stage.words
        await stage.press("enter")
        assert "staging-in-eu-west-1" in stage.text


async def test_the_place_as_it_was_at_the_start_can_be_returned_to(gateways: FakeGateways, settings: Settings) -> None:
    async with started(gateways, settings) as stage:
        await stage.press("P", *"dev", "enter", "P", "enter")
        assert "shop-in-eu-west-1" in stage.text


async def test_escape_stays_here(gateways: FakeGateways, settings: Settings) -> None:
    async with started(gateways, settings) as stage:
        await stage.press("P", "down", "escape", "R", "escape")
        assert len(gateways.opened) == 1
        assert stage.app.screen.focused is stage.pane(FunctionsPane).table


async def test_what_is_under_way_is_cancelled_and_the_gateway_closed_after_it(
    gateways: FakeGateways, settings: Settings
) -> None:
    order: list[str] = []

    def prepare(aws: FakeAws, place: Place) -> None:
        async def close() -> None:
            order.append(f"closed while {aws.wire.under_way or 'nothing'} was under way")

        aws.wire.gate = asyncio.Event()
        aws.aclose = close  # type: ignore[method-assign]

    gateways.prepare = prepare
    async with showing(gateways.open(gateways.start), settings, gateways=gateways) as stage:
        first = gateways.opened[0]
        assert first.wire.under_way == ["lambda:ListFunctions"]
        await stage.tap("P", *"prod", "enter")
        assert order == ["closed while nothing was under way"]
        assert first.wire.under_way == []
        assert gateways.opened[1].wire.under_way == ["lambda:ListFunctions"]


async def test_from_a_function_the_way_is_to_the_list_of_the_other_place(
    gateways: FakeGateways, settings: Settings
) -> None:
    async with started(gateways, settings) as stage:
        await stage.press("i", "escape", "P", *"prod", "enter")
        assert isinstance(stage.app.screen, MainScreen)
        assert stage.app.screen_stack == [stage.app.screen]
        assert "prod-in-eu-west-1" in stage.text


async def test_an_invocation_that_is_waited_for_is_given_up_and_its_answer_never_shown(
    gateways: FakeGateways, settings: Settings
) -> None:
    async with started(gateways, settings) as stage:
        first = gateways.opened[0]
        first.invocations.script = [asyncio.Event()]
        await stage.press("i", "f5", "escape")
        assert len(first.invocations.requests) == 1
        await stage.press("P", *"prod", "enter")
        assert first.invocations.given_up == 1
        assert [line["phase"] for line in first.journal] == ["before", "after"]
        assert not stage.app.screen.query(InvokePane)


async def test_a_place_that_fails_says_so_and_can_be_left(gateways: FakeGateways, settings: Settings) -> None:
    problem = NoCredentials("the credentials", "No source of credentials had any.", "Log in.")

    def prepare(aws: FakeAws, place: Place) -> None:
        if place.profile == "prod":
            aws.account.problem = problem
            aws.wire.refuse = lambda operation: problem

    gateways.prepare = prepare
    async with started(gateways, settings) as stage:
        await stage.press("P", *"prod", "enter")
        assert problem.reason in stage.words
        assert "shop-in-eu-west-1" not in stage.text
        await stage.press("P", "enter")
        assert "shop-in-eu-west-1" in stage.text
        assert problem.reason not in stage.words


async def test_no_message_about_the_old_place_stays(gateways: FakeGateways, settings: Settings) -> None:
    async with started(gateways, settings) as stage:
        await stage.press("C")
        assert "arn:shop-in-eu-west-1" in "".join(stage.toasts)
        await stage.press("P", *"prod", "enter")
        assert stage.toasts == []
        assert "arn:shop" not in stage.text


async def test_profiles_that_cannot_be_read_are_told_of_in_the_picker(
    gateways: FakeGateways, settings: Settings
) -> None:
    gateways.problem = Misconfigured("the AWS configuration", "Unable to parse config file: config.", "Repair it.")
    async with started(gateways, settings) as stage:
        await stage.press("P")
        assert "Unable to parse config file: config. Repair it." in stage.words
        await stage.press("enter", "escape", "R")
        assert "Unable to parse" in stage.words
        await stage.press(*"eu-west-3", "enter")
        assert "shop-in-eu-west-3" in stage.text


async def test_the_pickers_stand_hostile_names_and_pastes(settings: Settings) -> None:
    gateways = FakeGateways(settings, "[@click=app.quit]x", "[/", "a\\[b")
    async with started(gateways, settings) as stage:
        await stage.press("P")
        assert "[@click=app.quit]x" in stage.text
        await stage.paste("[/\x1b]0;x\x07\nmore")
        assert "[/" in stage.text
        assert stage.app.is_running
        assert "\x1b]0;x" not in stage.terminal.written


async def test_the_demo_says_that_it_is_in_one_place(settings: Settings) -> None:
    settings = replace(settings, demo=True)
    app = LambdaTui(settings, FakeAws(settings, demo=True))
    async with app.run_test(notifications=True) as pilot:
        for key in ("P", "R"):
            await pilot.press(key)
            await settled(pilot)
            (told, *_) = [it.message for it in app._notifications]
            assert told == "The demo is one account in one region, eu-west-1. Start without --demo for your own."
            assert isinstance(app.screen, MainScreen)


async def test_all_gateways_are_closed_at_the_end(gateways: FakeGateways, settings: Settings) -> None:
    async with started(gateways, settings) as stage:
        await stage.press("P", *"prod", "enter")
        await stage.pilot.press("P", *"dev", "enter", "q")
    assert [aws.closed for aws in gateways.opened] == [True] * len(gateways.opened)


async def test_a_hundred_changes_one_after_the_other_leave_one_place(
    gateways: FakeGateways, settings: Settings
) -> None:
    async with started(gateways, settings) as stage:
        for _ in range(50):
            for name in ("dev", "prod"):
                stage.app.go_to_profile(name)
        await settled(stage.pilot)
        assert "prod-in-eu-west-1" in stage.text
        assert [aws.closed for aws in gateways.opened] == [True] * 100 + [False]
        assert len(stage.app._screen_stacks) == 1


@pytest.mark.parametrize("turns", range(0, 12, 2))
async def test_the_program_may_end_while_a_place_is_being_left(
    turns: int, gateways: FakeGateways, settings: Settings
) -> None:
    async with started(gateways, settings) as stage:
        await stage.press("enter")
        stage.app.go_to_profile("prod")
        for _ in range(turns):
            await asyncio.sleep(0)
        stage.app.exit(return_code=0)
    assert stage.app.crash_report.message == ""
    assert [aws.closed for aws in gateways.opened] == [True, True]
