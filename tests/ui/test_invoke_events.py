"""Saved events: listed, opened, changed, saved, deleted, their variables and what they expect."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lambdatui.settings import Settings
from lambdatui.ui.panes.invoke import InvokePane
from lambdatui.ui.screens.confirm import ConfirmScreen
from lambdatui.ui.screens.prompt import PromptScreen
from tests.fakes import FakeAws
from tests.ui.stage import Stage, showing

pytestmark = pytest.mark.usefixtures("simulated")

WIDE = (140, 40)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in which the program is started; its folder for the events of checkout-api."""
    folder = tmp_path / "project" / ".lambdatui" / "events" / "checkout-api"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "project")
    return folder


def named(stage: Stage) -> list[str]:
    return [it.name for it in stage.pane(InvokePane).parts.events.table.everything]


async def test_events_of_the_project_are_listed_and_open_in_the_editor(
    aws: FakeAws, settings: Settings, project: Path
) -> None:
    (project / "order.json").write_text('{"n": 1.10, "n": 2}\n')
    (project / "refund.yaml").write_text('description: of one item\npayload:\n  {"id": 7}\nqualifier: live\n')
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        assert named(stage) == ["order", "refund"]
        await stage.press("ctrl+o", "enter")
        pane = stage.pane(InvokePane)
        assert pane.editor.text == '{"n": 1.10, "n": 2}'
        assert pane.editor.has_focus
        assert "order: 19 B of JSON" in stage.words
        await stage.press("ctrl+o", "down", "enter", "f5")
        (request,) = aws.invocations.requests
        assert (request.payload, request.qualifier, request.event) == (b'{"id": 7}', "live", "refund")


async def test_a_broken_event_is_listed_with_its_place_and_hides_no_other(
    aws: FakeAws, settings: Settings, project: Path
) -> None:
    (project / "broken.yaml").write_text("payload: {a: [1, 2\nkind: x\n")
    (project / "good.json").write_text("[1]")
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        assert sorted(named(stage)) == ["broken", "good"]
        await stage.press("ctrl+o")
        assert "! broken" in stage.words
        assert "line 2" in stage.words
        await stage.press("enter")
        assert stage.pane(InvokePane).editor.text == "{}"
        assert "line 2" in stage.toasts[-1]


async def test_what_was_typed_comes_back_when_another_event_was_opened_over_it(
    aws: FakeAws, settings: Settings, project: Path
) -> None:
    (project / "order.json").write_text("[1]")
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f7", "delete")
        await stage.paste('{"mine": 1}')
        await stage.press("ctrl+o", "enter")
        pane = stage.pane(InvokePane)
        assert pane.editor.text == "[1]"
        await stage.press("ctrl+z")
        assert pane.editor.text == '{"mine": 1}'


async def test_a_text_that_came_back_is_saved_where_it_is_from(aws: FakeAws, settings: Settings, project: Path) -> None:
    (project / "a.json").write_text("[1]")
    (project / "b.json").write_text("[2]")
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("ctrl+o", "enter", "f7", "delete")
        await stage.paste("[3]")
        await stage.press("ctrl+o", "down", "enter")
        assert "b: 3 B" in stage.words
        await stage.press("ctrl+o", "up", "enter")
        assert "a: 3 B" in stage.words
        for text in ("[2]", "[3]"):
            await stage.press("ctrl+z")
            assert stage.pane(InvokePane).editor.text == text
        await stage.press("ctrl+s")
        assert "a: 3 B" in stage.words
        assert [(project / name).read_text().strip() for name in ("a.json", "b.json")] == ["[3]", "[2]"]


async def test_a_payload_is_saved_under_a_name_and_then_over_itself(
    aws: FakeAws, settings: Settings, project: Path
) -> None:
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f7", "delete")
        await stage.paste('{"n": 1.10}')
        await stage.press("ctrl+s")
        assert isinstance(stage.app.screen, PromptScreen)
        await stage.press(*"../x", "enter")
        assert "does not fit" in stage.words
        await stage.press("f7", *["backspace"] * 4, *"first", "enter")
        assert (project / "first.json").read_text() == '{"n": 1.10}\n'
        assert named(stage) == ["first"]
        await stage.paste(" ")
        assert "first*" in stage.words
        await stage.press("ctrl+s")
        assert (project / "first.json").read_text() == '{"n": 1.10} \n'
        assert "first*" not in stage.words


async def test_an_event_that_somebody_else_has_changed_is_not_overwritten(
    aws: FakeAws, settings: Settings, project: Path
) -> None:
    file = project / "order.json"
    file.write_text("[1]")
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("ctrl+o", "enter", "f7", "delete")
        await stage.paste("[2]")
        file.write_text("[3]")
        await stage.press("ctrl+s")
        assert file.read_text() == "[3]"
        assert "Not saved" in stage.toasts[-1]
        assert stage.pane(InvokePane).editor.text == "[2]"


