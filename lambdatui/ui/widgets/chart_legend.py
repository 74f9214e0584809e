"""Above a chart: its name, which line is which, and the values at the cursor or the last and the highest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lambdatui.model.chart import Chart, ChartSeries
from lambdatui.model.chart_scale import figure
from lambdatui.model.metric_sight import length_words
from lambdatui.ui.widgets.chart_canvas import Row, narrow
from lambdatui.ui.widgets.chart_signs import Signs

_BETWEEN = 2


class Entry(NamedTuple):
    """One thing in a legend."""

    sign: str
    look: str
    forms: tuple[str, ...]
    """The text, from the fullest to the shortest."""
    end: str = ""
    """What of it stays where the rest of it has to be cut."""


def line_look(number: int) -> str:
    """The look of a line by its number; there are as many as colours."""
    return str(number % 6)


def entries(chart: Chart, signs: Signs, cursor: int | None) -> list[Entry]:
    """What the legend tells, in order."""
    lines = chart.by_role("line")
    told = []
    for number, series in enumerate(lines):
        sign = signs.marks[number % len(signs.marks)] if len(lines) > 1 else signs.line
        told.append(Entry(sign, line_look(number), _values(chart, series, cursor)))
    for series in chart.by_role("limit"):
        value = series.at(chart.count - 1 if cursor is None else cursor)
        sign = signs.above if chart.far(series) else signs.limit
        end = f" {figure(value, series.unit)}"
        told.append(Entry(sign, "l", (*[series.name + end] * 2, series.name), end))
    told += [Entry(signs.behind, "b", _values(chart, series, cursor)) for series in chart.by_role("behind")]
    if cursor is not None:
        told += [Entry(marker.sign, "m", (marker.text,)) for marker in chart.marked(cursor)]
    return told


def _values(chart: Chart, series: ChartSeries, cursor: int | None) -> tuple[str, ...]:
    if cursor is not None:
        return (f"{series.name} {figure(series.at(cursor), series.unit)}",)
    most = f"max {figure(series.highest, series.unit)}"
    if series.role == "behind":
        return (f"{series.name} {most}", series.name)
    value, gap = series.last(chart.complete) or (None, 0)
    last = f"{series.name} {figure(value, series.unit)}"
    since = "ago" if chart.incomplete else "before the end"  # what is over by long ends at no moment that is now
    ago = f" ({length_words(gap * chart.period)} {since})" if gap else ""
    return (f"{last}{ago}, {most}", last + ago, last + ago, series.name)


def rows(title: str, told: Sequence[Entry], width: int, most: int) -> list[Row]:
    """The legend in at most `most` rows: the fullest forms that fit, and of what does not fit how much there is."""
    forms = max((len(entry.forms) for entry in told), default=1)
    for form in range(forms):
        found = _wrapped(title, told, width, form)
        if len(found) <= most:
            return found
    return _with_rest(title, told, width, most, forms - 1)


def _with_rest(title: str, told: Sequence[Entry], width: int, most: int, form: int) -> list[Row]:
    for count in range(len(told) - 1, -1, -1):
        rest = Entry("+", " ", (f"{len(told) - count} more",))
        found = _wrapped(title, [*told[:count], rest], width, form)
        if len(found) <= most:
            return found
    return _wrapped(title, (), width, form)[:most]


def _wrapped(title: str, told: Sequence[Entry], width: int, form: int) -> list[Row]:
    text, looks = narrow(title)[:width], "T" * len(narrow(title)[:width])
    found = []
    for entry in told:
        words = _cut(narrow(entry.forms[min(form, len(entry.forms) - 1)]), entry.end, width - 2)
        piece = f"{entry.sign} {words}"[:width]
        look = (entry.look * 2 + ("m" if entry.look == "m" else "t") * len(words))[:width]
        if text and len(text) + _BETWEEN + len(piece) > width:
            found.append((text, looks))
            text, looks = piece, look
        else:
            gap = " " * _BETWEEN if text else ""
            text, looks = text + gap + piece, looks + gap + look
    found.append((text, looks))
    return [Row(text.ljust(width), looks.ljust(width)) for text, looks in found]


def _cut(words: str, end: str, width: int) -> str:
    """Words in so many cells, with their end where they have it: it is the value, and what is before it a name."""
    if len(words) <= width:
        return words
    end = end if words.endswith(end) else ""
    return f"{words[: max(0, width - 1 - len(end))]}…{end}"
