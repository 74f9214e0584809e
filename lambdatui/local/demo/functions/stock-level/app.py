"""How many pieces of a product are in stock. Every product page asks."""

import os
import random
import time

WAREHOUSES = ("HAM-1", "RTM-2", "LEJ-1")


def handler(event, context):
    sku = event["sku"]
    time.sleep(random.uniform(0.002, 0.004))  # one read of the table
    stock = {warehouse: read(sku, warehouse) for warehouse in WAREHOUSES}
    total = sum(stock.values())
    print(f"{sku} {total} in stock, table {os.environ['STOCK_TABLE']}")
    return {"sku": sku, "stock": stock, "availability": availability(total)}


def read(sku, warehouse):
    """The same product has the same stock for an hour."""
    seed = f"{sku} {warehouse} {int(time.time() // 3600)}"
    return random.Random(seed).choice((0, 0, 1, 3, 4, 12, 40))


def availability(total):
    if total == 0:
        return "sold out"
    return "only a few left" if total < 5 else "in stock"
