"""A comparison of two configurations as a page of facts: what differs, before and after, then what does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter, itemgetter

from lambdatui.model.changes import LAYERS, Difference, compare
from lambdatui.model.configuration import Configuration, Fact, Facts, Masked

SAME = "The same in both"
"""The title of the group of what does not differ."""

SHORT = 48
"""Characters of both values that stand on one line, for 80 columns; longer ones are one below the other."""

BRIEF = 24
"""Characters of a value that is told although it is the same in both."""


def as_facts(before: Configuration, after: Configuration) -> tuple[Facts, ...]:
    """The page: a group for each group of the Overview tab in which something differs, and one for the rest."""
    found = compare(before, after)
    differing = tuple(
        Facts(group, tuple(Fact(_label(group, it.label), _words(it)) for it in its))
        for group, its in groupby(found.differences, attrgetter("group"))
    )
    title = f"Version {before.version} → version {after.version}"
    count = f"{len(found.differences)} differ, {len(found.same)} are the same"
    nothing = "Code and configuration are the same in both."
    head = Facts(title, (Fact("Compared", count if differing else nothing),))
    return (head, *differing, Facts(SAME, tuple(_same(found.same))))


def _label(group: str, label: str) -> str:
    """A layer by its name, any other fact as it is called."""
    return label.rpartition(":")[2] if group == LAYERS else label


def _words(it: Difference) -> str:
    if it.masked:
        return "added" if it.before is None else "removed" if it.after is None else "changed"
    before, after = ("not set" if value is None else str(value) for value in (it.before, it.after))
    return f"{before} → {after}" if len(before) + len(after) <= SHORT else f"  {before}\n→ {after}"


def _same(facts: Iterable[tuple[str, Fact]]) -> Iterator[Fact]:
    """Each group in one line."""
    for group, its in groupby(facts, itemgetter(0)):
        yield Fact(group, " · ".join(_brief(Fact(_label(group, fact.label), fact.value)) for _, fact in its))


def _brief(fact: Fact) -> str:
    if isinstance(fact.value, Masked) or len(fact.value) > BRIEF:
        return fact.label
    return f"{fact.label} {fact.value}"
