"""Answers with hostile strings in every text that the SDK's model of an operation has, for panes to come as well."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import cycle
from typing import Any

from lambdatui.aws.guard import READS
from tests.aws import faults
from tests.aws.exchange import Exchange, Reply
from tests.aws.fault_server import FaultServer
from tests.faults.shapes import example, is_json, output
from tests.hostile.corpus import Hostile

A_PAGE = 50
"""Functions of one page, as AWS gives them."""

PRESCRIBED = {"NextMarker", "Marker", "nextToken", "LastModified", "FunctionArn", "Role", "logStreamName", "eventId"}


def _filled(texts: Iterator[str], value: Any, shape: Any, _: random.Random) -> Any:
    if shape.type_name == "string" and not getattr(shape, "enum", None):
        return next(texts)
    return {next(texts): one for one in value.values()} if shape.type_name == "map" else value


def filled(operation: str, strings: Sequence[Hostile], seed: int) -> dict[str, Any]:
    """An answer to any operation with strings of the corpus for texts."""
    chance = random.Random(seed)
    texts = (it.text for it in cycle(chance.sample(list(strings), len(strings))))
    value: dict[str, Any] = example(output(operation), chance, partial(_filled, texts))
    return value


def json_body(value: Any) -> bytes:
    """JSON as AWS writes it: text as it is, but for what JSON itself forbids."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _functions(strings: Sequence[Hostile]) -> list[dict[str, Any]]:
    texts = [it.text for it in strings]
    return [
        {
            "FunctionName": text,
            "FunctionArn": f"arn:aws:lambda:eu-west-1:123456789012:function:{number}",
            "Description": texts[number - 1],
            "Runtime": texts[number - 2] if number % 3 else "python3.13",
            "Architectures": [texts[number - 3]],
            "Handler": texts[number - 4],
            "LoggingConfig": {"LogGroup": texts[number - 5]},
            "LastModified": texts[number - 6] if number % 4 == 0 else "2026-11-23T13:12:20.123+0000",
            "MemorySize": 128,
            "Timeout": 3,
        }
        for number, text in enumerate(texts)
    ]


def _described(strings: Sequence[Hostile], seed: int) -> Callable[[Exchange], dict[str, Any]]:
    """What GetFunction says: everything of the model, and all strings as tags, variables and layers."""
    texts = [it.text for it in strings]
    everything = filled("lambda:GetFunction", strings, seed)
    everything["Configuration"] |= {
        "FunctionName": "described", "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:described",
        "Layers": [{"Arn": text, "CodeSize": 1} for text in texts],
        "Environment": {"Variables": dict(zip(texts, reversed(texts), strict=True))},
    }  # fmt: skip
    everything["Tags"] = dict(zip(texts, texts[1:] + texts[:1], strict=True))
    return lambda _: everything


def _events(strings: Sequence[Hostile], extra: Sequence[str]) -> list[dict[str, Any]]:
    messages = [*extra, *(it.text for it in strings)]
    return [
        {"eventId": str(number), "timestamp": 1_790_000_000_000 + number, "ingestionTime": 1_790_000_000_000 + number,
         "logStreamName": messages[number - 1][:500], "message": message}
        for number, message in enumerate(messages)
    ]  # fmt: skip


def _paged(functions: Sequence[Mapping[str, Any]]) -> Reply:
    async def reply(exchange: Exchange) -> None:
        start = int(exchange.seen.parameters.get("Marker", "0"))
        page: dict[str, Any] = {"Functions": functions[start : start + A_PAGE]}
        if start + A_PAGE < len(functions):
            page["NextMarker"] = str(start + A_PAGE)
        await faults.status(200, json_body(page))(exchange)

    return reply


