"""POST /checkout as it was first: prices a basket and opens a payment, whether there is any stock or not."""

import logging
import os
import uuid

from shop_common import money, response

logger = logging.getLogger()
logger.setLevel(os.environ.get("LOG_LEVEL", "INFO"))

VAT = int(os.environ.get("VAT_PERCENT", "19")) / 100


def handler(event, context):
    items = event.get("items") or []
    if not items:
        return response(400, {"error": "EmptyBasket"})
    total = round(sum(int(item["unitPriceCents"]) * int(item["quantity"]) for item in items) * (1 + VAT))
    payment = uuid.uuid4().hex[:12]
    logger.info("payment opened id=%s amount=%s", payment, money(total))
    return response(201, {"paymentId": payment, "totalCents": total, "currency": "EUR"})
