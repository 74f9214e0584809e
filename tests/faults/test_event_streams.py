"""Event streams that break: whatever the SDK makes of them is one of our errors, or an end that the reader can see."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession

from lambdatui.aws.answers import StraightSession
from lambdatui.aws.failures import translating
from lambdatui.local.event_stream import event
from lambdatui.model.errors import AwsError, OutcomeUnknown, Rejected
from lambdatui.model.text import visible
from tests.aws import event_streams
from tests.aws.exchange import Reply
from tests.aws.fault_server import FaultServer

SILENT = {
    # The SDK drops what is left of a body that ends in a frame, makes an event without content of what is no JSON, and
    # passes over a message without a type: a reader has to know by itself whether the stream was over.
    "cut in the prelude, body ended": ["sessionStart", "sessionUpdate"],
    "an event that is no JSON": ["sessionStart", "sessionUpdate", "sessionUpdate"],
    "a message without a type": ["sessionStart", "sessionUpdate"],
}
RAW = {"an event of another form"}
"""The SDK's parser fails on these with an AttributeError: who reads a stream has to expect it."""

BROKEN = [name for name in event_streams.broken(random.Random(4)) if name not in {*SILENT, *RAW}]


@pytest.fixture
async def server() -> AsyncIterator[FaultServer]:
    async with FaultServer() as server:
        yield server


def _client(server: FaultServer, service: str) -> Any:
    name: Any = service
    config: Any = AioConfig(
        retries={"total_max_attempts": 1}, read_timeout=0.3, inject_host_prefix=False, http_session_cls=StraightSession
    )
    return AioSession().create_client(name, region_name="eu-west-1", endpoint_url=server.url, config=config)


async def tail(server: FaultServer) -> list[str]:
    """The names of the events of a live tail, until it ends."""
    events: list[str] = []
    async with _client(server, "logs") as client:
        with translating("logs:StartLiveTail"):
            answer = await client.start_live_tail(logGroupIdentifiers=["arn:aws:logs:eu-west-1:1:log-group:g"])
            async for one in answer["responseStream"]:
                events += one
    return events


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", BROKEN)
async def test_a_stream_that_breaks_is_an_error_of_ours(name: str, seed: int, server: FaultServer) -> None:
    server.plan("logs:StartLiveTail", event_streams.broken(random.Random(seed))[name])
    async with asyncio.timeout(30):
        with pytest.raises(AwsError) as told:
            await tail(server)
    assert told.value.operation == "logs:StartLiveTail"
    for text in (told.value.reason, told.value.remedy):
        assert text
        assert visible(text) == text
    assert server.operations == ["logs:StartLiveTail"]


@pytest.mark.parametrize(
    ("reply", "events"),
    [
        (event_streams.ENDED_EARLY, ["sessionStart", "sessionUpdate"]),
        (event_streams.UNKNOWN_EVENT, ["sessionStart", "sessionUpdate"]),
        *((event_streams.broken(random.Random(4))[name], events) for name, events in SILENT.items()),
    ],
    ids=["ended early", "unknown event", *SILENT],
)
async def test_what_the_sdk_passes_over_in_a_stream(reply: Reply, events: list[str], server: FaultServer) -> None:
    server.plan("logs:StartLiveTail", reply)
    assert await tail(server) == events


async def test_a_streamed_invocation_that_breaks_is_an_unknown_outcome(server: FaultServer) -> None:
    chunk = event("PayloadChunk", b"some", content_type="application/octet-stream")
    server.plan("lambda:InvokeWithResponseStream", event_streams.stream(chunk, chunk[:9]))

    async def invoke() -> None:
        async with _client(server, "lambda") as client:
            with translating("lambda:InvokeWithResponseStream", mutates=True):
                answer = await client.invoke_with_response_stream(FunctionName="f")
                async for _ in answer["EventStream"]:
                    pass

    with pytest.raises(OutcomeUnknown):
        await invoke()
    assert server.operations == ["lambda:InvokeWithResponseStream"]


async def test_an_exception_in_a_stream_says_what_aws_says(server: FaultServer) -> None:
    server.plan("logs:StartLiveTail", event_streams.broken(random.Random(4))["a modelled exception"])
    with pytest.raises(Rejected, match="3 hours are over"):
        await tail(server)
