"""Copying: what is sent to which terminal, what goes into a file, and that nothing masked is ever copied."""

from __future__ import annotations

import re
import stat
from base64 import b64decode
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.text import visible
from lambdatui.settings import Settings
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.invoke import InvokePane
from lambdatui.ui.panes.overview import OverviewPane
from lambdatui.ui.terminal.clipboard import FILE, LIMIT, SCREEN_PIECE, Way, copied, way
from tests import samples
from tests.fakes import FakeAws
from tests.ui.stage import Stage, showing

OSC_52 = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def unwrapped(sequence: str) -> str:
    """What reaches the terminal of a sequence for GNU screen."""
    return "".join(re.findall(r"\x1bP(.*?)\x1b\\", sequence, re.DOTALL))


def text_in(sequence: str) -> str:
    found = OSC_52.fullmatch(sequence)
    assert found, sequence
    return b64decode(found[1]).decode()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TERM": "xterm-256color"}, Way.TERMINAL),
        ({"TERM": "alacritty"}, Way.TERMINAL),
        ({"TERM": "tmux-256color"}, Way.TMUX),
        ({"TERM": "screen", "TMUX": "/run/tmux,1,0"}, Way.TMUX),
        ({"TERM": "screen.xterm-256color", "STY": "1.pts"}, Way.SCREEN),
        ({"TERM": "screen-256color"}, Way.SCREEN),
        ({"TERM": "linux"}, Way.NONE),
        ({"TERM": "vt100"}, Way.NONE),
        ({"TERM": "vt220"}, Way.NONE),
    ],
)
def test_what_stands_between_is_told_by_the_environment(environment: Mapping[str, str], expected: Way) -> None:
    assert way(environment) is expected


@given(st.text(st.integers(0, 0x10FFFF).map(chr), max_size=3000))
def test_every_text_arrives_as_it_is_shown_through_whatever_stands_between(text: str) -> None:
    assert text_in(copied(text, {"TERM": "xterm"}).sequence) == visible(text)
    through_screen = copied(text, {"TERM": "screen"}).sequence
    assert text_in(unwrapped(through_screen)) == visible(text)
    assert max(map(len, re.findall(r"\x1bP(.*?)\x1b\\", through_screen, re.DOTALL))) <= SCREEN_PIECE
    through_tmux = copied(text, {"TERM": "tmux"}).sequence
    wrapped = re.match(r"\x1bPtmux;((?:[^\x1b]|\x1b\x1b)*)\x1b\\", through_tmux)
    assert wrapped
    assert text_in(wrapped[1].replace("\x1b\x1b", "\x1b")) == visible(text)
    assert text_in(through_tmux[wrapped.end() :]) == visible(text)


def test_more_than_a_terminal_takes_and_a_terminal_without_a_clipboard_need_a_file() -> None:
    assert copied("x" * LIMIT, {"TERM": "xterm"}).sequence
    assert copied("x" * (LIMIT + 1), {"TERM": "xterm"}) == ("", "75 kB are too much for a terminal's clipboard")
    assert copied("é" * LIMIT, {"TERM": "tmux"}).sequence == ""
    assert copied("x", {"TERM": "linux"}) == ("", "This terminal (linux) has no clipboard")


# On screen ----------------------------------------------------------------------------------------------------------


def sent(stage: Stage) -> list[str]:
    """What was sent to the clipboard of a plain terminal."""
    return [b64decode(data).decode() for data in OSC_52.findall(stage.terminal.written)]


@pytest.fixture(autouse=True)
def plain(simulated: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)


async def told(stage: Stage) -> None:
    """Wait until it is known where the text is. Of no worker given, Textual would wait for all, whatever they do."""
    if copying := [it for it in stage.app.workers if it.group == "copy"]:
        await stage.app.workers.wait_for_complete(copying)


async def test_c_copies_the_name_and_shift_c_the_arn_of_the_function_under_the_cursor(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, FunctionsPane) as stage:
        await stage.press("j")
        function = stage.pane(FunctionsPane).table.cursor_item
        assert function is not None
        await stage.press("c", "C")
        assert sent(stage) == [function.name, function.arn]
        assert stage.toasts == [
            f"Copied: {function.name}",
            f"Copied: {function.arn[:60]}{'…' * (len(function.arn) > 60)}",
        ]


@pytest.mark.parametrize("pane", [OverviewPane, InvokePane])
async def test_a_function_is_copied_on_its_own_screen(
    aws: FakeAws, settings: Settings, pane: type[OverviewPane | InvokePane]
) -> None:
    async with showing(aws, settings, pane) as stage:
        await stage.press("escape") if pane is InvokePane else None
        await stage.press("c", "C")
        function = samples.functions()[0]
        assert sent(stage) == [function.name, function.arn]


async def test_where_there_is_nothing_there_is_nothing_to_copy(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, FunctionsPane, prepare=FakeAws.empty) as stage:
        await stage.press("c", "C")
        assert (sent(stage), stage.toasts) == ([], [])


async def test_the_letters_are_letters_where_one_types(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, FunctionsPane) as stage:
        await stage.press("slash", "c", "C")
        assert stage.pane(FunctionsPane).table.filter == "cC"
        assert sent(stage) == []


async def test_without_a_clipboard_the_text_is_in_a_private_file(
    aws: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "linux")
    async with showing(aws, settings, FunctionsPane) as stage:
        await stage.press("c")
        await told(stage)
        await stage.wait()
        path = settings.state_dir / FILE
        assert path.read_text() == samples.functions()[0].name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert str(path) in stage.toasts[0]
        assert sent(stage) == []


async def test_a_file_that_cannot_be_written_is_said(
    aws: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "linux")
    settings.state_dir.parent.mkdir(parents=True, exist_ok=True)
    settings.state_dir.write_text("no folder")
    async with showing(aws, settings, FunctionsPane) as stage:
        await stage.press("c")
        await told(stage)
        await stage.wait()
        assert stage.toasts[0].startswith("Not copied: This terminal (linux) has no clipboard, and ")


async def test_a_selection_over_masked_values_copies_the_masks(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, OverviewPane) as stage:
        await stage.wait()
        stage.app.screen.text_select_all()
        await stage.press("ctrl+c")
        (text,) = sent(stage)
        values = [it.reveal() for it in samples.configuration(samples.functions()[0].arn).environment.values()]
        assert values
        assert [value for value in filter(None, values) if value in text] == []
        for name in samples.configuration(samples.functions()[0].arn).environment:
            assert name in text


async def test_ctrl_c_quits_at_the_second_press_also_with_a_selection(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, FunctionsPane) as stage:
        await stage.press("slash", "a", "b", "shift+home", "ctrl+c")
        assert sent(stage) == ["ab"]
        assert not stage.leaving()
        await stage.press("ctrl+c")
        assert stage.leaving()
