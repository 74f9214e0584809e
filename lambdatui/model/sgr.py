"""The colours and styles that log lines carry as SGR sequences (ECMA-48, 8.3.117), taken out of the text.

Of all that a terminal obeys only this means something in a log; the rest is made visible by `visible()`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import NamedTuple, TypeAlias

from lambdatui.model.text import visible

Colour: TypeAlias = int | tuple[int, int, int]
"""One of the terminal's 256, or red, green and blue, each 0 to 255."""

CHANGES = 2000
"""Changes of style that one text may have; after these it goes on without any."""

# Longer ones than any program writes stay, and become visible.
_SGR = re.compile("\x1b\\[([0-9;:]{0,64})m")


@dataclass(frozen=True, slots=True)
class Style:
    """How a part of a text is to be drawn. Blinking and hiding are not among it: nothing that is there is hidden."""

    foreground: Colour | None = None
    background: Colour | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    strike: bool = False


PLAIN = Style()


class Span(NamedTuple):
    """Characters of a text, from `start` up to `end`, and their style."""

    start: int
    end: int
    style: Style


class Styled(NamedTuple):
    """A visible text, and its spans in order, none of which overlap. What is in none is plain."""

    text: str
    spans: tuple[Span, ...] = ()


def styled(text: str) -> Styled:
    """Text from outside made visible, with its SGR sequences as spans. A style ends with the text at the latest."""
    if "\x1b[" not in text:
        return Styled(visible(text))
    pieces: list[str] = []
    spans: list[Span] = []
    style, at, length = PLAIN, 0, 0
    for count, match in enumerate(_SGR.finditer(text)):
        piece = visible(text[at : match.start()])
        _add(spans, length, length + len(piece), style)
        pieces.append(piece)
        length += len(piece)
        at = match.end()
        style = changed(style, match[1]) if count < CHANGES else PLAIN
    rest = visible(text[at:])
    _add(spans, length, length + len(rest), style)
    whole = "".join([*pieces, rest])
    # Marks piled on one letter from several pieces: whoever writes that does not write colours.
    shown = visible(whole)
    return Styled(whole, tuple(spans)) if shown == whole else Styled(shown)


def _add(spans: list[Span], start: int, end: int, style: Style) -> None:
    if start == end or style == PLAIN:
        return
    if spans and spans[-1].end == start and spans[-1].style == style:
        spans[-1] = Span(spans[-1].start, end, style)
    else:
        spans.append(Span(start, end, style))


_ON = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike", 21: "underline"}
_OFF = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("reverse",), 29: ("strike",)}


def changed(style: Style, parameters: str) -> Style:
    """The style after a sequence with these parameters ("1;38;5;208"). What is not known in it changes nothing."""
    parts = parameters.split(";")
    while parts:
        code, *subs = parts.pop(0).split(":")
        number = _number(code)
        if number == 0:
            style = PLAIN
        elif number == 4 and subs == ["0"]:
            style = replace(style, underline=False)
        elif number in _ON:
            style = replace(style, **{_ON[number]: True})
        elif number in _OFF:
            style = replace(style, **dict.fromkeys(_OFF[number], False))
        elif number in (38, 48):
            colour, parts = (_colour(subs), parts) if subs else _next_colour(parts)
            if colour is not None:
                style = _coloured(style, number, colour)
        else:
            style = _basic(style, number)
    return style


def _basic(style: Style, number: int) -> Style:
    """One of the sixteen colours, or the terminal's own again."""
    ground, tone = number // 10 * 10, number % 10
    if number in (39, 49):
        return replace(style, foreground=None) if number == 39 else replace(style, background=None)
    if tone < 8 and ground in (30, 40):
        return _coloured(style, ground + 8, tone)
    if tone < 8 and ground in (90, 100):
        return _coloured(style, ground - 52, tone + 8)
    return style


def _coloured(style: Style, code: int, colour: Colour) -> Style:
    return replace(style, foreground=colour) if code == 38 else replace(style, background=colour)


def _next_colour(parts: list[str]) -> tuple[Colour | None, list[str]]:
    """The colour that the parameters after a 38 or 48 give, and the parameters after those."""
    taken = {"5": 2, "2": 4}.get(parts[0] if parts else "", 1)
    return _colour(parts[:taken]), parts[taken:]


def _colour(parts: Sequence[str]) -> Colour | None:
    """5 and a number of the palette; 2, in the form with colons perhaps a colour space, and red, green, blue."""
    match [_number(part) for part in parts]:
        case [5, int(index)] if 0 <= index < 256:
            return index
        case [2, red, green, blue] | [2, _, red, green, blue, *_] if max(red, green, blue) < 256:
            return red, green, blue
    return None


def _number(text: str) -> int:
    """A parameter; an empty one is zero, and one with colons in the middle of a colour is no part of any."""
    return 256 if ":" in text else int(text or 0)


def lines(text: Styled) -> Iterator[Styled]:
    """The lines of a text, each with its part of the spans."""
    start = 0
    for line in text.text.split("\n"):
        end = start + len(line)
        yield Styled(line, part(text.spans, start, end))
        start = end + 1


def part(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """The spans of the characters from `start` up to `end`, counted from there."""
    first = bisect_right(spans, start, key=lambda span: span.end)
    return tuple(
        Span(max(span.start, start) - start, min(span.end, end) - start, span.style)
        for span in takewhile(lambda span: span.start < end, islice(spans, first, None))
    )


def cut(text: Styled, start: int, end: int) -> Styled:
    """The characters from `start` up to `end` with their part of the spans."""
    return Styled(text.text[start:end], part(text.spans, start, end) if text.spans else ())


def joined(pieces: Sequence[Styled]) -> Styled:
    """Visible texts, one after the other. Marks that pile up where two meet become visible, and nothing has a style."""
    whole = "".join(piece.text for piece in pieces)
    shown = visible(whole)
    if shown != whole:
        return Styled(shown)
    spans: list[Span] = []
    at = 0
    for piece in pieces:
        for start, end, style in piece.spans:
            _add(spans, at + start, at + end, style)
        at += len(piece.text)
    return Styled(whole, tuple(spans))


def without_tabs(text: Styled) -> Styled:
    """Tabs as spaces up to every eighth column."""
    if not text.spans or "\t" not in text.text:
        return Styled(text.text.expandtabs(), text.spans)
    pieces: list[str] = []
    column, at, length = 0, 0, 0
    places: list[int] = []  # where every start and end is in the longer text
    for edge in [*(edge for span in text.spans for edge in span[:2]), len(text.text)]:
        ahead = " " * column
        piece = (ahead + text.text[at:edge]).expandtabs()[column:]
        pieces.append(piece)
        length += len(piece)
        column = (column + len(piece)) % 8 if "\n" not in piece else len(piece) - piece.rfind("\n") - 1
        places.append(length)
        at = edge
    spans = [
        Span(start, end, span.style) for start, end, span in zip(places[:-1:2], places[1:-1:2], text.spans, strict=True)
    ]
    return Styled("".join(pieces), tuple(spans))
