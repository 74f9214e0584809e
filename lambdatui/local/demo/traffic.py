"""Calls the sample functions, each at its own rhythm, with what such functions get: about 1.8 calls a second."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lambdatui.local.demo.catalogue import FUNCTIONS
from lambdatui.local.demo.client import Client

_CHANCE = random.Random()  # noqa: S311  nothing depends on it being hard to guess
_WORDS = ("oak", "lamp", "chair", "linen", "table", "vase", "shelf", "desk", "round", "small", "blue", "walnut")


@dataclass(frozen=True)
class Caller:
    """Who calls a function: `every` seconds on average, with a payload made for each call."""

    function: str
    every: float
    payload: Callable[[], Any]
    qualifier: str = ""
    event: bool = False
    """Asynchronously, as event sources do."""


def _sku() -> str:
    return f"SKU-{_CHANCE.randrange(1000, 9999)}"


def _customer() -> str:
    return f"c-{_CHANCE.randrange(10_000, 99_999)}"


def _basket() -> Any:
    many = _CHANCE.choice((0, 1, 1, 2, 2, 3, 5)) if _CHANCE.random() < 0.3 else _CHANCE.randrange(1, 4)
    items = [
        {"sku": _sku(), "quantity": _CHANCE.randrange(1, 4), "unitPriceCents": _CHANCE.randrange(490, 24_900)}
        for _ in range(many)
    ]
    return {"basketId": f"b-{_CHANCE.randrange(16**6):06x}", "customerId": _customer(), "items": items}


def _order() -> Any:
    lines = [{"sku": _sku(), "cents": _CHANCE.randrange(490, 24_900)} for _ in range(_CHANCE.randrange(1, 5))]
    return {"customerId": _customer(), "paymentId": f"{_CHANCE.randrange(16**12):012x}", "lines": lines}


def _payment_change() -> Any:
    """Signed as the provider does it; one in sixteen is not, as if somebody else had found the address."""
    change = {
        "paymentId": f"{_CHANCE.randrange(16**12):012x}",
        "state": _CHANCE.choices(("captured", "authorised", "refunded", "chargeback"), (80, 12, 6, 2))[0],
        "amountCents": _CHANCE.randrange(490, 64_900),
    }
    body = json.dumps(change)
    secret = next(sample for sample in FUNCTIONS if sample.name == "payment-webhook").environment
    key = secret["PAYMENT_WEBHOOK_SECRET"] if _CHANCE.random() > 1 / 16 else "something else"
    signature = hmac.new(key.encode(), body.encode(), hashlib.sha256).hexdigest()
    return {"headers": {"x-signature": signature}, "body": body}


def _warehouse() -> Any:
    return {"warehouse": _CHANCE.choice(("HAM-1", "RTM-2", "LEJ-1")), "batchSize": _CHANCE.choice((50, 75, 100, 150))}


def _upload() -> Any:
    key = f"incoming/{_sku().lower()}/{_CHANCE.randrange(1, 9)}.jpg"
    picture = {"key": key, "size": _CHANCE.randrange(900_000, 9_000_000)}
    return {"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": "shop-uploads"}, "object": picture}}]}


def _price_list() -> Any:
    """A list of prices; one in four has a line that is not what was agreed."""
    rows = [f"{_sku()};{_CHANCE.uniform(4, 400):.2f};{_CHANCE.uniform(4, 400):.2f}" for _ in range(30)]
    if _CHANCE.random() < 0.25:
        rows[_CHANCE.randrange(30)] = f"{_sku()};{_CHANCE.choice(('on request', 'n/a', '1.249,00'))};99.00"
    elif _CHANCE.random() < 0.2:
        rows[_CHANCE.randrange(30)] = f"{_sku()};1249.00;1199.00"
    supplier = _CHANCE.choice(("Holm & Sons", "Lindqvist", "Vitra Trade"))
    return {"supplier": supplier, "csv": "\n".join(("sku;price;old", *rows))}


def _receipt() -> Any:
    name = _CHANCE.choice(("ada", "grace", "linus", "barbara", "edsger", "frances"))
    order = f"261123-{_CHANCE.randrange(10_000, 99_999)}"
    return {"orderNumber": order, "email": f"{name}@example.com", "language": _CHANCE.choice(("en", "de", "fr"))}


def _features() -> Any:
    features: dict[str, Any] = {
        "amount": round(_CHANCE.expovariate(1.4), 2),
        "newCustomer": int(_CHANCE.random() < 0.3),
        "countryMismatch": int(_CHANCE.random() < 0.08),
        "nightTime": int(_CHANCE.random() < 0.2),
        "attempts": _CHANCE.choice((0, 0, 0, 0, 1, 2)),
    }
    if _CHANCE.random() < 0.05:
        features["deviceAge"] = _CHANCE.randrange(400)
    return {"paymentId": f"{_CHANCE.randrange(16**12):012x}", "features": features}


def _day() -> Any:
    yesterday = date.today() - timedelta(days=_CHANCE.randrange(1, 4))
    return {"day": yesterday.isoformat(), "pages": _CHANCE.randrange(9, 15)}


def _products() -> Any:
    def title() -> str:
        return "" if _CHANCE.random() < 0.03 else " ".join(_CHANCE.sample(_WORDS, 3))

    return {"products": [{"sku": _sku(), "title": title()} for _ in range(_CHANCE.randrange(1, 6))]}


def _schedule() -> Any:
    return {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}


CALLERS = (
    Caller("checkout-api", 2.5, _basket, qualifier="live"),
    Caller("fraud-score", 3.5, _features, qualifier="live"),
    Caller("orders-create", 4, _order, qualifier="live"),
    Caller("payment-webhook", 5, _payment_change),
    Caller("email-receipt", 6, _receipt, event=True),
    Caller("search-index", 7, _products),
    Caller("inventory-sync", 8, _warehouse),
    Caller("thumbnail-render", 12, _upload, event=True),
    Caller("price-import", 15, _price_list),
    Caller("session-cleanup", 20, _schedule),
    Caller("nightly-report", 45, _day),
)
"""Busiest first. legacy-export is not among them."""


async def run(client: Client) -> None:
    """Call until cancelled. Each function is called once within the first seconds, so that every log has something."""
    async with asyncio.TaskGroup() as tasks:
        for place, caller in enumerate(CALLERS):
            tasks.create_task(_keep_calling(client, caller, 0.3 * place), name=f"caller of {caller.function}")


async def _keep_calling(client: Client, caller: Caller, first: float) -> None:
    await asyncio.sleep(first)  # one after the other: eleven cold starts at once would be felt in the UI
    while True:
        await client.invoke(caller.function, caller.payload(), qualifier=caller.qualifier, event=caller.event)
        await asyncio.sleep(caller.every * _CHANCE.uniform(0.6, 1.4))
