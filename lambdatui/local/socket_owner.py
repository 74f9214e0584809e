"""Whose a loopback connection is, asked of Linux for that one connection: some 15 µs, however many there are."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import sys

from lambdatui.local import peers

# linux/netlink.h, linux/sock_diag.h, linux/inet_diag.h
_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_NLM_F_REQUEST = 1
_HEADER = struct.Struct("=IHHII")  # length, type, flags, sequence, port
_REQUEST = struct.Struct("=BBBBI")  # family, protocol, extensions, padding, states
_ENDS = struct.Struct("!HH16s16sI8s")  # source and destination: ports, addresses; interface, cookie
_REPLY = struct.Struct("=4B48s5I")  # family, state, timer, retransmits; ends; expires, queues, uid, inode
_ANY_COOKIE = b"\xff" * 8


def is_foreign(client: tuple[str, int], server: tuple[str, int]) -> bool:
    """Whether the IPv4 connection from `client` is another user's, or closed at its end.

    False where the system does not tell, as elsewhere than on Linux.
    """
    if sys.platform != "linux":
        return False
    owner = None
    with contextlib.suppress(OSError):  # not allowed, or not there
        owner = _owner(client, server)
    if owner is None:
        try:
            owner = peers.owner_of(client, server[1])
        except (FileNotFoundError, PermissionError):
            return False
    return owner != os.getuid()


def _owner(client: tuple[str, int], server: tuple[str, int]) -> int | None:
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
