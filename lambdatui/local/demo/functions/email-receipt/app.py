"""Sends the receipt of an order. It logs JSON: Lambda's own log format, set in the function's LoggingConfig."""

import logging
import os
import random
import time

logger = logging.getLogger("receipts")


def handler(event, context):
    order, language = event["orderNumber"], event.get("language", "en")
    to = masked(event["email"])
    logger.debug("template chosen", extra={"order": order, "template": f"receipt-2026.{language}"})
    logger.info("rendering receipt", extra={"order": order, "language": language})
    started = time.perf_counter()
    time.sleep(random.uniform(0.05, 0.25))  # the mail server
    if event.get("bounces"):
        logger.error("address does not exist", extra={"order": order, "to": to, "smtpStatus": 550})
        return {"bounced": order}
    if random.random() < 0.08:
        logger.warning("mail server busy, message queued", extra={"order": order, "retryInSeconds": 30})
    took = round((time.perf_counter() - started) * 1000, 1)
    logger.info("receipt sent", extra={"order": order, "to": to, "sender": os.environ["SENDER"], "durationMs": took})
    return {"messageId": f"<{context.aws_request_id}@mail.shop.example>"}


def masked(address):
    """Logs hold no addresses of customers."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}***@{domain}"
