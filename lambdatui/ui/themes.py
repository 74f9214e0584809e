"""Themes of our own, beside those that Textual brings."""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

DEFAULT = Theme(
    name="lambdatui",
    primary="#e8912d",
    secondary="#5aa9e6",
    accent="#f2b264",
    foreground="#d8dee4",
    background="#12161c",
    surface="#1a2028",
    panel="#222a34",
    success="#7bc47f",
    warning="#e6c229",
    error="#f2665e",
    dark=True,
)

THEMES = (DEFAULT,)


def names() -> list[str]:
    """The names that a configuration file may give."""
    return sorted({*BUILTIN_THEMES, *(theme.name for theme in THEMES)})
