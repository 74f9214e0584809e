"""What is said above a log, and what its groups are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from lambdatui.model.log_ranges import WINDOWS
from lambdatui.ui.widgets.log_times import zone

if TYPE_CHECKING:
    from lambdatui.model.logs import LogGroup
    from lambdatui.ui.log_pane import LogPane
    from lambdatui.ui.widgets.log_view import LogView

LONGEST = 16
"""Characters of a group's short name."""
CHOICE = "window:  " + "  ".join(f"{number} {name}" for number, (name, _) in enumerate(WINDOWS))
"""What is said while a digit is awaited."""


def short_names(groups: Sequence[LogGroup]) -> Mapping[str, str]:
    """What each of several groups is called on its lines: the end of its name, or more of it where that is not enough.

    Names are padded to one width; of a single group nothing is said.
    """
    if len(groups) < 2:
        return {}
    names = [group.name for group in groups]
    ends = {name: name.rpartition("/")[2] or name for name in names}
    short = {name: _cut(end if [*ends.values()].count(end) == 1 else name) for name, end in ends.items()}
    width = max(map(len, short.values()))
    return {name: text.ljust(width) for name, text in short.items()}


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else f"…{name[1 - LONGEST :]}"


def status(pane: LogPane) -> str:
    """How it goes, where the reader is, and what is shown of what."""
    return CHOICE if pane.choosing else " · ".join(_parts(pane, pane.log_view))


def note_above(pane: LogPane) -> str:
    """A sentence above the lines: a failure that the tail outlives, or why there are none."""
    view = pane.log_view
    total = len(view.buffer)
    if pane.said or not pane.ready:
        return pane.said
    if not total:
        words = ", ".join([pane.range.words if pane.range else "last hour", *pane.narrowed()])
        names = ", ".join(group.name for group in pane.groups)
        waits = " Waiting for new ones." if pane.range is None or pane.range.end is None else ""
        return f"No log events in {names} ({words}).{waits}"
    if view.finder.query and not len(view.rows) and not view.finder.busy:
        if pane.older.hunting:
            return f"Nothing fits “{view.finder.query.source}” so far: older lines are being read."
        hidden = f"{total:,} lines are" if total > 1 else "The line is"
        return f"Nothing fits “{view.finder.query.source}”. {hidden} hidden by the filter; esc clears it."
    return ""


def _parts(pane: LogPane, view: LogView) -> Iterator[str]:
    yield "stopped" if pane.problem else pane.state
    yield from _place(view)
    finder, total = view.finder, len(view.buffer)
    lines = f"{total:,} line{'s' * (total != 1)}"
    yield f"{finder.selection.hits:,} of {lines}" if finder.query else lines
    if finder.busy:
        yield f"{finder.progress:.0%} looked at (esc stops)"
    if finder.query:
        around = f" ±{finder.selection.context}" if finder.selection.context else ""
        yield f"filter “{finder.query.source}”{around}"
    if finder.sought is not None and finder.found is not None:
        yield f"“{finder.sought.source}” {finder.found.hits:,} hit{'s' * (finder.found.hits != 1)}"
    if finder.missed:
        yield finder.missed
    if given_up := sum(query.given_up for query in finder.queries if query is not None):
        yield f"! the expression took too long for {given_up:,} line{'s' * (given_up != 1)}"
    if pane.saved is not None:
        yield f"saving, {pane.saved:.0%}"
    if pane.older.reading:
        yield "reading older ones…"
    yield from pane.narrowed()
    yield pane.range.words if pane.range else "last 1h"
    groups = pane.groups
    yield groups[0].name if len(groups) == 1 else f"{len(groups)} log groups"
    yield zone(view.times, datetime.now().astimezone())


def _place(view: LogView) -> Iterator[str]:
    if (marked := view.reader.range) is not None:
        first, last = map(view.rows.first_from, marked)
        yield f"{last - first + 1} marked (c copies)"
    if not view.following:
        unseen = view.reader.unseen
        if view.reader.held:
            yield f"paused +{unseen:,}"
        else:
            yield f"{unseen:,} new below, G follows" if unseen else "G follows"
