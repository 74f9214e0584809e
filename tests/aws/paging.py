"""A list of many functions, page by page, with faults on some of the pages: for lists as large as they come.

    python -m tests.aws.paging COUNT MILLISECONDS

prints the URL of a server that gives that many, each page so much later, until its standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.aws import broken, faults
from tests.aws.exchange import Exchange, Reply
from tests.aws.fault_server import FaultServer

A_PAGE = 50
"""The most that ListFunctions gives at once."""

FAULTS: Sequence[Reply] = (
    faults.reset,
    faults.close,
    faults.short_body,
    faults.reset_in_body,
    faults.bad_chunk,
    faults.not_http,
    faults.status(502, "<html>bad</html>", content_type="text/html", request_id=""),
    faults.aws_error(500, "ServiceException"),
    faults.aws_error(503, "ServiceUnavailableException"),
    faults.aws_error(429, "TooManyRequestsException"),
    faults.aws_error(400, "ThrottlingException"),
    broken.cut(40, 3000, "half_close"),
)
"""What meets a list on its way and is worth another attempt."""


def named(number: int) -> str:
    """The name of a function."""
    return f"function-{number:05d}"


@dataclass
class Pages:
    """The reply to ListFunctions: `count` functions. The marker is the number of the first function of a page."""

    count: int
    before: Callable[[int], Reply | None] = lambda page: None
    """What is done in place of an answer to a request for the page of that number, if anything."""
    seconds: float = 0.0
    """How much later each answer comes."""
    asked: list[int] = field(default_factory=list)
    """Numbers of the pages in the order in which they were asked for."""

    def __post_init__(self) -> None:
        self._bodies: dict[int, bytes] = {}

    async def __call__(self, exchange: Exchange) -> None:
        page = int(exchange.seen.parameters.get("Marker", 0)) // A_PAGE
        self.asked.append(page)
        if self.seconds:
            await asyncio.sleep(self.seconds)
        reply = self.before(page)
        await (reply(exchange) if reply is not None else self._answer(page, exchange))

    async def _answer(self, page: int, exchange: Exchange) -> None:
        if page not in self._bodies:
            start, end = page * A_PAGE, min(self.count, (page + 1) * A_PAGE)
            marker = {"NextMarker": str(end)} if end < self.count else {}
            self._bodies[page] = json.dumps({"Functions": [*map(entry, range(start, end))], **marker}).encode()
        await faults.status(200, self._bodies[page])(exchange)


def entry(number: int) -> dict[str, object]:
    """A function as ListFunctions tells of it, with as much as is usual."""
    name = named(number)
    return {
        "FunctionName": name,
        "FunctionArn": f"arn:aws:lambda:eu-west-1:{faults.ACCOUNT}:function:{name}",
        "Runtime": ("python3.13", "python3.9", "nodejs22.x", "java21")[number % 4],
        "Role": f"arn:aws:iam::{faults.ACCOUNT}:role/service-role/{name}-role",
        "Handler": "app.handler",
        "CodeSize": 48_211 + number,
        "Description": f"One of many: number {number}",
        "Timeout": 3 + number % 60,
        "MemorySize": 128 << number % 5,
        "LastModified": f"2026-11-{1 + number % 24:02d}T09:12:00.000+0000",
        "CodeSha256": "q5dEPVXkMlmLGNPbHOhJC4mUr9wVxgA2oSHwT3MGnkY=",
        "Version": "$LATEST",
        "Environment": {"Variables": {"STAGE": "production", "TABLE": f"{name}-table", "LOG_LEVEL": "INFO"}},
        "TracingConfig": {"Mode": "PassThrough"},
        "RevisionId": f"5f3c2f0e-1b6d-4c60-9a43-{number:012d}",
        "Layers": [{"Arn": f"arn:aws:lambda:eu-west-1:{faults.ACCOUNT}:layer:shop-common:12", "CodeSize": 2_104_000}],
        "PackageType": "Zip",
        "Architectures": [("arm64", "x86_64")[number % 2]],
        "EphemeralStorage": {"Size": 512},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
    }


def by_chance(share: float, chance: random.Random) -> Callable[[int], Reply | None]:
    """Faults on that share of all requests."""
    return lambda page: chance.choice(FAULTS) if chance.random() < share else None


def on_pages(pages: Sequence[int], times: int, chance: random.Random) -> Callable[[int], Reply | None]:
    """Faults on the first requests for each of these pages, so many times."""
    left = dict.fromkeys(pages, times)

    def before(page: int) -> Reply | None:
        if not left.get(page):
            return None
        left[page] -= 1
        return chance.choice(FAULTS)

    return before


async def _serve(count: int, seconds: float) -> None:
    async with FaultServer() as server:
        server.plan("lambda:ListFunctions", Pages(count, seconds=seconds))
        server.plan("resourcegroupstaggingapi:GetResources", faults.answer({"ResourceTagMappingList": []}))
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
