"""What the sample functions are sent. They are told by it what to do, so that what befalls them is chance here only."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from datetime import date, timedelta
from typing import Any

from lambdatui.local.demo.catalogue import FUNCTIONS

CHANCE = random.Random()  # noqa: S311  nothing depends on it being hard to guess

WRONG_PRICES = 0.05
"""The share of price lists with a line that is no price: price-import fails."""

WHOLE_WAREHOUSES = 0.05
"""The share of syncs that ask for a whole warehouse: inventory-sync runs into its timeout."""

LARGE_PICTURES = 0.06
"""The share of pictures that do not fit into the memory of thumbnail-render: it is killed."""

UNSIGNED = 0.02
"""The share of payment changes that the provider did not sign: payment-webhook refuses them."""

COLLECTED = 0.4
"""The share of orders that are collected in the shop: without shipping, at which the code of demo.deploys fails."""

_WORDS = ("oak", "lamp", "chair", "linen", "table", "vase", "shelf", "desk", "round", "small", "blue", "walnut")


def sku() -> str:
    """An article number. Few are asked for often."""
    return f"SKU-{1000 + int(CHANCE.paretovariate(0.4)) % 9000}"


def product_page() -> Any:
    """Of stock-level."""
    return {"sku": sku()}


def basket() -> Any:
    """Of checkout-api. A few are empty."""
    many = 0 if CHANCE.random() < 0.04 else CHANCE.choice((1, 1, 2, 2, 3, 5))
    items = [
        {"sku": sku(), "quantity": CHANCE.randrange(1, 4), "unitPriceCents": CHANCE.randrange(490, 24_900)}
        for _ in range(many)
    ]
    return {"basketId": f"b-{CHANCE.randrange(10**6):06}", "customerId": _customer(), "items": items}


def order() -> Any:
    """Of orders-create."""
    lines = [{"sku": sku(), "cents": CHANCE.randrange(490, 24_900)} for _ in range(CHANCE.randrange(1, 5))]
    made: dict[str, Any] = {"customerId": _customer(), "paymentId": _payment(), "lines": lines}
    if CHANCE.random() >= COLLECTED:
        made["shipping"] = {"method": CHANCE.choice(("parcel", "express")), "cents": CHANCE.choice((490, 690, 1290))}
    return made


def payment_change() -> Any:
    """Of payment-webhook: signed as the provider does it, or as somebody else who has found the address."""
    change = {
        "paymentId": _payment(),
        "state": CHANCE.choices(("captured", "authorised", "refunded", "chargeback"), (80, 12, 6, 2))[0],
        "amountCents": CHANCE.randrange(490, 64_900),
    }
    body = json.dumps(change)
    key = "something else" if CHANCE.random() < UNSIGNED else _SECRET
    signature = hmac.new(key.encode(), body.encode(), hashlib.sha256).hexdigest()
    return {"headers": {"x-signature": signature}, "body": body}


def stock_taking() -> Any:
    """Of inventory-sync."""
    articles = 6000 if CHANCE.random() < WHOLE_WAREHOUSES else CHANCE.randrange(200, 1200, 100)
    return {"warehouse": CHANCE.choice(("HAM-1", "RTM-2", "LEJ-1")), "articles": articles}


def upload() -> Any:
    """Of thumbnail-render, as S3 sends it."""
    large = CHANCE.random() < LARGE_PICTURES
    size = CHANCE.randrange(12_000_000, 15_000_000) if large else CHANCE.randrange(900_000, 4_000_000)
    picture = {"key": f"incoming/{sku().lower()}/{CHANCE.randrange(1, 9)}.jpg", "size": size}
    return {"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": "shop-uploads"}, "object": picture}}]}


def price_list() -> Any:
    """Of price-import. Some have a line that is not what was agreed."""
    rows = [f"{sku()};{CHANCE.uniform(4, 400):.2f};{CHANCE.uniform(4, 400):.2f}" for _ in range(30)]
    if CHANCE.random() < WRONG_PRICES:
        rows[CHANCE.randrange(30)] = f"{sku()};{CHANCE.choice(('on request', 'n/a', '1.249,00'))};99.00"
    elif CHANCE.random() < 0.2:
        rows[CHANCE.randrange(30)] = f"{sku()};1249.00;1199.00"
    supplier = CHANCE.choice(("Holm & Sons", "Lindqvist", "Vitra Trade"))
    return {"supplier": supplier, "csv": "\n".join(("sku;price;old", *rows))}


def receipt() -> Any:
    """Of email-receipt. A few addresses do not exist."""
    name = CHANCE.choice(("ada", "grace", "linus", "barbara", "edsger", "frances"))
    made = {"orderNumber": _order_number(), "email": f"{name}@example.com"}
    return made | {"language": CHANCE.choice(("en", "de", "fr")), "bounces": CHANCE.random() < 0.02}


def features() -> Any:
    """Of fraud-score."""
    known: dict[str, Any] = {
        "amount": round(CHANCE.expovariate(1.4), 2),
        "newCustomer": int(CHANCE.random() < 0.3),
        "countryMismatch": int(CHANCE.random() < 0.08),
        "nightTime": int(CHANCE.random() < 0.2),
        "attempts": CHANCE.choice((0, 0, 0, 0, 1, 2)),
    }
    if CHANCE.random() < 0.05:
        known["deviceAge"] = CHANCE.randrange(400)
    return {"paymentId": _payment(), "features": known}


def invoice() -> Any:
    """Of invoice-number."""
    return {"orderNumber": _order_number()}


def day() -> Any:
    """Of nightly-report."""
    yesterday = date.today() - timedelta(days=CHANCE.randrange(1, 4))
    return {"day": yesterday.isoformat(), "pages": CHANCE.randrange(6, 11)}


def products() -> Any:
    """For search-index: the messages of one batch."""

    def title() -> str:
        return "" if CHANCE.random() < 0.02 else " ".join(CHANCE.sample(_WORDS, 3))

    return [{"sku": sku(), "title": title()} for _ in range(CHANCE.randrange(1, 6))]


def bookings() -> Any:
    """Of legacy-export."""
    return {"bookings": CHANCE.randrange(3, 9)}


def nothing() -> Any:
    """For nobody."""
    return None


def _customer() -> str:
    return f"c-{CHANCE.randrange(10_000, 99_999)}"


def _payment() -> str:
    return f"{CHANCE.randrange(16**12):012x}"


def _order_number() -> str:
    return f"{date.today():%y%m%d}-{CHANCE.randrange(10_000, 99_999)}"


_SECRET = next(it for it in FUNCTIONS if it.name == "payment-webhook").environment["PAYMENT_WEBHOOK_SECRET"]
