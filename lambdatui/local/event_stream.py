"""Messages of application/vnd.amazon.eventstream, in which AWS streams answers.

A message: its whole length and the length of its headers (4 bytes each), a CRC-32 of these 8, the headers, the payload,
and a CRC-32 of all that. Numbers are big-endian.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

CONTENT_TYPE = "application/vnd.amazon.eventstream"

_STRING = 7
"""The type of a header's value. The other nine are not needed for events and exceptions."""


def message(headers: Mapping[str, str], payload: bytes) -> bytes:
    """One message. Raises ValueError for a header name over 255 bytes, or a value over 65,535."""
    head = b"".join(_header(name.encode(), value.encode()) for name, value in headers.items())
    prelude = struct.pack(">II", 16 + len(head) + len(payload), len(head))
    checked = b"".join((prelude, struct.pack(">I", zlib.crc32(prelude)), head, payload))
    return checked + struct.pack(">I", zlib.crc32(checked))


def event(kind: str, payload: bytes, content_type: str = "application/json") -> bytes:
    """An event of the stream: `kind` is the member of the operation's event stream shape, or initial-response."""
    return message({":message-type": "event", ":event-type": kind, ":content-type": content_type}, payload)


def exception(kind: str, payload: bytes) -> bytes:
    """The modelled exception with which a stream ends; `payload` is JSON."""
    headers = {":message-type": "exception", ":exception-type": kind, ":content-type": "application/json"}
    return message(headers, payload)


def _header(name: bytes, value: bytes) -> bytes:
    if len(name) > 0xFF or len(value) > 0xFFFF:
        raise ValueError(f"too long for a header: {name[:40]!r}")
    return b"".join((struct.pack(">B", len(name)), name, struct.pack(">BH", _STRING, len(value)), value))
