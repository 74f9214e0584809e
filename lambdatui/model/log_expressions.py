"""Regular expressions as terms of a log query, and which of them would take for ever."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from lambdatui.model.log_terms import Term

Span: TypeAlias = tuple[int, int]

Bounded: TypeAlias = Callable[[Callable[[], Sequence[Span]]], "Sequence[Span] | None"]
"""Does what it is given, and returns the same; but None if that takes too long."""

LINEAR = 8_000
"""Characters of a message at which an expression with a repetition looks where its time is not bounded: it may grow
with their square."""

QUICK = 200
"""Characters of a message that take no expression long; a bound costs more."""

PATIENCE = 10
"""Messages that may take too long; after these no other one is tried."""

_PART = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]"  # an escape, a set
    r"|(?P<open>\((?P<atomic>\?>|\?<?[=!])?(?:\?[:<P#][^()]{0,1})?)|(?P<close>\))"
    r"|(?P<choice>\|)"
    r"|(?P<several>[*+]|\{\d*,\d*\}|\{[2-9]\}|\{\d\d+\})(?P<possessive>\+?)\??|.",
    re.DOTALL,
)


class Expression(Term):
    """A regular expression; without capitals (but in \\S and the like) it stands for capitals as well."""

    cost = 3.0

    def __init__(self, source: str, bounded: Bounded | None = None) -> None:
        """`bounded` does what may take too long. Raises re.error."""
        letters = re.sub(r"\\.", "", source)
        self._expression = re.compile(source, re.MULTILINE | (re.IGNORECASE if letters == letters.lower() else 0))
        repeats = re.search(r"[*+]|,\}", letters) is not None
        self._bounded = bounded if repeats else None
        self._until = LINEAR if repeats and bounded is None else 1_000_000

    def test(self, message: str) -> bool:
        """Whether it is found."""
        if self._bounded is None or len(message) <= QUICK:
            return self._expression.search(message, 0, self._until) is not None
        found = None
        if self.given_up < PATIENCE:
            found = self._bounded(lambda: [match.span()] if (match := self._expression.search(message)) else [])
        if found is None:
            self.given_up += 1
        return bool(found)

    def highlights(self, message: str) -> Sequence[Span]:
        """What it finds."""
        bounded = self._bounded or (lambda search: search())
        found = bounded(lambda: [match.span() for match in self._expression.finditer(message, 0, self._until)])
        return [(start, end) for start, end in found or () if start < end]


def nested(source: str) -> bool:
    """Whether it repeats something that has a repetition or a choice: then its time may double with each character.

    Not so where one of the two is possessive or atomic, and gives nothing back.
    """
    groups = [[False, False]]  # whether each repeats something, and is atomic
    closed = False  # whether what comes before is a group that repeats something
    for part in _PART.finditer(source):
        if part["open"]:
            groups.append([False, bool(part["atomic"])])
        several = bool(part["several"]) and not part["possessive"]
        if several and closed:
            return True
        if several or part["choice"]:
            groups[-1][0] = True
        closed = False
        if part["close"] and len(groups) > 1:
            repeats, atomic = groups.pop()
            closed = repeats and not atomic
            groups[-1][0] |= closed
    return False
