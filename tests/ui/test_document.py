"""What `y`, `d` and `o` show of the thing under the cursor."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from lambdatui.settings import Settings
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.logs import LogsPane
from lambdatui.ui.panes.overview import OverviewPane
from lambdatui.ui.screens.document import DocumentPane, DocumentScreen
from lambdatui.ui.screens.function import FunctionScreen
from lambdatui.ui.screens.link import LinkScreen
from lambdatui.ui.screens.main import MainScreen
from tests import samples
from tests.fakes import FakeAws, denied
from tests.ui.stage import showing

pytestmark = pytest.mark.usefixtures("simulated")

OSC_8 = re.compile(r"\x1b\]8;[^;\x1b]*;(https[^\x1b]*)\x1b\\")


@pytest.fixture(autouse=True)
def plain(simulated: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)


# As YAML ------------------------------------------------------------------------------------------------------------


async def test_y_shows_all_that_aws_says_and_escape_goes_back(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("down", "y")
        assert isinstance(stage.app.screen, DocumentScreen)
        assert stage.lines[0].rstrip().endswith("email-receipt as YAML")
        assert all(" ".join(line.split()) in stage.words for line in samples.RAW.splitlines())
        assert aws.wire.asked[-1] == "lambda:GetFunction"
        assert "Pause" not in stage.keys
        await stage.press("escape")
        assert isinstance(stage.app.screen, MainScreen)


@pytest.mark.parametrize("tab", [OverviewPane, LogsPane])
async def test_y_acts_on_every_tab_of_a_function(
    tab: type[OverviewPane | LogsPane], aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, tab) as stage:
        await stage.press("y")
        assert isinstance(stage.app.screen, DocumentScreen)
        await stage.press("q")
        assert isinstance(stage.app.screen, FunctionScreen)


async def test_a_document_can_be_copied_by_name_and_is_not_shown_raw_again(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("y", "y", "c")
        assert stage.app.clipboard == samples.functions()[0].name
        assert [type(it) for it in stage.app.screen_stack].count(DocumentScreen) == 1


async def test_a_refresh_of_a_document_keeps_the_line_that_is_on_top(aws: FakeAws, settings: Settings) -> None:
    aws.functions.raw_is = "\n".join(f"line {number}" for number in range(100))
    async with showing(aws, settings) as stage:
        await stage.press("y")
        assert stage.lines[1].strip() == "line 0"
        await stage.press("pagedown", "down")
        top = stage.lines[1]
        await stage.press("r")
        assert stage.lines[1] == top != ""
        aws.functions.raw_is = "only one"
        await stage.press("r")
        assert stage.lines[1].strip() == "only one"
        assert "line" not in stage.text.replace("only one", "")


async def test_of_a_document_without_end_the_beginning_is_shown(aws: FakeAws, settings: Settings) -> None:
    aws.functions.raw_is = "\n".join(f"line {number}" for number in range(30_000))
    async with showing(aws, settings) as stage:
        await stage.press("y")
        assert stage.lines[1].strip() == "line 0"
        await stage.press("end")
        assert "20,001 more lines are not shown." in stage.text


async def test_a_document_that_is_refused_says_so(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        aws.wire.refuse = denied
        await stage.press("y")
        assert stage.pane(DocumentPane).problem is not None
        assert denied("lambda:GetFunction").remedy in stage.words
        aws.wire.refuse = None
        await stage.press("r")
        assert "FunctionName: checkout-api" in stage.words


# For people ---------------------------------------------------------------------------------------------------------


async def test_d_describes_the_function_under_the_cursor(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("down", "d")
        assert stage.pane(OverviewPane).active
        assert stage.lines[0].rstrip().endswith("email-receipt")
        await stage.press("l")
        assert stage.pane(LogsPane).active
        await stage.press("d")
        assert stage.pane(OverviewPane).active


# The console --------------------------------------------------------------------------------------------------------


async def test_o_shows_and_copies_the_link_to_the_console(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, size=(140, 30)) as stage:
        await stage.press("down", "o")
        assert isinstance(stage.app.screen, LinkScreen)
        url = "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/email-receipt"
        assert url in stage.text
        assert stage.app.clipboard == url
        assert set(OSC_8.findall(stage.terminal.written)) == {url}
        assert "here it is 210987654321" in stage.words
        await stage.press("escape")
        assert isinstance(stage.app.screen, MainScreen)


async def test_a_console_has_the_link_as_text_only(
    aws: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "linux")
    async with showing(aws, settings, OverviewPane, size=(140, 30)) as stage:
        await stage.tap("o")
        assert "#/functions/" in stage.text
        assert OSC_8.findall(stage.terminal.written) == []


async def test_the_link_of_another_endpoint_says_that_the_console_does_not_know_of_it(
    aws: FakeAws, settings: Settings
) -> None:
    aws.account.host = "127.0.0.1:4566"
    async with showing(aws, settings) as stage:
        await stage.press("o")
        assert "came from 127.0.0.1:4566, of which AWS's console knows nothing" in stage.words


async def test_there_is_nothing_to_show_of_an_empty_list(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, FunctionsPane, prepare=FakeAws.empty) as stage:
        await stage.press("y", "d", "o")
        assert isinstance(stage.app.screen, MainScreen)
        await stage.press("ctrl+p")
        assert "YAML" not in stage.text


async def test_what_has_no_page_in_the_console_has_no_link(aws: FakeAws, settings: Settings) -> None:
    arn = "arn:aws:lambda:evil.example/:210987654321:function:orders"
    aws.functions.script = [[replace(samples.functions()[0], arn=arn)]]
    async with showing(aws, settings) as stage:
        await stage.press("o")
        assert isinstance(stage.app.screen, MainScreen)
        assert not stage.toasts