def _policy(texts: Sequence[str]) -> Reply:
    statements = [
        {"Sid": texts[number - 1], "Effect": "Allow", "Principal": {"Service": text}, "Action": texts[number - 2],
         "Condition": {"StringEquals": {"AWS:SourceArn": texts[number - 3]}}}
        for number, text in enumerate(texts)
    ]  # fmt: skip
    return faults.status(200, json_body({"Policy": json.dumps({"Statement": statements})}))


def _identity(text: str) -> Reply:
    from xml.sax.saxutils import escape

    # What XML cannot hold at all is left out of it.
    said = escape("".join(one for one in text if one in "\t\n\r" or " " <= one < "\ud800" or one > "\udfff"))
    xml = (
        f"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>{said}</Arn><UserId>{said}</UserId>"
        f"<Account>{said}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
    )
    return faults.status(200, xml.encode("utf-8", "replace"), content_type="text/xml")


def _header(text: str) -> str:
    """What a header can hold."""
    return text.encode("utf-8", "replace").decode("latin-1").translate(dict.fromkeys([0, 10, 13], " "))


def all_well(strings: Sequence[Hostile], huge: str, seed: int) -> Callable[[FaultServer], None]:
    """Every operation answers, with hostile strings."""
    chance = random.Random(seed)
    texts = [it.text for it in strings]

    def plan(server: FaultServer) -> None:
        for operation in filter(is_json, sorted(READS)):
            server.plan(operation, faults.status(200, json_body(filled(operation, strings, seed))))
        server.plan("lambda:ListFunctions", _paged(_functions(strings)))
        described = _described(strings, seed)

        async def describe(exchange: Exchange) -> None:
            await faults.status(200, json_body(described(exchange)))(exchange)

        server.plan("lambda:GetFunction", describe)
        server.plan("lambda:GetPolicy", _policy(texts))
        server.plan("logs:FilterLogEvents", faults.status(200, json_body({"events": _events(strings, [huge])})))
        server.plan("sts:GetCallerIdentity", _identity(chance.choice(texts)))
        failed = {"errorType": texts[0], "errorMessage": " ".join(texts), "stackTrace": texts}
        tail = base64.b64encode("\n".join(texts).encode("utf-8", "surrogatepass")[-4096:]).decode()
        server.plan(
            "lambda:Invoke",
            faults.status(
                200, json_body(failed), X_Amz_Function_Error=_header(chance.choice(texts)), X_Amz_Log_Result=tail,
                X_Amz_Executed_Version=_header(chance.choice(texts)), request_id=_header(chance.choice(texts)),
            ),
        )  # fmt: skip

    return plan


def refusing(operations: Sequence[str], strings: Sequence[Hostile], seed: int) -> Callable[[FaultServer], None]:
    """Every one of these operations fails with an error whose every word means harm."""
    chance = random.Random(seed)

    def plan(server: FaultServer) -> None:
        for operation in operations:
            code, message, request_id = (chance.choice(strings).text for _ in range(3))
            body = json_body({"__type": code, "message": message, "Message": message, "Type": code})
            kind = chance.choice([400, 403, 404, 409, 413])
            reply = faults.status(kind, body, request_id=_header(request_id), x_amzn_ErrorType=_header(code))
            server.plan(operation, reply)

    return plan


def raw(operations: Sequence[str], strings: Sequence[Hostile], seed: int) -> Callable[[FaultServer], None]:
    """Every one of these operations answers with bytes that are no UTF-8: C1 controls as single bytes."""
    chance = random.Random(seed)

    def plan(server: FaultServer) -> None:
        for operation in operations:
            text = chance.choice(strings).text.encode("latin-1", "replace")
            inside = b"\x9b2J\x9d0;raw\x9c\x9d52;c;eA==\x07" + text.replace(b"\\", b"").replace(b'"', b"")
            body = b'{"message": "' + inside + b'", "Functions": [{"FunctionName": "' + inside + b'"}]}'
            server.plan(
                operation, faults.status(chance.choice([200, 400, 403]), body if is_json(operation) else inside)
            )

    return plan
