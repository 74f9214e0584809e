"""Conditions joined by && and ||, in parentheses: () before && before ||."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from lambdatui.local.logs.filter_pattern.errors import PatternError, bad_characters

Test: TypeAlias = Callable[[Any], bool]

DEEPEST = 50
"""Parentheses within parentheses; Python's stack would end before the 1,024 characters of a pattern do."""

REGEXES, WILDCARDS = 2, 3
"""How many regular expressions, and selectors with a wildcard, a pattern may have."""

_TOKEN = re.compile(
    r"""\s* (?:
      (?P<selector> \$ (?: \.?\[(?:\d+|\*|'[^']*')\] | \.(?:[\w-]+|\*) )+ )
    | (?P<operand> "(?:[^"\\]|\\.)*" | %[^%]*% | [\w.*+-]+ )
    | (?P<sign> && | \|\| | [<>!]= | [=<>(),] )
    | (?P<bad> \$\.["'] | \S )
    ) \s*""",
    re.VERBOSE | re.DOTALL,
)


class Tokens:
    """A pattern's tokens, read from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        end = 0
        while end < len(text):
            found = _TOKEN.match(text, end)
            if found is None:
                break  # only spaces are left
            kind = found.lastgroup or ""
            if kind == "bad":
                raise PatternError if found["bad"] in '"%' else bad_characters(found["bad"])
            self._tokens.append((kind, found[kind]))
            end = found.end()
        self._at = 0
        texts = [token for _, token in self._tokens]
        wild = sum("*" in token for kind, token in self._tokens if kind == "selector")
        if sum(token.startswith("%") for token in texts) > REGEXES or wild > WILDCARDS:
            raise PatternError

    def next_is(self, *texts: str) -> bool:
        """Whether the next token is one of these."""
        return self._at < len(self._tokens) and self._tokens[self._at][1] in texts

    def take(self, *texts: str, kind: str = "") -> str:
        """The next token, which is to be one of `texts` or of this kind. Raises PatternError if it is not."""
        if self._at < len(self._tokens):
            its_kind, token = self._tokens[self._at]
            if token in texts or its_kind == kind:
                self._at += 1
                return token
        raise PatternError

    @property
    def over(self) -> bool:
        """Whether all have been taken."""
        return self._at == len(self._tokens)


def expression(tokens: Tokens, condition: Callable[[Tokens], Test], depth: int = 0) -> Test:
    """The test that the tokens from here on make, up to one that joins nothing. Raises PatternError."""
    if depth > DEEPEST:
        raise PatternError

    def operand() -> Test:
        if not tokens.next_is("("):
            return condition(tokens)
        tokens.take("(")
        test = expression(tokens, condition, depth + 1)
        tokens.take(")")
        return test

    def every() -> Test:
        tests = [operand()]
        while tokens.next_is("&&"):
            tokens.take("&&")
            tests.append(operand())
        return tests[0] if len(tests) == 1 else lambda it: all(test(it) for test in tests)

    tests = [every()]
    while tokens.next_is("||"):
        tokens.take("||")
        tests.append(every())
    return tests[0] if len(tests) == 1 else lambda it: any(test(it) for test in tests)
