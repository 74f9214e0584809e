"""Answers that come as a stream of events, through the one gate to AWS like all others."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager, closing
from typing import Any

from lambdatui.aws.calls import Calls
from lambdatui.aws.clients import ClientClass
from lambdatui.aws.failures import translating, unlike_aws

OPENING = 20.0
"""Seconds until the first bytes of the answer at most."""

Events = AsyncGenerator[Mapping[str, Any], None]


@asynccontextmanager
async def streaming(
    calls: Calls, service: str, operation: str, member: str, **parameters: Any
) -> AsyncIterator[Events]:
    """The events of a reading call, each a mapping of its kind to its content. Leaving it closes the connection.

    `member` is the stream in the answer. Raises AwsError, from the events as well. A connection that is cut between two
    events is the end of the stream and no error: who reads has to know whether it was over.
    """
    name = f"{service}:{operation}"
    calls.guard.permit(name)
    async with calls.connections.use(service, ClientClass.STREAM) as client:
        answer = await calls.send(client, name, parameters, OPENING)
        if not hasattr(answer.get(member), "__aiter__"):
            raise unlike_aws(name, "stream of events")
        stream = answer[member]
        with closing(stream):
            async with aclosing(events_of(name, stream)) as events:
                yield events


async def events_of(operation: str, stream: Any, *, mutates: bool = False) -> Events:
    """The events of a stream that the SDK has opened, for `operation`; see `translating()` for what is raised."""
    from botocore.parsers import ResponseParserError

    with translating(operation, mutates=mutates):
        try:
            async with aclosing(stream.__aiter__()) as parsed:
                async for event in parsed:
                    yield event
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RuntimeError) as problem:
            # What the SDK's parser does with JSON of another form: it takes lists, objects and numbers at their word.
            raise ResponseParserError(f"an event is not of its form: {problem}") from problem
