"""Regular expressions as terms of a log query, and which of them would take for ever."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lambdatui.model.log_terms import Term

LINEAR = 8_000
"""Characters of a message at which an expression with a repetition looks: its time may grow with their square."""

_PART = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]"  # an escape, a set
    r"|(?P<open>\((?P<atomic>\?>|\?<?[=!])?(?:\?[:<P#][^()]{0,1})?)|(?P<close>\))"
    r"|(?P<several>[*+]|\{\d*,\d*\}|\{[2-9]\}|\{\d\d+\})(?P<possessive>\+?)\??|.",
    re.DOTALL,
)


class Expression(Term):
    """A regular expression; without capitals (but in \\S and the like) it stands for capitals as well."""

    cost = 3.0

    def __init__(self, source: str) -> None:
        """Raises re.error."""
        letters = re.sub(r"\\.", "", source)
        self._expression = re.compile(source, re.MULTILINE | (re.IGNORECASE if letters == letters.lower() else 0))
        self._until = LINEAR if re.search(r"[*+]|,\}", letters) else 1_000_000

    def test(self, message: str) -> bool:
        """Whether it is found."""
        return self._expression.search(message, 0, self._until) is not None

    def highlights(self, message: str) -> Iterable[tuple[int, int]]:
        """What it finds."""
        found = (match.span() for match in self._expression.finditer(message, 0, self._until))
        return ((start, end) for start, end in found if start < end)


def nested(source: str) -> bool:
    """Whether it repeats something that has a repetition: then its time may double with each character.

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
        if several:
            groups[-1][0] = True
        closed = False
        if part["close"] and len(groups) > 1:
            repeats, atomic = groups.pop()
            closed = repeats and not atomic
            groups[-1][0] |= closed
    return False
