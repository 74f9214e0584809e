"""Processes that a function has left behind where its process group and their parents do not tell: daemons.

In AWS they end with the environment's machine. Here they are known by the environment variables that they inherited.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import Collection

MARK = "AWS_LAMBDA_LOG_STREAM_NAME"
"""The variable that is another one in each environment. It is reserved: no function sets it before it starts."""

ROUNDS = 20
"""Looks at all processes, at most: what is found may have started others meanwhile."""

_STREAM = re.compile(rb"(?:^|\0)" + MARK.encode() + rb"=([^\0]*)")


class Stragglers:
    """Ends what is left of environments. It belongs to one event loop.

    A look at all the processes of a machine takes milliseconds: those who want one meanwhile share the next.
    """

    def __init__(self) -> None:
        self._wanted: set[str] = set()
        self._next: asyncio.Task[None] | None = None
        self._looking = asyncio.Lock()

    async def end(self, stream: str) -> None:
        """End all processes that were started in the environment with this log stream; nothing but on Linux."""
        if sys.platform != "linux":
            return
        self._wanted.add(stream)
        if self._next is None:
            self._next = asyncio.create_task(self._look(), name="stragglers")
        await asyncio.shield(self._next)

    async def _look(self) -> None:
        async with self._looking:
            streams, self._wanted, self._next = self._wanted, set(), None
            await asyncio.to_thread(end_all, streams)


def end_all(streams: Collection[str]) -> None:
    """End all processes of this user that have one of these log streams in their variables. Linux only."""
    wanted = {os.fsencode(stream) for stream in streams}
    for _ in range(ROUNDS):
        pids = [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit()]
        if not sum(_end(pid, wanted) for pid in pids):  # not any(): it would leave the others be
            return


def _end(pid: int, wanted: Collection[bytes]) -> bool:
    if not _is_of(pid, wanted):
        return False
    with contextlib.suppress(OSError):  # gone, and its number maybe another's: so it is asked once more
        descriptor = os.pidfd_open(pid)
        try:
            if _is_of(pid, wanted):
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
                return True
        finally:
            os.close(descriptor)
    return False


def _is_of(pid: int, wanted: Collection[bytes]) -> bool:
    try:
        with open(f"/proc/{pid}/environ", "rb") as variables:  # noqa: PTH123  a Path takes as long as the rest
            found = _STREAM.search(variables.read())
    except OSError:  # another user's, or gone
        return False
    return found is not None and found[1] in wanted
