"""A log record, looked at: the facts, the tree or the text, and what can be copied of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from lambdatui.model.log_chunk import Record
from lambdatui.model.text import one_line
from lambdatui.settings import Located, Settings
from lambdatui.ui.screens.document import DocumentScreen
from lambdatui.ui.screens.help import HelpScreen
from lambdatui.ui.screens.main import MainScreen
from lambdatui.ui.screens.record import RecordScreen
from lambdatui.ui.themes import THEMES
from lambdatui.ui.widgets.json_tree import JsonTree
from tests import samples
from tests.fakes import FakeAws
from tests.samples_records import REQUEST, TRACE, cut_off, hostile, huge, plain, record, structured
from tests.ui.stage import Stage, showing

pytestmark = pytest.mark.usefixtures("simulated")


@asynccontextmanager
async def looking_at(
    aws: FakeAws, settings: Settings, of: Record, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Stage]:
    """The program with a record on screen."""
    async with showing(aws, settings, size=size) as stage:
        await stage.app.push_screen(RecordScreen(aws, of))
        await stage.wait()
        yield stage


def at_cursor(stage: Stage) -> str:
    """The line that the cursor is on."""
    [line] = [line for line in stage.lines if line.startswith("▌")]
    return line[1:].rstrip(" ┃")


# What is shown ------------------------------------------------------------------------------------------------------


async def test_a_structured_record_is_its_facts_and_a_tree(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, structured(), size=(80, 40)) as stage:
        assert stage.text.splitlines()[1:-1] == [
            " Time       2026-11-23 14:00:00.300 UTC",
            " Ingested   50 ms later",
            " Level      ! Error",
            " Log group  /aws/lambda/checkout-api",
            " Stream     2026/11/23/[$LATEST]0123abcd  (version $LATEST)",
            f" Request    {REQUEST}",
            '▌  timestamp: "2026-11-23T14:00:00.300Z"',
            '   level: "ERROR"',
            '   message: "card declined"',
            '   service: "checkout"',
            f'   function_request_id: "{REQUEST}"',
            " ▾ exception  4 lines",
            "     Traceback (most recent call last):",
            '       File "/var/task/app.py", line 17, in handler',
            "         charge(order)",
            "     CardDeclined: insufficient funds",
            " ▾ order  {4}",
            "     id: 1042",
            "     paid: false",
            "     coupon: null",
            "   ▾ items  [2]",
            "     ▾ [0]  {1}",
            '         sku: "A-1"',
            "     ▾ [1]  {1}",
            '         sku: "日本"',
            " ▾ body  {1} in a string",
            "   ▾ card  {1}",
            '       last4: "4242"',
            ' ▸ note: "a long text a long text a long text a long text a long text a long t…',
            *[""] * 9,
        ]


async def test_a_record_that_is_text_is_shown_in_rows_and_late_is_said(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, plain()) as stage:
        assert "Ingested   50 ms later; shown late, after lines that are behind it" in stage.text
        assert "  [ERROR] CardDeclined: insufficient funds\n  Traceback (most recent" in stage.text
        assert "\n  g long" in stage.text
        await stage.press("W")
        assert "\n  g long" not in stage.text
        assert "\n  long long" in stage.text


async def test_the_colours_of_a_text_stay(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, plain()) as stage:
        row = next(y for y, line in enumerate(stage.lines) if "insufficient funds" in line)
        strip = stage.app.screen._compositor.render_strips()[row]
        [red] = [it.style for it in strip if it.text == "insufficient funds"]
        others = {it.style.color for it in strip if it.style and it.text.strip() and it.text != "insufficient funds"}
        assert red is not None
        assert red.color not in others


async def test_of_a_record_that_was_cut_off_the_tree_is_what_there_is(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, cut_off()) as stage:
        assert "Cut off    12,345 more characters are not shown" in stage.text
        assert "Text       Received event:" in stage.text
        assert 'messageId: "m-1"' in stage.text
        assert 'body: "order 1042 is paid an…"' in stage.text


async def test_a_note_of_ours_is_text(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, record('{"a": 1}')._replace(note=True)) as stage:
        assert '\n  {"a": 1}\n' in stage.text


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (300, 60)])
@pytest.mark.parametrize("of", [hostile(), record(samples.HARM), record(""), record("{}")])
async def test_hostile_records_are_drawn_as_they_are_and_do_nothing(
    of: Record, size: tuple[int, int], aws: FakeAws, settings: Settings
) -> None:
    async with looking_at(aws, settings, of, size=size) as stage:
        await stage.press("down", "enter", "enter", "G", "enter", "c", "C", "y", "escape")
        assert stage.app.is_running
        assert isinstance(stage.app.screen, RecordScreen)
        assert not any(bad in stage.text for bad in "\x1b\x07\u202e\u200b")
        if size[0] == 300 and len(of.message) > 2:
            assert one_line(samples.HARM) in stage.text.replace("\\\\", "\\")


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_what_a_value_is_can_be_told_without_colours(theme: str, aws: FakeAws, settings: Settings) -> None:
    settings = replace(settings, theme=Located(theme, "config.yaml line 1"))
    async with looking_at(aws, settings, record('{"a":1,"b":"1","c":true,"d":"true","e":[1],"f":{}}')) as stage:
        lines = [line[3:].rstrip(" ┃") for line in stage.lines[5:12]]
        assert lines == ["a: 1", 'b: "1"', "c: true", 'd: "true"', "e  [1]", "  [0]: 1", "f: {}"]


# The tree -----------------------------------------------------------------------------------------------------------


async def test_enter_folds_and_opens_and_the_arrows_go_in_and_out(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, structured(), size=(80, 40)) as stage:
        await stage.press(*["j"] * 5)
        assert at_cursor(stage) == "▾ exception  4 lines"
        await stage.press("enter")
        assert at_cursor(stage).startswith('▸ exception: "Traceback (most recent call last):␊  File')
        assert "charge(order)\n" not in stage.text
        await stage.press("space", "right")
        assert at_cursor(stage) == "    Traceback (most recent call last):"
        await stage.press("j", "enter")
        assert at_cursor(stage).startswith("▸ exception")
        await stage.press("j", "right", "end", "k", "left")
        assert at_cursor(stage) == "  ▾ card  {1}"
        await stage.press("left", "left")
        assert at_cursor(stage) == "▾ body  {1} in a string"
        await stage.press("left")
        assert at_cursor(stage) == '▸ body: "{"card": {"last4": "4242"}}"'
        await stage.press("left", "right", "right", "right", "right")
        assert at_cursor(stage) == '      last4: "4242"'
        await stage.press("enter", "right")
        assert at_cursor(stage) == '      last4: "4242"'
        await stage.press("home")
        assert at_cursor(stage).startswith("  timestamp")


async def test_what_is_too_long_for_its_line_opens_as_rows_of_the_width(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, structured(), size=(80, 40)) as stage:
        await stage.press("end", "enter")
        assert at_cursor(stage) == "▾ note  144 characters"
        assert stage.text.count("a long text") == 11  # one is broken in two
        await stage.resize(60, 40)
        assert at_cursor(stage) == "▾ note  144 characters"
        first = next(y for y, line in enumerate(stage.lines) if line.startswith("▌")) + 1
        assert "".join(line[5:59] for line in stage.lines[first:-1]).rstrip() == ("a long text " * 12).rstrip()


async def test_a_resize_keeps_the_cursor_on_screen(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, structured(), size=(80, 40)) as stage:
        await stage.press("end", "enter", "k", "k")
        before = at_cursor(stage)
        await stage.resize(80, 12)
        assert at_cursor(stage) == before


async def test_pages_move_through_a_long_tree(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, huge(500)) as stage:
        await stage.press("pagedown", "pagedown")
        assert "[33]" in at_cursor(stage)
        await stage.press("ctrl+u")
        assert "[25]" in at_cursor(stage)
        await stage.press("G", "pagedown")
        assert "[499]" in at_cursor(stage)
        await stage.press("g", "pageup")
        assert "Records" in at_cursor(stage)


async def test_of_a_huge_list_a_thousand_come_at_a_time(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, huge(2500)) as stage:
        await stage.press("end")
        assert at_cursor(stage) == "    … 1,500 more"
        await stage.press("enter")
        assert '▸ [1000]: {"n":1000' in at_cursor(stage)
        await stage.press("end", "enter", "end")
        assert '▸ [2499]: {"n":2499' in at_cursor(stage)
        await stage.press("enter")
        assert at_cursor(stage) == "  ▾ [2499]  {2}"


async def test_six_megabytes_open_as_any_other_record(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, huge(72_000)) as stage:
        assert len(huge(72_000).message) > 6_000_000
        assert '▸ [0]: {"n":0' in stage.text
        tree = stage.app.screen.query_one(JsonTree)
        assert len(tree._lines) == 1002
        await stage.press("C")
        assert json.loads(stage.app.clipboard)["Records"][71_999]["n"] == 71_999


async def test_a_click_goes_there_and_folds(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, structured(), size=(80, 40)) as stage:
        await stage.pilot.click(JsonTree, offset=(5, 5))
        await stage.wait()
        assert at_cursor(stage).startswith("▸ exception")
        await stage.pilot.click(JsonTree, offset=(5, 2))
        await stage.wait()
        assert at_cursor(stage) == '  message: "card declined"'


# Copying, and the way out -------------------------------------------------------------------------------------------


async def test_c_copies_the_value_under_the_cursor_and_shift_c_the_message(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, structured()) as stage:
        await stage.press("j", "j", "c")
        assert stage.app.clipboard == "card declined"
        await stage.press("j", "j", "j", "c")
        assert stage.app.clipboard == TRACE
        await stage.press("j", "c")
        assert stage.app.clipboard == TRACE
        await stage.press("left", "left", "j", "c")
        assert json.loads(stage.app.clipboard)["items"] == [{"sku": "A-1"}, {"sku": "日本"}]
        await stage.press("C")
        assert stage.app.clipboard == structured().message


async def test_of_a_text_both_copy_the_message(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, plain()) as stage:
        for key in ("c", "C"):
            stage.app._clipboard = ""
            await stage.press(key)
            assert stage.app.clipboard == plain().message


async def test_y_shows_all_of_it_as_yaml_and_escape_leads_back_step_by_step(aws: FakeAws, settings: Settings) -> None:
    async with looking_at(aws, settings, structured()) as stage:
        await stage.press("j", "j", "y")
        assert isinstance(stage.app.screen, DocumentScreen)
        assert stage.lines[0].rstrip().endswith("Log record as YAML")
        assert "logGroupName: /aws/lambda/checkout-api" in stage.text
        assert '\n      "message": "card declined",\n' in stage.text
        await stage.press("q")
        assert isinstance(stage.app.screen, RecordScreen)
        assert at_cursor(stage) == '  message: "card declined"'
        await stage.press("escape")
        assert isinstance(stage.app.screen, MainScreen)


@pytest.mark.parametrize(("of", "keys"), [(structured(), "⏎ Fold"), (plain(), "W Wrap")])
async def test_its_keys_are_on_the_line_of_keys_and_in_the_help(
    of: Record, keys: str, aws: FakeAws, settings: Settings
) -> None:
    async with looking_at(aws, settings, of) as stage:
        for shown in (keys, "c Copy", "C Copy all", "y YAML", "esc Back"):
            assert shown in stage.keys
        await stage.press("question_mark")
        assert isinstance(stage.app.screen, HelpScreen)
        assert "Copy the value under the cursor" in stage.words
        assert "Copy the ARN" not in stage.words


async def test_nothing_is_asked_of_aws(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.wait()
        aws.wire.asked.clear()
        await stage.app.push_screen(RecordScreen(aws, structured()))
        await stage.press("y", "r", "escape")
        assert aws.wire.asked == []
        assert isinstance(stage.app.screen, RecordScreen)
