"""Calls the sample functions as a shop does: 5 to 20 calls a second, in the rhythm of `rhythm`."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lambdatui.local.demo import deploys, payloads, rhythm, seed
from lambdatui.local.demo.catalogue import PRODUCT_CHANGES, QUEUES
from lambdatui.local.demo.client import Client, Refused, queue_url
from lambdatui.local.demo.payloads import CHANCE

AT_ONCE = 20
"""Calls of one caller that may be under way; what would be more is not sent."""

APART = 0.3
"""Seconds between the first calls of two callers: so many cold starts at once would be felt in the UI."""

CONNECTED = 2.5
"""Seconds until queues and schedules are made: by then, the UI has asked what it asks first."""

COUNTED = 600.0
"""Seconds between two counts of what is in the queues."""


@dataclass(frozen=True)
class Caller:
    """Who calls a function: `rate` times a second on average, with a payload made for each call."""

    function: str
    rate: float
    payload: Callable[[], Any]
    qualifier: str = ""
    event: bool = False
    """Asynchronously, as event sources do."""
    queue: str = ""
    """Through this queue: the payload is a list of messages."""
    together: tuple[int, ...] = (1,)
    """How many calls are made at the same moment, each number as likely as its share of the tuple."""
    bursts: bool = False
    """Whether the shop's visitors are behind it."""


CALLERS = (
    Caller("stock-level", 3.4, payloads.product_page, bursts=True),
    Caller("checkout-api", 1.1, payloads.basket, qualifier="live", bursts=True),
    Caller("fraud-score", 0.8, payloads.features, qualifier="live", bursts=True),
    Caller("orders-create", 0.7, payloads.order, qualifier="live", bursts=True),
    Caller("payment-webhook", 0.6, payloads.payment_change, bursts=True),
    Caller("email-receipt", 0.6, payloads.receipt, event=True, bursts=True),
    Caller("search-index", 0.4, payloads.products, queue=PRODUCT_CHANGES),
    Caller("inventory-sync", 0.35, payloads.stock_taking),
    Caller("invoice-number", 0.3, payloads.invoice, together=(1, 1, 1, 1, 2, 3)),
    Caller("price-import", 0.25, payloads.price_list),
    Caller("thumbnail-render", 0.2, payloads.upload, event=True),
    Caller("nightly-report", 0.02, payloads.day),
    Caller("legacy-export", 0.015, payloads.bookings),
)
"""Busiest first. session-cleanup is called by its schedule; those that nobody calls are for whoever tries them."""


async def run(client: Client) -> None:
    """Call until cancelled. What stands between some callers and functions is made first."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(deploys.run(client), name="deploys")
        tasks.create_task(_count_messages(client), name="counting messages")
        for place, caller in enumerate(CALLERS, 2):
            if not caller.queue:
                tasks.create_task(_keep_calling(client, caller, APART * place), name=f"caller of {caller.function}")
        await asyncio.sleep(CONNECTED)
        await seed.connect(client)
        for caller in CALLERS:
            if caller.queue:
                tasks.create_task(_keep_calling(client, caller, 0), name=f"caller of {caller.function}")


async def _keep_calling(client: Client, caller: Caller, wait: float) -> None:
    await asyncio.sleep(wait)
    wait = CHANCE.random() * _gap(caller)
    async with asyncio.TaskGroup() as under_way:
        count = 0

        def over(_: asyncio.Task[None]) -> None:
            nonlocal count
            count -= 1

        while True:
            await asyncio.sleep(wait)
            for _ in range(CHANCE.choice(caller.together)):
                if count < AT_ONCE:
                    count += 1
                    under_way.create_task(_call(client, caller)).add_done_callback(over)
            wait = _gap(caller)


def _gap(caller: Caller) -> float:
    return rhythm.gap(caller.rate, time.time(), CHANCE, bursts=caller.bursts)


async def _call(client: Client, caller: Caller) -> None:
    if caller.queue:
        await client.send(caller.queue, caller.payload())
    else:
        await client.invoke(caller.function, caller.payload(), qualifier=caller.qualifier, event=caller.event)


async def _count_messages(client: Client) -> None:
    """MiniStack drops messages past their retention when a queue is asked about; nobody else may ask for days."""
    while True:
        await asyncio.sleep(COUNTED)
        for queue in QUEUES:
            request = {"QueueUrl": queue_url(queue.name), "AttributeNames": ["ApproximateNumberOfMessages"]}
            with contextlib.suppress(Refused):  # the user may have deleted it
                await client.command("AmazonSQS.GetQueueAttributes", request)
