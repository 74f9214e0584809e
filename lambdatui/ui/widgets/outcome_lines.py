"""The outcome of a call as lines, from top to bottom: how it went, figures, error, response, log."""

from __future__ import annotations

from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING

from lambdatui.model.expectation import sentence
from lambdatui.model.log_levels import Level, level
from lambdatui.model.readable import DUMPED, hex_dump
from lambdatui.model.sgr import lines
from lambdatui.model.shown_call import figures, headline
from lambdatui.model.text import size
from lambdatui.ui.widgets.cells import width_of
from lambdatui.ui.widgets.facts_lines import folded
from lambdatui.ui.widgets.text_lines import MARGIN, TextLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lambdatui.model.sgr import Styled
    from lambdatui.model.shown_call import ShownCall
    from lambdatui.ui.widgets.text_lines import Kind

LINES = 20_000
"""Lines of a response that are shown."""
BETWEEN = " · "


class Look(Enum):
    """How a response is looked at."""

    PRETTY = "indented"
    TREE = "as a tree"
    RAW = "as it came"
    HEX = "its bytes"


def head(call: ShownCall, width: int) -> Iterator[TextLine]:
    """How it went, its figures, and what of it was expected otherwise."""
    kind, text = headline(call)
    yield TextLine(_between_words(text, width), _KINDS[kind])
    figured = [f"{it.label} {it.text}" for it in figures(call)]
    if figured:
        yield TextLine(flowing(figured, width - MARGIN))
    yield from _expectation(call)


_KINDS: dict[str, Kind] = {"good": "good", "bad": "bad", "doubt": "doubt"}


def _between_words(text: str, width: int) -> str:
    return "\n".join(row for line in text.split("\n") for row in folded(line, max(1, width - MARGIN)))


def flowing(pieces: Sequence[str], width: int) -> str:
    """Pieces in as few rows of the width as they need; one is broken, between its words, only if it has a row alone."""
    rows: list[str] = []
    for piece in pieces:
        if rows and width_of(longer := rows[-1] + BETWEEN + piece) <= width:
            rows[-1] = longer
        else:
            rows += folded(piece, max(1, width))
    return "\n".join(rows)


def _expectation(call: ShownCall) -> Iterator[TextLine]:
    if call.unmet is None:
        return
    if not call.unmet:
        yield TextLine("As expected", "good")
        return
    count = len(call.unmet)
    yield TextLine(f"Not as expected: {count:,} {'part differs' if count == 1 else 'parts differ'}", "bad")
    yield from (TextLine(f"  {sentence(it)}") for it in call.unmet)


def problem(call: ShownCall) -> Iterator[TextLine]:
    """The error that the function ended with, and where: each frame of the stack as the runtime wrote it."""
    told = ": ".join(filter(None, (call.failure.error_type, call.failure.message)))
    if not told and not call.failure.stack_trace:
        return
    yield TextLine("")
    yield TextLine("Error", "note")
    if told:
        yield TextLine(told, "error")
    yield from (TextLine(frame) for frame in call.failure.stack_trace)


def response(call: ShownCall, look: Look, width: int) -> Iterator[TextLine]:
    """The response and what of it is not shown."""
    yield TextLine(about(call, look), "note")
    if look is Look.HEX:
        yield from map(TextLine, hex_dump(call.response, 16 if width >= 70 else 8))
        if call.size > DUMPED:
            yield _hidden(call.size - DUMPED)
        return
    text = call.raw if look is Look.RAW else call.pretty
    rows = text.split("\n") if text else ["(empty)"]
    yield from map(TextLine, islice(rows, LINES))
    if len(rows) > LINES:
        more = f"{len(rows) - LINES:,} more lines"
        yield TextLine(f"… and {more} that are not shown. ctrl+s saves all of it.", "note")
    elif call.hidden:
        yield _hidden(call.hidden)


def _hidden(count: int) -> TextLine:
    return TextLine(f"… and {size(count)} more that are not shown. ctrl+s saves all of it.", "note")


def about(call: ShownCall, look: Look) -> str:
    """The title of the response: how large it is, of what type, and how it is looked at."""
    told = ["Response"]
    if call.size:
        told.append(size(call.size))
    if call.content_type:
        told.append(call.content_type)
    if look is not Look.PRETTY or call.may_be_tree:
        told.append(look.value)
    return ", ".join(told)


def log(tail: Styled) -> Iterator[TextLine]:
    """The end of the log, each line by its level; one that is indented goes on what is above it."""
    if not tail.text:
        return
    yield TextLine("")
    yield TextLine("Log (its last 4 kB)", "note")
    kind: Kind = "log"
    for text, spans in lines(tail):
        if not text.startswith((" ", "\t")) or kind == "platform":
            kind = _BY_LEVEL.get(level(text), "log")
        yield TextLine(text, kind, spans)


_BY_LEVEL: dict[Level, Kind] = {
    Level.PLATFORM: "platform", Level.TRACE: "debug", Level.DEBUG: "debug", Level.WARN: "warning",
    Level.ERROR: "error", Level.FATAL: "error",
}  # fmt: skip
