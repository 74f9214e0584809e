"""The outcome of a call: what stands first, how a response is looked at, and what arrives in parts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.app import ComposeResult

from lambdatui.model.invocations import SHOWN
from lambdatui.model.json_diff import Difference
from lambdatui.model.json_value import Number
from lambdatui.model.readable import failure
from lambdatui.model.report import Report
from lambdatui.model.sgr import styled
from lambdatui.model.shown_call import ShownCall
from lambdatui.model.text import one_line
from lambdatui.settings import Settings
from lambdatui.ui.screens.frame import FrameScreen
from lambdatui.ui.widgets.json_tree import JsonTree
from lambdatui.ui.widgets.outcome_view import OutcomeView
from lambdatui.ui.widgets.text_lines import TextLine
from lambdatui.ui.widgets.text_view import TextView
from tests import samples
from tests.fakes import FakeAws
from tests.ui.stage import Stage, showing

if TYPE_CHECKING:
    from lambdatui.aws.gateway import Aws

pytestmark = pytest.mark.usefixtures("simulated")

REQUEST = "8f5c1c1e-0f6b-4a53-9d3c-2a1d5c6b7e8f"
LOG = (
    f"START RequestId: {REQUEST} Version: 7\n\x1b[36morder 1042\x1b[0m written\n[WARNING] slow\n"
    f"END RequestId: {REQUEST}\nREPORT RequestId: {REQUEST}\tDuration: 212.40 ms"
)
GOOD = ShownCall(
    verdict="succeeded",
    status=200,
    version="7",
    elapsed=230.1,
    request_id=REQUEST,
    trace_id="1-67890abc-0123456789abcdef01234567",
    report=Report(duration=212.4, billed=323, init=110.05, memory=512, max_memory=88),
    cost=0.0000027,
    response=b'{"statusCode":201,"order":{"id":1042,"total":1.10},"note":"\xc3\xbcber"}',
    log=styled(LOG),
)
ERROR = {
    "errorType": "CardDeclined",
    "errorMessage": "insufficient funds",
    "stackTrace": ['  File "/var/task/app.py", line 17, in handler\n    charge(order)\n'],
}
FAILED = replace(
    GOOD,
    verdict="failed",
    words="CardDeclined",
    response=json.dumps(ERROR).encode(),
    failure=failure(json.dumps(ERROR).encode()),
    log=styled("[ERROR] CardDeclined: insufficient funds\n  File app.py\nafter"),
)


class OutcomeScreen(FrameScreen):
    """A screen with nothing but an outcome."""

    def __init__(self, aws: Aws) -> None:
        super().__init__(aws, place="Outcome")
        self.view = OutcomeView()

    def content(self) -> ComposeResult:
        yield self.view


@asynccontextmanager
async def showing_call(
    aws: FakeAws, settings: Settings, call: ShownCall | None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Stage, OutcomeView]]:
    """The program with a call on screen."""
    async with showing(aws, settings, size=size) as stage:
        screen = OutcomeScreen(aws)
        await stage.app.push_screen(screen)
        screen.view.show(call)
        screen.view.focus()
        await stage.wait()
        yield stage, screen.view


def body(stage: Stage) -> list[str]:
    """The rows between the identity and the keys, without the empty ones at the end."""
    return "\n".join(line.rstrip() for line in stage.lines[1:-1]).rstrip("\n").split("\n")


# From top to bottom -------------------------------------------------------------------------------------------------


async def test_a_call_is_told_from_its_outcome_to_its_log(aws: FakeAws, settings: Settings) -> None:
    async with showing_call(aws, settings, GOOD, size=(80, 30)) as (stage, _):
        assert body(stage) == [
            "✓ Succeeded",
            "  status 200 · version 7 · took 230 ms · duration 212 ms · billed 323 ms",
            "  init 110 ms · memory 88 of 512 MB · cost $0.0000027, ≈ $2.70 a million",
            f"  request {REQUEST}",
            "  trace 1-67890abc-0123456789abcdef01234567",
            "",
            "» Response, 66 B, indented",
            "  {",
            '    "statusCode": 201,',
            '    "order": {',
            '      "id": 1042,',
            '      "total": 1.10',
            "    },",
            '    "note": "über"',
            "  }",
            "",
            "» Log (its last 4 kB)",
            f"· START RequestId: {REQUEST} Version: 7",
            "  order 1042 written",
            "W [WARNING] slow",
            f"· END RequestId: {REQUEST}",
            f"· REPORT RequestId: {REQUEST}  Duration: 212.40 ms",
        ]


async def test_a_failure_is_told_with_its_error_and_each_frame_whole(aws: FakeAws, settings: Settings) -> None:
    async with showing_call(aws, settings, FAILED, size=(40, 40)) as (stage, _):
        assert body(stage)[0] == "✗ The function failed (CardDeclined)"
        error = body(stage).index("» Error")
        assert body(stage)[error + 1 : error + 5] == [
            "! CardDeclined: insufficient funds",
            '    File "/var/task/app.py", line 17, in',
            "   handler",
            "      charge(order)",
        ]
        log = body(stage).index("» Log (its last 4 kB)")
        assert body(stage)[log + 1 :] == [
            "! [ERROR] CardDeclined: insufficient fun",
            "  ds",
            "!   File app.py",
            "  after",
        ]


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("accepted", "✓ Accepted: it is in Lambda's queue, and runs when its turn comes"),
        ("dry run", "✓ Dry run: it may be invoked so, and was not"),
        ("unknown", "? Outcome unknown: it may have run"),
        ("stopped", "? Stopped waiting: it may have run, or run still"),
        ("refused", "✗ Not accepted: it did not run"),
        ("odd", "? odd"),
    ],
)
async def test_other_outcomes_are_told_with_a_sign_and_words(
    verdict: str, said: str, aws: FakeAws, settings: Settings
) -> None:
    async with showing_call(aws, settings, ShownCall(verdict)) as (stage, _):
        assert body(stage) == [said]


@pytest.mark.parametrize("width", [40, 60, 80, 200])
async def test_no_figure_is_cut_at_any_width(width: int, aws: FakeAws, settings: Settings) -> None:
    async with showing_call(aws, settings, GOOD, size=(width, 40)) as (stage, _):
        head = body(stage)[: body(stage).index("")]
        text = (
            " · ".join(line.strip() for line in head[1:])
            .replace("request · ", "request ")
            .replace("trace · ", "trace ")
        )
        assert text.startswith("status 200 · version 7 · took 230 ms · duration 212 ms · billed 323 ms · init 110 ms")
        assert text.endswith(
            f"cost $0.0000027, ≈ $2.70 a million · request {REQUEST} · trace 1-67890abc-0123456789abcdef01234567"
        )


async def test_what_was_expected_is_told_with_the_parts_that_differ(aws: FakeAws, settings: Settings) -> None:
    async with showing_call(aws, settings, replace(GOOD, unmet=())) as (stage, _):
        assert "✓ As expected" in body(stage)
    unmet = [Difference("$.order.id", "changed", Number("1041"), Number("1042"))]
    async with showing_call(aws, settings, replace(GOOD, unmet=unmet)) as (stage, _):
        assert "✗ Not as expected: 1 part differs" in body(stage)
        assert any("$.order.id" in line and "1041" in line and "1042" in line for line in body(stage))


async def test_a_resize_folds_the_figures_anew(aws: FakeAws, settings: Settings) -> None:
    async with showing_call(aws, settings, GOOD, size=(120, 30)) as (stage, _):
        assert "init 110 ms · memory 88 of 512 MB" in body(stage)[1]
        await stage.resize(40, 30)
        assert body(stage)[1] == "  status 200 · version 7 · took 230 ms"


# Looks of the response ----------------------------------------------------------------------------------------------


async def test_t_goes_from_indented_to_a_tree_to_as_it_came(aws: FakeAws, settings: Settings) -> None:
    async with showing_call(aws, settings, GOOD) as (stage, view):
        assert "t View" in stage.keys
        await stage.press("t")
        assert isinstance(stage.app.screen.focused, JsonTree)
        assert "✓ Succeeded" in stage.text
        assert "Response, 66 B, as a tree" in stage.text
        assert "\n ▾ order  {2}\n" in stage.text
        await stage.press("j", "j", "c")
        assert stage.app.clipboard == "1042"
        await stage.press("t")
        assert '\n  {"statusCode":201,"order":{"id":1042,"total":1.10},"note":"über"}\n' in stage.text
        assert stage.app.screen.focused is view.reading
        await stage.press("c", "t")
        assert stage.app.clipboard == GOOD.raw
        assert '\n    "statusCode": 201,\n' in stage.text
        assert not stage.app.screen.query(JsonTree)


async def test_the_look_stays_for_the_next_call_where_that_can_be_looked_at_so(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing_call(aws, settings, GOOD) as (stage, view):
        await stage.press("t")
        view.show(replace(GOOD, response=b"plain"))
        await stage.wait()
        assert "» Response, 5 B\n  plain\n" in stage.text
        assert "t View" not in stage.keys
        view.show(replace(GOOD, response=b'{"other":1}'))
        await stage.wait()
        assert "other: 1" in stage.text
        assert isinstance(stage.app.screen.focused, JsonTree)


@pytest.mark.parametrize("response", [b"{", b"{}", b"[1", b'{"a":' * 20_000, b"[" * 300_000], ids=range(5))
async def test_what_only_begins_like_json_is_shown_as_text(response: bytes, aws: FakeAws, settings: Settings) -> None:
    async with showing_call(aws, settings, replace(GOOD, response=response)) as (stage, view):
        await stage.press("t")
        await view.workers.wait_for_complete()
        await stage.wait()
        assert not stage.app.screen.query(JsonTree)
        assert "t View" not in stage.keys
        assert f"\n  {response[:70].decode()}" in stage.text
        assert stage.app.screen.focused is view.reading


@pytest.mark.parametrize(("width", "row"), [(80, "  000000  8950 4e47 0d0a 1a0a 0001 0203 0405 0607  .PNG............"),
                                            (40, "  000000  8950 4e47 0d0a 1a0a  .PNG....")])  # fmt: skip
async def test_what_is_no_text_is_its_size_and_its_bytes(
    width: int, row: str, aws: FakeAws, settings: Settings
) -> None:
    image = b"\x89PNG\r\n\x1a\n" + bytes(range(8)) * 1000
    call = replace(GOOD, response=image, content_type="image/png", log=styled(""))
    async with showing_call(aws, settings, call, size=(width, 24)) as (stage, _):
        assert "» Response, 8.0 kB, image/png, its bytes" in stage.words
        assert row in stage.lines[next(y for y, line in enumerate(stage.lines) if "000000" in line)]
        await stage.press("G")
        assert "» … and 3.9 kB more that are not shown. ctrl+s saves all of it." in stage.words


async def test_of_a_large_response_a_part_is_shown_and_the_rest_is_said(aws: FakeAws, settings: Settings) -> None:
    large = json.dumps([{"n": n, "text": "x" * 60} for n in range(70_000)]).encode()
    async with showing_call(aws, settings, replace(GOOD, response=large)) as (stage, view):
        assert len(large) > 5_000_000
        await stage.press("G")
        log = next(y for y, line in enumerate(stage.lines) if "» Log" in line)
        await stage.press("t")
        assert log > 0
        await view.workers.wait_for_complete()
        await stage.wait()
        assert '▸ [0]: {"n":0' in stage.text


async def test_of_many_lines_the_first_are_shown_and_the_log_below(aws: FakeAws, settings: Settings) -> None:
    call = replace(GOOD, response=b"a\n" * (SHOWN // 2), log=styled("the log"))
    async with showing_call(aws, settings, call) as (stage, _):
        assert "✓ Succeeded" in stage.text
        await stage.press("G")
        assert "» … and 111,073 more lines that are not shown. ctrl+s saves all of it." in stage.text
        assert "  the log" in stage.text


async def test_hostile_texts_are_drawn_as_they_are(aws: FakeAws, settings: Settings) -> None:
    text = one_line(samples.HARM)
    harm = ShownCall(
        "failed", text, status=200, version=text, request_id=text, trace_id=text, response=samples.HARM.encode(),
        content_type=text, log=styled(samples.HARM), failure=failure(json.dumps({"errorType": samples.HARM}).encode()),
        unmet=[Difference(text, "changed", samples.HARM, None)],
    )  # fmt: skip
    for size in ((40, 10), (80, 24), (300, 60)):
        async with showing_call(aws, settings, harm, size=size) as (stage, _):
            await stage.press("W", "G", "t", "c")
            assert stage.app.is_running
            assert not any(bad in stage.text for bad in "\x1b\x07\u202e\u200b")


# What arrives in parts ----------------------------------------------------------------------------------------------


async def test_parts_are_shown_as_they_arrive_and_a_character_may_be_cut(aws: FakeAws, settings: Settings) -> None:
    async with showing_call(aws, settings, GOOD) as (stage, view):
        view.append("data: ü".encode()[:-1])
        await stage.wait()
        assert body(stage) == ["» Response, 7 B so far", "  data:"]
        view.append("ü".encode()[-1:] + b"\n\x1b[31mred")
        await stage.wait()
        assert body(stage) == ["» Response, 17 B so far", "  data: ü", "  ␛[31mred"]
        view.show(GOOD)
        await stage.wait()
        assert body(stage)[0] == "✓ Succeeded"


async def test_what_arrives_is_followed_unless_somebody_reads(aws: FakeAws, settings: Settings) -> None:
    async with showing_call(aws, settings, None) as (stage, view):
        view.append(b"\n".join(b"line %d" % n for n in range(50)))
        await stage.wait()
        assert "line 49" in stage.text
        await stage.press("g")
        view.append(b"\nthe newest")
        await stage.wait()
        assert "line 0" in stage.text
        assert "the newest" not in stage.text


async def test_many_parts_are_drawn_a_few_times_only(
    aws: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with showing_call(aws, settings, None) as (stage, view):
        drawn: list[int] = []
        page = view.query_one(TextView)
        show = page.show_lines

        def counting(lines: Sequence[TextLine]) -> None:
            drawn.append(len(lines))
            show(lines)

        monkeypatch.setattr(page, "show_lines", counting)
        for number in range(100):
            view.append(b"part %d\n" % number)
            await stage.wait(0.01)
        await stage.wait()
        assert 1 < len(drawn) <= 11
        assert "part 99" in stage.text


async def test_of_a_long_stream_the_first_part_is_kept(aws: FakeAws, settings: Settings) -> None:
    async with showing_call(aws, settings, None) as (stage, view):
        for _ in range(40):
            view.append(b"x" * 10_000)
        await stage.wait()
        await stage.press("g")
        assert "» Response, 400 kB so far" in stage.text
        await stage.press("G")
        assert "» … and more that is not shown" in stage.text
