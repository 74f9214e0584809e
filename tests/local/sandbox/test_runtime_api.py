"""The Lambda Runtime API, spoken by hand."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest

from lambdatui.local.execution import Call
from lambdatui.local.runtime_api import RuntimeApi
from lambdatui.local.sandbox.runtime_events import Answer, Event, InitError, Ready
from tests.local.environments import ARN, until
from tests.local.test_peers import NOBODY, ONLY_LINUX, ONLY_ROOT, asked_as

pytestmark = pytest.mark.local

CALL = Call("id-1", b"\x00raw", ARN)


@dataclass
class Told:
    """Writes down what it is told."""

    events: list[Event] = field(default_factory=list)

    def ready(self) -> None:
        self.events.append(Ready())

    def answered(self, answer: Answer) -> None:
        self.events.append(answer)

    def init_failed(self, error: InitError) -> None:
        self.events.append(error)


@dataclass
class Client:
    """A runtime, and what the API's other side hears of it."""

    api: RuntimeApi
    told: Told
    session: aiohttp.ClientSession

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(method, self.url(path), data=body, headers=named) as answer:
            return answer.status, await answer.read()

    def url(self, path: str) -> str:
        return f"http://{self.api.address}/2018-06-01/{path}"

    async def begun(self, call: Call = CALL) -> dict[str, str]:
        """Take a call; the headers it came with."""
        next_one = asyncio.create_task(self.session.get(self.url("runtime/invocation/next")))
        await until(lambda: self.told.events and self.told.events[-1] == Ready())
        self.api.give(call, 1_700_000_000.1234)
        answer = await next_one
        assert await answer.read() == call.payload
        return dict(answer.headers)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    told = Told()
    api = RuntimeApi(told)
    async with aiohttp.ClientSession() as session:
        yield Client(api, told, session)
    await api.close()


REFUSED = "State transition from {} to {} failed for runtime. Error: State transition is not allowed"


def forbidden(state: str, wanted: str) -> tuple[int, bytes]:
    error = {"errorMessage": REFUSED.format(state, wanted), "errorType": "InvalidStateTransition"}
    return 403, json.dumps(error, separators=(",", ":")).encode()


async def test_a_call_has_its_headers_and_those_that_are_empty_are_left_out(client: Client) -> None:
    full = Call("id-2", b"{}", ARN, '{"custom":{}}', '{"cognitoIdentityId":"i"}', "Root=1-2;Sampled=0")

    plain = await client.begun()
    await client.ask("POST", "runtime/invocation/id-1/response", b"1")
    rich = await client.begun(full)

    def own(headers: dict[str, str]) -> dict[str, str]:
        return {name: value for name, value in headers.items() if name.startswith(("Lambda-", "Content-T"))}

    common = {
        "Content-Type": "application/json",
        "Lambda-Runtime-Invoked-Function-Arn": ARN,
        "Lambda-Runtime-Deadline-Ms": "1700000000123",
    }
    assert own(plain) == {**common, "Lambda-Runtime-Aws-Request-Id": "id-1"}
    assert own(rich) == {
        **common,
        "Lambda-Runtime-Aws-Request-Id": "id-2",
        "Lambda-Runtime-Client-Context": '{"custom":{}}',
        "Lambda-Runtime-Cognito-Identity": '{"cognitoIdentityId":"i"}',
        "Lambda-Runtime-Trace-Id": "Root=1-2;Sampled=0",
    }


async def test_a_response_is_passed_on_as_it_is(client: Client) -> None:
    await client.begun()

    answer = await client.ask("POST", "runtime/invocation/id-1/response", b"\xff{", Content_Type="text/x")

    assert answer == (202, b'{"status":"OK"}')
    assert client.told.events[1:] == [Answer(b"\xff{", content_type="text/x")]


