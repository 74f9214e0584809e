"""The embedded endpoint: the server, an ASGI front of ours before MiniStack's application, and the demo's life.

Signals, life and death: here for the server, in `child` for its process, in `process` for whoever starts that.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, cast

from lambdatui.local import control_plane, identity
from lambdatui.local.demo import alarms, history, seed, traffic
from lambdatui.local.demo.client import Client
from lambdatui.local.demo.past import Past
from lambdatui.local.demo.past_log import PastLog
from lambdatui.local.front import Front
from lambdatui.local.log_store import LIMIT as LOG_LIMIT
from lambdatui.local.machine import Machine
from lambdatui.local.pending import Pending
from lambdatui.local.warden import Warden

DEMO_LOGS = 24_000_000
"""Bytes that the demo's log events may take: half an hour of them, after which they take no more."""

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
    past = Pending() if demo else None
    machine = Machine(behind, port, folder, warden, logs=DEMO_LOGS if demo else LOG_LIMIT, past=past)
    front = Front(behind, (identity.HOST, port), machine.apis)
    serving = asyncio.create_task(_serve_http(front, listener, stop), name="http")
    tasks = {serving, asyncio.create_task(machine.keep_alarms(), name="alarms")}
    await _first(front.started.wait(), *tasks)
    if past is not None:
        client = Client(front)
        await seed.seed(client)
        tasks.add(asyncio.create_task(_live(client, machine, past), name="demo"))
    ready()
    await _first(stop.wait(), *tasks)
    await asyncio.wait({serving}, timeout=LAST_ANSWERS)


async def _live(client: Client, machine: Machine, pending: Pending) -> None:
    """The demo's life, before now and from now on."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_remember(client, machine, pending), name="history")
        tasks.create_task(traffic.run(client), name="traffic")


async def _remember(client: Client, machine: Machine, pending: Pending) -> None:
    """The demo's past, and what has come of it."""
    past = Past(time.time())
    log = PastLog(past)
    machine.take_past(log.groups, log)
    await history.write(past, machine.metrics, pending)
    await alarms.create(client)
    await machine.look_at_alarms()
    await history.write_earlier(past, machine.metrics, pending)
    await history.write_between(past, machine.metrics, pending)
    past.forget()


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
