"""Replies: what AWS answers, what stands in its place answers, and how connections break.

A reply is a coroutine function of one `Exchange`. To add a fault, write one more.
"""

from __future__ import annotations

import asyncio
import json
import socket
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from tests.aws.exchange import Exchange, Reply
from tests.faults import shapes

REQUEST_ID = "11111111-2222-3333-4444-555555555555"
ACCOUNT = "123456789012"


def status(
    code: int,
    body: bytes | str = b"",
    *,
    content_type: str = "application/json",
    request_id: str = REQUEST_ID,
    **headers: str,
) -> Reply:
    """Any whole HTTP answer. Names of `headers` are written with underscores."""
    content = body.encode() if isinstance(body, str) else body
    all_headers = {"Content-Type": content_type, **{name.replace("_", "-"): text for name, text in headers.items()}}
    if request_id:
        all_headers["x-amzn-RequestId"] = request_id

    async def reply(exchange: Exchange) -> None:
        await exchange.answer(code, content, all_headers)

    return reply


def answer(value: Any, **headers: str) -> Reply:
    """200 with a JSON value."""
    return status(200, json.dumps(value), **headers)


def aws_error(code: int, name: str, message: str = "because", *, request_id: str = REQUEST_ID) -> Reply:
    """An error as AWS words it, in the protocol of whoever asks."""

    async def reply(exchange: Exchange) -> None:
        if exchange.seen.operation.startswith("sts:"):
            xml = f"<ErrorResponse><Error><Code>{name}</Code><Message>{message}</Message></Error></ErrorResponse>"
            await status(code, xml, content_type="text/xml", request_id=request_id)(exchange)
            return
        body = json.dumps({"__type": name, "message": message})
        await status(code, body, request_id=request_id, x_amzn_ErrorType=name)(exchange)

    return reply


def functions(*names: str, marker: str | None = None) -> Reply:
    """A page of ListFunctions."""
    entries = [
        {"FunctionName": name, "FunctionArn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{name}"} for name in names
    ]
    return answer({"Functions": entries, "NextMarker": marker})


def invoked(payload: bytes = b'{"ok": true}', *, log: str = "START\nEND\n", code: int = 200, **headers: str) -> Reply:
    """An answer of Invoke. `X_Amz_Function_Error="Unhandled"` makes it a function error."""
    return status(
        code, payload, X_Amz_Executed_Version="$LATEST", X_Amz_Log_Result=b64encode(log.encode()).decode(), **headers
    )


def caller(account: str = ACCOUNT) -> Reply:
    """An answer of GetCallerIdentity."""
    return status(
        200,
        "<GetCallerIdentityResponse><GetCallerIdentityResult>"
        f"<Arn>arn:aws:iam::{account}:user/me</Arn><UserId>AIDA</UserId><Account>{account}</Account>"
        f"</GetCallerIdentityResult><ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>"
        "</GetCallerIdentityResponse>",
        content_type="text/xml",
    )


LOGIN_PAGE = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body>Please log in<br></body></html>"

login_page = status(200, LOGIN_PAGE, content_type="text/html; charset=utf-8", request_id="")
"""What a captive portal answers to everything."""


async def reset(exchange: Exchange) -> None:
    """RST in place of an answer."""
    exchange.reset()


async def close(exchange: Exchange) -> None:
    """FIN in place of an answer."""
    exchange.close()


async def hang(exchange: Exchange) -> None:
    """No answer, and the connection stays."""
    await exchange.hang()


async def hang_in_body(exchange: Exchange) -> None:
    """A head and the first bytes of a body, then nothing, and the connection stays."""
    await exchange.head(200, {"Content-Type": "application/json", "Content-Length": "1000"})
    await exchange.send(b'{"ok"')
    await exchange.hang()


async def short_body(exchange: Exchange) -> None:
    """Half of the body that was announced, then FIN."""
    await exchange.head(200, {"Content-Type": "application/json", "Content-Length": "1000"})
    await exchange.send(b'{"ok"')
    exchange.close()


