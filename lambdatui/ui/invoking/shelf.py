"""`Shelf`: saved events and the calls of before, for panes: what is on disk is read and written in threads."""

from __future__ import annotations

import asyncio
from asyncio import to_thread
from typing import TYPE_CHECKING

from lambdatui.model.text import one_line, why

if TYPE_CHECKING:
    from lambdatui.model.past_calls import CallRecord, PastCall
    from lambdatui.model.saved_events import Events, SavedEvent
    from lambdatui.storage.calls import CallHistory, Listing
    from lambdatui.storage.events import EventStore


class ShelfError(Exception):
    """What could not be read or written. `str()` is a sentence for people."""


class Shelf:
    """What belongs to a person and not to AWS. Without stores it is empty, and keeps nothing."""

    def __init__(self, store: EventStore | None = None, history: CallHistory | None = None) -> None:
        self._store = store
        self._history = history
        self._writing: set[asyncio.Task[None]] = set()
        self.problem = ""
        """Why the last call could not be written down; empty once one could."""

    @property
    def keeps_calls(self) -> bool:
        """Whether a call is there afterwards."""
        return self._history is not None and self._history.on

    async def events(self, function: str) -> Events:
        """The saved events of a function, by its name. Raises ShelfError."""
        from lambdatui.model.saved_events import EventError, Events

        store = self._store
        if store is None:
            return Events([], [], [])
        try:
            return await to_thread(store.list, function)
        except EventError as problem:
            raise ShelfError(str(problem)) from problem
        except OSError as problem:
            raise ShelfError(f"The saved events cannot be read: {_why(problem)}.") from problem

    async def save(self, function: str, event: SavedEvent, over: SavedEvent | None) -> SavedEvent:
        """Save an event, in place of the one that it was read from if there is one. Raises ShelfError."""
        from lambdatui.model.saved_events import EventError

        store = self._store
        if store is None:
            raise ShelfError("There is no folder for events.")
        try:
            return await to_thread(lambda: store.save(function, event, over=over))
        except EventError as problem:
            raise ShelfError(str(problem)) from problem
        except OSError as problem:
            raise ShelfError(f"The event cannot be saved: {_why(problem)}.") from problem

    async def delete(self, event: SavedEvent) -> None:
        """Delete the file of an event. Raises ShelfError."""
        from lambdatui.model.saved_events import EventError

        if self._store is None:
            return
        try:
            await to_thread(self._store.delete, event)
        except EventError as problem:
            raise ShelfError(str(problem)) from problem
        except OSError as problem:
            raise ShelfError(f"The event cannot be deleted: {_why(problem)}.") from problem

    async def calls(self, function: str) -> Listing:
        """The last calls of a function, by its ARN, the newest first. Raises ShelfError."""
        from lambdatui.storage.calls import Listing

        history = self._history
        if history is None:
            return Listing((), ())
        try:
            return await to_thread(history.list, function)
        except OSError as problem:
            raise ShelfError(f"The calls of before cannot be read: {_why(problem)}.") from problem

    async def call(self, call: PastCall) -> CallRecord:
        """All of a call. Raises ShelfError."""
        history = self._history
        if history is None:
            raise ShelfError("No calls are kept.")
        try:
            return await to_thread(history.read, call)
        except (OSError, ValueError) as problem:
            raise ShelfError(f"That call cannot be read any more: {_why(problem)}.") from problem

    def keep(self, record: CallRecord) -> asyncio.Task[None] | None:
        """Write a call down, also where nobody waits for that any more."""
        history = self._history
        if history is None:
            return None
        task = asyncio.create_task(self._keep(history, record), name="keep a call")
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return task

    async def _keep(self, history: CallHistory, record: CallRecord) -> None:
        try:
            await to_thread(history.add, record)
        except OSError as problem:
            self.problem = f"This call is not in the history: {_why(problem)}."
        else:
            self.problem = ""


def _why(problem: Exception) -> str:
    if isinstance(problem, OSError):
        place = f"{problem.filename}: " if problem.filename else ""
        return one_line(f"{place}{why(problem)}")
    return one_line(str(problem))
