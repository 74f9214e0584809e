"""Who is at the other end of a loopback connection.

Functions run as the user who started the endpoint, and every user of a machine can reach its loopback ports: without
this, a demo on a bastion would run code for anybody there.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

# man 5 proc_net_tcp: addresses as hexadecimal in host byte order, then state, queues, timer, retransmits, uid, timeout,
# inode. An IPv4 peer of an IPv6 socket (Java's, say) stands in tcp6, its address at the end.
TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))

TRUSTED_FOR = 5.0
"""Seconds that a connection is taken for its user's without another look. A client's port rests for 60 s after use."""


class Peers:
    """Tells connections of this user from those of others, where the system says whose they are (Linux)."""

    def __init__(self, port: int) -> None:
        """`port` is the one that the endpoint listens on."""
        self._port = port
        self._ours: dict[int, float] = {}

    def is_foreign(self, client_port: int) -> bool:
        """Whether the connection from that port is another user's, or already closed at its end."""
        now = time.monotonic()
        if now < self._ours.get(client_port, 0.0):
            return False
        try:
            owner = _owner(client_port, self._port)
        except OSError:  # not Linux: nothing to ask
            return False
        if owner != os.getuid():
            return True
        self._ours = {port: until for port, until in self._ours.items() if until > now}
        self._ours[client_port] = now + TRUSTED_FOR
        return False


def _owner(client_port: int, port: int) -> int | None:
    """The uid that the socket with this pair of ports belongs to; None if there is none, or it is closed (inode 0)."""
    local, remote = f":{client_port:04X}", f":{port:04X}"
    for table in TABLES:
        with table.open(encoding="ascii") as rows:
            for row in rows:
                fields = row.split(maxsplit=10)
                if fields[1].endswith(local) and fields[2].endswith(remote) and fields[9] != "0":
                    return int(fields[7])
    return None
