"""A deploy of orders-create that goes wrong every half hour: published, the alias shifted, errors, rolled back."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from lambdatui.local.demo import packages, rhythm
from lambdatui.local.demo.client import Client, Refused

FUNCTION = "orders-create"
ALIAS = "live"
GOOD = "2"
"""The version that the alias comes back to."""

_NEXT = f"{FUNCTION}.next"
_DESCRIPTION = "shipping in the total"
_PATH = f"/2015-03-31/functions/{FUNCTION}"


async def run(client: Client) -> None:
    """Deploy and roll back for ever, by the clock.

    What the user changes or deletes meanwhile may make a step of it impossible: that deploy is given up.
    """
    left_behind = LEFT_BEHIND
    while True:
        await asyncio.sleep(5)  # again and again, not until the next: the machine may sleep meanwhile
        now = time.time()
        if rhythm.deploying(now):
            ends = rhythm.deploy_ends(now)
            with contextlib.suppress(Refused):
                left_behind = await go_wrong(client, left_behind, lasts=ends - now)
            await asyncio.sleep(max(0.0, ends - time.time()))  # one attempt for each


LEFT_BEHIND = "3"
"""The version of the last deploy before the demo began."""


async def leave_one_behind(client: Client) -> None:
    """Publish version LEFT_BEHIND, as if a deploy had just been rolled back. While nothing waits for being Active."""
    await _upload(client, _NEXT)
    await client.call("POST", f"{_PATH}/versions", {"Description": _DESCRIPTION})
    await _upload(client, FUNCTION)


async def go_wrong(client: Client, left_behind: str, *, lasts: float) -> str:
    """One deploy that is rolled back after `lasts` seconds; the new version, which stays until the next one.

    `left_behind` is the version that the last one left: it is deleted. Raises Refused.
    """
    await _upload(client, _NEXT)
    await _updated(client)
    published: str = (await client.call("POST", f"{_PATH}/versions", {"Description": _DESCRIPTION}))["Version"]
    await _shift(client, published)
    await asyncio.sleep(lasts)
    await _shift(client, GOOD)
    await _upload(client, FUNCTION)
    await _updated(client)
    with contextlib.suppress(Refused):  # an alias of the user's may hold it
        await client.call("DELETE", f"{_PATH}?Qualifier={left_behind}")
    return published


async def _upload(client: Client, folder: str) -> None:
    await client.call("PUT", f"{_PATH}/code", {"ZipFile": packages.of_function(folder)})


async def _updated(client: Client) -> None:
    while True:
        function: dict[str, Any] = await client.call("GET", f"{_PATH}/configuration")
        if function["LastUpdateStatus"] != "InProgress":
            return
        await asyncio.sleep(0.1)


async def _shift(client: Client, version: str) -> None:
    await client.call("PUT", f"{_PATH}/aliases/{ALIAS}", {"FunctionVersion": version})
