"""What it costs the event loop to read the metrics of many functions: python -m tests.benchmarks.metrics

Turns are counted in CPU time of the thread, so that what else runs on the machine counts for little. The SDK's own
parser and validation of one call of 500 queries are the measure that the rest is to be held to.
"""

from __future__ import annotations

import asyncio
import gc
import json
import multiprocessing
import os
import time
from contextlib import aclosing
from typing import Any

import botocore.session
from botocore.parsers import create_parser

from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import Guard
from lambdatui.aws.target import Target
from lambdatui.model.function_figures import row_needs
from lambdatui.model.metrics import Need, Range, Reading
from tests.aws import faults
from tests.aws.exchange import Exchange
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import Journal, Writable

VISIBLE, MANY = 40, 2_000


def _body(asked: Any) -> str:
    """A point for every period of every query."""
    results = []
    for query in asked["MetricDataQueries"]:
        grid = range(int(asked["StartTime"]), int(asked["EndTime"]), query["MetricStat"]["Period"])
        times, values = [float(at) for at in reversed(grid)], [float(at) for at, _ in enumerate(grid)]
        results.append({"Id": query["Id"], "Timestamps": times, "Values": values, "StatusCode": "Complete"})
    return json.dumps({"MetricDataResults": results})


def _serve(url: Any) -> None:
    async def reply(exchange: Exchange) -> None:
        await faults.status(200, _body(exchange.seen.parameters))(exchange)

    async def run() -> None:
        async with FaultServer() as server:
            server.plan("cloudwatch:GetMetricData", reply)
            url.put(server.url)
            await asyncio.Event().wait()

    asyncio.run(run())


def by_the_sdk() -> float:
    """Seconds that the SDK's parser takes for the answer to 500 queries of an hour, in one turn."""
    queries = [{"Id": f"q{at}", "MetricStat": {"Period": 60}} for at in range(500)]
    body = _body({"MetricDataQueries": queries, "StartTime": 0, "EndTime": 3600}).encode()
    shape = botocore.session.Session().get_service_model("cloudwatch").operation_model("GetMetricData").output_shape
    parser: Any = create_parser("json")
    began = time.thread_time()
    parser.parse({"status_code": 200, "headers": {}, "body": body}, shape)
    return time.thread_time() - began


async def _read(url: str, functions: int) -> tuple[float, float, int]:
    """The longest turn and all CPU (s) of reading the rows of so many functions, and the requests made."""
    rows = [row_needs(f"function-{number}", Range.HOUR) for number in range(functions)]
    visible, later = ([need for row in part for need in row] for part in (rows[:VISIBLE], rows[VISIBLE:]))
    turns: list[float] = []

    async def tick() -> None:
        while True:
            began = time.thread_time()
            await asyncio.sleep(0.0005)
            turns.append(time.thread_time() - began)

    async with Aws(Target(region="eu-west-1", endpoint_url=url), Guard(Journal(), Writable())) as aws:
        watch, known = aws.metrics.watch(), dict[Need, Reading]()
        watch.want(visible[:1])
        async with aclosing(watch.updates()) as updates:
            async for readings in updates:  # the client is open
                known.update(readings)
                if known:
                    break
            ticking = asyncio.create_task(tick())
            began = time.thread_time()
            watch.want(visible, later)
            async for readings in updates:
                known.update(readings)
                if len(known) == len(visible) + len(later):
                    break
            spent = time.thread_time() - began
            ticking.cancel()
        return max(turns), spent, aws.metrics.reader.asking.requests - 1


def main() -> None:
    os.environ |= {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-a-secret"}
    spawning = multiprocessing.get_context("spawn")
    url = spawning.Queue()
    server = spawning.Process(target=_serve, args=(url,), daemon=True)
    server.start()
    address = url.get()
    sdk = by_the_sdk()
    gc.disable()  # its pauses (up to 60 ms among ten thousand series) are not what is measured
    print(f"the SDK's parser alone, one call of 500 queries: {sdk * 1000:.0f} ms in one turn")
    for functions in (VISIBLE, MANY):
        longest, spent, requests = asyncio.run(_read(address, functions))
        print(
            f"{functions:,} functions, {requests} requests: longest turn {longest * 1000:.1f} ms "
            f"({longest / sdk:.2f} of it), {spent * 1000:.0f} ms of CPU in all"
        )
    server.kill()


if __name__ == "__main__":
    main()
