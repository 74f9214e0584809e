"""The endpoint's own process: cut off from the terminal and the user's environment, tied to whoever started it."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import json
import logging
import os
import resource
import signal
import socket
import sys
import threading
import traceback
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, NoReturn

from lambdatui.local import identity
from lambdatui.local.warden import Warden

DESCRIPTORS = 16_384
"""Open files that the endpoint may have: four for each environment, and its clients' connections."""

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(order: dict[str, Any]) -> NoReturn:
    """Run the endpoint as `order` says, until SIGTERM or until the process that gave the order is gone.

    `order` came as one JSON line on standard input: `port` (0: any), `demo`, `folder` (the run folder), `lock` (its
    descriptor). The answer is one JSON line on standard output: `{"url": …}` when it listens and is seeded, or
    `{"error": sentence}`. Standard input stays open and silent: its end of file is the other side's death.
    """
    lifeline, report = os.dup(0), os.dup(1)  # not inheritable: no function holds them open
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.set_inheritable(order["lock"], False)
    folder = Path(order["folder"])
    _have_room_for_environments()
    warden = Warden(folder, kept=[report])
    _Parent(lifeline)
    _keep_a_log(folder)
    try:
        listener = _listen(order["port"])
    except OSError as problem:
        _say(report, error=_why_not(problem, order["port"]))
        os._exit(1)
    asyncio.run(_run(listener, demo=order["demo"], folder=folder, warden=warden, report=report))
    raise AssertionError("unreachable")


async def _run(listener: socket.socket, *, demo: bool, folder: Path, warden: Warden, report: int) -> NoReturn:
    """Serve, and end the process: by os._exit, for its own end would wait for MiniStack's threads and its functions."""
    from lambdatui.local import control_plane, endpoint

    port: int = listener.getsockname()[1]
    code = 1
    try:
        ready = partial(_say, report, url=identity.url(port))
        await endpoint.run(listener, demo=demo, folder=folder, warden=warden, ready=ready)
        code = 0
    except control_plane.ContractBroken as broken:
        _say(report, error=str(broken))
    except Exception:  # noqa: BLE001  the end of the process: the parent reads its last line
        traceback.print_exc()
    os._exit(code)


def _have_room_for_environments() -> None:
    """Each takes four descriptors, and the usual limit is 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(ValueError, OSError):  # macOS has a limit below its own hard one
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _say(report: int, **answer: str) -> None:
    os.write(report, json.dumps(answer).encode() + b"\n")


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of the last run may linger
    listener.bind((identity.HOST, port))
    listener.listen(100)
    return listener


def _why_not(problem: OSError, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} is already in use; choose another with --port, or leave it out for any free one."
    if problem.errno == errno.EACCES:
        return f"Port {port} is not open to this user; choose one from 1024 up."
    return f"Port {port} cannot be listened on: {problem.strerror}."


def _keep_a_log(folder: Path) -> None:
    """MiniStack logs to the root logger. Bounded, since a demo may run for days."""
    handler = RotatingFileHandler(folder / "log", maxBytes=1_000_000, backupCount=1, delay=True)
    logging.basicConfig(level=logging.ERROR, handlers=[handler])


class _Parent:
    """The process that this one ends with, kill -9 included; its warden then ends every function.

    Two means, since each has a gap: the pipe's end of file does not come while another process holds its other end,
    and the death signal exists on Linux only and waits while the main thread is stuck. The signal is one of its own,
    not SIGTERM: it comes when the thread that started us has ended, while getppid() may still name its process.
    """

    def __init__(self, lifeline: int) -> None:
        self._lifeline = lifeline
        threading.Thread(target=self._watch, name="lifeline", daemon=True).start()
        signal.signal(signal.SIGHUP, lambda number, frame: os._exit(1))
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGHUP)

    def _watch(self) -> None:
        while os.read(self._lifeline, 512):
            pass
        os._exit(1)
