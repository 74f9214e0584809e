"""The embedded endpoint: an ASGI front of ours before MiniStack's application, its server, and `lambdatui local`.

What MiniStack lacks is to be answered by the front; everything else goes on to it. Signals, life and death: here for
the server, in `child` for its process, in `process` for whoever starts that.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from lambdatui.local import control_plane, identity
from lambdatui.local.demo import history, seed, traffic
from lambdatui.local.demo.client import Client
from lambdatui.local.front import Front
from lambdatui.local.log_store import LIMIT as LOG_LIMIT
from lambdatui.local.machine import Machine
from lambdatui.local.process import EndpointProcess, missing_extra
from lambdatui.local.warden import Warden
from lambdatui.model.errors import EndpointGone

DEMO_LOGS = 24_000_000
"""Bytes that the demo's log events may take: half an hour of them. Full after minutes, its memory is flat for days."""

LAST_ANSWERS = 1.0
"""Seconds that answers under way get when the endpoint ends."""


async def run(listener: socket.socket, *, demo: bool, folder: Path, warden: Warden, ready: Callable[[], None]) -> None:
    """Serve on `listener` until SIGTERM or SIGINT, in a process made for it; `ready` is called once, when seeded.

    Raises control_plane.ContractBroken before it serves anything. On return calls may still be under way, in tasks and
    threads of MiniStack's that cannot be cancelled: the process is to end by os._exit.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    port = listener.getsockname()[1]
    behind = control_plane.load(port, folder)
    machine = Machine(behind, port, folder, warden, logs=DEMO_LOGS if demo else LOG_LIMIT)
    front = Front(behind, (identity.HOST, port), machine.apis)
    serving = asyncio.create_task(_serve_http(front, listener, stop), name="http")
    tasks = {serving, asyncio.create_task(machine.keep_alarms(), name="alarms")}
    await _first(front.started.wait(), *tasks)
    if demo:
        client = Client(front)
        await seed.seed(client)
        tasks.add(asyncio.create_task(_live(client, machine), name="demo"))
    ready()
    await _first(stop.wait(), *tasks)
    await asyncio.wait({serving}, timeout=LAST_ANSWERS)


async def _live(client: Client, machine: Machine) -> None:
    """The demo's life, before now and from now on."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(history.write(machine.logs, machine.metrics, time.time()), name="history")
        tasks.create_task(traffic.run(client), name="traffic")


async def _first(event: Coroutine[Any, Any, Any], *tasks: asyncio.Task[None]) -> None:
    """Waits for `event`; raises what ends one of `tasks`, which are to go on for ever, before it."""
    waiting = asyncio.create_task(event)
    done, _ = await asyncio.wait({waiting, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    if waiting not in done:
        for task in done:
            task.result()


async def _serve_http(front: Front, listener: socket.socket, stop: asyncio.Event) -> None:
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config

    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.errorlog = None
    config.keep_alive_timeout = 75  # MiniStack's own: clients keep connections, and meet a closed one rarely
    config.graceful_timeout = 0.3  # a live tail would hold the end up
    await hypercorn_serve(cast("Any", front), config, shutdown_trigger=stop.wait)


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
        with contextlib.suppress(OSError):  # nobody reads that either
            sys.stderr.write((await serving) + "\n")
            sys.stderr.flush()
        return 1
    finally:
        serving.cancel()
        await asyncio.wait({serving})  # raises nothing of it: the endpoint is to be stopped whatever happened
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
    try:
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
    except OSError as problem:
        _forget_what_is_unwritten()
        return f"The embedded endpoint was ended: its address could not be written ({problem.strerror})."
    return f"The embedded endpoint has ended ({await endpoint.ended()})."


def _forget_what_is_unwritten() -> None:
    """Standard output leads nowhere from now on, or Python would fail to write the rest once more as it ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
