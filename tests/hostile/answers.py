"""Answers with hostile strings in every text that the SDK's model of an operation has, for panes to come as well."""

from __future__ import annotations

import base64
import json
import random
import time
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


def _metrics(texts: Sequence[str], seed: int) -> Reply:
    """Points of every period that is asked for, with hostile labels, statuses, messages and values."""

    async def reply(exchange: Exchange) -> None:
        asked = exchange.seen.parameters
        chance = random.Random(seed)
        queries = asked["MetricDataQueries"]
        results = []
        for query in queries:
            times = range(int(asked["StartTime"]), int(asked["EndTime"]), query["MetricStat"]["Period"])
            values = [chance.choice([0, 1, 7.5, -3, 1e18, 1e308]) for _ in times]
            results.append({
                "Id": query["Id"], "Label": chance.choice(texts), "Timestamps": list(times), "Values": values,
                "StatusCode": chance.choice(["Complete", "PartialData", chance.choice(texts)]),
                "Messages": [{"Code": chance.choice(texts), "Value": chance.choice(texts)}],
            })  # fmt: skip
        strange = {"Id": texts[0], "Label": texts[0], "Timestamps": [1], "Values": [1], "StatusCode": texts[0]}
        said = [{"Code": text, "Value": text} for text in texts]
        await faults.status(200, json_body({"MetricDataResults": [*results, strange], "Messages": said}))(exchange)

    return reply


def _alarms(texts: Sequence[str]) -> dict[str, Any]:
    """An alarm of each text on the function of each, on metrics that are drawn."""
    return {
        "MetricAlarms": [
            {"AlarmName": texts[number - 1], "AlarmDescription": texts[number - 2], "StateReason": texts[number - 3],
             "StateValue": texts[number - 4] if number % 3 else "ALARM", "ComparisonOperator": texts[number - 5],
             "StateUpdatedTimestamp": time.time() - 600, "Namespace": "AWS/Lambda", "Statistic": "Sum",
             "MetricName": "Invocations" if number % 2 else "Errors", "Period": 60, "Threshold": float(number),
             "Dimensions": [{"Name": "FunctionName", "Value": name}]}
            for number, text in enumerate(texts) for name in (text, "described")
        ]
    }  # fmt: skip


def _listed(texts: Sequence[str]) -> dict[str, Any]:
    """The metrics of each function, and of its aliases of hostile names by what they executed."""

    def metric(**dimensions: str) -> dict[str, Any]:
        named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
        return {"Namespace": "AWS/Lambda", "MetricName": "Invocations", "Dimensions": named}

    functions = [metric(FunctionName=text) for text in texts]
    aliases = [
        metric(FunctionName=text, Resource=f"{text}:{texts[number - 1]}", ExecutedVersion=texts[number - 2])
        for number, text in enumerate(texts)
    ]
    return {"Metrics": [*functions, *aliases]}


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
        server.plan("cloudwatch:GetMetricData", _metrics(texts, seed))
        server.plan("cloudwatch:DescribeAlarms", faults.status(200, json_body(_alarms(texts))))
        server.plan("cloudwatch:ListMetrics", faults.status(200, json_body(_listed(texts))))
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
