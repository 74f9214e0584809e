"""The person's own editor: what comes back from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lambdatui.settings import Settings
from lambdatui.ui.invoking import external_editor
from lambdatui.ui.panes.invoke import InvokePane
from tests.fakes import FakeAws
from tests.ui.stage import Stage, showing

WIDE = (140, 40)


@pytest.fixture
def leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that can be given to another program, though there is none."""

    @contextmanager
    def suspended(_: object) -> Iterator[None]:
        yield

    monkeypatch.setattr(external_editor, "can_leave", lambda _: True)
    monkeypatch.setattr("lambdatui.app.LambdaTui.suspend", suspended)


def use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    editor = tmp_path / "my editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o700)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"'{editor}'")


async def edit(stage: Stage) -> str:
    await stage.press("ctrl+e")
    if editing := [it for it in stage.app.workers if it.name == "invoke: files"]:  # of none, Textual would wait for all
        await stage.app.workers.wait_for_complete(editing)
    await stage.pilot.pause()
    return stage.pane(InvokePane).editor.text


@pytest.mark.usefixtures("leaving")
async def test_control_characters_that_an_editor_leaves_are_made_visible(
    aws: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(monkeypatch, tmp_path, r"""printf '{"a": "\033]0;owned\007"}\r\n' > "$1" """)
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        text = await edit(stage)
        assert "owned" in text
        assert not {"\x1b", "\x07", "\r"} & set(text)


@pytest.mark.usefixtures("leaving")
@pytest.mark.parametrize("script", ["exit 3", 'rm "$1"', r"""printf '\377' > "$1" """])
async def test_where_an_editor_fails_the_text_stays_and_that_is_said(
    script: str, aws: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(monkeypatch, tmp_path, script)
    async with showing(aws, settings, InvokePane, size=WIDE) as stage:
        assert await edit(stage) == "{}"
        assert stage.toasts
