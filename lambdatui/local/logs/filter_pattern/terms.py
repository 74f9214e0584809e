"""Patterns of terms: `ERROR "exact phrase" -without`, `?either ?or`, `%regular expression%`."""

from __future__ import annotations

import re
from collections.abc import Callable

from lambdatui.local.logs.filter_pattern.errors import PatternError, bad_characters
from lambdatui.local.logs.filter_pattern.values import regex, unquoted

_TERM = re.compile(
    r"""\s* (?P<sign>[?-]\s*)?
    (?: (?P<quoted>"(?:[^"\\]|\\.)*") | %(?P<regex>[^%]*)% | (?P<word>\w+) | (?P<bad>[^\s\w"%]+) )\s*""",
    re.VERBOSE | re.DOTALL,
)

_Test = Callable[[str], bool]


def parsed(pattern: str) -> _Test | None:
    """The matcher of such a pattern, None if it is empty and so matches everything. Raises PatternError."""
    by_sign: dict[str, list[_Test]] = {"": [], "-": [], "?": []}
    end = 0
    while end < len(pattern):
        found = _TERM.match(pattern, end)
        if found is None:
            raise PatternError  # a quotation mark or a percent sign without its other half
        end = found.end()
        if test := _test(found):
            by_sign[(found["sign"] or "").strip()].append(test)
    return _combined(by_sign[""], by_sign["-"], by_sign["?"])


def _test(found: re.Match[str]) -> _Test | None:
    if found["bad"] is not None:
        raise bad_characters(found["bad"])
    if found["regex"] is not None:
        search = regex(found["regex"]).search
        return lambda message: search(message) is not None
    term = found["word"] if found["quoted"] is None else unquoted(found["quoted"])
    if not term:
        raise bad_characters('""')
    if term.isspace():
        return None  # `" "` is how the page writes "everything"
    return lambda message: term in message


def _combined(wanted: list[_Test], excluded: list[_Test], optional: list[_Test]) -> _Test | None:
    if wanted or excluded:  # the page: combined with others, all terms with a question mark are ignored
        if len(wanted) == 1 and not excluded:
            return wanted[0]
        return lambda message: all(t(message) for t in wanted) and not any(t(message) for t in excluded)
    if optional:
        return lambda message: any(test(message) for test in optional)
    return None
