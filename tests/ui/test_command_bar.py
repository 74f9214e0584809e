"""The `:` bar: found by a key, completed, done where the focus was, remembered, and never losing what was typed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.events import Key

from lambdatui.app import LambdaTui
from lambdatui.settings import Located, Settings
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.invoke import InvokePane
from lambdatui.ui.panes.logs import LogsPane
from lambdatui.ui.screens.function import FunctionScreen
from lambdatui.ui.screens.help import HelpScreen
from lambdatui.ui.screens.main import MainScreen
from lambdatui.ui.screens.pick import PickScreen
from lambdatui.ui.widgets.command_bar import CommandBar
from tests import samples
from tests.fakes import FakeAws, FakeGateways
from tests.ui.stage import Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")


def typed(stage: Stage) -> str | None:
    """What stands in the bar; None where it is closed."""
    bar = next(iter(stage.app.screen.query(CommandBar)), None)
    return bar.input.value if bar is not None and bar.is_open else None


async def say(stage: Stage, line: str) -> None:
    """Type a command and send it."""
    await stage.press("colon", *line, "enter")


async def test_it_stands_in_place_of_the_keys_and_escape_closes_it(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await stage.press("colon")
        assert stage.keys.startswith(" :")
        assert "q Quit" not in stage.keys
        await stage.press("escape")
        assert typed(stage) is None
        assert "q Quit" in stage.keys
        assert stage.app.screen.focused is stage.pane(FunctionsPane).table


async def test_a_part_of_a_name_filters_and_a_whole_one_opens(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await say(stage, "fn ort")
        assert stage.pane(FunctionsPane).table.filter == "ort"
        assert stage.app.screen.focused is stage.pane(FunctionsPane).table
        await say(stage, "fn checkout-api")
        assert isinstance(stage.app.screen, FunctionScreen)
        assert stage.app.screen.place == "checkout-api"
        await say(stage, "fn orders-create")
        assert stage.app.screen.place == "orders-create"
        assert len(stage.app.screen_stack) == 2
        await say(stage, "fn")
        assert isinstance(stage.app.screen, MainScreen)
        assert stage.pane(FunctionsPane).table.filter == "ort"


async def test_a_tab_is_opened_by_the_function_s_name_or_its_log_group(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await say(stage, "logs checkout-api")
        assert stage.pane(LogsPane).active
        await say(stage, f"logs {samples.functions()[1].log_group}")
        assert stage.app.screen.place == samples.functions()[1].name  # type: ignore[attr-defined]
        await say(stage, "invoke checkout-api")
        assert stage.pane(InvokePane).active


async def test_a_tab_without_a_name_is_that_of_the_function_here(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await stage.press("down")
        name = stage.pane(FunctionsPane).table.cursor_item
        await say(stage, "logs")
        assert stage.app.screen.place == name.name  # type: ignore[attr-defined, union-attr]
        assert stage.pane(LogsPane).active


async def test_the_list_is_sorted_by_a_column_s_name(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await say(stage, "sort mem desc")
        memory = [function.memory for function in stage.pane(FunctionsPane).table.items]
        assert memory == sorted(memory, reverse=True)
        await say(stage, "sort name")
        names = [function.name.lower() for function in stage.pane(FunctionsPane).table.items]
        assert names == sorted(names)
        await say(stage, "sort colour")
        assert "There is no column “colour” to sort by. There are: Name, Runtime" in stage.words
        assert typed(stage) == "sort colour"


async def test_a_view_of_the_configuration_filters_the_functions(aws: FakeAws, settings: Settings) -> None:
    settings = replace(settings, views={"big": Located("mem>1000", "config.yaml line 3")})
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await say(stage, "view bgi")
        assert "There is no view 'bgi'. Did you mean 'big'?" in stage.words
        await stage.press("escape")
        await say(stage, "view big")
        assert {function.memory > 1000 for function in stage.pane(FunctionsPane).table.items} == {True}


async def test_without_views_it_is_said_where_they_are_written(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await say(stage, "view x")
        assert "There is no view 'x'. Write views into the configuration file, under 'views'." in stage.words


async def test_a_binding_is_a_command_by_the_end_of_its_id(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        assert aws.wire.asked.count("lambda:ListFunctions") == 1
        await say(stage, "refresh")
        assert aws.wire.asked.count("lambda:ListFunctions") == 2
        await say(stage, "help")
        assert isinstance(stage.app.screen, HelpScreen)
        await stage.press("escape", "enter")
        await say(stage, "back")
        assert isinstance(stage.app.screen, MainScreen)


async def test_q_quits_anywhere(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("enter", "colon", "q", "enter")
    assert stage.app.return_code == 0


async def test_what_cannot_be_done_stays_to_be_mended(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await say(stage, "lgos checkout-api")
        assert "! There is no command 'lgos'. Did you mean 'logs'?" in stage.words
        assert typed(stage) == "lgos checkout-api"
        await say(stage, "")
        await stage.press("escape", "colon", "up")
        assert typed(stage) == ":lgos checkout-api" or typed(stage) == "lgos checkout-api"


async def test_tab_completes_names_and_arguments(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await stage.press("colon", *"inv", "tab")
        assert typed(stage) == "invoke"
        await stage.press("space", *"check", "tab", "enter")
        assert stage.pane(InvokePane).active


async def test_up_and_down_go_through_what_was_typed_and_keep_what_is_being(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await say(stage, "sort name")
        await say(stage, "sort memory")
        await stage.press("colon", "x", "up")
        assert typed(stage) == "sort memory"
        await stage.press("up", "down", "down")
        assert typed(stage) == "x"
        await stage.press("down")
        assert typed(stage) == "x"


async def test_history_and_recents_are_there_at_the_next_start(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await say(stage, "fn orders-create")
        await say(stage, "refresh")
    async with showing(FakeAws(settings), settings) as stage:
        await settled(stage.pilot)
        await stage.press("colon")
        assert "tab: fn orders-create functions" in stage.words
        await stage.press("up", "up")
        assert typed(stage) == "fn orders-create"
        await stage.press("escape", "colon", *"fn ")
        assert "tab: orders-create checkout-api" in stage.words


async def test_profiles_and_regions_are_offered_and_gone_to(settings: Settings) -> None:
    gateways = FakeGateways(settings, "dev", "prod")
    async with showing(gateways.open(gateways.start), settings, gateways=gateways) as stage:
        await settled(stage.pilot)
        await stage.press("colon", *"profile ")
        await settled(stage.pilot)
        assert "tab: (as started) dev prod" in stage.words
        await stage.press(*"pord", "enter")
        assert "There is no profile 'pord'. Did you mean 'prod'?" in stage.words
        await stage.press("escape")
        await say(stage, "profile prod")
        assert "prod-in-eu-west-1" in stage.text
        await say(stage, "region us-east-1")
        assert "prod-in-us-east-1" in stage.text
        await stage.press("colon")
        assert "tab: profile (as started) region eu-west-1" in stage.words
        await stage.press("escape")
        await say(stage, "profile")
        assert isinstance(stage.app.screen, PickScreen)


async def test_functions_used_lately_are_those_of_the_place(settings: Settings) -> None:
    gateways = FakeGateways(settings, "dev")
    async with showing(gateways.open(gateways.start), settings, gateways=gateways) as stage:
        await settled(stage.pilot)
        await stage.press("enter", "escape", "colon")
        assert "fn shop-in-eu-west-1" in stage.words
        await stage.press("escape")
        await say(stage, "region us-east-1")
        await stage.press("colon")
        assert "fn shop-in-eu-west-1" not in stage.words


async def test_the_demo_says_in_the_bar_that_it_is_in_one_place(settings: Settings) -> None:
    settings = replace(settings, demo=True)
    app = LambdaTui(settings, FakeAws(settings, demo=True))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("colon", *"region eu-west-3", "enter")
        await settled(pilot)
        assert app.screen.query_one(CommandBar).has_class("-wrong")


async def test_what_was_remembered_may_be_anything(aws: FakeAws, settings: Settings) -> None:
    async with showing(FakeAws(settings), settings) as stage:
        stage.app.memory.put("commands", "history", [1, None, "sort name"])
        stage.app.memory.put("recents", "profiles", {"a": 1})
    async with showing(aws, settings) as stage:
        await stage.press("colon", "up")
        assert typed(stage) == "sort name"


async def test_it_stands_hostile_names_and_pastes(settings: Settings) -> None:
    aws = FakeAws(settings)
    aws.hostile()
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await stage.press("colon", *"fn ", "tab")
        await stage.paste("[/\x1b]0;x\x07\nmore")
        await stage.press("enter", "colon", "up", "escape")
        assert stage.app.is_running
        assert "\x1b]0;x" not in stage.terminal.written


async def test_a_letter_that_is_typed_is_no_key(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await stage.press("colon", *"qPR1?:/")
        assert typed(stage) == "qPR1?:/"
        assert stage.app.is_running


async def test_what_is_typed_as_fast_as_it_goes_is_typed_in_it(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        for key, letter in (("colon", ":"), *((it, it) for it in "qRi1"), ("backspace", None)):
            stage.app.post_message(Key(key, letter))
        await settled(stage.pilot)
        assert typed(stage) == "qRi"
        assert not stage.leaving()


async def test_a_colon_is_typing_in_an_editor_and_in_the_filter(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", *"mem:1")
        assert typed(stage) is None
        await stage.press("escape", "escape", "i", "f7", "delete", "colon")
        assert stage.pane(InvokePane).editor.text == ":"


async def test_a_list_that_comes_to_the_focus_late_leaves_it_to_who_types(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("enter", "escape", "colon")
        stage.pane(FunctionsPane).focus_content()
        await stage.press("l", "a")
        assert ":la" in stage.keys.replace(" ", "")
        await stage.press("escape")
        assert stage.app.screen.focused is stage.pane(FunctionsPane).table


async def test_an_open_line_keeps_the_focus_whatever_is_laid_out_behind_it(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("colon")
        stage.app.screen.set_focus(None)
        await stage.press("l", "a")
        assert ":la" in stage.keys.replace(" ", "")
        await stage.press("escape")
        assert "q Quit" in stage.keys


async def test_what_is_typed_behind_an_enter_as_fast_as_it_goes_opens_the_line_again(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        keys = [("colon", ":"), *(("space" if it == " " else it, it) for it in "window 3h"), ("enter", "\r")]
        for key, letter in (*keys, ("colon", ":"), *((it, it) for it in "qRi")):
            stage.app.post_message(Key(key, letter))
        await settled(stage.pilot)
        assert typed(stage) == "qRi"
        assert aws.window == "3h"
        await stage.press("enter")  # a command that is not there stays to be mended, and what comes next is typed
        for key in ("enter", "R", "i"):
            stage.app.post_message(Key(key, key if len(key) == 1 else "\r"))
        await settled(stage.pilot)
        assert typed(stage) == "qRiRi"
        assert not stage.leaving()
