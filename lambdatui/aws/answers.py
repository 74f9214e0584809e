"""What may come as an answer at all, below the clients: the SDK takes more than AWS gives.

Its parser makes an empty list of functions out of a login page or half a page of JSON. Its HTTP session follows a
redirect, which sends an invocation (and the session token) a second time, to wherever it points; and it sends a DELETE
or PUT a second time when the connection breaks, whatever the SDK's retry configuration says.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from inspect import iscoroutinefunction
from types import SimpleNamespace
from typing import Any

from aiobotocore.httpsession import AIOHTTPSession
from aiobotocore.parsers import AioResponseParserFactory
from aiohttp import ClientPayloadError, ClientResponse
from botocore.parsers import ResponseParserError

from lambdatui.aws import log_answers, metric_answers
from lambdatui.aws.log_answers import UnusualError
from lambdatui.model.text import size

LARGEST_ANSWER = 20_000_000
"""Bytes of an answer that is read as a whole: the largest that AWS gives are lists and log pages of a few MB."""

_IN_SLICES: Mapping[str, Callable[[bytes], Awaitable[dict[str, Any]]]] = {
    log_answers.SHAPE: log_answers.read_events,
    metric_answers.SHAPE: metric_answers.read_metric_data,
}
"""What reads the answers that are long, by their shape."""


class StrictParsers:
    """The SDK's parsers, but what does not fit the operation's shape is a `ResponseParserError`.

    Made the session's component "response_parser_factory".
    """

    def create_parser(self, protocol_name: str) -> SimpleNamespace:
        parse = AioResponseParserFactory().create_parser(protocol_name).parse
        return SimpleNamespace(parse=partial(_parse_strictly, parse, "json" in protocol_name))


async def _parse_strictly(
    parse: Callable[[Any, Any], Awaitable[dict[str, Any]]], json_expected: bool, response: dict[str, Any], shape: Any
) -> dict[str, Any]:
    if response["status_code"] == 200 and shape is not None and shape.name in _IN_SLICES:
        with suppress(UnusualError):
            members = await _IN_SLICES[shape.name](response["body"])
            return {**await parse({**response, "body": b"{}"}, shape), **members}
    try:
        parsed = await parse(response, shape)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RuntimeError) as problem:
        # What the SDK's parser does with JSON of another form: it takes lists, objects and numbers at their word.
        # RuntimeError: brackets without end, and times before all calendars.
        raise ResponseParserError(f"the parts are not of the form that the operation has: {problem}") from problem
    body = response["body"]
    nothing_found = response["status_code"] < 300 and parsed.keys() <= {"ResponseMetadata"}
    if json_expected and nothing_found and isinstance(body, bytes):
        _expect_object(body)
    return parsed


def _expect_object(body: bytes) -> None:
    """Raise unless an answer in which nothing was found is at least a JSON object, or nothing at all."""
    try:
        value = json.loads(body.decode() or "{}")  # as the SDK's parser does: a byte order mark is a fault to it
    except (ValueError, RecursionError) as problem:
        raise ResponseParserError(f"it is no JSON: {problem}") from problem
    if not isinstance(value, dict):
        raise ResponseParserError("it is no JSON object")


if not iscoroutinefunction(getattr(AIOHTTPSession, "_get_session", None)):
    raise RuntimeError("This aiobotocore makes its HTTP sessions in another way: an invocation might be sent twice.")


class BoundedResponse(ClientResponse):
    """An answer that is not read for ever: what fills the memory is no page of a list."""

    async def read(self) -> bytes:
        """The whole body, which the SDK parses. A streamed one it takes from `content`, and bounds come with that."""
        read = bytearray()
        whole = False
        try:
            async for chunk in self.content.iter_any():
                read += chunk
                if len(read) > LARGEST_ANSWER:
                    raise ClientPayloadError(f"the answer is over {size(LARGEST_ANSWER)}, and was not read further")
            whole = True
        finally:
            if not whole:
                self.close()
        return bytes(read)


class StraightSession(AIOHTTPSession):
    """The SDK's HTTP session, in which one request is one request.

    No redirect is followed: AWS gives none to these services. Nor does aiohttp send a GET, PUT or DELETE again when the
    connection breaks: which calls may be repeated is decided by the class of client alone.
    """

    async def _get_session(self, proxy_url: str | None) -> SimpleNamespace:
        session = await super()._get_session(proxy_url)  # type: ignore[misc]  # the stubs have only what is public
        session._retry_connection = False  # there is no option for it
        session._response_class = BoundedResponse  # nor a way to it from the SDK
        return SimpleNamespace(request=partial(session.request, allow_redirects=False))
