"""One call of the history as a file: what lists show on its first line, then the rest, all ASCII.

A file is read with `cat` and must not drive the terminal: texts are JSON, payload and response are base64.
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode
from binascii import b2a_base64
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from typing import Any, BinaryIO
from zlib import crc32

from lambdatui.model.json_text import visible_json
from lambdatui.model.past_calls import CallRecord, PastCall
from lambdatui.model.report import Report
from lambdatui.model.text import one_line, visible

VERSION = 1
KEPT = 6_500_000
"""Bytes of a payload or a response that are kept: a larger one is only counted."""
HEAD = 131_072
"""Bytes of the first line at most: ten texts of `LONGEST` and those of a report, a character in twelve bytes."""
LONGEST = 500
"""Characters of one text on it."""
TEXTS = 64_000
"""Characters of a log or a client context."""
_LARGEST = 4 * (2 * KEPT) // 3 + 13 * TEXTS + HEAD
"""Bytes of a file. A character takes 12 at most."""
LATEST = 250_000_000_000_000
"""Milliseconds since 1970 that a call cannot be sent after: no calendar goes on for ever."""
_PIECE = 768 * 1024  # bytes on a line of base64: what is encoded at once keeps other threads waiting


class NewerError(Exception):
    """A file of a later version of this program."""


def parts(record: CallRecord) -> Iterator[bytes]:
    """The content of a file. A payload or a response of more than `KEPT` bytes is left out, and its size stays."""
    call = record.call
    bodies = [body if len(body) <= KEPT else b"" for body in (record.payload, record.response)]
    rest = {
        "log": record.log[-TEXTS:], "client_context": record.client_context[:TEXTS], "tenant": record.tenant[:LONGEST],
        "log_tail": record.log_tail, "streaming": record.streaming, "content_type": record.content_type[:LONGEST],
        "sizes": [len(body) for body in bodies],
        "checksum": crc32(b"".join(bodies)),
    }  # fmt: skip
    second = _line(rest)
    length = len(second) + sum(_encoded_length(len(body)) for body in bodies)
    yield _line({"version": VERSION, "rest": length, "call": _packed(call)})
    yield second
    for body in bodies:
        view = memoryview(body)
        for start in range(0, len(body), _PIECE):
            yield b2a_base64(view[start : start + _PIECE])


def read_head(file: BinaryIO, size: int) -> PastCall:
    """The call in a file of `size` bytes. Raises ValueError, where it was cut off too, and NewerError."""
    line = file.readline(HEAD)
    if not line.endswith(b"\n"):
        raise ValueError("no first line")
    head = _object(line)
    if type(head.get("version")) is int and head["version"] > VERSION:
        raise NewerError
    if head.get("version") != VERSION or head.get("rest") != size - len(line):
        raise ValueError("of another version or length")
    return _unpacked(head.get("call"))


def read_record(file: BinaryIO, size: int) -> CallRecord:
    """All that a file of `size` bytes has. Raises ValueError and NewerError."""
    if size > _LARGEST:
        raise ValueError("too large")
    call = read_head(file, size)
    rest = _object(file.readline())
    sizes, encoded = rest.get("sizes"), file.read()
    if not (isinstance(sizes, list) and len(sizes) == 2 and all(type(it) is int and it >= 0 for it in sizes)):
        raise ValueError("no sizes")
    first = _encoded_length(sizes[0])
    payload, response = _decoded(encoded[:first]), _decoded(encoded[first:])
    if [len(payload), len(response)] != sizes or crc32(payload + response) != rest.get("checksum"):
        raise ValueError("damaged")
    return CallRecord(
        call=call,
        payload=payload,
        response=response,
        log=_visible(rest, "log"),
        client_context=_visible(rest, "client_context"),
        tenant=_of(str, visible_json(rest.get("tenant"))),
        log_tail=_of(bool, rest.get("log_tail")),
        streaming=_of(bool, rest.get("streaming")),
        content_type=_of(str, visible_json(rest.get("content_type"))),
    )


def _line(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _encoded_length(count: int) -> int:
    """Bytes of `count` bytes as base64, in lines."""
    whole, rest = divmod(count, _PIECE)
    return whole * (_PIECE // 3 * 4 + 1) + ((rest + 2) // 3 * 4 + 1 if rest else 0)


def _decoded(encoded: bytes) -> bytes:
    return b"".join([b64decode(line, validate=True) for line in encoded.split(b"\n")])


def _object(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004
    return value


def _packed(call: PastCall) -> dict[str, Any]:
    short = {
        it.name: one_line(text)[:LONGEST] for it in fields(call) if isinstance(text := getattr(call, it.name), str)
    }
    return asdict(replace(call, **short))


def _unpacked(value: Any) -> PastCall:
    if not isinstance(value, dict):
        raise ValueError("no call")  # noqa: TRY004
    packed = visible_json(value)
    report = packed.pop("report", None)
    example = PastCall("", 0, "", "", "")
    known = {it.name: _like(getattr(example, it.name), packed.get(it.name)) for it in fields(example)
             if it.name != "report"}  # fmt: skip
    if known["at"] > LATEST:
        raise ValueError("no time")
    return PastCall(**known, report=None if report is None else _report(report))


def _report(value: Any) -> Report:
    if not isinstance(value, dict):
        raise ValueError("no report")  # noqa: TRY004
    known: dict[str, Any] = {}
    for it in fields(Report):
        found = value.get(it.name)
        if it.default == "":
            known[it.name] = _of(str, found)
        elif found is not None:
            number = _like(0.0, found)
            known[it.name] = int(number) if it.name in ("memory", "max_memory") else number
    return Report(**known)


def _like(example: Any, value: Any) -> Any:
    """The value, which must be of the kind of the example; whole numbers are numbers."""
    if isinstance(example, float):
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
            raise ValueError("no number")
        return float(value)
    if isinstance(example, int) and (type(value) is not int or not 0 <= value < 2**53):
        raise ValueError("no whole number")
    return _of(type(example), value)


def _of(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise ValueError(f"no {kind.__name__}")
    return value


def _visible(rest: dict[str, Any], name: str) -> str:
    return visible(_of(str, rest.get(name)))
