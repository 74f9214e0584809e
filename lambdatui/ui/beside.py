"""What a list shows beside its rows: asked for in calls of its own, so that it may come later, or not at all."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from lambdatui.model.errors import AwsError
from lambdatui.ui.widgets.columns import Toned

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

    from lambdatui.ui.widgets.columns import Cell

Told = TypeVar("Told")

NOT_YET = Toned("…", "muted")


class Beside(Generic[Told]):
    """One such thing: not known yet, known, or why it is not."""

    def __init__(self) -> None:
        self.known: Told | None = None
        self.problem: AwsError | None = None

    async def load(self, asked: Awaitable[Told]) -> None:
        """Take the answer, or the problem in its place. What was known is kept until then."""
        try:
            self.known, self.problem = await asked, None
        except AwsError as problem:
            self.known, self.problem = None, problem

    def forget(self) -> None:
        """Nothing is known any more."""
        self.known = self.problem = None

    def cell(self, words: Callable[[Told], Cell]) -> Cell:
        """A cell of the list: `words` of what is known, or in a word why there are none."""
        if self.problem is not None:
            return Toned(self.problem.title.lower(), "warning")
        return NOT_YET if self.known is None else words(self.known)


@asynccontextmanager
async def alongside(*work: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Do the work while the body runs, and wait for it; a body that fails or is cancelled takes it along."""
    tasks = [asyncio.create_task(it) for it in work]
    try:
        yield
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def text_of(cell: Cell) -> str | None:
    """What a cell is sorted by: its text, None where there is none."""
    return (cell.text if isinstance(cell, Toned) else cell) or None
