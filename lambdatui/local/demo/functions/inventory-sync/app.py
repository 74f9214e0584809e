"""Takes stock levels from the warehouse, page by page, and corrects what the shop believes.

The warehouse answers slowly: what asks for all of its articles at once runs into the function's timeout of 3 s.
"""

import logging
import os
import random
import time

logger = logging.getLogger("inventory")
logger.setLevel(logging.INFO)

PAGE = 100


def handler(event, context):
    warehouse, articles = event["warehouse"], event["articles"]
    logger.info("sync of %s: %d articles from %s", warehouse, articles, os.environ["WAREHOUSE_URL"])
    corrected = 0
    for first in range(0, articles, PAGE):
        corrected += corrections(page(warehouse, first))
        if first and first % 1000 == 0:
            logger.info("%d of %d articles, %d ms left", first, articles, context.get_remaining_time_in_millis())
    logger.info("sync of %s done: %d checked, %d corrected", warehouse, articles, corrected)
    return {"checked": articles, "corrected": corrected}


def page(warehouse, first):
    time.sleep(random.uniform(0.06, 0.1))
    return [(f"SKU-{1000 + first + number}", random.randrange(40)) for number in range(3)]


def corrections(counted):
    for sku, count in counted:
        if count == 0:
            logger.warning("%s is sold out", sku)
    return sum(random.random() < 0.3 for _ in counted)
