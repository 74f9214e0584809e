"""Pictures of the screens, compared as SVG. `--snapshot-update` takes them anew: look at them before they go in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import PurePath
from typing import Any, Protocol

import pytest
from textual.app import App
from textual.pilot import Pilot

from lambdatui.app import LambdaTui
from lambdatui.model.log_chunk import Record
from lambdatui.model.logs import Marker, TailUpdate
from lambdatui.model.metrics import Metric
from lambdatui.settings import Located, Settings
from lambdatui.ui.screens.record import RecordScreen
from tests import samples, samples_records, samples_versions
from tests.fakes import FakeAws, FakeGateways, denied
from tests.ui.simulated import SimulatedTime
from tests.ui.stage import settled

Run = Callable[[Pilot[Any]], Awaitable[None]]


class SnapCompare(Protocol):
    """The fixture of pytest-textual-snapshot."""

    def __call__(
        self,
        app: str | PurePath | App[Any],
        press: tuple[str, ...] = (),
        terminal_size: tuple[int, int] = (80, 24),
        run_before: Run | None = None,
    ) -> bool:
        """Whether the picture is as it was."""


pytestmark = pytest.mark.usefixtures("simulated")

every_size = pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture(autouse=True)
def picture_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated time for an app that makes its own event loop, as `snap_compare` lets it."""
    monkeypatch.setattr(asyncio.events, "new_event_loop", SimulatedTime)


def after(*keys: str) -> Run:
    """What brings the program to the picture: keys, each once all before it has been shown."""

    async def run(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    return run


@every_size
def test_the_list_of_functions(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("down", "s"))


@every_size
def test_the_list_while_a_filter_is_typed(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("slash", "o", "r", "t"))


@every_size
def test_a_list_with_marks_and_pins_and_a_filter_that_cannot_be(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    keys = ("asterisk", "down", "space", "space", "slash", *"runtime:py colour:")
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after(*keys))


@every_size
def test_an_empty_account(size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings) -> None:
    aws.empty()
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after())


@every_size
def test_a_list_that_was_refused(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    aws.wire.refuse = denied
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after())