async def test_an_error_is_passed_on_with_its_type(client: Client) -> None:
    await client.begun()

    await client.ask("POST", "runtime/invocation/id-1/error", b'{"errorType": "E"}', Content_Type="application/json")
    await client.begun(Call("id-2", b"", ARN))
    await client.ask("POST", "runtime/invocation/id-2/error", b"no json", Lambda_Runtime_Function_Error_Type="Header.E")

    first, _, second = client.told.events[1:]
    assert first == Answer(b'{"errorType": "E"}', failed=True, error_type="E")
    assert isinstance(second, Answer)
    assert (second.body, second.error_type) == (b"no json", "Header.E")


async def test_an_init_error_ends_it(client: Client) -> None:
    header = {"Lambda_Runtime_Function_Error_Type": "Runtime.NoSuchModule"}

    assert (await client.ask("POST", "runtime/init/error", b"{}", **header))[0] == 202

    assert client.told.events == [InitError(b"{}", "Runtime.NoSuchModule")]
    assert await client.ask("POST", "runtime/init/error", b"{}") == forbidden("InitError", "InitError")
    assert await client.ask("GET", "runtime/invocation/next") == forbidden("InitError", "Ready")


@pytest.mark.parametrize(
    ("posted", "reported"),
    [("ValueError", "Runtime.Unknown"), ("Function.x", "Function.Unknown"), ("", "Runtime.Unknown")],
)
async def test_an_error_type_that_is_not_the_platforms_is_unknown_to_it(
    client: Client, posted: str, reported: str
) -> None:
    await client.ask("POST", "runtime/init/error", b"{}", Lambda_Runtime_Function_Error_Type=posted)

    assert client.told.events == [InitError(b"{}", reported)]


async def test_next_in_the_middle_of_a_call_gives_the_same_call(client: Client) -> None:
    await client.begun()

    assert await client.ask("GET", "runtime/invocation/next") == (200, CALL.payload)
    assert client.told.events == [Ready()]


async def test_what_comes_at_the_wrong_time_is_refused(client: Client) -> None:
    wrong = (400, b'{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}')
    assert await client.ask("POST", "runtime/invocation/id-1/response") == wrong
    await client.begun()
    assert await client.ask("POST", "runtime/invocation/id-0/response") == wrong
    assert await client.ask("POST", "runtime/init/error") == forbidden("Running", "InitError")
    await client.ask("POST", "runtime/invocation/id-1/response", b"1")

    again = await client.ask("POST", "runtime/invocation/id-1/response", b"2")
    error = await client.ask("POST", "runtime/invocation/id-1/error", b"3")

    assert again == forbidden("RuntimeResponseSentState", "InvocationResponse")
    assert error == forbidden("RuntimeResponseSentState", "InvocationErrorResponse")
    assert len(client.told.events) == 2


async def test_what_is_no_path_of_the_api(client: Client) -> None:
    assert await client.ask("GET", "ping") == (200, b"pong")
    assert (await client.ask("POST", "runtime/invocation/next"))[0] == 404
    assert (await client.ask("GET", "runtime/restore/next"))[0] == 404


async def test_a_response_that_is_too_large_is_read_to_its_end_and_refused(client: Client) -> None:
    await client.begun()

    answer = await client.ask("POST", "runtime/invocation/id-1/response", b"x" * 7_000_000)

    assert answer == (
        413,
        b'{"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).",'
        b'"errorType":"RequestEntityTooLarge"}',
    )
    [told] = client.told.events[1:]
    assert isinstance(told, Answer)
    assert (told.failed, told.error_type) == (True, "Function.ResponseSizeTooLarge")


async def test_a_connection_that_is_gone_takes_no_call(client: Client) -> None:
    waiting = asyncio.create_task(client.session.get(client.url("runtime/invocation/next")))
    await until(lambda: client.told.events == [Ready()])
    waiting.cancel()
    await until(lambda: not client.api._waiting)

    again = asyncio.create_task(client.ask("GET", "runtime/invocation/next"))
    await until(lambda: client.api._waiting)
    client.api.give(CALL, 1.0)

    assert await again == (200, CALL.payload)
    assert client.told.events == [Ready()]


