"""Payloads that take long to read: the keys go on meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from lambdatui.model.invocations import InvocationType
from lambdatui.settings import Settings
from lambdatui.ui.invoking import event_part, payload
from lambdatui.ui.invoking.draft import Draft
from lambdatui.ui.panes.invoke import InvokePane
from tests.fakes import FakeAws
from tests.ui.stage import Stage, showing

pytestmark = pytest.mark.usefixtures("simulated")

WIDE = (140, 40)
YAML = "".join(f"- id: {number}\n  name: one of them\n" for number in range(200))
LARGE = "[" + "1, " * 100_000 + "1]"


@pytest.fixture
def checkers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The threads in which payloads were checked."""
    names: list[str] = []

    def checked(draft: Draft) -> payload.Checked:
        names.append(threading.current_thread().name)
        return payload.checked(draft)

    monkeypatch.setattr(event_part, "checked", checked)
    return names


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A saved event in YAML that takes long to read."""
    folder = tmp_path / "project" / ".lambdatui" / "events" / "checkout-api"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "project")
    file = folder / "long.yaml"
    file.write_text(YAML)
    return file


async def read(stage: Stage) -> None:
    """Wait until what is typed has been checked and sent; threads take time that is not simulated."""
    await stage.wait()
    names = {"check payload", "invoke: send"}
    if reading := [it for it in stage.app.workers if it.name in names]:  # of none, Textual would wait for all
        await stage.app.workers.wait_for_complete(reading)
    await stage.wait()


def title(stage: Stage) -> str:
    return str(stage.pane(InvokePane).event._title.content)


@pytest.mark.usefixtures("saved")
async def test_yaml_that_takes_long_is_checked_beside_the_keys(
    aws: FakeAws, settings: Settings, checkers: list[str]
) -> None:
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("ctrl+o", "enter")
        del checkers[:]
        await stage.press("f7", "right")
        await stage.paste("\n- [")
        await read(stage)
        assert "line" in title(stage)
        await stage.press("f5")
        await read(stage)
        assert not aws.invocations.requests
        await stage.press("ctrl+z")
        await read(stage)
        assert "YAML, sent as JSON" in title(stage)
        await stage.press("f5")
        await read(stage)
        assert len(aws.invocations.requests) == 1
        assert checkers
        assert threading.main_thread().name not in checkers


async def test_what_is_sent_is_what_was_there_when_the_key_was_pressed(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        await stage.press("f7", "delete")
        await stage.paste(LARGE)
        pane = stage.pane(InvokePane)
        pane.action_send()
        pane.editor.insert("x")
        pane.event.draft.kind = InvocationType.EVENT
        pane.event.settle()
        await read(stage)
        (request,) = aws.invocations.requests
        assert request.payload.decode() == LARGE
        assert request.kind is InvocationType.REQUEST_RESPONSE
