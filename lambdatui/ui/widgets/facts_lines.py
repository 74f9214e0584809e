"""Facts laid out: the lines of a page, each with what it belongs to."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from lambdatui.model.configuration import Masked
from lambdatui.ui.widgets.cells import fold, width_of
from lambdatui.ui.widgets.drawing import Run

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from lambdatui.model.configuration import Fact, Facts

MASK = "••••••••"
OPEN, FOLDED = "▾", "▸"
INDENT = 2
NARROWEST_VALUE = 20


class Place(NamedTuple):
    """What a line belongs to, and stays the same when a page is drawn anew: a group's title, or one of its facts."""

    group: str
    label: str | None = None
    """None: the title."""
    number: int = 0
    """Among the facts of the group that have this label."""


class Line(NamedTuple):
    """A line of a page."""

    place: Place | None
    """None: it separates groups."""
    runs: tuple[Run, ...]
    """Looks: title, label, masked, alert, or none, for a value."""

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(run.text for run in self.runs)


def masked_places(groups: Sequence[Facts]) -> Iterator[Place]:
    """Where the values are that are masked."""
    for group in groups:
        for place, fact in _facts(group):
            if isinstance(fact.value, Masked):
                yield place


def lines(
    groups: Sequence[Facts], width: int, *, folded_groups: Container[str], revealed: Container[Place]
) -> Iterator[Line]:
    """The lines of these groups, of at most `width` cells where that is enough for a value at all."""
    labels = [len(fact.label) for group in groups for fact in group.lines if isinstance(fact.value, str)]
    label_width = min(max(labels, default=0), 24, max(8, width // 3))
    for number, group in enumerate(groups):
        if number:
            yield Line(None, ())
        is_folded = group.title in folded_groups
        yield Line(Place(group.title), tuple(_title(group, is_folded)))
        for place, fact in () if is_folded else _facts(group):
            shown = place in revealed
            for runs in _rows(fact, label_width, width, shown=shown):
                yield Line(place, runs)


def _facts(group: Facts) -> Iterator[tuple[Place, Fact]]:
    seen: Counter[str] = Counter()
    for fact in group.lines:
        yield Place(group.title, fact.label, seen[fact.label]), fact
        seen[fact.label] += 1


def _title(group: Facts, is_folded: bool) -> Iterator[Run]:
    if not is_folded:
        yield Run(f"{OPEN} {group.title}", "title")
        return
    yield Run(f"{FOLDED} {group.title}", "title")
    yield Run(f" ({len(group.lines)})", "label")
    if any(fact.alert for fact in group.lines):
        yield Run(" !", "alert")


def _rows(fact: Fact, label_width: int, width: int, *, shown: bool) -> Iterator[tuple[Run, ...]]:
    """A fact's rows: long values go on in the next one."""
    value = fact.value
    text = (value.reveal() if shown else MASK) if isinstance(value, Masked) else value
    look = "alert" if fact.alert else "masked" if text == MASK else ""
    room = max(NARROWEST_VALUE, width - INDENT - label_width - 2)
    # The value of a variable is shown to the letter; words are broken between them, which may drop a space.
    breaking = fold if isinstance(value, Masked) else folded
    rows = [part for line in text.split("\n") for part in breaking(line.expandtabs(4), room)] or [""]
    label = ("! " if fact.alert else " " * INDENT) + fact.label
    if len(fact.label) > label_width:
        yield (Run(label, "label"),)
        label = " " * INDENT
    margin = INDENT + label_width + 2
    for number, row in enumerate(rows):
        yield Run(("" if number else label).ljust(margin), "label"), Run(row, look)


def folded(text: str, width: int) -> list[str]:
    """Text in rows of at most `width` cells, broken between words where there are any, else anywhere."""
    if width_of(text) != len(text):
        return fold(text, width)
    return textwrap.wrap(text, width, break_on_hyphens=False, replace_whitespace=False) or [""]
