"""Two calls side by side: what differs, by how much, and what does not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from lambdatui.model.past_calls import CallRecord, PastCall
from lambdatui.model.report import Report
from lambdatui.model.text import one_line
from lambdatui.settings import Settings
from lambdatui.ui.screens.call_comparison import AT_ONCE, CallComparisonPane, CallComparisonScreen
from lambdatui.ui.screens.main import MainScreen
from tests import samples
from tests.fakes import FakeAws
from tests.ui.stage import Stage, showing

pytestmark = pytest.mark.usefixtures("simulated")

REPORT = Report(duration=212.4, billed=213, memory=512, max_memory=88, init=110.05)
FIRST = CallRecord(
    PastCall(
        id="1", at=1_700_000_000_000, function="arn", qualifier="live", kind="RequestResponse", event="paid",
        outcome="succeeded", request_id="8f5c1c1e-0f6b-4a53-9d3c-2a1d5c6b7e8f", version="7", status=200, elapsed=230.1,
        report=REPORT, response_size=54,
    ),
    payload=b'{"order": 1042}',
    response=b'{"ok": true, "items": [{"sku": "A-1", "n": 1}], "total": 5}',
)  # fmt: skip
SECOND = replace(
    FIRST,
    call=replace(
        FIRST.call, id="2", at=1_700_000_060_000, version="8", request_id="0f6b8f5c-1c1e-4a53-9d3c-2a1d5c6b7e8f",
        elapsed=340.0, report=replace(REPORT, duration=320.0, billed=320, init=None),
    ),
    response=b'{"ok": true, "items": [{"sku": "A-1", "n": 1}, {"sku": "B-2", "n": 3}], "total": 7.50}',
)  # fmt: skip


@asynccontextmanager
async def comparing(
    aws: FakeAws, settings: Settings, before: CallRecord, after: CallRecord, size: tuple[int, int] = (80, 40)
) -> AsyncIterator[Stage]:
    """The program with two calls compared on screen."""
    async with showing(aws, settings, size=size) as stage:
        screen = CallComparisonScreen(aws, before, after, place="checkout-api: two calls", architecture="arm64")
        await stage.app.push_screen(screen)
        await stage.press("r")
        yield stage


def body(stage: Stage) -> list[str]:
    """The rows of the page, without the cursor and the empty ones at the end."""
    rows = [f" {line[1:-1]}".rstrip() for line in stage.lines[1:-1]]
    return "\n".join(rows).rstrip("\n").split("\n")


async def test_what_differs_is_told_before_and_after_with_the_change(aws: FakeAws, settings: Settings) -> None:
    async with comparing(aws, settings, FIRST, SECOND) as stage:
        assert body(stage) == [
            " ▾ Two calls",
            "   sent        2023-11-14 22:13:20 UTC → 2023-11-14 22:14:20 UTC",
            "",
            " ▾ Figures",
            "   version     7 → 8",
            "   took        230 ms     → 340 ms      +110 ms, +48 %",
            "   duration    212 ms     → 320 ms      +108 ms, +51 %",
            "   billed      213 ms     → 320 ms      +107 ms, +50 %",
            "   init        110 ms     → –",
            "   cost        $0.0000016 → $0.0000023  +$0.00000071, +44 %",
            "   request       8f5c1c1e-0f6b-4a53-9d3c-2a1d5c6b7e8f",
            "               → 0f6b8f5c-1c1e-4a53-9d3c-2a1d5c6b7e8f",
            "   size        59 B       → 86 B        +27 B, +46 %",
            "",
            " ▾ Response",
            "   Compared    2 places differ",
            '   $.items[1]  added {"sku":"B-2","n":3}',
            "   $.total     5 → 7.50",
            "",
            " ▾ Payload",
            "   Compared    the same to the byte, 15 B",
            "",
            " ▸ The same in both (1)",
        ]


async def test_what_is_the_same_is_folded_away_in_one_line(aws: FakeAws, settings: Settings) -> None:
    async with comparing(aws, settings, FIRST, SECOND) as stage:
        await stage.press("G", "enter")
        for said in ("event paid", "qualifier live", "outcome Succeeded", "status 200", "memory 88 of 512 MB"):
            assert said in stage.words


async def test_a_failure_beside_a_success_is_told_with_its_error(aws: FakeAws, settings: Settings) -> None:
    failed = replace(
        SECOND,
        call=replace(SECOND.call, outcome="failed", words="CardDeclined"),
        response=b'{"errorType": "CardDeclined", "errorMessage": "no funds"}',
    )
    async with comparing(aws, settings, FIRST, failed) as stage:
        assert "outcome Succeeded → The function failed (CardDeclined)" in stage.words
        assert "error – → CardDeclined message – → no funds" in stage.words


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (b"{}", b"{ }", "Compared the same JSON, written in another way"),
        (b"", b"", "Compared nothing in both"),
        (b"1", b"2", "Compared 1 place differs $ 1 → 2"),
        (b"a\nb\nc", b"a\nx\nc", "Compared not both are JSON; 5 B → 5 B Line 2 b → x"),
        (b"a", b"a\n", "Line 2 – →"),
        (b"\x00\x01", b"\x00\x02\x03", "Compared not both are JSON; 2 B → 3 B From byte 1"),
        (b"", b"{}", "Compared not both are JSON; 0 B → 2 B Line 1"),
    ],
)
async def test_whatever_two_responses_are_it_is_told_where_they_differ(
    before: bytes, after: bytes, said: str, aws: FakeAws, settings: Settings
) -> None:
    one, other = (
        replace(FIRST, response=it, call=replace(FIRST.call, response_size=len(it))) for it in (before, after)
    )
    async with comparing(aws, settings, one, other) as stage:
        assert said in stage.words


async def test_of_what_differs_everywhere_a_part_is_told(aws: FakeAws, settings: Settings) -> None:
    one, other = (replace(FIRST, response=json.dumps([n + it for n in range(2000)]).encode()) for it in (0, 5000))
    async with comparing(aws, settings, one, other) as stage:
        assert "more than 500 places differ: the first" in stage.words


async def test_a_response_that_was_not_kept_is_said(aws: FakeAws, settings: Settings) -> None:
    lost = replace(FIRST, response=b"", call=replace(FIRST.call, response_size=7_000_000))
    async with comparing(aws, settings, FIRST, lost) as stage:
        assert "! Kept not all of both was" in stage.words


async def test_large_ones_are_compared_in_a_thread(aws: FakeAws, settings: Settings) -> None:
    one, other = (replace(FIRST, response=json.dumps(["x" * AT_ONCE, it]).encode()) for it in (1, 2))
    async with comparing(aws, settings, one, other) as stage:
        if loading := [it for it in stage.pane(CallComparisonPane).workers if it.group == "load"]:
            await stage.app.workers.wait_for_complete(loading)
        await stage.wait()
        assert "$[1] 1 → 2" in stage.words


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (300, 60)])
async def test_hostile_calls_are_drawn_as_they_are(size: tuple[int, int], aws: FakeAws, settings: Settings) -> None:
    text = one_line(samples.HARM)
    call = replace(FIRST.call, event=text, qualifier=text, words=text, request_id=text, outcome=text)
    harm = CallRecord(call, samples.HARM.encode(), json.dumps({samples.HARM: samples.HARM}).encode(), log=text)
    async with comparing(aws, settings, harm, FIRST, size=size) as stage:
        await stage.press("G", "enter", "pagedown")
        assert stage.app.is_running
        assert not any(bad in stage.text for bad in "\x1b\x07\u202e\u200b")


async def test_escape_leads_back_and_nothing_is_asked_of_aws(aws: FakeAws, settings: Settings) -> None:
    async with comparing(aws, settings, FIRST, SECOND) as stage:
        assert stage.lines[0].rstrip().endswith("checkout-api: two calls")
        assert "esc Back" in stage.keys
        await stage.press("escape")
        assert isinstance(stage.app.screen, MainScreen)
