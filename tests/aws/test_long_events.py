"""Log events of a megabyte: cut where a screen cannot show more, and made visible without holding up the loop."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from lambdatui.aws.gateway import Aws
from lambdatui.aws.log_events import LONGEST
from tests.aws import faults
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import followed


async def test_a_long_event_is_cut_and_says_by_how_much(server: FaultServer, aws: Aws) -> None:
    message = "\x1b[31m" + "a" * 1_000_000
    event = {"eventId": "1", "logStreamName": "s", "message": message, "timestamp": 1, "ingestionTime": 1}
    server.plan("logs:FilterLogEvents", faults.answer({"events": [event]}))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    ticking = asyncio.create_task(tick())
    async with aclosing(followed(aws, "/aws/lambda/orders")) as updates:
        async for update in updates:
            if update.events:
                break
    ticking.cancel()
    (found,) = update.events
    assert found.message == "a" * (LONGEST - 5)
    assert found.hidden == len(message) - LONGEST
    assert found.spans[0][:2] == (0, LONGEST - 5)
    assert ticks > 0
