"""POST /checkout: prices a basket, reserves the stock and opens a payment."""

import logging
import os
import random
import time
import uuid

from shop_common import money, response

logger = logging.getLogger()
logger.setLevel(os.environ.get("LOG_LEVEL", "INFO"))

VAT = 0.19


def handler(event, context):
    items = event.get("items") or []
    if not items:
        logger.warning("basket %s is empty", event.get("basketId", "?"))
        return response(400, {"error": "EmptyBasket"})
    logger.info("checkout started basket=%s items=%d", event.get("basketId", "?"), len(items))
    net = sum(int(item["unitPriceCents"]) * int(item["quantity"]) for item in items)
    time.sleep(random.uniform(0.01, 0.06))  # the stock service
    logger.info("stock reserved in %s for %d items", os.environ["STOCK_TABLE"], len(items))
    total = round(net * (1 + VAT))
    payment = uuid.uuid4().hex[:12]
    logger.info("payment opened id=%s amount=%s", payment, money(total))
    return response(201, {"paymentId": payment, "totalCents": total, "currency": "EUR"})
