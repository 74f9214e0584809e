"""Themes of our own, beside those that Textual brings."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
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

LIGHT = Theme(
    name="lambdatui-light",
    primary="#b35900",
    secondary="#1f5f99",
    accent="#8f4700",
    foreground="#1d2329",
    background="#fcfcfc",
    surface="#eeeeee",
    panel="#dadada",
    success="#21692a",
    warning="#7a5c00",
    error="#b3241c",
    dark=False,
)

# A terminal of 16 colours has its own idea of each, on a ground that may be dark or light: what has to be read is in
# its own foreground, or black on a colour that no terminal shows dark.
SIXTEEN = Theme(
    name="lambdatui-16",
    ansi=True,
    primary="ansi_yellow",
    secondary="ansi_cyan",
    accent="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    dark=True,
    variables={
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "text-muted": "ansi_default",
        "foreground-muted": "ansi_default",
        "text-disabled": "ansi_default",
        "foreground-disabled": "ansi_default",
        "surface-active": "ansi_default",
        "error-muted": "ansi_default",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_cyan",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-foreground": "ansi_default",
        "block-cursor-blurred-background": "ansi_default",
        "block-cursor-blurred-text-style": "reverse",
        "block-hover-background": "ansi_default",
        "border": "ansi_cyan",
        "border-blurred": "ansi_default",
        "scrollbar": "ansi_cyan",
        "scrollbar-hover": "ansi_cyan",
        "scrollbar-active": "ansi_cyan",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_cyan",
        "screen-selection-foreground": "ansi_black",
    },
)

THEMES = (DARK, LIGHT, SIXTEEN)


def names() -> list[str]:
    """The names that a configuration file and the command bar may give."""
    return sorted({*BUILTIN_THEMES, *(theme.name for theme in THEMES)})


def default_for(environment: Mapping[str, str]) -> str:
    """The name of the theme for a terminal that nobody has chosen one for, by its colours."""
    from lambdatui.ui.terminal.dialect import OLD

    old = environment.get("TERM", "").lower().startswith(OLD)
    return SIXTEEN.name if old and not environment.get("COLORTERM") else DARK.name
