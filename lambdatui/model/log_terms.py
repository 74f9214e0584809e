"""What the terms of a log query ask, of one message, and of thousands at once in their bytes."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress
from typing import TypeAlias

from lambdatui.model import log_fields
from lambdatui.model.log_chunk import END, Chunk
from lambdatui.model.log_levels import Level, level
from lambdatui.model.terms import COMPARISONS

Picking: TypeAlias = Generator[None, None, Sequence[int]]
"""Yields now and then, for a pause, and returns the indexes of the records that fit, in order."""

TURN = 8_000
"""Bytes of messages that are looked at one by one between two pauses."""


MARK = b"\xfe"
"""A byte that is in no UTF-8, and not END."""
UNMARKED = bytes({*range(256)} - {*MARK, *END})


class Stretch:
    """Records start … stop of a chunk, at least one."""

    def __init__(self, chunk: Chunk, start: int, stop: int) -> None:
        self.chunk = chunk
        self.start = start
        self.stop = stop
        self.base = chunk.starts[start]

    @cached_property
    def raw(self) -> bytes:
        """The messages in UTF-8, each followed by END."""
        return bytes(self.chunk.arena[self.base : self.chunk.end(self.stop - 1) + len(END)])

    @cached_property
    def lower(self) -> bytes:
        """The same with A to Z as small letters."""
        return self.raw.lower()

    def messages(self, among: Sequence[int]) -> Iterator[tuple[int, bytes | bytearray]]:
        """Messages of these records, with their indexes."""
        if len(among) == self.stop - self.start:
            return zip(among, self.raw.split(END), strict=False)
        return ((index, self.chunk.raw(index)) for index in among)

    def find(self, needle: bytes, *, lower: bool) -> list[int]:
        """The records that have these bytes, which are in small letters if `lower`."""
        text = self.lower if lower else self.raw
        starts, base, stop, found = self.chunk.starts, self.base, self.stop, []
        after, at = self.start, text.find(needle)
        while at >= 0:
            index = bisect_right(starts, at + base, after, stop) - 1
            found.append(index)
            after = index + 1
            if after == stop:
                break
            at = starts[after] - base
            if len(found) & 63 == 0 and (after - self.start) < 4 * len(found):
                # So many have it that marking all at once is quicker than finding one after another.
                marked = text[at:].replace(needle, MARK).translate(None, UNMARKED).split(END)
                found += compress(range(after, stop), marked)
                break
            at = text.find(needle, at)
        return found

    def search(self, expression: re.Pattern[bytes]) -> list[int]:
        """The records in whose bytes, with small letters, something is found, which is within one record."""
        starts, base, found = self.chunk.starts, self.base, []
        after, match = self.start, expression.search(self.lower)
        while match:
            index = bisect_right(starts, match.start() + base, after, self.stop) - 1
            found.append(index)
            after = index + 1
            match = expression.search(self.lower, starts[after] - base) if after < self.stop else None
        return found


class Term(ABC):
    """One thing that is asked of a message."""

    cost = 1.0
    """Terms that cost less, or are likely to leave fewer, are asked first."""
    given_up = 0
    """Messages for which the answer took too long: they do not fit, nor those after them."""

    @abstractmethod
    def test(self, message: str) -> bool:
        """Whether a message fits."""

    def pick(self, stretch: Stretch, among: Sequence[int]) -> Picking:
        """Those of `among` that fit."""
        test, found, seen = self.test, [], 0
        for index, message in stretch.messages(among):
            if test(message.decode()):
                found.append(index)
            seen += len(message)
            if seen > TURN:
                seen = 0
                yield
        return found

    def highlights(self, message: str) -> Iterable[tuple[int, int]]:
        """What in a message that fits is why."""
        return ()


class Text(Term):
    """A text that has to be in the message; without capitals it stands for capitals as well."""

    def __init__(self, sought: str) -> None:
        self.cost = 1 / len(sought)
        folds = sought == sought.lower() != sought.upper()
        self._needle = sought.encode()
        self._lower = folds and sought.isascii()
        self._slow = folds and not sought.isascii()
        case = (re.IGNORECASE | re.ASCII if self._lower else re.IGNORECASE) if folds else 0
        self._expression = re.compile(re.escape(sought), case)

    def test(self, message: str) -> bool:
        """Whether the text is there."""
        return self._expression.search(message) is not None

    def pick(self, stretch: Stretch, among: Sequence[int]) -> Picking:
        """Those that have it, found in the bytes of all at once."""
        if self._slow or len(among) * 16 < stretch.stop - stretch.start:
            return (yield from super().pick(stretch, among))
        return both(stretch.find(self._needle, lower=self._lower), among)

    def highlights(self, message: str) -> Iterable[tuple[int, int]]:
        """Where it is."""
        return (found.span() for found in self._expression.finditer(message))


class Levels(Term):
    """The levels that a message may have."""

    cost = 2.0
    _GRAVE = (
        b"err", b"fail", b"severe", b"fatal", b"crit", b"panic", b"alert", b"emergency", b"traceback", b"exception",
        b"timed out", b"timeout", b"exited", b":50", b": 50", b":60", b": 60",
    )  # fmt: skip
    """One of these is in every message whose level is ERROR or graver."""

    def __init__(self, levels: Iterable[Level]) -> None:
        self._levels = frozenset(levels)

    def test(self, message: str) -> bool:
        """Whether its level is one of them."""
        return level(message) in self._levels

    def pick(self, stretch: Stretch, among: Sequence[int]) -> Picking:
        """Those whose level is one of them; errors are looked for only where there is a word for them."""
        if self._levels <= {Level.ERROR, Level.FATAL}:
            grave: set[int] = set()
            for word in self._GRAVE:
                grave.update(stretch.find(word, lower=True))
                yield
            among = [index for index in among if index in grave]
        return (yield from super().pick(stretch, among))


class Field(Term):
    """A field of the message, and what its value has to be."""

    cost = 2.0

    def __init__(self, name: str, fits: Callable[[object], bool]) -> None:
        self._name = name
        self._fits = fits
        key = next((part for part in reversed(name.split(".")) if not part.isdecimal()), "").lower().encode()
        self._key = re.compile(re.escape(key) + rb"[.0-9]*\\*[\"']?\s*[:=]") if key.isascii() else None
        """What stands in every text that has the field, in small letters."""

    def test(self, message: str) -> bool:
        """Whether any value of the field fits."""
        return any(map(self._fits, log_fields.values(message, self._name)))

    def pick(self, stretch: Stretch, among: Sequence[int]) -> Picking:
        """Those where it fits, looked for only where its name is."""
        if self._key is not None:
            named = stretch.search(self._key)
            yield
            # In the names of a platform line there are spaces.
            platform = [stretch.find(sign, lower=True) for sign in (b"requestid: ", b"_report ", b"_start ")]
            among = both(sorted({*named}.union(*platform)), among)
            yield
        return (yield from super().pick(stretch, among))

    def highlights(self, message: str) -> Iterable[tuple[int, int]]:
        """Where its name and value stand."""
        return (found.span() for found in log_fields.pair(self._name).finditer(message))


class Not(Term):
    """The opposite of a term."""

    def __init__(self, term: Term) -> None:
        self.term = term
        self.cost = term.cost

    def test(self, message: str) -> bool:
        """Whether the term does not fit."""
        return not self.term.test(message)

    def pick(self, stretch: Stretch, among: Sequence[int]) -> Picking:
        """Those that the term does not pick."""
        found = {*(yield from self.term.pick(stretch, among))}
        return [index for index in among if index not in found]


def both(some: list[int], others: Sequence[int]) -> Sequence[int]:
    """What is in both, in order."""
    if isinstance(others, range):  # of which all that is found is part
        return some
    kept = {*others}
    return [index for index in some if index in kept]


def having(sign: str, sought: str) -> Callable[[object], bool]:
    """What a value has to be: a text that has `sought` (:), is it (=), or a number that compares. Raises ValueError."""
    amount = log_fields.number(sought)
    if sign not in {":", "="}:
        if amount is None:
            raise ValueError(sought)
        compare, limit = COMPARISONS[sign], amount
        return lambda value: (found := log_fields.number(value)) is not None and compare(found, limit)
    if sought == "*":
        return lambda value: True
    case = re.IGNORECASE if sought == sought.lower() else 0
    search = re.compile(re.escape(sought), case)
    fits = search.search if sign == ":" else search.fullmatch

    def test(value: object) -> bool:
        if amount is not None and (found := log_fields.number(value)) is not None:
            return found == amount
        return fits(log_fields.text(value)) is not None

    return test
