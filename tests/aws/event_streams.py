"""Event streams as AWS sends them (application/vnd.amazon.eventstream), whole and broken.

A message is its length and its headers' length, a CRC-32 of both, headers, payload and a CRC-32 of all.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

from lambdatui.local.event_stream import CONTENT_TYPE, event, exception, message
from tests.aws.exchange import Exchange, Reply
from tests.aws.faults import REQUEST_ID


def stream(*frames: bytes, then: str = "close", chunked: bool = True) -> Reply:
    """An answer of these bytes; then the end of the body ("end"), or the connection's: `close`, `reset`, `hang`."""

    async def reply(exchange: Exchange) -> None:
        framing = {"Transfer-Encoding": "chunked"} if chunked else {}
        await exchange.head(200, {"Content-Type": CONTENT_TYPE, "x-amzn-RequestId": REQUEST_ID, **framing})
        for frame in frames:
            await exchange.send(b"%x\r\n%b\r\n" % (len(frame), frame) if chunked else frame)
        if then == "end" and chunked:
            await exchange.send(b"0\r\n\r\n")
        elif then == "hang":
            await exchange.hang()
        else:
            getattr(exchange, "close" if then == "end" else then)()

    return reply


def error(code: str, text: str) -> bytes:
    """An error that is not modelled: it is in the headers."""
    return message({":message-type": "error", ":error-code": code, ":error-message": text}, b"")


def damaged(frame: bytes, at: int, chance: random.Random) -> bytes:
    """The frame with one byte that is another: its CRC no longer fits."""
    return frame[:at] + bytes([(frame[at] + chance.randint(1, 255)) % 256]) + frame[at + 1 :]


COMPLETE = event("InvokeComplete", b"{}")


def part(payload: bytes) -> bytes:
    """A part of a streamed response."""
    return event("PayloadChunk", payload, content_type="application/octet-stream")


RESPONSE = stream(part(b'{"ok": '), part(b"true}"), COMPLETE, then="end")
"""A streamed response, from its beginning to its end."""


START = event("initial-response", b"{}") + event("sessionStart", b'{"sessionId": "s"}')
"""The first frames of StartLiveTail."""

UPDATE = event(
    "sessionUpdate",
    b'{"sessionMetadata": {"sampled": false}, "sessionResults": [{"message": "hello", "timestamp": 1}]}',
)


def broken(chance: random.Random) -> Mapping[str, Reply]:
    """Streams of StartLiveTail that begin well and are broken after one update, by name."""
    frame = UPDATE
    inside = chance.randrange(13, len(frame) - 1)
    return {
        "cut in the prelude": stream(START, UPDATE, frame[: chance.randrange(1, 12)]),
        "cut in the prelude, body ended": stream(START, UPDATE, frame[: chance.randrange(1, 12)], then="end"),
        "cut in a frame": stream(START, UPDATE, frame[:inside]),
        "reset in a frame": stream(START, UPDATE, frame[:inside], then="reset"),
        "silence in a frame": stream(START, UPDATE, frame[:inside], then="hang"),
        "a bad CRC of the prelude": stream(START, UPDATE, damaged(frame, chance.randrange(8, 12), chance), then="end"),
        "a bad CRC of a frame": stream(START, UPDATE, damaged(frame, inside, chance), then="end"),
        "a length beyond all bounds": stream(START, UPDATE, b"\xff" * 12, then="end"),
        "noise": stream(START, UPDATE, chance.randbytes(40), then="end"),
        "a modelled exception": stream(
            START, UPDATE, exception("SessionTimeoutException", b'{"message": "3 hours are over"}'), then="end"
        ),
        "an exception of no model": stream(START, UPDATE, exception("NoSuchException", b"{}"), then="end"),
        "an exception that is no JSON": stream(START, UPDATE, exception("SessionStreamingException", b"{"), then="end"),
        "an error": stream(START, UPDATE, error("InternalFailure", "something broke"), then="end"),
        "an event that is no JSON": stream(START, UPDATE, event("sessionUpdate", b'{"sess'), then="end"),
        "an event of another form": stream(START, UPDATE, event("sessionUpdate", b"[7]"), then="end"),
        "a message without a type": stream(START, UPDATE, message({}, b"{}"), then="end"),
    }


ENDED_EARLY = stream(START, UPDATE, then="end")
"""It just ends, between frames: no error in the protocol. Who reads has to know that it was not over."""

UNKNOWN_EVENT = stream(START, event("somethingNew", b"{}"), UPDATE, then="end")
"""An event that AWS adds tomorrow."""
