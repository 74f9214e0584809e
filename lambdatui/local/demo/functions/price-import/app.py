"""Imports a supplier's price list. Suppliers do not always send what was agreed."""

import csv
import io
import logging
from decimal import Decimal, InvalidOperation

logger = logging.getLogger()
logger.setLevel(logging.INFO)


class PriceListError(Exception):
    """A price list that is not as agreed with the supplier."""


def handler(event, context):
    supplier, text = event["supplier"], event["csv"]
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    logger.info("price list of %s: %d rows, %d bytes", supplier, len(rows), len(text))
    try:
        changed = sum(imported(row, number) for number, row in enumerate(rows, 2))
    except PriceListError:
        logger.exception("price list of %s refused", supplier)
        raise
    logger.info("imported %d prices of %s, %d changed", len(rows), supplier, changed)
    return {"supplier": supplier, "rows": len(rows), "changed": changed}


def imported(row, number):
    price = parse_price(row["price"], number)
    if price > 1000:
        logger.warning("line %d: %s costs %s, over the limit for automatic import", number, row["sku"], price)
        return False
    return price != Decimal(row["old"])


def parse_price(text, number):
    try:
        return Decimal(text)
    except InvalidOperation as problem:
        raise PriceListError(f"line {number}: {text!r} is not a price") from problem
