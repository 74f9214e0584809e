"""Sends the receipt of an order. Logs JSON, one object a line."""

import json
import os
import random
import time
from datetime import UTC, datetime


def log(level, message, context, **fields):
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    record = {"timestamp": now, "level": level, "message": message, "requestId": context.aws_request_id}
    print(json.dumps({**record, "service": "receipts", **fields}))


def handler(event, context):
    order, address = event["orderNumber"], event["email"]
    name, _, domain = address.partition("@")
    masked = f"{name[:1]}***@{domain}"
    log(
        "INFO", "rendering receipt", context, order=order, template="receipt-2026", language=event.get("language", "en")
    )
    started = time.perf_counter()
    time.sleep(random.uniform(0.05, 0.25))
    took = round((time.perf_counter() - started) * 1000, 1)
    if random.random() < 0.08:
        log("WARN", "mail server busy, message queued", context, order=order, to=masked, retryInSeconds=30)
    log("INFO", "receipt sent", context, order=order, to=masked, sender=os.environ["SENDER"], durationMs=took)
    return {"messageId": f"<{context.aws_request_id}@mail.shop.example>"}
