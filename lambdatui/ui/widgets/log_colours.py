"""A row of a log with the colours and styles that the function gave it, as far as they can be read."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from lambdatui.ui.widgets.cells import ELLIPSIS, fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.terminal_theme import TerminalTheme

    from lambdatui.model.sgr import Colour, Span
    from lambdatui.model.sgr import Style as Given

READABLE = 1.6
"""The least contrast of a text with what is behind it (WCAG 2.2, from 1 to 21). The dark blue of most palettes on our
background has some 2; what has less than this is there to hide something, or was meant for paper of another colour."""


class Ground(NamedTuple):
    """What the row has where it has no colour of its own, and what the sixteen colours are."""

    style: Style
    theme: TerminalTheme


class Coloured(NamedTuple):
    """A row, and what of it has another style than the rest."""

    text: str
    spans: Sequence[Span] = ()
    hits: Sequence[tuple[int, int]] = ()
    """What is a hit, by characters; it goes before the spans."""


def painted(row: Coloured, start: int, width: int, ground: Ground, hit: Style) -> list[Segment]:
    """The row from a cell on, in exactly `width` cells: ended by spaces, or by "…" where it goes on."""
    strip = Strip(_segments(row, ground, hit))
    if start:
        strip = strip.crop(start)
    if strip.cell_length > width:
        return [*strip.crop(0, width - 1), Segment(ELLIPSIS, ground.style)]
    return [*strip, Segment(fit("", width - strip.cell_length), ground.style)]


def _segments(row: Coloured, ground: Ground, hit: Style) -> Iterator[Segment]:
    edges = {0, len(row.text), *(edge for span in row.spans for edge in span[:2]), *chain.from_iterable(row.hits)}
    spans, hits = iter(row.spans), iter(row.hits)
    span, found = next(spans, None), next(hits, None)
    for at, end in pairwise(sorted(edges)):
        while span is not None and span.end <= at:
            span = next(spans, None)
        while found is not None and found[1] <= at:
            found = next(hits, None)
        style = readable(span.style, ground) if span is not None and span.start <= at else ground.style
        yield Segment(row.text[at:end], style + hit if found is not None and found[0] <= at else style)


@lru_cache(1024)
def readable(given: Given, ground: Ground) -> Style:
    """The style of a part of a row; without its colours where they would hide it."""
    own = Style(
        color=_rich(given.foreground, ground.theme),
        bgcolor=_rich(given.background, ground.theme),
        bold=given.bold or None,
        dim=given.dim or None,
        italic=given.italic or None,
        underline=given.underline or None,
        reverse=given.reverse or None,
        strike=given.strike or None,
    )
    style = ground.style + own
    for without in (Style(color=ground.style.color), Style.from_color(ground.style.color, ground.style.bgcolor)):
        if contrast(style, ground.theme) >= READABLE:
            break
        style += without
    return style


def _rich(colour: Colour | None, theme: TerminalTheme) -> Color | None:
    match colour:
        case None:
            return None
        case int():
            return Color.from_triplet(Color.from_ansi(colour).get_truecolor(theme))
        case red, green, blue:
            return Color.from_rgb(red, green, blue)


def contrast(style: Style, theme: TerminalTheme) -> float:
    """Between a style's two colours, from 1 to 21 (WCAG 2.2)."""
    front = _luminance((style.color or Color.default()).get_truecolor(theme))
    back = _luminance((style.bgcolor or Color.default()).get_truecolor(theme, foreground=False))
    return (max(front, back) + 0.05) / (min(front, back) + 0.05)


def _luminance(colour: Sequence[int]) -> float:
    red, green, blue = (
        value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
