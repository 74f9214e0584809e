"""The runtimes in use: how many functions have each, until when, and which those are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lambdatui.model.functions import Function
from lambdatui.model.runtimes import RuntimeUse, lifecycle, runtimes_in_use
from lambdatui.settings import Settings
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.runtimes import RuntimesPane
from lambdatui.ui.widgets.drawing import BLURRED_CURSOR, CURSOR
from tests import samples
from tests.fakes import FakeAws
from tests.ui.stage import Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")


def on(*runtimes: str) -> list[Function]:
    """Functions with these runtimes."""
    first, *_ = samples.functions()
    return [
        replace(
            first, name=f"f{number}", arn=f"arn:{number}", runtime=runtime, package_type="Zip" if runtime else "Image"
        )
        for number, runtime in enumerate(runtimes)
    ]


def rows(stage: Stage) -> list[str]:
    """The rows of the table, single-spaced."""
    lines = [" ".join(line.strip(f" {CURSOR}{BLURRED_CURSOR}┃").split()) for line in stage.lines[3:-1]]
    return [line for line in lines if line]


def test_functions_are_counted_by_what_they_run_on_the_most_used_first() -> None:
    used = runtimes_in_use(on("python3.8", "", "nodejs99.x", "python3.8", "python3.8", ""))
    assert used == [
        RuntimeUse("python3.8", 3, lifecycle("python3.8")),
        RuntimeUse("image", 2, None),
        RuntimeUse("nodejs99.x", 1, None),
    ]
    assert runtimes_in_use([]) == []


async def test_each_runtime_has_its_dates_and_its_successor_at_80_columns(aws: FakeAws, settings: Settings) -> None:
    aws.functions.script = [on("python3.8", "python3.8", "python3.13", "", "nodejs99.x")]
    async with showing(aws, settings, RuntimesPane, size=(80, 24)) as stage:
        await settled(stage.pilot)
        assert rows(stage) == [
            "! python3.8 2 !2024-10-14 2027-02-01 2027-03-03 python3.14",
            "python3.13 1 2029-06-30 2029-07-31 2029-08-31 python3.14",
            "image 1 – – – –",
            "nodejs99.x 1 – – – –",
        ]
        assert "Runtimes 4" in stage.text


async def test_enter_lists_the_functions_of_the_runtime_and_no_others(aws: FakeAws, settings: Settings) -> None:
    aws.functions.script = [on("java8.al2", "java8", "java8", "java8.al2", "java8.al2")]
    async with showing(aws, settings, RuntimesPane) as stage:
        await settled(stage.pilot)
        await stage.press("down", "enter")
        pane = stage.pane(FunctionsPane)
        assert pane.active
        assert pane.table.filter == "runtime=java8"
        assert "Functions 2 of 5" in stage.words
        await stage.press("escape")
        assert "Functions 5" in stage.words


async def test_a_runtime_that_means_harm_is_filtered_by_as_it_is(aws: FakeAws, settings: Settings) -> None:
    aws.functions.script = [on('py "3" thon', "python3.12")]
    async with showing(aws, settings, RuntimesPane) as stage:
        await settled(stage.pilot)
        await stage.press("enter")
        assert "Functions 1 of 2" in stage.words


async def test_only_what_is_deprecated_can_be_shown(aws: FakeAws, settings: Settings) -> None:
    aws.functions.script = [on("python3.8", "python3.13", "", "python3.8", "nodejs14.x")]
    async with showing(aws, settings, RuntimesPane) as stage:
        await settled(stage.pilot)
        await stage.press("slash", *"deprecated", "enter")
        assert [row.split()[:2] for row in rows(stage)] == [["!", "python3.8"], ["!", "nodejs14.x"]]
        await stage.press("slash", "ctrl+u", *"used>1", "enter")
        assert "Runtimes 1 of 4" in stage.words


async def test_a_runtime_that_is_used_no_more_goes_with_a_refresh(aws: FakeAws, settings: Settings) -> None:
    aws.functions.script = [on("python3.8", "python3.13")]
    async with showing(aws, settings, RuntimesPane) as stage:
        await settled(stage.pilot)
        aws.functions.script = [on("python3.13", "python3.13")]
        await stage.press("r")
        assert [row.split()[:2] for row in rows(stage)] == [["python3.13", "2"]]