async def raw(client: Client, request: bytes) -> bytes:
    host, _, port = client.api.address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    answer = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return answer


STREAM = (
    b"POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    b"Lambda-Runtime-Function-Response-Mode: streaming\r\nContent-Type: application/octet-stream\r\n"
    b"Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n"
    b"5\r\nfirst\r\n7\r\n, next.\r\n0\r\n"
)
OUT_OF_PAPER = b'{"errorType":"Error","errorMessage":"out of paper"}'


async def test_a_streamed_response_is_put_together(client: Client) -> None:
    await client.begun()

    answer = await raw(client, STREAM + b"\r\n")

    assert answer.startswith(b"HTTP/1.1 202 ")
    assert client.told.events[1:] == [Answer(b"first, next.", content_type="application/octet-stream")]


@pytest.mark.parametrize(
    ("written", "body"),
    [(base64.b64encode(OUT_OF_PAPER), OUT_OF_PAPER), (b"a", b""), ("né".encode("latin-1"), b"")],
)
async def test_an_error_in_the_middle_of_a_stream_is_in_its_trailers(
    client: Client, written: bytes, body: bytes
) -> None:
    await client.begun()

    await raw(
        client,
        STREAM + b"Lambda-Runtime-Function-Error-Type: Error\r\n"
        b"Lambda-Runtime-Function-Error-Body: " + written + b"\r\n\r\n",
    )

    assert client.told.events[1:] == [Answer(body, failed=True, error_type="Error")]


async def test_a_response_mode_that_there_is_not(client: Client) -> None:
    await client.begun()

    answer = await client.ask(
        "POST", "runtime/invocation/id-1/response", b"x", Lambda_Runtime_Function_Response_Mode="telepathy"
    )

    assert answer == (
        400,
        b'{"errorMessage":"Invalid function response mode","errorType":"InvalidFunctionResponseMode"}',
    )
    assert client.told.events[1:] == [Answer(b"", failed=True, error_type="Runtime.InvalidResponseModeHeader")]


async def test_a_response_that_is_cut_off_is_none(client: Client) -> None:
    await client.begun()
    host, _, port = client.api.address.partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(STREAM[:-20])
    await writer.drain()
    writer.close()

    assert (await client.ask("POST", "runtime/invocation/id-1/response", b"whole"))[0] == 202
    assert client.told.events[1:] == [Answer(b"whole", content_type="application/octet-stream")]


async def test_headers_as_long_as_awslambdaric_sends_them(client: Client) -> None:
    await client.begun()

    cause = {"Lambda_Runtime_Function_XRay_Error_Cause": "x" * 1_000_000}
    answer = await client.ask("POST", "runtime/invocation/id-1/error", b"{}", **cause)

    assert answer[0] == 202


@ONLY_ROOT
@ONLY_LINUX
async def test_another_users_connection_is_closed_at_once(client: Client) -> None:
    request = "GET /2018-06-01/ping HTTP/1.1\r\nHost: x\r\n"
    url = f"http://{client.api.address}"

    assert await asyncio.to_thread(asked_as, os.getuid(), url, request) == b"HTTP/1.1 200 OK"
    assert await asyncio.to_thread(asked_as, NOBODY, url, request) == b""


async def test_curl_does_not_have_to_wait_before_it_sends_a_large_response(client: Client) -> None:
    await client.begun()
    host, _, port = client.api.address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(STREAM.partition(b"\r\n\r\n")[0] + b"\r\nExpect: 100-continue\r\n\r\n")

    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"2\r\nok\r\n0\r\n\r\n")
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 202 ")
    writer.close()


async def test_closing_ends_a_runtime_that_waits(client: Client) -> None:
    waiting = asyncio.create_task(client.ask("GET", "runtime/invocation/next"))
    await until(lambda: client.told.events == [Ready()])

    await client.api.close()

    with pytest.raises(aiohttp.ClientError):
        await waiting
    with pytest.raises(ConnectionRefusedError):
        await raw(client, b"GET / HTTP/1.1\r\n\r\n")
