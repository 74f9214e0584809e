"""What is said above and below the charts of a function."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from lambdatui.model.chart_times import clock
from lambdatui.model.metric_sight import length_words

if TYPE_CHECKING:
    from datetime import tzinfo

    from lambdatui.model.alarms import Alarm
    from lambdatui.model.metric_sight import Sight
    from lambdatui.model.metrics import Window
    from lambdatui.ui.metric_pane import ChartsPane

STATES = {"ALARM": ("! ", "bold $text-error"), "INSUFFICIENT_DATA": ("? ", "$text-warning"), "OK": ("", "$text-muted")}
"""What stands before an alarm of each state, and its colour."""


def status(pane: ChartsPane, window: Window | None) -> str:
    """What is shown, and what of it is missing."""
    return " · ".join(_parts(pane, window))


def _parts(pane: ChartsPane, window: Window | None) -> Iterator[str]:
    yield time_words(pane.sight, window, pane.zone)
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
    if said := [*reader.notes, *pane.notes]:
        yield f"CloudWatch says: {said[0]}"
    if reader.paused:
        yield "not refreshed: no key was pressed for long"
    beside = {} if pane.problem is not None else pane.yardsticks.lacking  # the notice says what is wrong with all of it
    for what, problem in beside.items():
        yield f"without {what}: {problem.title.lower()} ({problem.operation})"
    if reader.dollars >= 0.005:
        yield f"metrics have cost up to ${reader.dollars:,.2f}"


def time_words(sight: Sight, window: Window | None, zone: tzinfo | None) -> str:
    """The stretch of time that is looked at."""
    if sight.end is None:
        return f"last {length_words(sight.length)}"
    end = sight.end
    first, last = (datetime.fromtimestamp(it, zone).astimezone(zone) for it in (end - sight.length, end))
    until = f"{last:%H:%M}" if first.date() == last.date() else clock(last, 60)
    return f"{clock(first, 60)} to {until}"


def alarm_lines(alarms: Sequence[Alarm]) -> Content:
    """The alarms on the function's metrics and their states, those that have gone off first."""
    parts = []
    for alarm in alarms:
        sign, style = STATES.get(alarm.state, ("? ", "$text-warning"))
        quiet = "" if alarm.actions else ", without actions"
        parts.append(Content.styled(f"{sign}{alarm.name} {alarm.state} ({alarm.condition}{quiet})", style))
    many = f"{len(parts)} alarms: " if len(parts) > 2 else "Alarms: "  # there is room for two lines
    return Content(many) + Content("  ").join(parts) if parts else Content("")


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
