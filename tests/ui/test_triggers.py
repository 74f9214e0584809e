"""The Triggers tab: what calls a function, each part by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lambdatui.settings import Settings
from lambdatui.ui.panes.triggers import TriggersPane
from tests import samples
from tests.fakes import FakeAws, denied
from tests.ui.stage import settled, showing

pytestmark = pytest.mark.usefixtures("simulated")

TALL = (120, 120)


async def test_all_that_calls_a_function_is_on_one_page(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, TriggersPane, size=TALL) as stage:
        await settled(stage.pilot)
        for said in (
            "Event source: queue paid-orders", "State Enabled", "Concurrency limit 2", 'Filter {"body": {"country"',
            "Event source: stream clicks", "! State Disabled", "! Last result PROBLEM: Function call failed",
            "schedule Amazon EventBridge may invoke it, for rule nightly-schedule of this account",
            "! public-url Everybody may call its URL without authentication",
            "Function URL (live)", "! Authentication NONE", "CORS origins https://shop.example",
            "Asynchronous calls", "On failure queue failed-receipts", "Event age 1 m 00 s at most",
            "no dead letter queue is set",
        ):  # fmt: skip
            assert said in stage.words, said


async def test_what_calls_an_alias_stands_with_its_name(aws: FakeAws, settings: Settings) -> None:
    queue = samples.mappings()[0]
    live = replace(queue, uuid="other", function_arn=f"{queue.function_arn}:live")
    aws.triggers.mappings_are = (queue, live)
    async with showing(aws, settings, TriggersPane, size=TALL) as stage:
        await settled(stage.pilot)
        assert stage.text.count("Event source: queue paid-orders (live)") == 1
        assert stage.text.count("Event source: queue paid-orders") == 2
        assert "Who may call it (live)" in stage.text


async def test_two_mappings_of_one_source_are_two_groups(aws: FakeAws, settings: Settings) -> None:
    queue = samples.mappings()[0]
    aws.triggers.mappings_are = (queue, replace(queue, uuid="other"))
    async with showing(aws, settings, TriggersPane, size=TALL) as stage:
        await settled(stage.pilot)
        assert "Event source: queue paid-orders (2)" in stage.text


async def test_a_function_that_nothing_calls_says_so_in_each_part(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, TriggersPane, prepare=FakeAws.empty, size=TALL) as stage:
        await settled(stage.pilot)
        for said in ("no event source mapping", "there is no resource policy", "it has no URL", "As AWS does"):
            assert said in stage.words, said


@pytest.mark.parametrize(
    "operation",
    ["ListEventSourceMappings", "GetPolicy", "ListFunctionUrlConfigs", "ListFunctionEventInvokeConfigs", "GetFunction",
     "ListAliases"],
)  # fmt: skip
async def test_a_part_that_is_refused_says_so_and_the_others_are_there(
    operation: str, aws: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = aws.wire.read

    def refusing(asked: str) -> object:
        aws.wire.refuse = denied if asked == f"lambda:{operation}" else None
        return read(asked)

    async with showing(aws, settings, TriggersPane, size=TALL) as stage:
        await settled(stage.pilot)
        monkeypatch.setattr(aws.wire, "read", refusing)
        await stage.press("r")
        assert f"Asked: lambda:{operation}" in stage.words
        assert stage.pane(TriggersPane).problem is None
        others = {"ListEventSourceMappings": "Event source: queue", "GetPolicy": "Everybody may call",
                  "ListFunctionUrlConfigs": "CORS origins", "ListFunctionEventInvokeConfigs": "Event age",
                  "GetFunction": "no dead letter queue"}  # fmt: skip
        for other, said in others.items():
            assert said in stage.words, (other, said)


async def test_y_shows_what_aws_says_of_it(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, TriggersPane, size=TALL) as stage:
        await settled(stage.pilot)
        aws.wire.asked.clear()
        await stage.press("y")
        assert "as YAML" in stage.lines[0]
        assert aws.wire.asked == ["lambda:GetPolicy"]
