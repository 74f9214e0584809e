"""The language of log filters and searches: terms that all have to fit the message of a record.

no stock              words, each anywhere; without capitals they stand for any case     "no stock"   in one piece
level:error           level>=warn   trace, debug, info, warn, error, fatal, platform, none
order.id:4711         a part of a field of JSON (also of JSON in its message), of name=value in a text, or of a
                      REPORT line (billedDuration); order.id=4711 the whole; order.id:* any; ms>500  <=  a number
/timed? ?out/         a regular expression
!/health/  !level:info  what is not so
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence

from lambdatui.model.log_chunk import NOTE, Chunk, Record
from lambdatui.model.log_expressions import Bounded, Expression, nested
from lambdatui.model.log_levels import NAMES, Level
from lambdatui.model.log_terms import Field, Levels, Not, Stretch, Term, Text, having
from lambdatui.model.query import QueryError
from lambdatui.model.terms import COMPARISONS

__all__ = ["FORMS", "LogQuery", "QueryError", "parse"]

FORMS = ("word", '"some words"', "level:error", "level>=warn", "field:value", "field>500", "/expression/", "!word")
"""An example of every term."""

_WORD = re.compile(
    r"(?P<not>!?)"
    r"(?:/(?P<expression>(?:[^/\\]|\\.)+)/(?=\s|$)"
    r'|(?P<name>[A-Za-z_@][\w.@$-]*)(?P<sign>:|<=|>=|<|>|=)(?!//)(?P<value>"(?:[^"\\]|\\.)*"?|\S*)(?=\s|$)'
    r'|"(?P<quoted>(?:[^"\\]|\\.)*)(?:"(?=\s|$)|$)'
    r"|(?P<text>\S*))",
    re.DOTALL,
)


class LogQuery:
    """A query that was read. `source` is how it was written, without spaces around."""

    def __init__(self, source: str = "", terms: Sequence[Term] = ()) -> None:
        self.source = source
        self._terms = sorted(terms, key=lambda term: term.cost)

    def matches(self, record: Record) -> bool:
        """Whether a record is a hit. A note is none."""
        return not record.note and all(term.test(record.message) for term in self._terms)

    @property
    def given_up(self) -> int:
        """Messages that are no hits because a regular expression took too long for them, or for those before them."""
        return sum(term.term.given_up if isinstance(term, Not) else term.given_up for term in self._terms)

    def highlights(self, message: str) -> Sequence[tuple[int, int]]:
        """What in a message is looked for: starts and ends, in order, none of which overlap."""
        merged: list[tuple[int, int]] = []
        for start, end in sorted(span for term in self._terms for span in term.highlights(message)):
            if merged and start <= merged[-1][1]:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            else:
                merged.append((start, end))
        return merged

    def scan(self, chunk: Chunk, start: int, stop: int) -> Generator[None, None, Sequence[int]]:
        """The indexes of the hits among records start … stop of a chunk, in order. Yields now and then."""
        among: Sequence[int] = range(start, stop)
        if chunk.notes:
            among = [index for index in among if not chunk.flags[index] & NOTE]
        stretch = Stretch(chunk, start, stop) if among else None
        for term in self._terms:
            if stretch is not None and among:
                among = yield from term.pick(stretch, among)
        return among


def parse(source: str, bounded: Bounded | None = None) -> LogQuery:
    """The query that is written there. `bounded` ends searches that take too long. Raises QueryError."""
    terms = []
    for word in _WORD.finditer(source):
        if word[0]:
            term = _term(word, bounded)
            terms.append(Not(term) if word["not"] else term)
    return LogQuery(source.strip(), terms)


def _term(word: re.Match[str], bounded: Bounded | None) -> Term:
    if word["expression"]:
        return _expression(word["expression"], word.start(), bounded)
    if word["name"] and (word["name"].lower() == "level" or word["value"]):
        return _field(word)
    sought = word["quoted"] if word["quoted"] is not None else word["text"]
    if word["name"]:
        sought = word["name"] + word["sign"]
    elif word["quoted"] is not None:
        sought = _unquoted(sought)
    if not sought:
        raise QueryError(f"“{word[0]}” says nothing", word.start(), FORMS)
    return Text(sought)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _field(word: re.Match[str]) -> Term:
    name, sign, value = word["name"], word["sign"], word["value"]
    if value.startswith('"'):
        value = _unquoted(value[1:].removesuffix('"'))
    if name.lower() == "level":
        return _levels(sign, value, word.start())
    try:
        return Field(name, having(sign, value))
    except ValueError:
        reason = f'“{name}{sign}” wants a number, as in {name}{sign}500; as text it is in quotes: "{word[0]}"'
        raise QueryError(reason, word.start(), ()) from None


def _levels(sign: str, value: str, position: int) -> Term:
    named = NAMES.get(value.lower())
    if named is None or (named < Level.TRACE and sign not in {":", "="}):
        possible = [it.name.lower() for it in Level if it >= Level.TRACE or sign in {":", "="}]
        compared = "" if sign in {":", "="} else f" to compare with by {sign}"
        raise QueryError(f"There is no level “{value}”{compared}", position, possible)
    if sign in {":", "="}:
        return Levels([named])
    return Levels(it for it in Level if it >= Level.TRACE and COMPARISONS[sign](it, named))


def _expression(source: str, position: int, bounded: Bounded | None) -> Term:
    if nested(source):
        reason = (
            f"/{source}/ repeats what repeats itself or is a choice, which may take for ever; (?>…)+ and (…)++ do not"
        )
        raise QueryError(reason, position, ())
    try:
        return Expression(source.replace("\\/", "/"), bounded)
    except (re.error, OverflowError, RecursionError) as wrong:
        raise QueryError(f"/{source}/ is no regular expression: {wrong}", position, ()) from None
