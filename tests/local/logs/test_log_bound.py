"""The bound of the log store, seen by a client of an endpoint that has nothing else in it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from lambdatui.local.process import EndpointProcess

pytestmark = pytest.mark.local

HEADER = "x-lambdatui-dropped-log-events"


@pytest.fixture
async def alone() -> AsyncIterator[str]:
    endpoint = EndpointProcess(demo=False)
    try:
        yield await endpoint.url()
    finally:
        await endpoint.stop()


async def test_beyond_50_megabytes_the_oldest_events_go_and_that_is_told(alone: str, connect: Any) -> None:
    logs, now = connect(alone, "logs"), int(time.time() * 1000)

    def fill() -> None:
        logs.create_log_group(logGroupName="g")
        logs.create_log_stream(logGroupName="g", logStreamName="s")
        for batch in range(50):
            events = [{"timestamp": now + batch, "message": f"{batch} {'x' * 10_000}"} for _ in range(100)]
            logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=events)
            answer = logs.describe_log_streams(logGroupName="g")
            assert (HEADER in answer["ResponseMetadata"]["HTTPHeaders"]) == (batch >= 49)

    await asyncio.to_thread(fill)

    described = logs.describe_log_streams(logGroupName="g")
    (first,) = logs.filter_log_events(logGroupName="g", limit=1)["events"]
    assert described["logStreams"][0]["firstEventTimestamp"] == first["timestamp"] == now + int(first["message"][:2])
    count, until = described["ResponseMetadata"]["HTTPHeaders"][HEADER].split("; until=")
    assert 0 < int(count) < 200
    assert now <= int(until) <= first["timestamp"]
    (notice,) = logs.filter_log_events(logGroupName="/lambdatui/log-store")["events"]
    assert "were dropped: this endpoint keeps 50 MB of logs" in notice["message"]
