"""Who is at the other end of a loopback connection.

Functions run as the user who started the endpoint, and every user of a machine can reach its loopback ports: without
this, a demo on a bastion would run code for anybody there. Only Linux tells whose a connection is: on every other
system each user of the machine can reach the port and have code run as the user who started the endpoint.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address
from pathlib import Path

from lambdatui.local import identity

# man 5 proc_net_tcp: addresses as hexadecimal in host byte order, then state, queues, timer, retransmits, uid, timeout,
# inode. An IPv4 peer of an IPv6 socket (Java's, say) stands in tcp6, its address mapped into IPv6.
TABLES = {Path("/proc/net/tcp"): b"", Path("/proc/net/tcp6"): bytes(10) + b"\xff\xff"}
"""The tables of the system's connections, and what stands before the four bytes of an IPv4 address there."""

TRUSTED_FOR = 1.0
"""Seconds that a connection is taken for its user's without another look: the system's tables are long.

ASGI does not tell connections apart, so another user's would pass that got an address and port which this user's has
left within that time.
"""


class Peers:
    """Tells connections of this user from those of others, where the system says whose they are (Linux)."""

    def __init__(self, port: int) -> None:
        """`port` is the one that the endpoint listens on, at identity.HOST."""
        self._port = port
        self._ours: dict[tuple[str, int], float] = {}
        # Its own: MiniStack's functions may hold all of the loop's threads for minutes.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="peers")

    async def is_foreign(self, client: tuple[str, int]) -> bool:
        """Whether the connection from that IPv4 address and port is another user's, or already closed at its end."""
        if time.monotonic() < self._ours.get(client, 0.0):
            return False
        try:
            owner = await asyncio.get_running_loop().run_in_executor(self._thread, owner_of, client, self._port)
        except (FileNotFoundError, PermissionError):  # not Linux, or Android's: nothing to ask
            return False
        if owner != os.getuid():
            return True
        now = time.monotonic()
        self._ours = {peer: until for peer, until in self._ours.items() if until > now}
        self._ours[client] = now + TRUSTED_FOR
        return False


def owner_of(client: tuple[str, int], port: int) -> int | None:
    """The uid that the socket with this pair of ends belongs to; None if there is none, or it is closed (inode 0)."""
    for table, prefix in TABLES.items():
        ends = f" {_end(prefix, client)} {_end(prefix, (identity.HOST, port))} "
        try:
            rows = table.open(encoding="ascii")
        except FileNotFoundError:
            if prefix:  # a kernel without IPv6
                return None
            raise
        with rows:
            for row in rows:
                if ends in row:
                    fields = row.split(maxsplit=10)
                    if fields[9] != "0":
                        return int(fields[7])
    return None


def _end(prefix: bytes, end: tuple[str, int]) -> str:
    """One end of a connection as the tables have it."""
    address = prefix + IPv4Address(end[0]).packed
    words = (int.from_bytes(address[at : at + 4], sys.byteorder) for at in range(0, len(address), 4))
    return "".join(f"{word:08X}" for word in words) + f":{end[1]:04X}"
