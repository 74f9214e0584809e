"""The language of filters: words that all have to fit, and what a list lets a person ask beside its names.

    order            the letters of a name, in their order      "order"     in one piece, with spaces and all
    runtime:python   a part of a text       runtime="python3.13"  the whole of it
    tag:team=pay*    a pair, or its key     mem>512  timeout<=3   a number
    deprecated       what is true of it     !runtime:python       what is not so

A term whose answer is not known of an item (yet) leaves it out, with and without the "!".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import nsmallest
from typing import Generic, NamedTuple

from lambdatui.model.fuzzy import Needle, folded
from lambdatui.model.terms import Field, Item, Test, WrongValueError


class QueryError(ValueError):
    """A filter that cannot be: its text says why and what can."""

    def __init__(self, reason: str, position: int, possible: Sequence[str]) -> None:
        super().__init__(f"{reason}. Possible: {'  '.join(possible)}" if possible else f"{reason}.")
        self.reason = reason
        self.position = position
        """Index of the term's first character in the filter."""
        self.possible = possible


class Term(NamedTuple):
    """One word of a filter as it is written: `!`, a name and a sign (or none), and the rest without its quotes."""

    start: int
    end: int
    negated: bool
    name: str
    sign: str
    value: str
    quoted: bool
    """Whether there were quotes in it: then no letter has a meaning of its own."""


# Compiled at their first use: the first paint does not wait for them.
_WORD = r'(?s)(?:[^\s"]|"(?:[^"\\]|\\.)*(?:"|\\?$))+'
_QUOTED = r'(?s)"((?:[^"\\]|\\.)*)(?:"|\\?$)'
_NAMED = r"(?a)([A-Za-z][\w-]*)(:|<=|>=|<|>|=)"
_PLAIN = r'[^\s"!*][^\s"*]*'


def read(source: str) -> list[Term]:
    """The terms of a filter in their order, whatever it says. A quote that is not closed goes on to the end."""
    return [_term(found) for found in re.finditer(_WORD, source)]


def _term(found: re.Match[str]) -> Term:
    word = found[0]
    negated = word.startswith("!")
    rest = word[negated:]
    named = re.match(_NAMED, rest)
    value = rest[named.end() :] if named else rest
    plain = re.sub(_QUOTED, lambda quoted: re.sub(r"\\(.)", r"\1", quoted[1], flags=re.DOTALL), value)
    name, sign = (named[1], named[2]) if named else ("", "")
    return Term(found.start(), found.end(), negated, name, sign, plain, '"' in value)


