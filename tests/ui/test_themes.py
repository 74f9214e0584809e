"""Our themes: readable on the terminals they are for, chosen by the terminal, the file or the person."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest
from textual.color import Color
from textual.theme import Theme

from lambdatui.settings import Located, Settings, SettingsError
from lambdatui.ui.choices import chosen_theme
from lambdatui.ui.themes import DARK, LIGHT, SIXTEEN, THEMES, default_for
from tests.fakes import FakeAws
from tests.ui.stage import settled, showing

pytestmark = pytest.mark.usefixtures("simulated")

XTERM = {"TERM": "xterm-256color"}
WORDS = (
    "foreground",
    "text-accent",
    "text-secondary",
    "text-success",
    "text-warning",
    "text-error",
    "text-muted",
    "foreground-muted",
)
GROUNDS = ("background", "surface", "panel")


def variables(theme: Theme) -> dict[str, str]:
    """All colours of a theme by their names in CSS."""
    return {**theme.to_color_system().generate(), **theme.variables}


def colour(theme: Theme, name: str, ground: str) -> Color:
    """A colour as it is seen on a ground."""
    found = variables(theme)
    under = Color.parse(found[ground])
    text = found[name]
    if text.startswith("auto"):
        return under.get_contrast_text(float(text.split()[1].rstrip("%")) / 100)
    first, _, share = text.partition(" ")
    over = Color.parse(first)
    return under.blend(over, float(share.rstrip("%")) / 100 if share else over.a)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_theme_has_every_colour_that_there_is(theme: Theme) -> None:
    everything = set(variables(DARK)) | ({"ansi-background", "ansi-foreground"} if theme.ansi else set())
    assert everything - set(variables(theme)) == set()


@pytest.mark.parametrize("name", [*(theme.name for theme in THEMES), "ansi-dark", "ansi-light", "dracula"])
async def test_the_program_shows_all_of_itself_in_a_theme(name: str, settings: Settings) -> None:
    settings = replace(settings, theme=Located(name, "config.yaml line 1"))
    async with showing(FakeAws(settings), settings) as stage:
        await settled(stage.pilot)
        await stage.press("question_mark", "escape", "ctrl+p", "escape", "colon", "escape", "enter", "l", "i", "f5")
        assert stage.app.theme == name
        assert stage.app.is_running


@pytest.mark.parametrize(
    ("theme", "name", "ground"), [*product((DARK, LIGHT), WORDS, GROUNDS)], ids=lambda it: getattr(it, "name", it)
)
def test_words_can_be_read_on_every_ground(theme: Theme, name: str, ground: str) -> None:
    least = 3.0 if "muted" in name else 4.5  # WCAG 2.1: large or incidental, and other text
    assert contrast(colour(theme, name, ground), Color.parse(variables(theme)[ground])) >= least


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_cursor_s_row_can_be_read(theme: Theme) -> None:
    ground = "block-cursor-background"
    assert contrast(colour(theme, "block-cursor-foreground", ground), Color.parse(variables(theme)[ground])) >= 4.5


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG 2.1."""

    def luminance(of: Color) -> float:
        parts = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in of.normalized)
        return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


async def test_sixteen_colours_are_all_that_the_theme_for_them_writes(settings: Settings) -> None:
    settings = replace(settings, theme=Located(SIXTEEN.name, "config.yaml line 1"))
    async with showing(FakeAws(settings), settings) as stage:
        await settled(stage.pilot)
        await stage.press("question_mark", "escape", "colon", "x", "enter", "escape", "slash", "escape", "enter", "l")
        written = stage.terminal.written
        sent = {code for it in re.findall(r"\x1b\[([0-9;]+)m", written) for code in re.findall(r"[34]8;[25];", it)}
        assert sent == set()
        assert "\x1b[" in written


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        (XTERM, "lambdatui"),
        ({"TERM": "linux"}, "lambdatui-16"),
        ({"TERM": "linux-16color"}, "lambdatui-16"),
        ({"TERM": "vt220"}, "lambdatui-16"),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, "lambdatui"),
        ({"TERM": "screen-256color"}, "lambdatui"),
        ({}, "lambdatui"),
    ],
)
def test_where_nobody_has_chosen_the_terminal_tells(environment: dict[str, str], name: str) -> None:
    assert default_for(environment) == name
    assert chosen_theme(None, None, environment) == name


def test_what_was_chosen_in_the_program_comes_before_the_file() -> None:
    nord = Located("nord", "config.yaml line 2")
    assert chosen_theme(None, nord, XTERM) == "nord"
    assert chosen_theme("lambdatui-light", nord, XTERM) == "lambdatui-light"
    assert chosen_theme("one that went away", nord, XTERM) == "nord"
    assert chosen_theme(7, None, XTERM) == "lambdatui"
    with pytest.raises(SettingsError, match="nord"):
        chosen_theme("nord", nord._replace(value="nrod"), XTERM)


async def test_a_theme_that_is_chosen_is_there_at_the_next_start(settings: Settings) -> None:
    async with showing(FakeAws(settings), settings) as stage:
        await settled(stage.pilot)
        await stage.press("colon", *"theme lihgt", "enter")
        assert "There is no theme 'lihgt'." in stage.words
        await stage.press("escape", "colon", *"theme lambdatui-l", "tab", "enter")
        assert stage.app.theme == "lambdatui-light"
    async with showing(FakeAws(settings), settings) as stage:
        assert stage.app.theme == "lambdatui-light"
