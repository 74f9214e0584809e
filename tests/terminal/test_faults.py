"""The program in a real terminal, in front of a server with faults: it says what is wrong, goes on, and ends well."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import pytest

from tests.aws.fault_server import FaultServer
from tests.faults.catalogue import KINDS, Fault, healthy
from tests.terminal.conftest import Start

LIST = "lambda:ListFunctions"

ONE_OF_EACH = {
    "connections": KINDS["connections"][0],
    **{
        # Not tried again: the SDK's pauses between five attempts take seconds.
        name: next(fault for fault in KINDS[name] if not fault.harmless and 1 in fault.requests)
        for name in ("HTTP", "bodies", "errors of AWS")
    },
}


class Served:
    """A fault server on a loop in a thread, for a program in another process."""

    def __init__(self, server: FaultServer, loop: asyncio.AbstractEventLoop) -> None:
        self.server = server
        self._loop = loop

    def have(self, fault: Fault | None) -> None:
        """Have the list meet a fault, or none."""

        async def change() -> None:
            reply = fault.make(LIST, random.Random(5)) if fault else healthy(LIST)
            self.server.at_accept = reply if fault and fault.at_accept else None
            self.server.plan(LIST, reply)
            await self.server.drop()

        asyncio.run_coroutine_threadsafe(change(), self._loop).result(10)


@contextmanager
def _serving() -> Iterator[Served]:
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
        served._loop.call_soon_threadsafe(over.set)
        thread.join()


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_fault_is_told_old_rows_stay_and_the_end_is_as_ever(name: str, start: Start) -> None:
    with _serving() as served:
        served.have(None)
        terminal = start("--endpoint-url", served.server.url, "--region", "eu-west-1")
        terminal.wait_for("stock")
        served.have(ONE_OF_EACH[name])
        terminal.press("r")
        said = ("what is below is stale, from", LIST, "stock", "· stale, from")
        terminal.wait_for(lambda: all(text in " ".join(terminal.text.split()) for text in said), 40)
        served.have(None)
        terminal.press("r")
        terminal.wait_for(lambda: "what is below is" not in terminal.text and "stock" in terminal.text, 40)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        terminal.assert_restored()
        assert b"Traceback" not in terminal.written
