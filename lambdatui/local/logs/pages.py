"""Pages of events: found, and written as JSON, a little at a time so that the endpoint goes on meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from lambdatui.local.control_plane.logs import Group
from lambdatui.local.log_store import LogStore
from lambdatui.local.logs.events import Event, Key

EVENTS, BYTES = 10_000, 1_048_576
"""The most of a page, as the API states it; an event counts 26 bytes beside its message, as in a batch."""

BESIDE_THE_MESSAGE = 26

_AT_ONCE = 400
_WORK = 100_000
"""Characters looked at, about, before the event loop is given its turn: a millisecond or two."""


@dataclass(frozen=True)
class Range:
    """The events of a group between two times (ms, both included), in one of the two directions."""

    group: Group
    since: int
    until: int
    newest_first: bool = False

    @property
    def start(self) -> Key:
        """What stands before its first event."""
        return Key(self.until + 1, 0) if self.newest_first else Key(self.since, 0)


@dataclass
class Page:
    """Events in the order in which they were found."""

    events: list[Event] = field(default_factory=list)
    more: bool = False
    """Whether there are events beyond the last one; they may not match."""


def read(store: LogStore, span: Range, key: Key, most: int = _AT_ONCE) -> list[Event]:
    """The next events of a range from `key` on; fewer than `most` means the last."""
    group = span.group
    if span.newest_first:
        return store.before(group.place, group.name, group.created, key, since=span.since, most=most)
    return store.after(group.place, group.name, group.created, key, until=span.until, most=most)


async def page(store: LogStore, span: Range, key: Key, limit: int, wanted: Callable[[Event], bool]) -> Page:
    """The first events of a range from `key` on that are wanted, as many as a page holds."""
    found, room = Page(), BYTES
    async for event in _each(store, span, key):
        if not wanted(event):
            continue
        size = message_size(event.message) + BESIDE_THE_MESSAGE
        if size > room and found.events:
            found.more = True
            break
        room -= size
        found.events.append(event)
        if len(found.events) == limit:
            found.more = bool(read(store, span, event.key, 1))
            break
    return found


async def _each(store: LogStore, span: Range, key: Key) -> AsyncIterator[Event]:
    work = 0
    while True:
        events = read(store, span, key)
        for event in events:
            yield event
            work += 100 + len(event.message)
            if work > _WORK:
                work = 0
                await asyncio.sleep(0)
        if len(events) < _AT_ONCE:
            return
        key = events[-1].key


async def as_json(events: Iterable[Event], shown: Callable[[Event], dict[str, Any]]) -> str:
    """A JSON list of events."""
    parts: list[str] = []
    some: list[dict[str, Any]] = []
    work = 0
    for event in events:
        some.append(shown(event))
        work += 200 + len(event.message)
        if work > _WORK:
            parts.append(json.dumps(some)[1:-1])
            some, work = [], 0
            await asyncio.sleep(0)
    if some:
        parts.append(json.dumps(some)[1:-1])
    return f"[{','.join(parts)}]"


def message_size(message: str) -> int:
    """Bytes of a message in UTF-8."""
    return len(message) if message.isascii() else len(message.encode("utf-8", "surrogatepass"))
