"""Filter patterns of CloudWatch Logs: FilterLogEvents, live tails, subscription and metric filters.

The syntax: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, "the page" in this
package. Pure: no I/O, nothing but the standard library.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from lambdatui.local.logs.filter_pattern import columns, fields, terms
from lambdatui.local.logs.filter_pattern.errors import PatternError

__all__ = ["Matcher", "PatternError", "compiled"]

Matcher: TypeAlias = Callable[[str], bool]
"""Whether a message matches."""


def compiled(pattern: str) -> Matcher | None:
    """The matcher of a pattern, None for one that matches every message. Raises PatternError.

    In braces it is about the fields of a JSON message, in brackets about those of one with spaces between; else it is
    a list of terms, phrases and regular expressions.
    """
    pattern = pattern.strip()
    for opening, closing, parse in (("{", "}", fields.parsed), ("[", "]", columns.parsed)):
        if pattern.startswith(opening):
            if len(pattern) < 2 or not pattern.endswith(closing):
                raise PatternError(f"If a filter pattern starts with '{opening}' it must end with '{closing}'")
            return parse(pattern[1:-1])
    return terms.parsed(pattern)
