"""Turns a paid basket into an order, with the shipping in its total: the version that goes wrong.

Who collects an order in the shop pays no shipping, and nobody thought of that.
"""

import logging
import os
import random
import time
from datetime import UTC, datetime

from shop_common import money

logger = logging.getLogger()
logger.setLevel(logging.INFO)


def handler(event, context):
    number = f"{datetime.now(UTC):%y%m%d}-{random.randrange(10_000, 99_999)}"
    lines = event.get("lines", [])
    logger.info("creating order %s for customer %s", number, event.get("customerId", "guest"))
    for line in lines:
        logger.info("  %-24s %s", line["sku"], money(line["cents"]))
    total = total_of(event, lines)
    time.sleep(random.uniform(0.005, 0.03))
    logger.info("order %s written to %s, total %s", number, os.environ["ORDERS_TABLE"], money(total))
    if context.get_remaining_time_in_millis() < 1000:
        logger.warning("little time left, event OrderCreated not sent")
    return {"orderNumber": number, "totalCents": total}


def total_of(event, lines):
    return sum(line["cents"] for line in lines) + shipping(event)


def shipping(event):
    return event["shipping"]["cents"]
