"""`Pending`: what is still being written, and whoever waits for it."""

from __future__ import annotations

import asyncio


class Pending:
    """Those who ask for what is being written wait until it is there; who writes it sees that they do."""

    def __init__(self) -> None:
        self.waiting = 0
        """How many wait for it."""
        self._written = asyncio.Event()

    def over(self) -> None:
        """It has been written."""
        self._written.set()

    async def wait(self) -> None:
        """Wait until it is there."""
        self.waiting += 1
        try:
            await self._written.wait()
        finally:
            self.waiting -= 1
