"""`lambdatui local`: the embedded endpoint in the foreground, with its address for other clients."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from urllib.parse import urlsplit

from lambdatui.local import identity
from lambdatui.local.process import EndpointProcess, missing_extra
from lambdatui.model.errors import EndpointGone


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
