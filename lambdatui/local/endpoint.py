"""The embedded endpoint: an ASGI front of ours before MiniStack's application, its server, and `lambdatui local`.

What MiniStack lacks is to be answered by the front; everything else goes on to it. Signals, life and death: here for
the server, in `child` for its process, in `process` for whoever starts that.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lambdatui.local import control_plane, identity
from lambdatui.local.control_plane import Application, Receive, Scope, Send
from lambdatui.local.process import EndpointProcess, missing_extra
from lambdatui.model.errors import EndpointGone

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Front:
    """The ASGI application that clients talk to."""

    def __init__(self, behind: Application) -> None:
        self._behind = behind
        self.started = asyncio.Event()
        """Set when the control plane has started and takes requests."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._behind(scope, receive, self._noting_the_start(send))
        elif scope["type"] == "http" and _from_a_web_page(scope):
            await _refuse(send)
        else:
            await self._behind(scope, receive, send)

    def _noting_the_start(self, send: Send) -> Send:
        async def noting(message: MutableMapping[str, Any]) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                self.started.set()

        return noting


def _from_a_web_page(scope: Scope) -> bool:
    """Whether a browser sends this for a page that is not from this machine.

    Functions run as the user, and any page in the user's browser can reach a loopback port: only browsers send Origin.
    """
    for name, value in scope["headers"]:
        if name == b"origin":
            return urlsplit(value.decode("latin-1")).hostname not in _LOOPBACK
    return False


async def _refuse(send: Send) -> None:
    body = b'{"message": "The embedded endpoint takes no requests from web pages."}'
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def run(listener: socket.socket, *, demo: bool, folder: Path, ready: Callable[[], None]) -> None:
    """Serve on `listener` until SIGTERM or SIGINT, in a process made for it; `ready` is called once, when seeded.

    Raises ControlPlane's ContractBroken before it serves anything.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    front = Front(control_plane.load(listener.getsockname()[1], folder))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_serve_http(front, listener, stop), name="http")
        await front.started.wait()
        beside = tasks.create_task(_trim_now_and_then(), name="trim")
        traffic = await _demo(front, tasks) if demo else None
        ready()
        await stop.wait()
        beside.cancel()
        if traffic is not None:
            traffic.cancel()
        await asyncio.to_thread(control_plane.end_functions)


async def _demo(front: Front, tasks: asyncio.TaskGroup) -> asyncio.Task[None]:
    from lambdatui.local.demo import seed, traffic
    from lambdatui.local.demo.client import Client

    client = Client(front)
    await seed.seed(client)
    return tasks.create_task(traffic.run(client), name="traffic")


async def _trim_now_and_then() -> None:
    import time

    while True:
        await asyncio.sleep(60)
        control_plane.trim(time.time())


async def _serve_http(front: Front, listener: socket.socket, stop: asyncio.Event) -> None:
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config

    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.errorlog = None
    config.keep_alive_timeout = 75  # MiniStack's own: clients keep connections, and meet a closed one rarely
    config.graceful_timeout = 0.3  # a live tail would hold the end up
    await hypercorn_serve(front, config, shutdown_trigger=stop.wait)


def serve(*, port: int, demo: bool) -> int:
    """The embedded endpoint in the foreground, for `lambdatui local`; the exit code of the program.

    0 after SIGTERM, SIGINT (ctrl+c) or SIGHUP, with nothing left behind; 1 if it could not start or ended by itself;
    2 if the extra `local` is not installed.
    """
    sentence = missing_extra()
    if sentence is not None:
        sys.stderr.write(sentence + "\n")
        return 2
    return asyncio.run(_foreground(EndpointProcess(demo=demo, port=port)))


async def _foreground(endpoint: EndpointProcess) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    stopped = asyncio.create_task(stop.wait(), name="signal")
    serving = asyncio.create_task(_announce_and_wait(endpoint), name="endpoint")
    try:
        await asyncio.wait({stopped, serving}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            return 0
        sys.stderr.write((await serving) + "\n")
        return 1
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        await endpoint.stop()
        stopped.cancel()


async def _announce_and_wait(endpoint: EndpointProcess) -> str:
    """Why the endpoint could not start or has ended by itself, after it has said where it is."""
    try:
        url = await endpoint.url()
    except EndpointGone as gone:
        return gone.reason
    lines = [f"AWS Lambda on this machine: {url} (ctrl+c ends it). Other clients find it with:", ""]
    lines += [f"export {name}={value}" for name, value in identity.exports(urlsplit(url).port or 0).items()]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    return f"The embedded endpoint has ended ({await endpoint.ended()})."