@every_size
def test_a_list_whose_refresh_failed(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    async def run(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        aws.wire.refuse = denied
        await after("r")(pilot)

    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=run)


@every_size
def test_an_overview_with_masked_values(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("enter", "pagedown"))


@every_size
def test_all_that_aws_says_as_yaml(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("y"))


@every_size
def test_a_link_to_the_console(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("o"))


@every_size
def test_the_runtimes_in_use(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("3"))


@every_size
def test_versions_two_of_them_marked(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    keys = ("v", "down", "space", "down", "space")
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after(*keys))


@every_size
def test_versions_without_their_aliases(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    aws.wire.refuse = lambda operation: denied(operation) if operation == "lambda:ListAliases" else None
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("v"))


@every_size
def test_two_versions_compared(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    known = {it.arn: it.configuration for it in samples_versions.versions()}
    aws.functions.describe_as = known.__getitem__
    keys = ("v", "down", "space", "down", "down", "space", "=")
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after(*keys))


@every_size
def test_aliases_with_weights(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("a"))


@every_size
def test_a_log_with_lines_of_every_kind(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("l"))


def shop_log() -> TailUpdate:
    """Lines of two functions, one of them late, with a gap between."""
    texts = [
        "START RequestId: 8f5e1c0a-6a8e-4c86-9a55-1f4f6f3f2c11 Version: 7",
        '{"level": "info", "message": "order taken", "order": {"id": 1042, "total": 59.8}, "customer": "c-17"}',
        "[WARNING]\t2026-11-23T14:00:00.400Z\t8f5e1c0a-6a8e-4c86-9a55-1f4f6f3f2c11\tstock is low: 3 left",
        '{"level": "error", "message": "card declined\\nTraceback:\\n  line 17, in charge", "order": 1042}',
        "plain words without a level",
    ]
    groups = sorted(function.log_group for function in samples.functions())[:2]
    events = [
        replace(samples.event(10 * n, texts[n % len(texts)]), group=groups[n // 3 % 2], event_id=str(n))
        for n in range(30)
    ]
    gap = Marker("gap", events[12].timestamp + 1, "Nothing came from 14:00:12 to 14:00:15; 38 events were read since.")
    return TailUpdate(tuple(events), "live 41/s · 3 min", markers=(gap,))


@every_size
def test_the_logs_of_several_functions_in_one(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    aws.logs.script = [shop_log()]
    keys = ("space", "space", "l", "pageup", "V", "j", "j")
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after(*keys))


@every_size
def test_a_log_filtered_with_context_and_a_search(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    aws.logs.script = [shop_log()]
    keys = ("l", "slash", *"level>=warn", "enter", "z", "backslash", *"order", "enter", "N")
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after(*keys))


@every_size
def test_a_log_filter_that_is_wrong(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    aws.logs.script = [shop_log()]
    keys = ("l", "slash", *"level:eror")
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after(*keys))


@every_size
def test_the_windows_of_a_log(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("l", "w"))


def looking_at(record: Record, aws: FakeAws, *keys: str) -> Run:
    """What brings the program to a record of a log, and what is pressed there."""

    async def run(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.app.push_screen(RecordScreen(aws, record))
        await after(*keys)(pilot)

    return run


@every_size
def test_a_structured_record(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    run = looking_at(samples_records.structured(), aws, "end", "enter", "k", "k")
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=run)


@every_size
def test_a_record_of_text(size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings) -> None:
    run = looking_at(samples_records.plain(), aws)
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=run)


@every_size
def test_an_invocation_that_failed(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    aws.invocations.script = [samples.failed_outcome()]
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("i", "f5"))


@every_size
def test_a_payload_that_is_not_json(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("i", "x", "f5"))


@every_size
def test_the_help(size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("enter", "question_mark"))


@every_size
def test_the_palette(size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("ctrl+p"))


@every_size
def test_the_regions(size: tuple[int, int], snap_compare: SnapCompare, settings: Settings) -> None:
    gateways = FakeGateways(settings, "dev", "prod")
    app = LambdaTui(settings, gateways.open(gateways.start), gateways=gateways)
    assert snap_compare(app, terminal_size=size, run_before=after("R", "e", "u"))


@every_size
def test_a_command_that_is_typed(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("colon", *"logs e"))


@every_size
def test_a_command_that_is_not_there(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("colon", *"lgos x", "enter"))


@every_size
def test_the_list_of_layers(size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("2", "down"))


@every_size
def test_the_versions_of_a_layer(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("2", "end", "enter", "end"))


@every_size
def test_an_overview_of_a_runtime_that_is_deprecated_with_a_value_revealed(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    keys = ("slash", *"legacy", "enter", "enter", "enter", "x", "down", "x")
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after(*keys))


@every_size
def test_an_overview_of_which_a_part_was_refused(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    aws.wire.refuse = lambda operation: denied(operation) if "CodeSigning" in operation else None
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("enter", "end"))


@pytest.mark.parametrize("theme", ["lambdatui-light", "lambdatui-16"])
@pytest.mark.parametrize("keys", [("down",), ("question_mark",), ("i", "f5")], ids=["list", "help", "invocation"])
def test_a_screen_in_another_theme(
    theme: str, keys: tuple[str, ...], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    aws.invocations.script = [samples.failed_outcome()]
    settings = replace(settings, theme=Located(theme, "config.yaml line 1"))
    assert snap_compare(LambdaTui(settings, aws), run_before=after(*keys))


@every_size
def test_what_calls_a_function(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("enter", "T"))


@every_size
def test_the_layers_of_a_function(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after("enter", "L"))


@every_size
def test_the_metrics_of_a_function_with_the_cursor_where_calls_failed(
    size: tuple[int, int], snap_compare: SnapCompare, aws: FakeAws, settings: Settings
) -> None:
    minute = {"Invocations": (40.0, 60.0), "Errors": (0.0, 6.0), "Duration": (120.0, 950.0), "Throttles": (0.0, 2.0)}

    def value(metric: Metric, at: int, period: int) -> float | None:
        usual, then = minute.get(metric.name, (None, None))
        return then if at // 600 % 3 == 0 else usual

    aws.metrics.value = value
    keys = ("m", "left", "shift+left", "shift+left")
    assert snap_compare(LambdaTui(settings, aws), terminal_size=size, run_before=after(*keys))
