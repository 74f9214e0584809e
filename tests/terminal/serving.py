"""A fault server on an event loop in a thread, for a program in another process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from tests.aws.fault_server import FaultServer


class Served:
    """The server, to be changed from outside its loop."""

    def __init__(self, server: FaultServer, loop: asyncio.AbstractEventLoop) -> None:
        self.server = server
        self.loop = loop

    def do(self, change: Callable[[FaultServer], object], *, drop: bool = False) -> None:
        """Change something of the server; with `drop`, close all connections after that."""

        async def in_turn() -> None:
            change(self.server)
            if drop:
                await self.server.drop()

        asyncio.run_coroutine_threadsafe(in_turn(), self.loop).result(10)


@contextmanager
def serving() -> Iterator[Served]:
    """A server that answers until this is left."""
    ready: Future[Served] = Future()
    over = asyncio.Event()

    async def live() -> None:
        async with FaultServer() as server:
            ready.set_result(Served(server, asyncio.get_running_loop()))
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(live()), name="fault server")
    thread.start()
    served = ready.result(10)
    try:
        yield served
    finally:
        served.loop.call_soon_threadsafe(over.set)
        thread.join()
