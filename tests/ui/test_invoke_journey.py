"""A test invocation, from the editor to the outcome."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from textual.widgets import Button

from lambdatui.model.errors import Denied, OutcomeUnknown
from lambdatui.model.text import one_line
from lambdatui.settings import Marks, Settings
from lambdatui.ui.panes.invoke import InvokePane
from lambdatui.ui.panes.versions import VersionsPane
from lambdatui.ui.screens.confirm import ConfirmScreen
from lambdatui.ui.screens.function import FunctionScreen
from lambdatui.ui.screens.main import MainScreen
from tests import samples
from tests.fakes import FakeAws
from tests.ui.stage import Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")


async def write(stage: Stage, text: str) -> None:
    """Replace what is in the editor."""
    await stage.press("f7", "delete")
    await stage.paste(text)


def payloads(aws: FakeAws) -> list[bytes]:
    return [request.payload for request in aws.invocations.requests]


def result(stage: Stage) -> str:
    view = stage.pane(InvokePane).result.view.region
    return "\n".join(line[view.x : view.right].rstrip() for line in stage.lines[view.y : view.bottom]).rstrip()


# What is typed ------------------------------------------------------------------------------------------------------


async def test_a_payload_that_is_not_json_is_said_with_its_place_and_not_sent(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane) as stage:
        await write(stage, '{\n  "order": }')
        assert "Payload: line 2, column 12: Expecting value" in stage.words
        await stage.press("f5")
        assert aws.invocations.requests == []
        assert stage.toasts == ["The payload cannot be sent: see the line above the editor."]
        assert stage.pane(InvokePane).editor.text == '{\n  "order": }'


async def test_lists_that_load_do_not_take_the_focus_that_is_on_its_way_to_the_editor(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, InvokePane) as stage:
        lists = stage.pane(InvokePane).parts.events, stage.pane(InvokePane).parts.calls
        stage.app.screen.set_focus(None)
        for pane in lists:
            pane.forget()
        await settled(stage.pilot)
        assert [pane.ready for pane in lists] == [True, True]
        assert stage.app.screen.focused is None


async def test_f5_sends_at_once_even_while_the_check_of_what_was_typed_is_still_to_come(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f7", "delete")
        await stage.press("{", "f5")
        assert payloads(aws) == []
        await stage.press("}", "f5")
        assert payloads(aws) == [b"{}"]


async def test_a_payload_goes_as_it_was_typed_and_once_for_each_press(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane) as stage:
        await write(stage, '{"n": 1.10, "n": 1e400, "s": "über"}')
        await stage.press("f5")
        (request,) = aws.invocations.requests
        assert request.payload == '{"n": 1.10, "n": 1e400, "s": "über"}'.encode()
        assert (request.function, request.timeout) == (samples.functions()[0].arn, 30)
        await stage.press("ctrl+enter")
        assert len(aws.invocations.requests) == 2


@pytest.mark.parametrize("text", ["[1, 2]", '"text"', "42", "null"])
async def test_any_json_is_a_payload(text: str, aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane) as stage:
        await write(stage, text)
        await stage.press("f5")
        assert payloads(aws) == [text.encode()]


async def test_an_empty_editor_sends_no_event_at_all(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane) as stage:
        await write(stage, "  ")
        assert "Payload: none" in stage.words
        await stage.press("f5")
        assert payloads(aws) == [b""]


async def test_a_second_press_while_the_first_is_under_way_sends_nothing(aws: FakeAws, settings: Settings) -> None:
    aws.invocations.script = [asyncio.Event()]
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f5", "f5")
        assert len(aws.invocations.requests) == 1
        assert "An invocation is under way" in stage.toasts[0]


async def test_keys_of_other_places_are_typing_in_the_editor(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f7", "delete", *"?/:qlirOxe0[]ygGnNjkS", "tab", "ctrl+r", "ctrl+d", "ctrl+u")
        assert stage.app.is_running
        assert isinstance(stage.app.screen, FunctionScreen)
        pane = stage.pane(InvokePane)
        assert stage.app.screen.focused is pane.editor
        assert pane.editor.text == ""
        await stage.press(*"?/:qlirOxe0[]ygGnNjkS", "tab", "ctrl+r")
        assert pane.editor.text.rstrip() == "?/:qlirOxe0[]ygGnNjkS"


async def test_a_draft_is_kept_for_its_function_while_one_looks_elsewhere(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("i")
        await write(stage, '{"draft": 1')
        await stage.press("escape", "l", "escape", "down", "i")
        assert stage.pane(InvokePane).editor.text == "{}"
        await stage.press("escape", "escape", "up", "i")
        assert stage.pane(InvokePane).editor.text == '{"draft": 1'


async def test_after_escape_the_key_of_another_tab_goes_there_and_does_not_come_back_to_the_editor(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, size=(80, 24)) as stage:
        await settled(stage.pilot)
        await stage.press("i")
        await settled(stage.pilot)
        await stage.press("escape", "v")
        await settled(stage.pilot)
        pane = stage.pane(VersionsPane)
        assert pane.active
        assert pane.has_focus_within


async def test_a_draft_is_kept_when_one_leaves_at_once(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("i", "f7", "delete")
        await stage.pilot.press("7", "escape", "escape")
        await settled(stage.pilot)
        assert isinstance(stage.app.screen, MainScreen)
        await stage.press("i")
        assert stage.pane(InvokePane).editor.text == "7"


# What comes back ----------------------------------------------------------------------------------------------------


async def test_an_outcome_shows_response_log_and_request(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane, size=(100, 40)) as stage:
        await stage.press("f5")
        assert "Result: succeeded, status 200, 184 ms" in stage.words
        for said in ('"statusCode": 201', "order 1042 written", "request c0ffee00-1111"):
            assert said in result(stage)
        assert not stage.toasts


async def test_a_function_that_failed_shows_type_message_and_trace(aws: FakeAws, settings: Settings) -> None:
    aws.invocations.script = [samples.failed_outcome()]
    async with showing(aws, settings, InvokePane, size=(140, 30)) as stage:
        await stage.press("f5")
        assert "Result: the function failed (CardDeclined), status 200" in stage.words
        lines = result(stage).splitlines()
        at = lines.index("! CardDeclined: insufficient funds")
        assert lines[at + 1 : at + 3] == ['    File "/var/task/app.py", line 17, in handler', "      charge(order)"]
        assert not stage.toasts


async def test_an_action_that_fails_is_one_toast_and_nothing_typed_is_lost(aws: FakeAws, settings: Settings) -> None:
    aws.invocations.script = [
        Denied("lambda:Invoke", "It is not allowed.", "Ask for lambda:InvokeFunction.", request_id="request-1")
    ]
    async with showing(aws, settings, InvokePane) as stage:
        await write(stage, '{"order": 7}')
        await stage.press("f5")
        (toast,) = stage.toasts
        for said in (
            "Not allowed",
            "It is not allowed.",
            "Ask for lambda:InvokeFunction.",
            "lambda:Invoke",
            "request-1",
        ):
            assert said in toast
        assert "Result: Not allowed" in stage.words
        assert stage.pane(InvokePane).editor.text == '{"order": 7}'
        assert stage.app.screen.focused is stage.pane(InvokePane).editor


async def test_a_hostile_failure_is_drawn_as_it_is_and_does_nothing(aws: FakeAws, settings: Settings) -> None:
    text = one_line(samples.HARM)
    aws.invocations.script = [Denied("lambda:Invoke", text, text, request_id=text)]
    async with showing(aws, settings, InvokePane, size=(140, 40)) as stage:
        await stage.press("f5")
        toast = stage.app.screen.query_one("Toast").region
        assert "[@click=app.quit]x[/]" in "".join(stage.lines[toast.y : toast.bottom])
        for y in range(toast.y, toast.bottom):
            at = stage.lines[y].find("app.quit]x[/]")
            if at >= 0:
                await stage.pilot.click(offset=(at + 9, y))
                await stage.wait()
                break
        assert not stage.leaving()


async def test_after_a_failure_one_can_send_again(aws: FakeAws, settings: Settings) -> None:
    aws.invocations.script = [OutcomeUnknown("lambda:Invoke", "The line was cut."), samples.outcome()]
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f5")
        assert "Result: Outcome unknown" in stage.words
        await stage.press("f5")
        assert "Result: succeeded" in stage.words
        assert len(aws.invocations.requests) == 2


async def test_an_answer_that_comes_while_another_tab_is_in_sight_is_there_when_one_comes_back(
    aws: FakeAws, settings: Settings
) -> None:
    gate = asyncio.Event()
    aws.invocations.script = [gate]
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f5", "escape", "l")
        aws.invocations.script = [samples.outcome()]
        gate.set()
        await stage.press("i")
        assert "Result: succeeded" in stage.words


# Escape -------------------------------------------------------------------------------------------------------------


async def test_escape_leaves_the_editor_then_stops_waiting_and_then_goes_back(aws: FakeAws, settings: Settings) -> None:
    aws.invocations.script = [asyncio.Event()]
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f5")
        assert "Result: waiting… (esc stops waiting)" in stage.words
        await stage.press("escape")
        pane = stage.pane(InvokePane)
        assert pane.result.has_focus_within
        assert aws.invocations.given_up == 0
        await stage.press("escape")
        assert aws.invocations.given_up == 1
        assert "Result: stopped waiting" in stage.words
        assert "the function may still run" in stage.toasts[0]
        assert isinstance(stage.app.screen, FunctionScreen)
        await stage.press("escape")
        assert isinstance(stage.app.screen, MainScreen)
        assert len(aws.invocations.requests) == 1


async def test_after_waiting_was_stopped_one_can_send_again(aws: FakeAws, settings: Settings) -> None:
    aws.invocations.script = [asyncio.Event()]
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f5", "escape", "escape")
        aws.invocations.script = [samples.outcome()]
        await stage.press("f5")
        assert "Result: succeeded" in stage.words
        assert len(aws.invocations.requests) == 2


async def test_a_second_invocation_is_waited_for_though_the_journal_is_slow_to_close_the_first(
    aws: FakeAws, settings: Settings
) -> None:
    aws.invocations.script = [asyncio.Event()]
    aws.journal_gate = asyncio.Event()
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f5", "escape", "escape", "f5")
        aws.journal_gate.set()
        await stage.wait()
        assert "Result: waiting…" in stage.words
        await stage.press("f5")
        assert len(aws.invocations.requests) == 2
        await stage.press("escape")
        assert isinstance(stage.app.screen, FunctionScreen)
        assert stage.pane(InvokePane).result.said == "stopped waiting"


async def test_going_back_by_q_while_waiting_says_that_the_function_may_still_run(
    aws: FakeAws, settings: Settings
) -> None:
    aws.invocations.script = [asyncio.Event()]
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f5", "escape", "q")
        assert isinstance(stage.app.screen, MainScreen)
        assert aws.invocations.given_up == 1
        assert "the function may still run" in stage.toasts[0]


async def test_quitting_while_waiting_ends_the_program_without_a_word(aws: FakeAws, settings: Settings) -> None:
    aws.invocations.script = [asyncio.Event()]
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f5")
        await stage.pilot.press("ctrl+c", "ctrl+c")
        await stage.wait()
    assert stage.app.return_code == 0
    assert aws.invocations.given_up == 1


# Read-only and production -------------------------------------------------------------------------------------------


async def test_read_only_refuses_with_the_reason(settings: Settings) -> None:
    settings = replace(settings, read_only=True, read_only_by="--read-only")
    aws = FakeAws(settings)
    async with showing(aws, settings, InvokePane) as stage:
        assert " RO" in stage.lines[0]
        await stage.press("f5")
        assert aws.invocations.requests == []
        assert aws.journal == []
        (toast,) = stage.toasts
        assert "--read-only was given" in toast


async def test_a_profile_marked_as_production_is_read_only_and_says_where_that_is_written(settings: Settings) -> None:
    settings = replace(settings, profiles={"shop": Marks(production=True, where="config.yaml line 4")})
    aws = FakeAws(settings)
    async with showing(aws, settings, InvokePane) as stage:
        assert " RO · PROD" in stage.lines[0]
        await stage.press("f5")
        assert not isinstance(stage.app.screen, ConfirmScreen)
        assert aws.invocations.requests == []
        (toast,) = stage.toasts
        assert "config.yaml line 4" in toast


@pytest.fixture
def production(settings: Settings) -> Settings:
    """A profile that is marked as production, and may be changed."""
    return replace(settings, profiles={"shop": Marks(production=True, read_only=False, where="config.yaml line 4")})


@pytest.mark.parametrize("answer", ["n", "escape", "enter", "q"])
async def test_production_asks_first_and_no_sends_nothing(answer: str, production: Settings) -> None:
    aws = FakeAws(production)
    async with showing(aws, production, InvokePane) as stage:
        assert " RW · PROD" in stage.lines[0]
        await stage.press("f5")
        assert isinstance(stage.app.screen, ConfirmScreen)
        assert "Invoke checkout-api on production?" in stage.words
        await stage.press(answer)
        assert isinstance(stage.app.screen, FunctionScreen)
        assert stage.app.screen.focused is stage.pane(InvokePane).editor
        assert aws.invocations.requests == []
        assert aws.journal == []


@pytest.mark.parametrize("keys", [["y"], ["right", "enter"]])
async def test_production_sends_once_after_a_yes(keys: list[str], production: Settings) -> None:
    aws = FakeAws(production)
    async with showing(aws, production, InvokePane) as stage:
        await stage.press("f5", *keys)
        assert len(aws.invocations.requests) == 1
        assert "Result: succeeded" in stage.words


async def test_a_click_on_no_sends_nothing(production: Settings) -> None:
    aws = FakeAws(production)
    async with showing(aws, production, InvokePane) as stage:
        await stage.press("f5")
        await stage.pilot.click(stage.app.screen.query_one("#no", Button))
        await stage.wait()
        assert isinstance(stage.app.screen, FunctionScreen)
        assert aws.invocations.requests == []


async def test_what_is_asked_about_production_is_drawn_as_it_is(production: Settings) -> None:
    aws = FakeAws(production)
    function = samples.hostile_function()
    async with showing(aws, production, InvokePane, function=function, size=(200, 30)) as stage:
        await stage.press("f5")
        assert "[@click=app.quit]x[/] [/" in stage.words
        await stage.press("y")
        assert len(aws.invocations.requests) == 1


async def test_without_an_audit_journal_nothing_is_sent(aws: FakeAws, settings: Settings) -> None:
    aws.journal_problem = OSError(28, "No space left on device", "audit.jsonl")
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f5")
        assert aws.invocations.requests == []
        (toast,) = stage.toasts
        assert "No space left on device" in toast


async def test_the_journal_has_a_line_before_and_one_after(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane) as stage:
        await stage.press("f5")
    assert [line["phase"] for line in aws.journal] == ["before", "after"]


async def test_keys_that_come_at_once_are_typed_in_their_order(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane) as stage:
        await settled(stage.pilot)
        for key in ("delete", "delete", "x", "backspace", "4", "2", "left", "backspace", "7", "escape"):
            stage.app.simulate_key(key)
        await stage.wait()
        assert stage.pane(InvokePane).editor.text == "72"
        assert not stage.pane(InvokePane).editor.has_focus
