"""Whatever is asked, and however badly, there is an answer of the protocol's shape."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.local.inward import Answer, ask
from lambdatui.local.metric_store import MetricStore
from lambdatui.local.metrics.api import MetricsApi
from lambdatui.local.metrics.shapes import OPERATIONS, Flag, Many, Moment, Operation, Record, Shape, Text, Whole
from lambdatui.local.places import HOME
from tests.local.metric_clients import Behind

pytestmark = pytest.mark.local

NOW = 1_700_000_000 // 3600 * 3600.0

JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=5), st.just([]), st.just({})
)
WORDS = {
    "Id": ["m1", "m2", "m3"],
    "Stat": ["Sum", "p99", "TM(:5)", "SampleCount"],
    "ExtendedStatistics": ["p50", "tm90", "PR(1:2)"],
    "Expression": [
        "METRICS() * 2",
        "SUM(METRICS())",
        "SEARCH('N', 'Sum')",
        "FILL(METRICS(), 0)",
        "RATE(SEARCH('{N}', 'Sum', 60))",
    ],
    "Namespace": ["N", "Other"],
    "MetricName": ["Errors", "Other"],
    "Timezone": ["+0130"],
}
TIMES = {"StartTime": [NOW - 7200, NOW - 90], "EndTime": [NOW, NOW + 3600], "Timestamp": [NOW, NOW - 60]}


def requests_of(shape: Shape, name: str = "") -> st.SearchStrategy[Any]:
    """Requests that are right, but for a piece of junk now and then."""
    right: st.SearchStrategy[Any] = st.floats(-1e9, 1e9)
    if isinstance(shape, Record):
        members = {member: requests_of(its, member) for member, its in shape.members.items() if member != "NextToken"}
        if name == "MetricDataQueries":
            members |= {"AccountId": st.just(HOME.account)}
            either = st.sampled_from(["MetricStat", "Expression"])
            right = either.flatmap(
                lambda it: _some(members, (*shape.required, it), {"MetricStat", "Expression"} - {it})
            )
        else:
            right = _some(members, shape.required)
    elif isinstance(shape, Many):
        right = st.lists(requests_of(shape.of, name), min_size=1, max_size=3)
    elif isinstance(shape, Text):
        right = st.sampled_from(shape.values or WORDS.get(name, ["word"]))
    elif isinstance(shape, Whole):
        right = st.sampled_from([1, 60, 300] if name == "Period" else [1, 60])
    elif isinstance(shape, Moment):
        right = st.sampled_from(TIMES[name])
    elif isinstance(shape, Flag):
        right = st.booleans()
    return st.integers(0, 200).flatmap(lambda luck: right if luck else JUNK)


def _some(
    members: Mapping[str, st.SearchStrategy[Any]], required: Collection[str], never: Collection[str] = ()
) -> st.SearchStrategy[Any]:
    optional = {name: member for name, member in members.items() if name not in required and name not in never}
    return st.fixed_dictionaries({name: members[name] for name in required}, optional=optional)


ASKED = st.sampled_from(list(OPERATIONS.values())).flatmap(
    lambda operation: st.tuples(st.just(operation), requests_of(operation.takes))
)


async def answered(path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> Answer:
    store = MetricStore(clock=lambda: NOW)
    for minute in (0, 1):
        store.roll_in(HOME, "N", "Errors", {}, [(1, 2), (2, 1)], at=NOW - 60 * minute, unit="Count")
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    api = MetricsApi(Behind(), store, clock=lambda: NOW)
    assert api.answers(scope)
    return await ask(api, scope, body)


@given(ASKED)
async def test_json(asked: tuple[Operation, Any]) -> None:
    operation, request = asked
    target = f"GraniteServiceVersion20100801.{operation.name}".encode()

    answer = await answered("/", [(b"x-amz-target", target)], json.dumps(request).encode())

    _check(answer, operation, json.loads(answer.body))


@given(ASKED)
async def test_cbor(asked: tuple[Operation, Any]) -> None:
    operation, request = asked
    path = f"/service/GraniteServiceVersion20100801/operation/{operation.name}"

    answer = await answered(path, [(b"smithy-protocol", b"rpc-v2-cbor")], _cbor(request))

    _check(answer, operation, cbor2.loads(answer.body))


@given(ASKED)
async def test_query(asked: tuple[Operation, Any]) -> None:
    operation, request = asked
    form = urlencode([("Action", operation.name), ("Version", "2010-08-01"), *_flat("", request)], errors="replace")

    answer = await answered("/", [(b"content-type", b"application/x-www-form-urlencoded")], form.encode())

    root = ET.fromstring(answer.body)  # noqa: S314
    name = f"{operation.name}Response" if answer.status == 200 else "ErrorResponse"
    assert root.tag == f"{{http://monitoring.amazonaws.com/doc/2010-08-01/}}{name}"


@given(st.binary(max_size=200))
async def test_any_bytes(body: bytes) -> None:
    for operation in OPERATIONS:
        path = f"/service/GraniteServiceVersion20100801/operation/{operation}"
        assert (await answered(path, [], body)).status in (200, 400)
        target = f"GraniteServiceVersion20100801.{operation}".encode()
        assert (await answered("/", [(b"x-amz-target", target)], body)).status in (200, 400)
        form = f"Action={operation}&Version=2010-08-01&".encode() + body
        headers = [(b"content-type", b"application/x-www-form-urlencoded")]
        assert (await answered("/", headers, form)).status in (200, 400)


def _check(answer: Answer, operation: Operation, body: Any) -> None:
    headers = dict(answer.headers)
    assert headers[b"x-amzn-requestid"]
    if answer.status == 200:
        assert set(body) <= set(operation.gives.members if operation.gives else ())
    else:
        assert answer.status == 400
        assert body["__type"].startswith("com.amazonaws.cloudwatch#")
        assert body["message"]
        assert headers[b"x-amzn-query-error"].endswith(b";Sender")


def _cbor(value: Any) -> bytes:
    return cbor2.dumps(json.loads(json.dumps(value).encode("ascii").replace(b"\\ud", b"\\u0")))


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _flat(f"{prefix}.{name}".strip("."), member)
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _flat(f"{prefix}.member.{number}", item)
    else:
        yield prefix, str(value)