async def half_closed_body(exchange: Exchange) -> None:
    """Half of the body that was announced, then FIN in that one direction."""
    await exchange.head(200, {"Content-Type": "application/json", "Content-Length": "1000"})
    await exchange.send(b'{"ok"')
    exchange.half_close()
    await exchange.hang()


async def reset_in_body(exchange: Exchange) -> None:
    """Half of the body that was announced, then RST."""
    await exchange.head(200, {"Content-Type": "application/json", "Content-Length": "1000"})
    await exchange.send(b'{"ok"')
    exchange.reset()


async def bad_chunk(exchange: Exchange) -> None:
    """A chunked body with a chunk that is none."""
    await exchange.head(200, {"Content-Type": "application/json", "Transfer-Encoding": "chunked"})
    await exchange.send(b'5\r\n{"ok"\r\nnot-a-size\r\n')
    exchange.close()


async def not_http(exchange: Exchange) -> None:
    """Bytes that are no HTTP."""
    await exchange.send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    exchange.close()


def bytewise(reply: Reply) -> Reply:
    """The same answer, one byte a packet."""

    async def slow(exchange: Exchange) -> None:
        exchange.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        whole = exchange.send

        async def trickle(data: bytes) -> None:
            for byte in data:
                await whole(bytes([byte]))
                await asyncio.sleep(0)

        exchange.send = trickle  # type: ignore[method-assign]
        await reply(exchange)

    return slow


async def _figures(exchange: Exchange) -> None:
    """GetMetricData: a result without a point for each query."""
    queries = exchange.seen.parameters["MetricDataQueries"]
    empty = {"Label": "f", "StatusCode": "Complete", "Timestamps": [], "Values": []}
    await answer({"MetricDataResults": [{"Id": it["Id"], **empty} for it in queries]})(exchange)


DEFAULTS: Mapping[str, Reply] = {
    "cloudwatch:DescribeAlarms": answer({"MetricAlarms": [], "CompositeAlarms": []}),
    "cloudwatch:GetMetricData": _figures,
    "cloudwatch:ListMetrics": answer(
        {"Metrics": [{"MetricName": "Invocations", "Dimensions": [{"Name": "FunctionName", "Value": "orders"}]}]}
    ),
    "lambda:GetAccountSettings": answer(
        {"AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}, "AccountUsage": {}}
    ),
    "lambda:ListFunctions": functions(),
    "lambda:Invoke": invoked(),
    "lambda:GetFunctionCodeSigningConfig": answer({}),
    "lambda:GetFunctionRecursionConfig": answer({"RecursiveLoop": "Terminate"}),
    "lambda:GetPolicy": aws_error(404, "ResourceNotFoundException", "No policy is associated with the given resource."),
    "lambda:ListAliases": answer({"Aliases": []}),
    "lambda:ListEventSourceMappings": answer({"EventSourceMappings": []}),
    "lambda:ListFunctionEventInvokeConfigs": answer({"FunctionEventInvokeConfigs": []}),
    "lambda:ListLayerVersions": answer({"LayerVersions": []}),
    "lambda:ListLayers": answer({"Layers": []}),
    "lambda:ListFunctionUrlConfigs": answer({"FunctionUrlConfigs": []}),
    "logs:FilterLogEvents": answer({"events": [], "searchedLogStreams": []}),
    "resourcegroupstaggingapi:GetResources": answer({"ResourceTagMappingList": []}),
    "sts:GetCallerIdentity": caller(),
}


def endless_pages() -> Reply:
    """A list that always has another page, with another marker."""
    count = 0

    async def reply(exchange: Exchange) -> None:
        nonlocal count
        count += 1
        page = shapes.empty(exchange.seen.operation)
        await answer({**page, "NextMarker": f"m{count}", "nextToken": f"t{count}"})(exchange)

    return reply
