"""From the list to a function and back, with the keyboard alone."""

from __future__ import annotations

import asyncio

import pytest

from lambdatui.model.errors import Offline
from lambdatui.model.logs import TailUpdate
from lambdatui.settings import Settings
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.logs import LogsPane
from lambdatui.ui.panes.overview import OverviewPane
from lambdatui.ui.screens.function import FunctionScreen
from lambdatui.ui.screens.main import MainScreen
from tests import samples
from tests.fakes import FakeAws
from tests.ui.stage import Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")


def listed(stage: Stage) -> list[str]:
    return [function.name for function in stage.pane(FunctionsPane).table.items]


# The list -----------------------------------------------------------------------------------------------------------


async def test_the_filter_narrows_the_list_while_it_is_typed(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", *"PRI")
        assert listed(stage) == ["price-import"]
        assert "Functions 1 of 10 · filter “PRI”" in stage.words


async def test_enter_keeps_the_filter_and_goes_to_the_list(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", "p", "a", "y", "enter", "enter")
        assert isinstance(stage.app.screen, FunctionScreen)
        assert "payment-webhook" in stage.lines[0]


async def test_escape_closes_the_filter_line_then_clears_the_filter_and_then_does_nothing(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", "p", "a", "y", "escape")
        assert listed(stage) == ["payment-webhook"]
        assert stage.app.screen.focused is stage.pane(FunctionsPane).table
        await stage.press("escape")
        assert len(listed(stage)) == 10
        await stage.press("escape")
        assert isinstance(stage.app.screen, MainScreen)
        assert stage.app.is_running


async def test_letters_that_are_keys_elsewhere_are_typing_in_the_filter(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", *"qrlis?/*", "space", *"sS")
        assert stage.app.is_running
        assert isinstance(stage.app.screen, MainScreen)
        assert "filter “qrlis?/* sS”" in stage.words


async def test_a_filter_that_nothing_fits_says_so_and_how_to_get_out(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", *"zzz", "enter")
        assert "Nothing fits “zzz”. 10 are hidden by the filter; esc clears it." in stage.words
        await stage.press("enter", "l", "i")
        assert isinstance(stage.app.screen, MainScreen)
        await stage.press("escape")
        assert len(listed(stage)) == 10


async def test_the_filter_of_the_command_line_is_there_from_the_start(aws: FakeAws, settings: Settings) -> None:
    started = Settings(filter="import", state_dir=settings.state_dir, cache_dir=settings.cache_dir)
    async with showing(aws, started) as stage:
        assert listed(stage) == ["price-import"]
        await stage.press("escape")
        assert len(listed(stage)) == 10


async def test_a_filter_can_be_typed_while_pages_still_come(aws: FakeAws, settings: Settings) -> None:
    gate = asyncio.Event()
    first, *others = samples.functions()
    aws.functions.script = [[first], gate, others]
    async with showing(aws, settings) as stage:
        await stage.tap("slash", *"import")
        assert listed(stage) == []
        gate.set()
        await settled(stage.pilot)
        assert listed(stage) == ["price-import"]


async def test_a_refresh_keeps_cursor_and_filter_and_drops_what_is_gone(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", "e", "enter", "down", "down")
        table = stage.pane(FunctionsPane).table
        on = table.cursor_item
        assert on is not None
        aws.functions.script = [[function for function in samples.functions() if function.name != "email-receipt"]]
        await stage.press("r")
        assert table.cursor_item == on
        assert table.filter == "e"
        assert "email-receipt" not in listed(stage)
        assert table.total == 9


async def test_a_refresh_that_breaks_off_drops_nothing(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        aws.functions.script = [samples.functions()[:2], Offline("lambda:ListFunctions", "The line was cut.")]
        await stage.press("r")
        assert len(listed(stage)) == 10
        assert "what is below is stale, from" in stage.words


async def test_coming_back_to_the_list_finds_cursor_and_filter_as_they_were(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", "e", "enter", "down", "enter")
        assert isinstance(stage.app.screen, FunctionScreen)
        name = stage.pane(OverviewPane).function.name
        await stage.press("escape")
        table = stage.pane(FunctionsPane).table
        assert table.cursor_item is not None
        assert table.cursor_item.name == name
        assert table.filter == "e"
        assert stage.app.screen.focused is table


@pytest.mark.parametrize(("key", "tab"), [("enter", "overview"), ("l", "logs"), ("i", "invoke")])
async def test_a_key_opens_the_function_under_the_cursor_on_its_tab(
    key: str, tab: str, aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("down", key)
        assert isinstance(stage.app.screen, FunctionScreen)
        assert stage.app.screen.query_one("TabbedContent").active == f"tab-{tab}"  # type: ignore[attr-defined]
        assert stage.lines[0].rstrip().endswith("email-receipt")


async def test_nothing_is_opened_while_there_are_no_functions(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, prepare=FakeAws.empty) as stage:
        await stage.press("enter", "l", "i", "slash", "s", "S", "j", "G")
        assert isinstance(stage.app.screen, MainScreen)


async def test_a_container_image_and_a_missing_date_are_shown_as_what_they_are(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, size=(200, 30)) as stage:
        rows = {line.split()[0]: line for line in stage.lines if "MB" in line}
        assert "image" in rows["fraud-score"]
        assert " –" in rows["検索-index"]
        assert "10240 MB" in rows["price-import"]


# The overview -------------------------------------------------------------------------------------------------------


async def test_environment_values_are_masked_until_they_are_asked_for_and_again_after_leaving_the_tab(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, OverviewPane, size=(100, 80)) as stage:
        await settled(stage.pilot)
        assert "PAYMENT_KEY" in stage.text
        assert samples.SECRET not in stage.terminal.written
        await stage.press("X")
        assert samples.SECRET in stage.text
        await stage.press("X")
        assert samples.SECRET not in stage.text
        await stage.press("X", "l", "O")
        assert samples.SECRET not in stage.text
        await stage.press("X")
        assert samples.SECRET in stage.text


async def test_revealed_values_are_masked_after_going_back_to_the_list(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, size=(100, 80)) as stage:
        await stage.press("enter", "X")
        assert samples.SECRET in stage.text
        await stage.press("escape", "enter")
        assert "PAYMENT_KEY" in stage.text
        assert samples.SECRET not in stage.text


async def test_a_refresh_leaves_revealed_values_revealed_and_the_page_where_it_was(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, OverviewPane, size=(80, 20)) as stage:
        await stage.press("X", "pagedown", "down")
        before = stage.text
        await stage.press("r")
        assert stage.text == before


async def test_what_has_failed_is_marked_with_more_than_a_colour(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, OverviewPane) as stage:
        await settled(stage.pilot)
        assert any(line.strip().startswith("! Last update") for line in stage.lines)


# The log ------------------------------------------------------------------------------------------------------------


async def test_the_log_follows_until_space_and_then_counts_what_comes(aws: FakeAws, settings: Settings) -> None:
    gates = [asyncio.Event() for _ in range(2)]
    aws.logs.script = [
        TailUpdate((samples.event(1, "the first line"),), "polling"),
        gates[0],
        TailUpdate(tuple(samples.event(10 + n, f"line {n} of many") for n in range(40)), "polling"),
        gates[1],
        TailUpdate((samples.event(99, "the last line"),), "polling"),
    ]
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        assert "the first line" in stage.text
        gates[0].set()
        await stage.wait()
        assert "line 39 of many" in stage.text
        await stage.press("space")
        assert "paused +0" in stage.words
        gates[1].set()
        await stage.wait()
        assert "the last line" not in stage.text
        assert "paused +1" in stage.words
        await stage.press("space")
        assert "the last line" in stage.text
        assert "paused" not in stage.text


async def test_what_a_tail_says_of_itself_is_shown(aws: FakeAws, settings: Settings) -> None:
    aws.logs.script = [TailUpdate((), "waiting for the log group", "The log group does not exist. Waiting for it.")]
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        assert "The log group does not exist. Waiting for it." in stage.words
        assert "waiting for the log group" in stage.words


async def test_a_tail_that_breaks_off_keeps_its_lines_and_goes_on_after_r(aws: FakeAws, settings: Settings) -> None:
    aws.logs.script = [
        TailUpdate((samples.event(1, "a line of before"),), "polling"),
        Offline("logs:FilterLogEvents", "The line was cut."),
    ]
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        assert "what is below is stale, from" in stage.words
        assert "a line of before" in stage.text
        aws.logs.script = [TailUpdate((samples.event(2, "a line of after"),), "polling")]
        await stage.press("r")
        assert "what is below is" not in stage.words
        assert "a line of after" in stage.text


async def test_times_of_the_log_are_those_of_the_reader(
    aws: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", "XST-5:30")
    time.tzset()
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        assert "19:30:00.000 INIT_START" in stage.words


# The frame ----------------------------------------------------------------------------------------------------------


async def test_the_line_on_top_says_whose_functions_these_are(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        assert stage.lines[0].split(" · ")[1:] == ["shop", "210987654321", "eu-west-1", stage.lines[0].split(" · ")[-1]]
        assert stage.lines[0].split(" · ")[-1].split() == ["RW", "Functions"]


async def test_where_sts_does_not_answer_the_line_on_top_says_that_the_account_is_not_known(
    aws: FakeAws, settings: Settings
) -> None:
    aws.account.problem = Offline("sts:GetCallerIdentity", "No route.")
    async with showing(aws, settings) as stage:
        assert "shop · account ? · eu-west-1" in stage.lines[0]
        assert len(listed(stage)) == 10


async def test_an_endpoint_that_is_not_awss_is_named(aws: FakeAws, settings: Settings) -> None:
    aws.account.host = "localhost:4566"
    async with showing(aws, settings) as stage:
        assert "localhost:4566" in stage.lines[0]


async def test_the_account_is_asked_for_again_after_a_recovery(aws: FakeAws, settings: Settings) -> None:
    def break_down(aws: FakeAws) -> None:
        aws.account.problem = Offline("sts:GetCallerIdentity", "No route.")
        aws.wire.refuse = lambda operation: Offline(operation, "No route.")

    async with showing(aws, settings, prepare=break_down) as stage:
        assert "account ?" in stage.lines[0]
        aws.account.problem = aws.wire.refuse = None
        await stage.press("r")
        assert "210987654321" in stage.lines[0]
