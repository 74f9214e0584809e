"""The three protocols that CloudWatch speaks: what a request says in each of them, and how it is answered.

Smithy RPC v2 CBOR (https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html), AWS JSON 1.0 and the query
protocol (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html). SDKs choose one by their age and language.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl
from uuid import uuid4
from xml.sax.saxutils import escape

import cbor2

from lambdatui.local.inward import Answer, Headers
from lambdatui.local.metrics import faults
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.metrics.shapes import Flag, Many, Moment, Operation, Record, Shape, Table

MOST = 1 << 20
"""Bytes of a request, as it was sent."""

INFLATED = 8 << 20
"""Bytes of a request that was compressed, after that is undone: 1,000 metrics with 150 values each are 4 MB."""


class Wire(Protocol):
    """A protocol."""

    async def read(self, operation: Operation, body: bytes, pace: Pace) -> Any:
        """The parameters, not yet held to their shapes. Raises Fault."""

    def item(self, shape: Shape, value: Any) -> bytes:
        """An item of the operation's list."""

    def answer(self, operation: Operation, items: Iterable[bytes], rest: Mapping[str, Any]) -> Answer:
        """The response: the items of the operation's list, and its other members."""

    def refusal(self, fault: faults.Fault) -> Answer:
        """The response that says what went wrong."""


def inflated(body: bytes, headers: Headers) -> bytes:
    """The body without its Content-Encoding. Raises Fault.

    botocore compresses a PutMetricData request of 10 kB and more with gzip.
    """
    encodings = [value.strip().lower() for name, value in headers if name.lower() == b"content-encoding"]
    if len(body) > MOST:
        raise faults.too_large()
    if encodings != [b"gzip"]:
        return body  # aws-chunked and the like are for S3
    try:
        decompress = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        whole = decompress.decompress(body, INFLATED)
    except zlib.error:
        raise faults.unreadable("The body is not compressed with gzip, as its Content-Encoding says.") from None
    if decompress.unconsumed_tail:
        raise faults.too_large()
    if not decompress.eof:
        raise faults.unreadable("The body ends before its compressed data does.")
    return whole


