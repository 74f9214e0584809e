"""What is on screen belongs to whom the line on top names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lambdatui.model.identity import Identity
from lambdatui.settings import Settings
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.logs import LogsPane
from lambdatui.ui.panes.overview import OverviewPane
from tests import samples
from tests.fakes import FakeAws, denied
from tests.ui.stage import settled, showing

pytestmark = pytest.mark.usefixtures("simulated")

KNOWN = Identity(profile="dev", region="eu-west-1", account="210987654321", endpoint="")


async def test_rows_of_another_account_go_when_the_credentials_have_become_its(
    aws: FakeAws, settings: Settings
) -> None:
    aws.metrics.value = lambda metric, at, period: 5.0
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        first = samples.functions()[0].name
        assert first in stage.text
        health = stage.pane(FunctionsPane).health
        assert first in health.known
        await stage.press("enter")
        aws.functions.script = [[replace(samples.functions()[0], name="theirs", arn="arn:theirs")]]
        aws.wire.refuse = denied
        await stage.press("r")
        aws.account._who = ("dev", "999999999999")
        aws.wire.refuse = None
        await stage.press("r")
        await stage.press("escape")
        assert "999999999999" in stage.lines[0]
        assert first not in stage.text
        assert first not in health.known
        assert "theirs" in stage.text


@pytest.mark.parametrize("field", ["profile", "region", "account", "endpoint"])
def test_an_identity_is_another_one_if_one_thing_that_is_known_of_both_differs(field: str) -> None:
    known = KNOWN._replace(endpoint="localhost:4566")
    another: dict[str, Any] = {field: "another"}
    unknown: dict[str, Any] = {field: ""}
    assert not known._replace(**another).may_be(known)
    assert known._replace(**unknown).may_be(known)
    assert known.may_be(known._replace(**unknown))


def test_the_embedded_endpoint_may_come_back_at_another_port() -> None:
    demo = KNOWN._replace(demo=True, endpoint="127.0.0.1:40001")
    assert demo._replace(endpoint="127.0.0.1:40002").may_be(demo)


async def test_the_log_that_is_opened_after_the_overview_is_that_of_the_function_as_it_is_now(
    aws: FakeAws, settings: Settings
) -> None:
    function = samples.functions()[0]
    moved = replace(function, own_log_group="/moved/elsewhere", timeout=77)
    aws.functions.describe_as = lambda _: replace(samples.configuration(function.arn), function=moved)
    async with showing(aws, settings, OverviewPane, function=function) as stage:
        await settled(stage.pilot)
        await stage.press("l")
        assert "/moved/elsewhere" in stage.text


async def test_a_log_that_is_read_again_keeps_its_lines_and_shows_none_twice(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        view = stage.pane(LogsPane).log_view
        before = len(view.buffer)
        assert before == len(samples.log_events())
        await stage.press("space", "r")
        assert (len(view.buffer), view.following) == (before, False)


async def test_the_list_keeps_what_is_known_while_the_account_is_not(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, FunctionsPane) as stage:
        await settled(stage.pilot)
        aws.account.problem = denied("sts:GetCallerIdentity")
        await stage.press("enter", "escape", "r")
        assert samples.functions()[0].name in stage.text


def in_use(aws: FakeAws, number: float | None) -> None:
    """So much runs in the account at the same time, in each minute."""
    aws.metrics.value = lambda metric, at, period: number if metric.name == "ConcurrentExecutions" else None


async def test_the_line_tells_how_much_runs_of_what_may_and_asks_for_the_limit_once(
    aws: FakeAws, settings: Settings
) -> None:
    in_use(aws, 12)
    async with showing(aws, settings, size=(80, 24)) as stage:
        await settled(stage.pilot)
        assert "eu-west-1 · RW · 12/1000" in stage.lines[0]
        assert "12/1000" not in stage.words.replace("12/1000", "", 1)
        await stage.press("enter")
        assert "eu-west-1 · RW · 12/1000" in stage.lines[0]
        assert aws.concurrency.settings_asked == 1
        await stage.press("escape", "r")
        in_use(aws, 799)
        aws.metrics.again()
        await stage.wait()
        assert "· 799/1000" in stage.lines[0]
        in_use(aws, 800)
        aws.metrics.again()
        await stage.wait()
        assert "· ! 800/1000" in stage.lines[0]
        await stage.press("2")
        written = len(stage.terminal.written)
        aws.metrics.again()
        await stage.wait()
        assert len(stage.terminal.written) == written
        await stage.press("colon", *"window 7d", "enter")
        assert "· ! 800/1000" in stage.lines[0]
        await stage.resize(55, 24)
        assert "800" not in stage.lines[0]
        assert "RW  La" in stage.lines[0]
        in_use(aws, None)
        aws.metrics.again()
        await stage.resize(80, 24)
        assert "/1000" not in stage.lines[0]


async def test_who_may_not_know_the_limit_sees_a_line_without_it_and_is_not_told_so(
    aws: FakeAws, settings: Settings
) -> None:
    in_use(aws, 12)
    aws.wire.refuse = lambda operation: denied(operation) if operation == "lambda:GetAccountSettings" else None
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        assert "12" not in stage.lines[0].replace("210987654321", "")
        assert "GetAccountSettings" not in stage.words
        assert stage.toasts == []
        assert not any(need.metric.dimensions == () for watch in aws.metrics.watches for need in watch.visible)
        await stage.press("enter")
        assert aws.concurrency.settings_asked == 1
