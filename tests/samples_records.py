"""Records of the shop's log: structured, plain, cut off, huge, and with text that means harm."""

from __future__ import annotations

import json

from lambdatui.model.log_chunk import Record
from lambdatui.model.sgr import styled
from tests.samples import HARM, event

REQUEST = "8f5e1c0a-6a8e-4c86-9a55-1f4f6f3f2c11"

TRACE = """\
Traceback (most recent call last):
  File "/var/task/app.py", line 17, in handler
    charge(order)
CardDeclined: insufficient funds"""


def record(message: str, *, hidden: int = 0, late: bool = False) -> Record:
    """A record with this message, made safe as the reader of logs makes it."""
    text, spans = styled(message)
    at = event(3, "")
    return Record(
        (at.timestamp, 3), at.timestamp, at.ingestion, "/aws/lambda/checkout-api", at.stream, text, spans, hidden, late,
        note=False,
    )  # fmt: skip


def structured() -> Record:
    """What a logger of today writes: JSON, with a stack trace and with more JSON in it."""
    message = {
        "timestamp": "2026-11-23T14:00:00.300Z",
        "level": "ERROR",
        "message": "card declined",
        "service": "checkout",
        "function_request_id": REQUEST,
        "exception": TRACE,
        "order": {"id": 1042, "paid": False, "coupon": None, "items": [{"sku": "A-1"}, {"sku": "日本"}]},
        "body": '{"card": {"last4": "4242"}}',
        "note": "a long text " * 12,
    }
    return record(json.dumps(message, ensure_ascii=False))


def plain() -> Record:
    """What Python writes of an exception, with a colour, and late."""
    return record(f"[ERROR] CardDeclined: \x1b[31minsufficient funds\x1b[0m\n{TRACE}\n{'long ' * 40}", late=True)


def cut_off() -> Record:
    """An event of SQS of which the end is not there."""
    return record('Received event: {"Records": [{"messageId": "m-1", "body": "order 1042 is paid an', hidden=12_345)


def huge(items: int) -> Record:
    """A batch of many."""
    return record(json.dumps({"Records": [{"n": number, "body": "x" * 60} for number in range(items)]}))


def hostile() -> Record:
    """JSON whose every text means harm."""
    return record(json.dumps({HARM: HARM, "list": [HARM, {HARM: f"a\n{HARM}"}], "inner": json.dumps({HARM: HARM})}))
