"""What the terms of a filter can ask of an item: a list declares the ones it has, each with where its answer is.

An item of which the answer is not known (yet) fits neither the term nor its opposite.
"""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import isfinite
from typing import Generic, Protocol, TypeVar

from lambdatui.model.fuzzy import folded

Item = TypeVar("Item")
Of = TypeVar("Of", contravariant=True)

Test = Callable[[Item], "bool | None"]
"""Whether an item fits; None: nobody knows (yet)."""


class WrongValueError(ValueError):
    """A term's value that is none; the text says what it should be."""


class Field(Protocol[Of]):
    """One term that a list knows."""

    @property
    def name(self) -> str:
        """What the term begins with."""

    @property
    def form(self) -> str:
        """An example of the term: "runtime:python3.13", "mem>512"."""

    @property
    def stem(self) -> str:
        """The term as far as it is the same for all values: "runtime:", "mem>"."""

    @property
    def operators(self) -> Sequence[str]:
        """What may follow the name; none: nothing may."""

    def test(self, sign: str, value: str, *, literal: bool) -> Test[Of]:
        """The question. Raises WrongValueError. `literal`: no character of the value has a meaning of its own."""

    def known(self, item: Of) -> bool:
        """Whether the answer is known of an item."""

    def values(self, items: Iterable[Of], typed: str) -> Mapping[str, int]:
        """How many items would be found by which value, as far as that is of use after what was typed."""


@dataclass(eq=False)
class Texts(Generic[Item]):
    """`name:part` finds a part of any of an item's texts, `name=whole` a whole one, whatever the case."""

    name: str
    of: Callable[[Item], Iterable[str] | None]
    example: str
    short: Callable[[str], str] = field(default=str)
    """What completes to a text, where not all of it is worth typing."""
    operators: Sequence[str] = (":", "=")

    @property
    def form(self) -> str:
        return f"{self.name}:{self.example}"

    @property
    def stem(self) -> str:
        return f"{self.name}:"

    def test(self, sign: str, value: str, *, literal: bool) -> Test[Item]:
        if not value:
            raise WrongValueError(f"{self.name}{sign} wants a value, as in {self.form}")
        of, sought = self.of, folded(value)
        seen: dict[str, bool] = {}  # of ten thousand functions' runtimes there are ten

        def holds(text: str) -> bool:
            found = seen.get(text)
            if found is None:
                found = seen[text] = folded(text) == sought if sign == "=" else sought in folded(text)
            return found

        def test(item: Item) -> bool | None:
            texts = of(item)
            return None if texts is None else any(map(holds, texts))

        return test

    def known(self, item: Item) -> bool:
        return self.of(item) is not None

    def values(self, items: Iterable[Item], typed: str) -> Mapping[str, int]:
        counts = Counter(chain.from_iterable(filter(None, map(self.of, items))))
        return _summed((self.short(text), count) for text, count in counts.items())


@dataclass(eq=False)
class Pairs(Generic[Item]):
    """`name:key=value` finds a pair, `name:key` and `name:key=` any with that key; whole, but `*` is any text."""

    name: str
    of: Callable[[Item], Mapping[str, str] | None]
    example: str
    operators: Sequence[str] = (":",)

    @property
    def form(self) -> str:
        return f"{self.name}:{self.example}"

    @property
    def stem(self) -> str:
        return f"{self.name}:"

    def test(self, sign: str, value: str, *, literal: bool) -> Test[Item]:
        if not value:
            raise WrongValueError(f"{self.name}{sign} wants a key or a pair, as in {self.form}")
        of = self.of
        wanted: dict[str, Sequence[_Fits]] = {}  # of ten thousand functions' tags there are few keys

        def test(item: Item) -> bool | None:
            pairs = of(item)
            if pairs is None:
                return None
            for key, text in pairs.items():
                if key not in wanted:
                    wanted[key] = _fitting(key, value, literal=literal)
                for fits in wanted[key]:
                    if fits(text):
                        return True
            return False

        return test

    def known(self, item: Item) -> bool:
        return self.of(item) is not None

    def values(self, items: Iterable[Item], typed: str) -> Mapping[str, int]:
        known = [*filter(None, map(self.of, items))]
        keys = Counter(chain.from_iterable(known))
        key, sign, _ = typed.partition("=")
        if not sign:
            return {f"{key}=": count for key, count in keys.items()}
        counts: dict[str, int] = {}
        for same in (it for it in keys if folded(it) == folded(key)):
            texts = Counter(pairs[same] for pairs in known if same in pairs)
            counts |= {f"{same}={text}": count for text, count in texts.items()}
        return counts


