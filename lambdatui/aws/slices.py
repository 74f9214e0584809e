"""Long work in slices, so that keys are answered in between."""

from __future__ import annotations

import asyncio
from time import perf_counter

SLICE = 0.002
"""Seconds of work without a turn for the event loop. A task that wakes up waits for two or three turns of others."""


class Slices:
    """Work that asks now and then whether it has to give others a turn."""

    def __init__(self) -> None:
        self._began = perf_counter()

    async def turn(self) -> None:
        """Give the event loop a turn if it is time."""
        if perf_counter() - self._began > SLICE:
            await asyncio.sleep(0)
            self._began = perf_counter()
