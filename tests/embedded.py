"""An embedded endpoint of a test's own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from lambdatui.local.process import EndpointProcess


@contextmanager
def embedded(*, demo: bool) -> Iterator[str]:
    """The URL of the endpoint. It lives in a thread with a loop, for tests with and without one."""
    url: Future[str] = Future()
    over = threading.Event()

    async def live() -> None:
        endpoint = EndpointProcess(demo=demo)
        try:
            url.set_result(await endpoint.url())
            await asyncio.to_thread(over.wait)
        finally:
            await endpoint.stop()

    def run() -> None:
        try:
            asyncio.run(live())
        except BaseException as problem:
            if url.done():
                raise
            url.set_exception(problem)

    # On Linux an endpoint ends with the thread that started it: this one lasts as long as the fixture.
    thread = threading.Thread(target=run, name="embedded endpoint")
    thread.start()
    try:
        yield url.result()
    finally:
        over.set()
        thread.join()
