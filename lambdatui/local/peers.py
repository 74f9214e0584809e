"""Who is at the other end of a loopback connection.

Functions run as the user who started the endpoint, and every user of a machine can reach its loopback ports: without
this, a demo on a bastion would run code for anybody there. Only Linux tells whose a connection is: on every other
system each user of the machine can reach the port and have code run as the user who started the endpoint.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from ipaddress import IPv4Address
from pathlib import Path
from typing import TypeAlias

End: TypeAlias = tuple[str, int]
"""An IPv4 address and a port."""

# man 5 proc_net_tcp: addresses as hexadecimal in host byte order, then state, queues, timer, retransmits, uid, timeout,
# inode. An IPv4 peer of an IPv6 socket (Java's, say) stands in tcp6, its address mapped into IPv6.
TABLES = {Path("/proc/net/tcp"): b"", Path("/proc/net/tcp6"): bytes(10) + b"\xff\xff"}
"""The tables of the system's connections, and what stands before the four bytes of an IPv4 address there."""

# linux/netlink.h, linux/sock_diag.h, linux/inet_diag.h
_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_NLM_F_REQUEST = 1
_HEADER = struct.Struct("=IHHII")  # length, type, flags, sequence, port
_REQUEST = struct.Struct("=BBBBI")  # family, protocol, extensions, padding, states
_ENDS = struct.Struct("!HH16s16sI8s")  # source and destination: ports, addresses; interface, cookie
_REPLY = struct.Struct("=4B48s5I")  # family, state, timer, retransmits; ends; expires, queues, uid, inode
_ANY_COOKIE = b"\xff" * 8


def is_foreign(client: End, server: End) -> bool:
    """Whether the connection from `client` to `server` is another user's, or already closed at its end.

    False where the system does not tell, as elsewhere than on Linux. Some 15 µs, so that nothing is remembered: ASGI
    does not tell connections apart, and a port is soon another's.
    """
    if sys.platform != "linux":
        return False
    try:
        owner = _owner(client, server)
    except OSError:  # not allowed, as on Android, or not built in: some milliseconds
        try:
            owner = _owner_by_tables(client, server)
        except (FileNotFoundError, PermissionError):
            return False
    return owner != os.getuid()


def _owner(client: End, server: End) -> int | None:
    """The uid that the client's socket belongs to; None if there is none, or it is closed. IPv6 sockets are found too.

    Raises OSError where the kernel does not answer such questions.
    """
    addresses = (socket.inet_aton(end[0]).ljust(16, b"\0") for end in (client, server))
    request = _REQUEST.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF)
    request += _ENDS.pack(client[1], server[1], *addresses, 0, _ANY_COOKIE)
    header = _HEADER.pack(_HEADER.size + len(request), _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, 0, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG) as netlink:
        netlink.settimeout(1)
        netlink.send(header + request)
        answer = netlink.recv(4096)
    if len(answer) < _HEADER.size + _REPLY.size or _HEADER.unpack_from(answer)[1] != _SOCK_DIAG_BY_FAMILY:
        return None  # there is none
    *_, uid, inode = _REPLY.unpack_from(answer, _HEADER.size)
    return int(uid) if inode else None


def _owner_by_tables(client: End, server: End) -> int | None:
    """The same, from the tables that list every connection. Raises FileNotFoundError, PermissionError."""
    for table, prefix in TABLES.items():
        ends = f" {_end(prefix, client)} {_end(prefix, server)} "
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


def _end(prefix: bytes, end: End) -> str:
    """One end of a connection as the tables have it."""
    address = prefix + IPv4Address(end[0]).packed
    words = (int.from_bytes(address[at : at + 4], sys.byteorder) for at in range(0, len(address), 4))
    return "".join(f"{word:08X}" for word in words) + f":{end[1]:04X}"
