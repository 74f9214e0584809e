"""Invoke over HTTP: calls a second without an error, and warm and cold calls, beside MiniStack as it is shipped.

By hand: python -m tests.benchmarks.invoke [calls a second] [seconds]
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import AsyncIterator
from statistics import median, quantiles
from typing import Any

import aiohttp
import boto3

from lambdatui.local import identity
from lambdatui.local.process import EndpointProcess

CODE = "def handler(event, context):\n    return {'n': event['n']}\n"
COLD_CALLS = 10
WARM_CALLS = 300


def make(url: str, count: int) -> list[str]:
    """So many new functions, Active."""
    session = boto3.Session(identity.ACCESS_KEY_ID, identity.SECRET_ACCESS_KEY, region_name=identity.REGION)
    client = session.client("lambda", endpoint_url=url)
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", CODE)
    names = [f"bench-{number}" for number in range(count)]
    for name in names:
        client.create_function(
            FunctionName=name, Runtime="python3.13", Handler="app.handler", Role="arn:aws:iam::123456789012:role/f",
            Code={"ZipFile": package.getvalue()}, MemorySize=256,
        )  # fmt: skip
        client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
    return names


async def invoke(http: aiohttp.ClientSession, url: str, name: str, number: int) -> tuple[float, bool]:
    """Seconds, and whether the answer was right."""
    started = time.perf_counter()
    try:
        address = f"{url}/2015-03-31/functions/{name}/invocations"
        async with http.post(address, data=json.dumps({"n": number})) as answer:
            right = answer.status == 200 and json.loads(await answer.read()) == {"n": number}
    except (aiohttp.ClientError, ValueError):
        right = False
    return time.perf_counter() - started, right


async def one_by_one(http: aiohttp.ClientSession, url: str, names: list[str]) -> tuple[list[float], list[float]]:
    """Seconds of the first call of each function, and of later ones."""
    cold = [(await invoke(http, url, name, 1))[0] for name in names]
    warm = [(await invoke(http, url, names[0], number))[0] for number in range(WARM_CALLS)]
    return cold, warm


async def rate(http: aiohttp.ClientSession, url: str, name: str, a_second: int, seconds: int) -> None:
    """Calls at fixed times, whether the ones before have come back or not."""
    tasks, begun = [], time.perf_counter()
    for number in range(a_second * seconds):
        await asyncio.sleep(max(0.0, begun + number / a_second - time.perf_counter()))
        tasks.append(asyncio.create_task(invoke(http, url, name, number)))
    results = await asyncio.gather(*tasks)
    took = [seconds for seconds, _ in results]
    wrong = sum(not right for _, right in results)
    cuts = quantiles(took, n=100)
    print(
        f"{a_second}/s for {seconds} s: {wrong} errors of {len(took)}; "
        f"p50 {cuts[49] * 1000:.1f} ms, p99 {cuts[98] * 1000:.1f} ms, max {max(took) * 1000:.1f} ms"
    )


@contextlib.asynccontextmanager
async def ours() -> AsyncIterator[str]:
    endpoint = EndpointProcess(demo=False)
    try:
        yield await endpoint.url()
    finally:
        await endpoint.stop()


@contextlib.asynccontextmanager
async def ministack() -> AsyncIterator[str]:
    """MiniStack as shipped, on a free port."""
    with socket.socket() as free:
        free.bind((identity.HOST, 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GATEWAY_PORT": str(port), "BIND_HOST": identity.HOST, "LOG_LEVEL": "ERROR"}
        environment |= {"MINISTACK_REGION": identity.REGION, "LAMBDA_EXECUTOR": "local", "PERSIST_STATE": "0"}
        environment |= {"HOME": folder, "SFTP_ENABLED": "0", "DOCKER_HOST": f"unix://{folder}/none"}
        server = quietly([sys.executable, "-m", "ministack"], environment, folder)
        try:
            while True:
                with contextlib.suppress(OSError), socket.create_connection((identity.HOST, port), 1):
                    break
                await asyncio.sleep(0.05)
            yield f"http://{identity.HOST}:{port}"
        finally:
            server.terminate()
            server.wait()


def quietly(command: list[str], environment: dict[str, str], folder: str) -> subprocess.Popen[bytes]:
    null = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment, stdout=null, stderr=null, cwd=folder)


async def main(a_second: int, seconds: int) -> None:
    figures: dict[str, Any] = {}
    for what, start in (("MiniStack", ministack), ("ours", ours)):
        async with start() as url, aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=50)) as http:
            names = await asyncio.to_thread(make, url, COLD_CALLS)
            figures[what] = await one_by_one(http, url, names)
            if what == "ours":
                before = resource.getrusage(resource.RUSAGE_SELF)
                await rate(http, url, names[0], a_second, seconds)
                after = resource.getrusage(resource.RUSAGE_SELF)
                print(f"the client itself took {(after.ru_utime - before.ru_utime) / seconds:.0%} of a core")
    for place, kind in enumerate(("cold", "warm")):
        theirs, own = (median(figures[what][place]) * 1000 for what in ("MiniStack", "ours"))
        print(f"{kind} Invoke over HTTP: {own:.2f} ms, MiniStack {theirs:.2f} ms, ratio {own / theirs:.2f}")


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    asyncio.run(main(*(arguments + [200, 20][len(arguments) :])))
