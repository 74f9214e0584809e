"""The calls of before: kept, opened, used again, compared, looked up; and how a payload is sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from textual.events import Key

from lambdatui.model.errors import OutcomeUnknown
from lambdatui.model.invocations import InvocationType
from lambdatui.model.report import Report
from lambdatui.model.saved_events import SavedEvent
from lambdatui.settings import Settings
from lambdatui.ui.panes.invoke import InvokePane
from lambdatui.ui.panes.logs import LogsPane
from lambdatui.ui.screens.call_comparison import CallComparisonScreen
from lambdatui.ui.screens.pick import PickScreen
from tests import samples
from tests.fakes import FakeAws
from tests.ui.stage import Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")

WIDE = (140, 40)


async def write(stage: Stage, text: str) -> None:
    await stage.press("e", "f7", "delete")
    await stage.paste(text)


def outcomes(stage: Stage) -> list[str]:
    return [it.outcome for it in stage.pane(InvokePane).parts.calls.table.everything]


async def test_every_call_is_in_the_history_with_what_became_of_it(aws: FakeAws, settings: Settings) -> None:
    unknown = OutcomeUnknown("lambda:Invoke", "The line was cut.", "Look into the log before sending again.")
    aws.invocations.script = [samples.outcome(), samples.failed_outcome(), unknown]
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f5", "f5", "f5")
        assert sorted(outcomes(stage)) == ["failed", "succeeded", "unknown"]
        assert "it may have run" in stage.words


async def test_the_history_is_there_after_a_new_start_and_for_its_owner_alone(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await write(stage, '{"order": 7}')
        await stage.press("f5")
    files = [it for it in (settings.state_dir / "calls").rglob("*") if it.is_file()]
    assert files
    assert {it.stat().st_mode & 0o777 for it in files} == {0o600}
    async with showing(FakeAws(settings), settings, InvokePane, size=WIDE) as stage:
        assert outcomes(stage) == ["succeeded"]
        await stage.press("escape", "h", "enter")
        assert '"statusCode": 201' in stage.text
        await stage.press("h", "u")
        assert stage.pane(InvokePane).editor.text == '{"order": 7}'


async def test_history_off_keeps_nothing(aws: FakeAws, settings: Settings) -> None:
    settings = replace(settings, history=False)
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f5")
        assert "Result: succeeded" in stage.words
        assert outcomes(stage) == []
        assert "No calls are kept" in stage.words
    assert not (settings.state_dir / "calls").exists()


async def test_a_call_is_sent_again_once_as_it_was(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await write(stage, "[1]")
        stage.pane(InvokePane).event.draft.event = SavedEvent("one", "[1]")
        await stage.press("f5")
        stage.pane(InvokePane).event.draft.event = None
        await write(stage, "[2]")
        await stage.press("escape", "h", "A")
        assert [it.event for it in aws.invocations.requests] == ["one", "one"]
        assert [it.payload for it in aws.invocations.requests] == [b"[1]", b"[1]"]
        assert stage.pane(InvokePane).editor.text == "[2]"


async def test_two_calls_are_compared(aws: FakeAws, settings: Settings) -> None:
    first = replace(samples.outcome(), report=Report(duration=212.4, billed=213, memory=512, max_memory=88))
    other = replace(samples.outcome(), response=b'{"statusCode": 409, "order": 1042}')
    aws.invocations.script = [first, other]
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f5", "f5", "escape", "h", "equals_sign")
        assert isinstance(stage.app.screen, CallComparisonScreen)
        assert "201" in stage.words
        assert "409" in stage.words
        assert "cost $0.0" in stage.words
        await stage.press("escape")
        assert stage.pane(InvokePane).parts.calls.has_focus_within


async def test_one_call_alone_cannot_be_compared(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f5", "escape", "h", "equals_sign")
        assert "no call before this one" in stage.toasts[-1]


async def test_a_call_is_looked_up_in_the_log_by_its_request(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f5", "escape", "w")
        pane = stage.pane(LogsPane)
        assert pane.active
        assert pane.lines.searched == '"c0ffee00-1111"'
        assert pane.range is not None
        assert pane.range.start <= int(samples.NOW.timestamp() * 1000)


async def test_a_call_of_which_nothing_is_known_is_looked_up_by_its_time(aws: FakeAws, settings: Settings) -> None:
    aws.invocations.script = [OutcomeUnknown("lambda:Invoke", "The line was cut.")]
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f5", "escape", "w")
        pane = stage.pane(LogsPane)
        assert pane.active
        assert pane.lines.searched == ""
        assert pane.range is not None
        assert pane.range.end is None


async def test_the_response_is_saved_whole(aws: FakeAws, settings: Settings) -> None:
    response = b'["' + b"x" * 3_000_000 + b'"]'
    aws.invocations.script = [replace(samples.outcome(), response=response, payload="…")]
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f5", "escape", "ctrl+s")
        (file,) = (settings.state_dir / "responses").iterdir()
        assert file.read_bytes() == response
        assert file.stat().st_mode & 0o777 == 0o600


# Options ------------------------------------------------------------------------------------------------------------


async def test_type_and_log_tail_are_changed_in_the_line_of_options(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("escape", "shift+tab", "shift+tab", "right", "enter")
        assert "Type Event" in stage.words
        assert "limit 1 MB" in stage.words
        await stage.press("f5")
        assert aws.invocations.requests[-1].kind is InvocationType.EVENT
        assert outcomes(stage) == ["accepted"]


async def test_a_qualifier_is_chosen_among_aliases_and_versions(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("escape", "shift+tab", "shift+tab", "enter")
        assert isinstance(stage.app.screen, PickScreen)
        assert "alias →" in stage.words
        await stage.press(*"live", "enter")
        assert "Qualifier live →" in stage.words
        await stage.press("f5")
        assert aws.invocations.requests[-1].qualifier == "live"


async def test_a_qualifier_is_typed_as_a_command(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("escape", "colon", *"qualifier 7", "enter", "f5")
        assert aws.invocations.requests[-1].qualifier == "7"


async def test_a_client_context_is_checked_before_it_is_taken(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("escape", "shift+tab", "shift+tab", *["right"] * 4, "enter", *"[1]", "enter")
        assert "!" in stage.words
        await stage.press("f7", *["backspace"] * 3, *'{"custom": {}}', "enter", "f5")
        assert aws.invocations.requests[-1].client_context == '{"custom": {}}'


async def test_a_streamed_response_is_shown_as_it_arrives(aws: FakeAws, settings: Settings) -> None:
    gate = asyncio.Event()
    aws.invocations.parts = [b"first part\n", gate, b"second part\n"]
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("escape", "shift+tab", "shift+tab", *["right"] * 3, "enter", "f5")
        assert "first part" in stage.words
        assert "second part" not in stage.words
        assert "waiting" in stage.pane(InvokePane).result.said
        gate.set()
        await stage.wait(1)
        assert "Result: succeeded" in stage.words


async def test_the_clock_runs_while_one_waits(aws: FakeAws, settings: Settings) -> None:
    aws.invocations.script = [asyncio.Event()]
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f5")
        await stage.wait(7.5)
        assert "waiting 7 s… (esc stops waiting)" in stage.words


# Little room --------------------------------------------------------------------------------------------------------


async def test_at_80_columns_there_is_one_part_at_a_time(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane, size=(80, 24)) as stage:
        pane = stage.pane(InvokePane)
        assert pane.editor.display
        assert "Events 0 History 0 Payload Result" in stage.words
        await stage.press("f5")
        assert "Succeeded" in stage.words
        assert "Result ✓" in stage.words
        await stage.press("h")
        assert pane.parts.calls.has_focus_within
        assert "succeeded" in stage.words
        await stage.press("tab")
        assert pane.event.bar.has_focus
        await stage.press("tab")
        assert pane.editor.has_focus


async def test_keys_pressed_as_fast_as_they_go_are_for_the_part_that_they_lead_to(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, InvokePane, size=(80, 24)) as stage:
        pane = stage.pane(InvokePane)
        await write(stage, "")
        for key, letter in (("1", "1"), ("f5", None), ("2", "2")):
            stage.app.post_message(Key(key, letter))
        await settled(stage.pilot)
        assert [it.payload for it in aws.invocations.requests] == [b"1"]
        assert pane.editor.text == "12"
        for leaving in ("ctrl+o", "escape"):
            await stage.press("e")
            assert pane.editor.has_focus
            for key, letter in ((leaving, None), ("h", "h")):
                stage.app.post_message(Key(key, letter))
            await settled(stage.pilot)
            assert pane.editor.text == "12"
            assert pane.parts.calls.has_focus_within, leaving
        for keys in (
            ("k", "e", "ctrl+end", "3", "escape", "h", "k"),
            ("ctrl+o", "j", "e", "end", "4", "escape", "h"),
        ):
            for key in keys:
                stage.app.post_message(Key(key, key if len(key) == 1 else None))
            await settled(stage.pilot)
        assert pane.editor.text == "1234"
        assert pane.parts.calls.has_focus_within


async def test_what_has_the_focus_stays_in_sight_when_there_is_less_room(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("escape", "h")
        await stage.resize(80, 24)
        assert stage.pane(InvokePane).parts.calls.has_focus_within
        assert stage.pane(InvokePane).parts.calls.region.height > 5


# Calls that nobody waits for ----------------------------------------------------------------------------------------


async def test_a_call_whose_answer_nobody_waited_for_is_listed_and_is_what_is_looked_up(
    aws: FakeAws, settings: Settings
) -> None:
    aws.invocations.script = [samples.outcome(), asyncio.Event()]
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f5", "f5", "escape", "escape")
        assert outcomes(stage).count("stopped") == 1
        call = stage.pane(InvokePane).call
        assert call is not None
        assert call.outcome == "stopped"
        await stage.press("w")
        assert stage.pane(LogsPane).active
        assert stage.pane(LogsPane).lines.searched == ""


@pytest.mark.parametrize("keys", [["escape", "q"], ["ctrl+c", "ctrl+c"]])
async def test_a_call_that_was_under_way_when_somebody_left_is_in_the_history(
    keys: list[str], aws: FakeAws, settings: Settings
) -> None:
    aws.invocations.script = [asyncio.Event()]
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f5")
        await stage.pilot.press(*keys)
        await stage.wait()
    async with showing(FakeAws(settings), settings, InvokePane, size=WIDE) as stage:
        assert outcomes(stage) == ["stopped"]


async def test_that_nothing_can_be_written_down_is_said_once(aws: FakeAws, settings: Settings) -> None:
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    (settings.state_dir / "calls").write_text("in the way")
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f5", "f5", "f5")
        assert "Result: succeeded" in stage.words
        assert [it for it in stage.toasts if "not in the history" in it] == stage.toasts[:1]


async def test_a_call_that_was_refused_here_has_no_log_to_look_up(settings: Settings) -> None:
    settings = replace(settings, read_only=True)
    async with showing(FakeAws(settings), settings, InvokePane, size=WIDE) as stage:
        await stage.press("f5")
        assert "Read-only" in stage.words
        await stage.press("escape", "w")
        assert not stage.app.screen.query(LogsPane)
