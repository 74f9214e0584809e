"""Answers of invocations that break at any byte, of the answer or of the request."""

from __future__ import annotations

import asyncio
import json
import random
from base64 import b64encode
from dataclasses import dataclass

from lambdatui.local.event_stream import CONTENT_TYPE, event
from tests.aws.event_streams import part
from tests.aws.exchange import Exchange, Reply
from tests.aws.faults import REQUEST_ID

WAYS = ("whole", "cut", "reset", "silence", "noise")
"""What becomes of an answer from some byte on."""


@dataclass(frozen=True)
class Answer:
    """The bytes of one answer of AWS's, and what they say if they all come."""

    data: bytes
    says: str
    """ "succeeded", "failed" or "refused"."""
    needed: int
    """Bytes without which it does not say it."""
    checked: int
    """Bytes up to which anything else in their place is found out: a body of known length has no check sum."""


def answer(chance: random.Random, *, streaming: bool) -> Answer:
    """An answer as AWS gives them: a response, an error of the function, or a refusal."""
    kind = chance.choice(("succeeded", "failed", "refused"))
    if kind == "refused":
        code, name = chance.choice(
            ((403, "AccessDeniedException"), (404, "ResourceNotFoundException"), (429, "TooManyRequestsException"))
        )
        body = json.dumps({"Message": "because " * chance.randrange(1, 20)}).encode()
        return _of_known_length(_head(code, "application/json", len(body), f"x-amzn-ErrorType: {name}"), body, kind)
    said = {"errorType": "E", "errorMessage": "no"} if kind == "failed" else {"ok": "x" * chance.randrange(3000)}
    payload = json.dumps(said).encode()
    log = b64encode(b"START RequestId: 1 Version: 7\nEND RequestId: 1\n").decode()
    if streaming:
        middle = chance.randrange(1, len(payload))
        complete = {"LogResult": log, **({"ErrorCode": "Unhandled"} if kind == "failed" else {})}
        frames = (
            part(payload[:middle]) + part(payload[middle:]) + event("InvokeComplete", json.dumps(complete).encode())
        )
        data = _chunked(frames, chance)
        needed = len(data) - len(b"\r\n0\r\n\r\n")
        return Answer(data, kind, needed, needed)
    failed = ("X-Amz-Function-Error: Unhandled",) if kind == "failed" else ()
    head = _head(200, "application/json", len(payload), f"X-Amz-Log-Result: {log}", *failed)
    return _of_known_length(head, payload, kind)


def _of_known_length(head: bytes, body: bytes, says: str) -> Answer:
    return Answer(head + body, says, len(head + body), len(head) - len(b"\r\n\r\n"))


def _head(code: int, content_type: str, length: int | None, *more: str) -> bytes:
    framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    lines = [f"HTTP/1.1 {code} Whatever", "Connection: close", f"x-amzn-RequestId: {REQUEST_ID}", framing]
    return "\r\n".join([*lines, f"Content-Type: {content_type}", *more, "", ""]).encode()


def _chunked(frames: bytes, chance: random.Random) -> bytes:
    """A body in chunks that begin and end anywhere."""
    places = sorted(chance.sample(range(1, len(frames)), 3))
    pieces = [frames[start:end] for start, end in zip([0, *places], [*places, len(frames)], strict=True)]
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return _head(200, CONTENT_TYPE, None) + body + b"0\r\n\r\n"


def broken(data: bytes, at: int, way: str, chance: random.Random) -> Reply:
    """The first `at` bytes of an answer, then what `way` says."""
    noise = chance.randbytes(len(data) - at) if way == "noise" else b""

    async def reply(exchange: Exchange) -> None:
        await exchange.send(data if way == "whole" else data[:at] + noise)
        if way == "silence":
            await exchange.hang()
        elif way == "reset":
            await asyncio.sleep(0)
            exchange.reset()
        else:
            exchange.close()

    return reply
