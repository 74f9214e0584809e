"""Text measured, cut and folded in terminal cells: a CJK character takes two, a combining one none."""

from __future__ import annotations

from itertools import accumulate
from typing import Literal

from rich.cells import cell_len, chop_cells, split_text

from lambdatui.model.text import MARKS, one_line

Align = Literal["left", "right"]

ELLIPSIS = "…"


def width_of(text: str) -> int:
    """The cells that text takes on screen."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, width: int, align: Align = "left") -> str:
    """Text in exactly `width` cells: padded with spaces, or cut and ended by "…".

    Characters that would break the line (tabs, newlines, controls) become pictures.
    """
    text, more = head(text, width)
    if not text.isprintable():
        text = one_line(text)
    taken = width_of(text)
    if more or taken > width:
        return cut(text, width)
    padding = " " * (width - taken)
    return padding + text if align == "right" else text + padding


def head(text: str, width: int) -> tuple[str, bool]:
    """As much of a text as `width` cells can need, and whether there was more: measuring a long one takes its time."""
    most = (MARKS + 1) * max(width, 0) + MARKS
    return (text[:most], True) if len(text) > most else (text, False)


def cut(text: str, width: int) -> str:
    """Text longer than `width` cells, cut to exactly that many with "…" at its end."""
    if width <= 0:
        return ""
    if text.isascii():
        return text[: width - 1] + ELLIPSIS
    return split_text(text, width - 1)[0] + ELLIPSIS


def cells_from(text: str, start: int) -> str:
    """The part of a text from a cell on; half of a wide character is a space."""
    if not start:
        return text
    if text.isascii():
        return text[start:]
    return split_text(text, start)[1] if start < cell_len(text) else ""  # beyond the end split_text() raises


def fold(text: str, width: int) -> list[str]:
    """Text without newlines folded into rows of at most `width` cells; one row at least."""
    if text.isascii():
        return [text[start : start + width] for start in range(0, len(text), width)] or [""]
    # chop_cells() has no answer for a character that is wider than the row, and none for text without any width.
    return chop_cells(text, max(2, width)) or [text]


def fold_lines(text: str, width: int | None) -> tuple[list[str], list[int]]:
    """The rows of a text, and where in it each starts. Newlines make rows, and so does `width`, unless that is None."""
    rows: list[str] = []
    starts: list[int] = []
    start = 0
    for line in text.split("\n"):
        folded = [line] if width is None else fold(line, width)
        rows += folded
        starts += [start + length for length in accumulate(map(len, folded[:-1]), initial=0)]
        start += len(line) + 1
    return rows, starts
