"""`Arrangement`: how a person has arranged a list, as far as it is worth remembering."""

from __future__ import annotations

from typing import NamedTuple


class Arrangement(NamedTuple):
    """Filter, sort order and pins of a list, and the filters of before."""

    filter: str = ""
    sort: str = ""
    """The title of the column sorted by; empty: the order of arrival."""
    reverse: bool = False
    pins: frozenset[str] = frozenset()
    """Keys of items."""
    history: tuple[str, ...] = ()
    """Filters that were used, the last one last."""


MOST = 50
"""Filters of before that are kept."""


def remember(history: list[str], text: str) -> None:
    """Put a filter that is used at the end of those of before."""
    if text:
        history[:] = [*(it for it in history if it != text), text][-MOST:]