class _Json:
    """AWS JSON 1.0. Timestamps are seconds since the epoch, which they are here anyway."""

    async def read(self, operation: Operation, body: bytes, pace: Pace) -> Any:
        try:
            return json.loads(body or b"{}")
        except (ValueError, RecursionError):
            raise faults.unreadable("The body is not JSON.") from None

    def item(self, shape: Shape, value: Any) -> bytes:
        return json.dumps(value).encode()

    def answer(self, operation: Operation, items: Iterable[bytes], rest: Mapping[str, Any]) -> Answer:
        if operation.gives is None:
            return self._response(200, b"{}")
        others = json.dumps(rest)[1:-1].encode()
        begin, end = f'{{"{operation.listing}": ['.encode(), b"]" + (b", " + others if others else b"") + b"}"
        separated = [part for item in items for part in (b", ", item)][1:]
        return self._response(200, b"".join([begin, *separated, end]))

    def refusal(self, fault: faults.Fault) -> Answer:
        body = json.dumps({"__type": _type(fault), "message": str(fault)}).encode()
        return self._response(fault.status, body, *_query_error(fault))

    def _response(self, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> Answer:
        return Answer(status, [(b"content-type", b"application/x-amz-json-1.0"), _request_id(), *headers], body)


class _Cbor:
    """Smithy RPC v2 CBOR. Timestamps carry tag 1."""

    async def read(self, operation: Operation, body: bytes, pace: Pace) -> Any:
        try:
            return cbor2.loads(body) if body else {}
        except (cbor2.CBORDecodeError, ValueError, OverflowError):
            raise faults.unreadable("The body is not CBOR.") from None

    def item(self, shape: Shape, value: Any) -> bytes:
        return cbor2.dumps(_tagged(shape, value))

    def answer(self, operation: Operation, items: Iterable[bytes], rest: Mapping[str, Any]) -> Answer:
        if operation.gives is None:
            return self._response(200, b"\xa0")  # an empty map
        # A map and an array without a length, each ended by FF: the items are encoded already.
        body = [b"\xbf", cbor2.dumps(operation.listing), b"\x9f", *items, b"\xff"]
        for name, value in rest.items():
            body += [cbor2.dumps(name), cbor2.dumps(_tagged(operation.gives.members[name], value))]
        return self._response(200, b"".join([*body, b"\xff"]))

    def refusal(self, fault: faults.Fault) -> Answer:
        body = cbor2.dumps({"__type": _type(fault), "message": str(fault)})
        return self._response(fault.status, body, *_query_error(fault))

    def _response(self, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> Answer:
        ours = [(b"content-type", b"application/cbor"), (b"smithy-protocol", b"rpc-v2-cbor"), _request_id()]
        return Answer(status, [*ours, *headers], body)


def _tagged(shape: Shape, value: Any) -> Any:
    if isinstance(shape, Record):
        return {name: _tagged(shape.members[name], member) for name, member in value.items()}
    if isinstance(shape, Many) and isinstance(shape.of, Record | Moment):
        return [_tagged(shape.of, item) for item in value]
    return cbor2.CBORTag(1, value) if isinstance(shape, Moment) else value


_NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/"
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Query:
    """The query protocol: a form, and XML."""

    async def read(self, operation: Operation, body: bytes, pace: Pace) -> Any:
        """`body` is the form, or the query string."""
        form: dict[str, Any] = {}
        for number, pair in enumerate(body.split(b"&")):
            for key, value in parse_qsl(pair.decode("latin-1"), keep_blank_values=True):
                _plant(form, key.split("."), value)
            if number % 100 == 0:
                await pace.rest()
        return await _listed(operation.takes, form, pace)

    def item(self, shape: Shape, value: Any) -> bytes:
        return _element("member", shape, value).encode()

    def answer(self, operation: Operation, items: Iterable[bytes], rest: Mapping[str, Any]) -> Answer:
        request_id = _request_id()
        ends = f"<ResponseMetadata><RequestId>{request_id[1].decode()}</RequestId></ResponseMetadata>"
        body = [f'<{operation.name}Response xmlns="{_NAMESPACE}">']
        if operation.gives is not None:
            body.append(f"<{operation.name}Result><{operation.listing}>")
            members = operation.gives.members
            others = "".join(_element(name, members[name], value) for name, value in rest.items())
            ends = f"</{operation.listing}>{others}</{operation.name}Result>{ends}"
        ends += f"</{operation.name}Response>"
        return self._response(200, b"".join(["".join(body).encode(), *items, ends.encode()]), request_id)

    def refusal(self, fault: faults.Fault) -> Answer:
        request_id = _request_id()
        side = "Sender" if fault.status < 500 else "Receiver"
        error = f"<Type>{side}</Type><Code>{fault.code}</Code><Message>{_escaped(str(fault))}</Message>"
        ends = f"<RequestId>{request_id[1].decode()}</RequestId>"
        body = f'<ErrorResponse xmlns="{_NAMESPACE}"><Error>{error}</Error>{ends}</ErrorResponse>'
        return self._response(fault.status, body.encode(), request_id)

    def _response(self, status: int, body: bytes, request_id: tuple[bytes, bytes]) -> Answer:
        return Answer(status, [(b"content-type", b"text/xml"), request_id], body)


def _plant(form: dict[str, Any], path: list[str], value: str) -> None:
    """Put a value where its key says: A.member.1.B → {"A": {"member": {"1": {"B": …}}}}. The first of two counts."""
    if len(path) > 16:
        return  # deeper than any shape
    branch = form
    for name in path[:-1]:
        inner = branch.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        branch = inner
    branch.setdefault(path[-1], value)


async def _listed(shape: Shape, raw: Any, pace: Pace) -> Any:
    """`raw` with its lists as lists."""
    if isinstance(shape, Many):
        await pace.rest()
        # An empty list is sent as an empty value.
        members = raw.get("member", {}) if isinstance(raw, dict) else {} if raw == "" else raw
        if not isinstance(members, dict) or not all(re.fullmatch(r"\d{1,9}", number) for number in members):
            raise faults.unreadable("The members of a list are not numbered.")
        return [await _listed(shape.of, members[number], pace) for number in sorted(members, key=int)]
    if isinstance(shape, Record) and isinstance(raw, dict):
        return {name: await _listed(member, raw[name], pace) for name, member in shape.members.items() if name in raw}
    return raw


def _element(name: str, shape: Shape, value: Any) -> str:
    return f"<{name}>{_content(shape, value)}</{name}>"


def _content(shape: Shape, value: Any) -> str:
    if isinstance(shape, Record):
        return "".join(_element(name, shape.members[name], member) for name, member in value.items())
    if isinstance(shape, Many):
        return "".join(_element("member", shape.of, item) for item in value)
    if isinstance(shape, Table):
        entries = (f"<key>{_escaped(key)}</key><value>{number!r}</value>" for key, number in value.items())
        return "".join(f"<entry>{entry}</entry>" for entry in entries)
    if isinstance(shape, Moment):
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(shape, Flag):
        return "true" if value else "false"
    return _escaped(value) if isinstance(value, str) else repr(value)


def _escaped(text: str) -> str:
    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text))


JSON = _Json()
CBOR = _Cbor()
QUERY = _Query()


def _request_id() -> tuple[bytes, bytes]:
    return (b"x-amzn-requestid", str(uuid4()).encode())


def _type(fault: faults.Fault) -> str:
    return f"com.amazonaws.cloudwatch#{fault.shape}"


def _query_error(fault: faults.Fault) -> list[tuple[bytes, bytes]]:
    """The error's code as it is in the query protocol: clients that moved from it go on seeing that one."""
    side = "Sender" if fault.status < 500 else "Receiver"
    return [(b"x-amzn-query-error", f"{fault.code};{side}".encode())]