def quote(text: str) -> str:
    """A text as a value that stands for itself."""
    if re.fullmatch(_PLAIN, text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _Asked(NamedTuple, Generic[Item]):
    field: Field[Item]
    test: Test[Item]
    negated: bool

    def fits(self, item: Item) -> bool:
        answer = self.test(item)
        return answer is not None and answer is not self.negated


class Query(NamedTuple, Generic[Item]):
    """A filter that was read. `source` is how it was written, without spaces around."""

    source: str = ""
    needles: Sequence[Needle] = ()
    """What is looked for in the text of an item."""
    absent: Sequence[Needle] = ()
    """What must not be in it."""
    asked: Sequence[_Asked[Item]] = ()

    def pick(self, keys: Iterable[str], texts: Mapping[str, str], items: Mapping[str, Item]) -> list[str]:
        """Those of the keys whose item fits, in their order; `texts` are folded."""
        left = list(keys)
        for needle in self.needles:
            fits = needle.fits
            left = [key for key in left if fits(texts[key])]
        for needle in self.absent:
            fits = needle.fits
            left = [key for key in left if not fits(texts[key])]
        for asked in self.asked:
            test, negated = asked.test, asked.negated
            left = [key for key in left if (answer := test(items[key])) is not None and answer is not negated]
        return left

    def fits(self, item: Item, text: str) -> bool:
        """Whether one item with that folded text fits."""
        return bool(self.pick(("",), {"": text}, {"": item}))

    def rank(self, text: str) -> int:
        """How well a folded text that fits does so, 0 best."""
        return sum(needle.rank(text) for needle in self.needles)

    def known(self, items: Iterable[Item]) -> Mapping[str, int]:
        """Of how many items the answer is known, for the names of all terms where that is not all of them."""
        everything = list(items)
        counts = {it.field.name: sum(map(it.field.known, everything)) for it in self.asked}
        return {name: count for name, count in counts.items() if count < len(everything)}


class Completion(NamedTuple):
    """What may stand in place of source[start:end]."""

    start: int
    end: int
    options: Sequence[str]


MOST = 200
"""Options that a completion has."""


class Language(Generic[Item]):
    """The filters of one kind of list: `text` is what words look into, `fields` what else there is to ask."""

    def __init__(self, text: Callable[[Item], str], fields: Sequence[Field[Item]] = ()) -> None:
        self.text = text
        self.fields = {field.name: field for field in fields}

    @property
    def forms(self) -> Sequence[str]:
        """An example of every term."""
        return [field.form for field in self.fields.values()]

    def parse(self, source: str) -> Query[Item]:
        """The filter that is written there. Raises QueryError."""
        source = source.rstrip()
        needles: list[Needle] = []
        absent: list[Needle] = []
        asked: list[_Asked[Item]] = []
        for term in read(source):
            field = self._field(term)
            if field is not None:
                asked.append(_Asked(field, self._test(field, term), term.negated))
            elif not term.value:
                raise QueryError(f"“{source[term.start : term.end]}” says nothing", term.start, self.forms)
            else:
                (absent if term.negated else needles).append(Needle(term.value, exact=term.quoted))
        return Query(source.strip(), tuple(needles), tuple(absent), tuple(asked))

    def before(self, source: str, wrong: QueryError, last: str) -> str:
        """What holds while a term is wrong: the last good filter, without the name of the term if that was a word."""
        terms, words = read(source), read(last)
        at = next(index for index, term in enumerate(terms) if term.start == wrong.position)
        if at >= len(words) or words[at].sign or words[at].value != terms[at].name or not terms[at].name:
            return last
        return f"{last[: words[at].start]}{last[words[at].end :]}".strip()

    def _field(self, term: Term) -> Field[Item] | None:
        """The field that a term names; None for one that is text. Raises QueryError."""
        if term.sign:
            field = self.fields.get(term.name.lower())
            if field is None or term.sign not in field.operators:
                how = "" if field is None else f"; it is written {field.form}"
                raise QueryError(f"There is no term “{term.name}{term.sign}”{how}", term.start, self.forms)
            return field
        field = None if term.quoted else self.fields.get(term.value.lower())
        return field if field is not None and not field.operators else None

    def _test(self, field: Field[Item], term: Term) -> Test[Item]:
        try:
            return field.test(term.sign, term.value, literal=term.quoted)
        except WrongValueError as wrong:
            raise QueryError(str(wrong), term.start, ()) from None

    def complete(self, source: str, at: int, items: Iterable[Item]) -> Completion:
        """What the term that ends at, or goes through, index `at` may become: names of terms, values of the items."""
        term = next((it for it in read(source) if it.start < at <= it.end), None)
        if term is None:
            return Completion(at, at, [field.stem for field in self.fields.values()])
        start = term.start + term.negated
        typed = read(source[term.start : at])[0]
        if typed.sign:
            field = self.fields.get(typed.name.lower())
            options = [] if field is None else self._values(field, typed, items)
        else:
            sought = typed.value.lower()
            options = [field.stem for name, field in self.fields.items() if name.startswith(sought)]
        return Completion(start, term.end, options)

    def _values(self, field: Field[Item], typed: Term, items: Iterable[Item]) -> list[str]:
        """The term with each value that begins as it was typed, the most frequent first, then those that contain it."""
        sought = folded(typed.value)
        found = []
        for value, count in field.values(items, typed.value).items():
            if sought in (text := folded(value)):
                found.append((not text.startswith(sought), -count, value))
        return [f"{field.name}{typed.sign}{quote(value)}" for _, _, value in nsmallest(MOST, found)]