async def test_comments_and_order_survive_a_change_of_the_payload(
    aws: FakeAws, settings: Settings, project: Path
) -> None:
    file = project / "refund.yaml"
    file.write_text('# ours\ndescription: x   # why\npayload: {"id": 7}  # an id\nvariables: {who: me}\n')
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("ctrl+o", "enter", "f7", "delete")
        await stage.paste('{"id": 8}')
        await stage.press("ctrl+s")
        text = file.read_text()
        assert "# ours\ndescription: x   # why\n" in text
        assert "variables: {who: me}" in text
        assert '{"id": 8}' in text


async def test_an_event_is_deleted_after_a_question(aws: FakeAws, settings: Settings, project: Path) -> None:
    (project / "order.json").write_text("[1]")
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("ctrl+o", "delete", "n")
        assert named(stage) == ["order"]
        await stage.press("delete")
        assert isinstance(stage.app.screen, ConfirmScreen)
        await stage.press("y")
        assert named(stage) == []
        assert not (project / "order.json").exists()


# Variables ----------------------------------------------------------------------------------------------------------


async def test_variables_are_asked_for_with_their_defaults_and_filled_in(
    aws: FakeAws, settings: Settings, project: Path
) -> None:
    (project / "order.yaml").write_text(
        'payload: {"id": {{id}}, "who": "{{who}}", "at": {{now_ms}}}\nvariables:\n  id: 7\n  who:\n'.replace(
            'payload: {"id": {{id}}, "who": "{{who}}", "at": {{now_ms}}}',
            'payload: |\n  {"id": {{id}}, "who": "{{who}}", "at": {{now_ms}}}',
        )
    )
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("ctrl+o", "enter", "f5")
        assert isinstance(stage.app.screen, PromptScreen)
        assert "default 7" in stage.words
        await stage.press("enter", *'a"b', "enter")
        (request,) = aws.invocations.requests
        assert request.payload.startswith(b'{"id": 7, "who": "a\\"b", "at": 17')
        assert "{{id}}" in stage.pane(InvokePane).editor.text


async def test_without_an_answer_nothing_is_sent(aws: FakeAws, settings: Settings, project: Path) -> None:
    (project / "order.yaml").write_text('payload: "{{who}}"\nvariables: {who: me}\n')
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("ctrl+o", "enter", "f5", "escape")
        assert aws.invocations.requests == []
        assert stage.pane(InvokePane).result.said == "not sent"


async def test_a_variable_of_the_environment_is_asked_for_once_and_never_kept(
    aws: FakeAws, settings: Settings, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "s3cr3t-value")
    (project / "order.json").write_text('{"token": "{{env:SHOP_TOKEN}}"}')
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("ctrl+o", "enter", "f5")
        assert isinstance(stage.app.screen, ConfirmScreen)
        assert "SHOP_TOKEN" in stage.words
        await stage.press("n")
        assert aws.invocations.requests == []
        await stage.press("f5", "y", "f5")
        assert [it.payload for it in aws.invocations.requests] == [b'{"token": "s3cr3t-value"}'] * 2
    written = [path for path in settings.state_dir.rglob("*") if path.is_file()]
    assert written
    for path in written:
        assert b"s3cr3t" not in path.read_bytes()


# What is expected ---------------------------------------------------------------------------------------------------


async def test_what_an_event_expects_is_held_against_the_response(
    aws: FakeAws, settings: Settings, project: Path
) -> None:
    (project / "good.yaml").write_text("payload: {}\nexpect: {statusCode: 201}\n")
    (project / "wrong.yaml").write_text("payload: {}\nexpect: {statusCode: 200, order: 1042}\n")
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("ctrl+o", "enter", "f5")
        assert "As expected" in stage.words
        await stage.press("ctrl+o", "down", "enter", "f5")
        assert "Not as expected: 1 part differs" in stage.words
        assert "$.statusCode: expected 200, got 201" in stage.words


async def test_where_nothing_can_be_saved_that_is_said_and_nothing_is_lost(
    aws: FakeAws, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("a file in the way")
    settings = replace(settings, data_dir=tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f7", "delete")
        await stage.paste("[1]")
        await stage.press("ctrl+s", *"one", "enter")
        assert "Not saved" in stage.toasts[-1]
        assert stage.pane(InvokePane).editor.text == "[1]"


async def test_a_list_that_is_out_of_sight_does_not_take_the_keys_when_nothing_has_them(
    aws: FakeAws, settings: Settings, project: Path
) -> None:
    (project / "order.json").write_text("[1]")
    async with showing(aws, settings, InvokePane, size=(80, 24)) as stage:
        lists = stage.pane(InvokePane).parts.events
        stage.app.screen.set_focus(None)
        lists.reload()
        await stage.wait()
        assert lists.ready
        assert not lists.has_focus_within