_Fits = Callable[[str], object]


def _fitting(key: str, sought: str, *, literal: bool) -> Sequence[_Fits]:
    """What a value has to be true for, so that it and the key are the pair that is sought: all of it, or some."""
    splits = (*(at for at, letter in enumerate(sought) if letter == "="), len(sought))
    rests = [sought[at + 1 :] for at in splits if _whole(sought[:at], literal=literal)(key)]
    return [_whole(rest, literal=literal) if rest else _anything for rest in rests]


def _anything(text: str) -> bool:
    return True


def _whole(sought: str, *, literal: bool) -> _Fits:
    """Whether a text is what is sought, whatever the case."""
    sought = folded(sought)
    if literal or "*" not in sought:
        return lambda text: folded(text) == sought
    fits = re.compile(".*".join(map(re.escape, sought.split("*"))), re.DOTALL).fullmatch
    return lambda text: fits(folded(text))


COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq, ":": operator.eq, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip

_AMOUNT = r"([0-9]{1,15}(?:\.[0-9]{1,15})?)([a-z]*)"


@dataclass(eq=False)
class Number(Generic[Item]):
    """`name>512`, `name<=3`, `name=128` compare a number, which may bear one of the units."""

    name: str
    of: Callable[[Item], float | None]
    example: str
    units: Mapping[str, float] = field(default_factory=dict)
    """What a unit, in small letters, multiplies by. Without one the number is as the list has it."""
    operators: Sequence[str] = ("<=", ">=", "<", ">", "=", ":")

    @property
    def form(self) -> str:
        return f"{self.name}{self.example}"

    @property
    def stem(self) -> str:
        return f"{self.name}>"

    def test(self, sign: str, value: str, *, literal: bool) -> Test[Item]:
        found = re.fullmatch(_AMOUNT, value.lower())
        if found is None or (found[2] and found[2] not in self.units):
            units = f", with or without {', '.join(self.units)}" if self.units else ""
            raise WrongValueError(f"{self.name}{sign} wants a number{units}, as in {self.form}")
        of, compare, amount = self.of, COMPARISONS[sign], float(found[1]) * self.units.get(found[2], 1)

        def test(item: Item) -> bool | None:
            number = of(item)
            return None if number is None else compare(number, amount)

        return test

    def known(self, item: Item) -> bool:
        return self.of(item) is not None

    def values(self, items: Iterable[Item], typed: str) -> Mapping[str, int]:
        counts = Counter(map(self.of, items))
        return {f"{number:.15g}": count for number, count in counts.items() if number is not None and isfinite(number)}


@dataclass(eq=False)
class Flag(Generic[Item]):
    """`name` finds what it is true of."""

    name: str
    of: Callable[[Item], bool | None]
    operators: Sequence[str] = ()

    @property
    def form(self) -> str:
        return self.name

    stem = form

    def test(self, sign: str, value: str, *, literal: bool) -> Test[Item]:
        return self.of

    def known(self, item: Item) -> bool:
        return self.of(item) is not None

    def values(self, items: Iterable[Item], typed: str) -> Mapping[str, int]:
        return {}


def _summed(counts: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    sums: Counter[str] = Counter()
    for text, count in counts:
        sums[text] += count
    return sums
