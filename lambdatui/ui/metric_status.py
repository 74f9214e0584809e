"""What is said above and below the charts of a function."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from lambdatui.model.alarms import SIGNS
from lambdatui.model.chart_times import clock
from lambdatui.model.metric_sight import length_words
from lambdatui.ui.reading_words import cost_words, reading_words

if TYPE_CHECKING:
    from datetime import tzinfo

    from lambdatui.model.alarms import Alarm
    from lambdatui.model.metric_sight import Sight
    from lambdatui.model.metrics import Window
    from lambdatui.ui.metric_pane import ChartsPane

STYLES = {"ALARM": "bold $text-error", "INSUFFICIENT_DATA": "$text-warning", "OK": "$text-muted"}
"""The colour of an alarm in each state."""
ROWS = 2
"""Lines for alarms."""


def status(pane: ChartsPane, window: Window | None) -> str:
    """What is shown, and what of it is missing."""
    return " · ".join(_parts(pane, window))


def _parts(pane: ChartsPane, window: Window | None) -> Iterator[str]:
    yield time_words(pane.sight, pane.aws.metrics.clock(), pane.zone)
    if pane.reading_anew:
        yield "reading…"
    elif window is not None:
        yield f"a point is {length_words(window.period)}"
    if pane.view.kind != "all":
        yield pane.view.words
    if pane.behind is not None:
        there = any(it.by_role("behind") for it in pane.charts if it is not None)
        yield f"{'behind it' if there else 'nothing of'} {pane.behind.words}"
    reader = pane.aws.metrics.reader
    if pane.partial:
        yield "CloudWatch gave only part of it"
    if said := [*reader.asking.notes, *pane.notes]:
        yield f"CloudWatch says: {said[0]}"
    yield from reading_words(reader)
    beside = {} if pane.problem is not None else pane.yardsticks.lacking  # the notice says what is wrong with all of it
    for what, problem in beside.items():
        yield f"without {what}: {problem.title.lower()} ({problem.operation})"
    yield from cost_words(reader)


def time_words(sight: Sight, now: float, zone: tzinfo | None) -> str:
    """The stretch of time that is looked at, with the year where it is not all in the one of now."""
    if sight.end is None:
        return f"last {length_words(sight.length)}"
    end = sight.end
    first, last = (datetime.fromtimestamp(it, zone).astimezone(zone) for it in (end - sight.length, end))
    this = datetime.fromtimestamp(now, zone).astimezone(zone).year
    if not first.year == last.year == this:
        return f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}"
    until = f"{last:%H:%M}" if first.date() == last.date() else clock(last, 60)
    return f"{clock(first, 60)} to {until}"


def alarm_lines(alarms: Sequence[Alarm], width: int) -> Content:
    """The alarms on the function's metrics and their states, those that have gone off first: as many as fit in full.

    A sign is not parted from its name. Only the first is cut, where that alone does not fit.
    """
    begin = Content(f"{len(alarms)} alarms: " if len(alarms) > 1 else "Alarm: ")
    shown: list[Content] = []
    for place, alarm in enumerate(alarms):
        more = len(alarms) - place - 1
        end = [Content(f"+{more} more: A")] if more else []
        longer = _filled([begin, *shown, *_words(alarm), *end], width)
        if len(longer) > ROWS:
            break
        shown += _words(alarm)
    else:
        return Content("\n").join(_filled([begin, *shown], width)) if alarms else Content("")
    more = len(alarms) - place
    if not shown:
        more -= 1
        shown = [*_words(alarms[0])]
    end = [Content(f"+{more} more: A")] if more else [Content("A: in full")]
    while len(lines := _filled([begin, *shown, *end], width)) > ROWS and len(shown) > 1:
        shown = [*shown[:-2], shown[-2].rstrip() + Content("… ")]
    return Content("\n").join(lines[:ROWS])


def _words(alarm: Alarm) -> Iterator[Content]:
    """An alarm in pieces that are not parted, each with what stands between it and the next."""
    sign, style = SIGNS.get(alarm.state, "?"), STYLES.get(alarm.state, "$text-warning")
    quiet = "" if alarm.actions else ", without actions"
    first, *rest = f"{alarm.name} {alarm.state} ({alarm.condition}{quiet})".split(" ")
    pieces = [f"{sign} {first}".lstrip(), *rest]
    for piece in pieces[:-1]:
        yield Content.styled(f"{piece} ", style)
    yield Content.styled(f"{pieces[-1]}  ", style)


def _filled(pieces: Sequence[Content], width: int) -> Sequence[Content]:
    """Lines of at most `width` cells; what is longer by itself is cut."""
    lines: list[Content] = []
    for piece in pieces:
        bare = piece.rstrip()
        if lines and lines[-1].cell_length + bare.cell_length <= width:
            lines[-1] += piece
        else:
            lines.append(piece if bare.cell_length <= width else piece.truncate(max(width, 1), ellipsis=True))
    return [line.rstrip() for line in lines]


def nothing_line(lacking: Sequence[str], refused: Collection[str], of: int, when: str, *, now: bool) -> str:
    """Of what there is no data, in place of charts with nothing in them; of what CloudWatch did not give any."""
    if not lacking:
        return ""
    if len(lacking) == of and not refused:
        soon = "What is called now is there in a minute or two. " if now else ""
        return (
            f"CloudWatch has nothing of this function in the time shown ({when}): no {', no '.join(lacking)}.\n\n"
            f"{soon}+ and - zoom, < and > go to another time."
        )
    said = ", ".join(it for it in lacking if it in refused), ", ".join(it for it in lacking if it not in refused)
    return " ".join(f"{word}: {which}." for word, which in zip(("Not given", "No data"), said, strict=True) if which)
