"""Every fault that the program is tried with, and what may come of it: by the kind of the fault, for any operation."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lambdatui.model.errors import (
    AwsError,
    Conflict,
    Denied,
    Expired,
    Missing,
    NoCredentials,
    Offline,
    OutcomeUnknown,
    Rejected,
    Throttled,
)
from tests.aws import broken, event_streams, faults
from tests.aws.exchange import Reply
from tests.faults import shapes

ANY: tuple[type[AwsError], ...] = (AwsError,)
MOST = 5
"""Requests of one read."""


@dataclass(frozen=True)
class Fault:
    """One fault. `make` takes the operation and chance, which gives it other bytes, places and sizes."""

    name: str
    make: Callable[[str, random.Random], Reply]
    kinds: tuple[type[AwsError], ...] = (Offline,)
    """What it is to a read. To an invocation an `Offline` after the request is an `OutcomeUnknown`."""
    requests: tuple[int, ...] = (MOST,)
    """How many requests a read is."""
    harmless: bool = False
    """Whether it may give an answer all the same."""
    in_payload: bool = False
    """Whether it is an answer where the body is the function's own, and none where it is AWS's JSON."""
    at_accept: bool = False
    """Whether it meets the connection, before any request."""
    https: bool = False
    """Whether the client expects TLS."""

    def expected(self, *, mutates: bool) -> tuple[type[AwsError], ...]:
        """The kinds of error that are right."""
        if not mutates or self.at_accept:
            return (*self.kinds, OutcomeUnknown) if mutates else self.kinds
        return tuple(OutcomeUnknown if kind is Offline else kind for kind in self.kinds)


def _plain(reply: Reply) -> Callable[[str, random.Random], Reply]:
    return lambda operation, chance: reply


def _error(code: int, name: str, **headers: str) -> Callable[[str, random.Random], Reply]:
    def make(operation: str, chance: random.Random) -> Reply:
        words = " ".join(chance.choice(("because", "it", "was", "so", "Ünïcode", "<b>")) for _ in range(6))
        return faults.aws_error(code, name, words.replace("<", "&lt;") if operation.startswith("sts:") else words)

    return make


CONNECTION = (
    Fault("reset", _plain(faults.reset)),
    Fault("closed", _plain(faults.close)),
    Fault("silence", _plain(faults.hang)),
    Fault("silence in the body", _plain(faults.hang_in_body)),
    *(
        Fault(f"{how} in a body of known length", lambda operation, chance, how=how: broken.cut(  # type: ignore[misc]
            chance.randrange(1, 200), chance.randrange(201, 3000), how))
        for how in ("close", "reset", "half_close")
    ),
    *(
        Fault(f"{how} in chunks", lambda operation, chance, how=how: broken.cut(chance.randrange(1, 200), 0, how))  # type: ignore[misc]
        for how in ("close", "reset", "half_close")
    ),
    Fault("a bad chunk", _plain(faults.bad_chunk)),
    Fault("a body without end, drop by drop", _plain(broken.drip), requests=(1, 2, 3, 4, 5)),
    Fault("a body without end, as fast as it goes", _plain(broken.endless), kinds=(Offline, Rejected),
          requests=(1, 2, 3, 4, MOST)),
    Fault("one byte a packet", lambda operation, chance: faults.bytewise(healthy(operation)), harmless=True),
)  # fmt: skip

HTTP = (
    Fault("another protocol", _plain(faults.not_http)),
    Fault("noise", lambda operation, chance: broken.noise(chance, chance.randrange(1, 3000))),
    *(
        Fault(name, _plain(broken.headed(head)), harmless=True, requests=(1, 2, 3, 4, MOST))
        for name, head in broken.STATUS_LINES.items()
    ),
    Fault("100 Continue before it", lambda operation, chance: broken.continued(3, healthy(operation)), harmless=True),
    Fault("one huge header", lambda operation, chance: broken.huge_headers(1, chance.randrange(9_000, 200_000))),
    Fault("very many headers", lambda operation, chance: broken.huge_headers(chance.randrange(5_000, 9_000), 20),
          harmless=True, requests=(1, MOST)),
    Fault("a redirect", lambda operation, chance: faults.status(
        chance.choice((301, 302, 303, 307, 308)), Location=chance.choice(("/again", "http://127.0.0.1:1/x", "x:y", "")),
        request_id=""), requests=(1,)),
    Fault("a login page with 200", _plain(faults.login_page), requests=(1, MOST)),
    Fault("a login page with 403", _plain(faults.status(
        403, faults.LOGIN_PAGE, content_type="text/html", request_id="")), requests=(1,)),
    Fault("502 as a page", _plain(faults.status(502, "<html>bad</html>", content_type="text/html", request_id=""))),
    Fault("503 without a word", _plain(faults.status(503, request_id=""))),
    Fault("504 in JSON of a gateway", _plain(faults.status(504, '{"message": "Endpoint timed out"}', request_id="")),
          requests=(1, MOST)),
)  # fmt: skip

BODY = (
    Fault("200 with nothing", _plain(faults.status(200)), requests=(1, MOST), in_payload=True),
    Fault("204", _plain(broken.headed("HTTP/1.1 204 No Content", b"")), requests=(1, MOST), in_payload=True),
    Fault("an object with nothing in it", _plain(faults.status(200, "{}")), requests=(1, MOST), in_payload=True),
    Fault("JSON that is cut", lambda operation, chance: faults.status(
        200, healthy_body(operation)[: chance.randrange(1, 30)]), requests=(1, MOST), in_payload=True),
    Fault("a length that is too short", lambda operation, chance: broken.headed(
        f"HTTP/1.1 200 OK\nContent-Type: application/json\nx-amzn-RequestId: r\n"
        f"Content-Length: {chance.randrange(1, 20)}",
        healthy_body(operation)), requests=(1, MOST), in_payload=True),
    Fault("gzip that was not asked for", lambda operation, chance: broken.zipped(healthy_body(operation)),
          requests=(1, MOST), in_payload=True),
    Fault("gzip that is broken", lambda operation, chance: broken.zipped(
        healthy_body(operation), at=chance.randrange(20)), requests=(1, MOST), in_payload=True),
    Fault("bytes that are no text", lambda operation, chance: faults.status(200, chance.randbytes(99)),
          requests=(1, MOST), in_payload=True),
    Fault("a number", lambda operation, chance: faults.status(200, str(chance.randrange(10**9))),
          requests=(1, MOST), in_payload=True),
    Fault("brackets without end", lambda operation, chance: faults.status(200, "[" * chance.randrange(10_000, 90_000)),
          requests=(1, MOST), in_payload=True),
)  # fmt: skip


def _changed(change: shapes.Change) -> Callable[[str, random.Random], Reply]:
    return lambda operation, chance: faults.status(200, shapes.body(operation, chance, change))


SHAPE = tuple(
    Fault(name, _changed(change), harmless=True, requests=(1, MOST)) for name, change in shapes.CHANGES.items()
)


NO_ERRORS = (
    "", "oops", "[]", "7", "null", '{"message": null}', '{"message": {"a": 1}}', '{"Message": 7}',
    '{"__type": 7}', '{"__type": null, "code": []}', '{"__type": "#", "message": "m"}',
)  # fmt: skip
"""Bodies of errors that AWS would not send."""


def _error_type(operation: str, chance: random.Random) -> Reply:
    name = chance.choice(("", ":", "a:b:http://c", "#", "x" * 3000, "Not An Error", "200", "\t"))
    return faults.status(chance.choice((400, 403, 404, 409, 418)), chance.choice(NO_ERRORS), x_amzn_ErrorType=name)


def _later(operation: str, chance: random.Random) -> Reply:
    after = chance.choice(("0", "1", "86400", "-1", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"))
    body = '{"__type": "TooManyRequestsException", "message": "Rate Exceeded"}'
    if operation.startswith("sts:"):
        body = "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"
    return faults.status(429, body, Retry_After=after, x_amzn_ErrorType="TooManyRequestsException")


AWS = (
    Fault("429 with Retry-After", _later, kinds=(Throttled,)),
    Fault("429", _error(429, "TooManyRequestsException"), kinds=(Throttled,)),
    Fault("throttled with 400", _error(400, "ThrottlingException"), kinds=(Throttled,)),
    Fault("500", _error(500, "ServiceException")),
    Fault("503", _error(503, "ServiceUnavailableException")),
    Fault("denied", _error(403, "AccessDeniedException"), kinds=(Denied,), requests=(1,)),
    Fault("the clock is wrong", _error(403, "RequestTimeTooSkewed"), kinds=(Denied,), requests=(1,)),
    Fault("the signature is wrong", _error(403, "InvalidSignatureException"), kinds=(Denied, Expired, NoCredentials),
          requests=(1, 2)),
    # What is done about these is tried elsewhere: here, that it is told in the end.
    *(Fault(name, _error(code, name), kinds=ANY, requests=(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
      for code, name in ((403, "ExpiredTokenException"), (400, "ExpiredToken"), (403, "UnrecognizedClientException"))),
    Fault("not found", _error(404, "ResourceNotFoundException"), kinds=(Missing,), requests=(1,)),
    Fault("in the middle of a change", _error(409, "ResourceConflictException"), kinds=(Conflict,), requests=(1,)),
    Fault("an error of tomorrow", _error(400, "SomethingNewException"), kinds=(Rejected,), requests=(1,)),
    Fault("an error that is none", _error_type, kinds=ANY, requests=(1, MOST)),
)  # fmt: skip

ACCEPT = (
    Fault("closed at accept", _plain(faults.close), at_accept=True, requests=(0,)),
    Fault("reset at accept", _plain(faults.reset), at_accept=True, requests=(0,)),
    Fault("silence at accept", _plain(faults.hang), at_accept=True, requests=(0,)),
    *(Fault(name, _plain(broken.raw(alert)), at_accept=True, https=True, requests=(0,))
      for name, alert in broken.ALERTS.items()),
    Fault("closed in the handshake", _plain(faults.close), at_accept=True, https=True, requests=(0,)),
    Fault("silence in the handshake", _plain(faults.hang), at_accept=True, https=True, requests=(0,)),
    Fault("noise in the handshake", lambda operation, chance: broken.noise(chance, 50),
          at_accept=True, https=True, requests=(0,)),
)  # fmt: skip


def _same_page(operation: str, chance: random.Random) -> Reply:
    page = {**shapes.empty(operation), "NextMarker": "again", "nextToken": "again"}
    return faults.answer(page)


PAGES = (
    # Where there are pages; any other operation has its answer.
    Fault("a page marker that comes again", _same_page, requests=(1, 2, 3), harmless=True),
    Fault("pages without end", lambda operation, chance: faults.endless_pages(),
          requests=tuple(range(1, 60)), harmless=True),
)  # fmt: skip

KINDS: Mapping[str, tuple[Fault, ...]] = {
    "connections": CONNECTION,
    "HTTP": HTTP,
    "bodies": BODY,
    "shapes": SHAPE,
    "errors of AWS": AWS,
    "before a request": ACCEPT,
    "pages": PAGES,
}

POLICY = {
    "Statement": [
        {"Sid": "mine", "Effect": "Allow", "Principal": {"AWS": faults.ACCOUNT}, "Action": "lambda:InvokeFunction"}
    ]
}

LAYER_VERSION = {
    "LayerVersionArn": f"arn:aws:lambda:eu-west-1:{faults.ACCOUNT}:layer:shop:3",
    "Version": 3,
    "CreatedDate": "2026-11-23T13:12:20.123+0000",
    "CompatibleRuntimes": ["python3.12"],
}

ORDERS = f"arn:aws:lambda:eu-west-1:{faults.ACCOUNT}:function:orders"

HEALTHY: Mapping[str, Reply] = {
    "lambda:ListVersionsByFunction": faults.answer(
        {"Versions": [{"FunctionName": "orders", "FunctionArn": f"{ORDERS}:{name}", "Version": name} for name in "12"]}
    ),
    "lambda:GetAlias": faults.answer({"Name": "live", "AliasArn": f"{ORDERS}:live", "FunctionVersion": "2"}),
    "lambda:ListAliases": faults.answer(
        {"Aliases": [{"Name": "live", "AliasArn": f"{ORDERS}:live", "FunctionVersion": "2"}]}
    ),
    "lambda:ListProvisionedConcurrencyConfigs": faults.answer({"ProvisionedConcurrencyConfigs": []}),
    "lambda:ListFunctions": faults.functions("orders", "stock"),
    "lambda:GetFunction": faults.answer(
        {
            "Configuration": {
                "FunctionName": "orders",
                "FunctionArn": ORDERS,
                "Runtime": "python3.12",
            }
        }
    ),
    "lambda:GetLayerVersionByArn": faults.answer({**LAYER_VERSION, "Content": {"CodeSize": 2_104_000}}),
    "lambda:ListLayerVersions": faults.answer({"LayerVersions": [LAYER_VERSION]}),
    "lambda:ListLayers": faults.answer(
        {
            "Layers": [
                {
                    "LayerName": "shop",
                    "LayerArn": f"arn:aws:lambda:eu-west-1:{faults.ACCOUNT}:layer:shop",
                    "LatestMatchingVersion": LAYER_VERSION,
                }
            ]
        }
    ),
    "lambda:InvokeWithResponseStream": event_streams.RESPONSE,
    "logs:StartLiveTail": event_streams.stream(event_streams.START, event_streams.UPDATE, then="hang"),
    "resourcegroupstaggingapi:GetResources": faults.answer({"ResourceTagMappingList": []}),
    "lambda:GetPolicy": faults.answer({"Policy": json.dumps(POLICY), "RevisionId": "r"}),
}
"""Answers for a person's eyes; of other operations, those of `faults.DEFAULTS` or what the SDK's model says."""


def healthy(operation: str) -> Reply:
    """What AWS answers when all is well."""
    known = HEALTHY.get(operation) or faults.DEFAULTS.get(operation)
    return known or faults.status(200, shapes.body(operation, random.Random(1)))


def healthy_body(operation: str) -> bytes:
    """A body of an answer of that form, of 100 bytes or more."""
    return shapes.body(operation, random.Random(1)) + b" " * 100
