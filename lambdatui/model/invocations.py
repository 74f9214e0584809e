"""A test invocation: what is sent, what is wrong with it before it is sent, and what came back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn

from lambdatui.model.limits import (
    ASYNCHRONOUS_PAYLOAD,
    CLIENT_CONTEXT,
    LONGEST_TENANT,
    SYNCHRONOUS_PAYLOAD,
    TENANT,
)
from lambdatui.model.sgr import Styled
from lambdatui.model.text import size, visible

if TYPE_CHECKING:
    from lambdatui.model.report import Report


class InvocationType(StrEnum):
    """How a function is invoked, in AWS's words."""

    REQUEST_RESPONSE = "RequestResponse"
    """It runs, and its response is waited for."""
    EVENT = "Event"
    """It is put into Lambda's queue: what comes back says that, and no more."""
    DRY_RUN = "DryRun"
    """It does not run: AWS says whether it may be invoked."""

    @property
    def largest_payload(self) -> int:
        """Bytes of a payload at most."""
        return ASYNCHRONOUS_PAYLOAD if self is InvocationType.EVENT else SYNCHRONOUS_PAYLOAD


@dataclass(frozen=True, slots=True)
class Request:
    """One invocation of a function. `payload` is sent as it is, byte for byte; none of it is not an empty object."""

    function: str
    """Name or ARN, unqualified."""
    payload: bytes
    timeout: int
    """The function's timeout in seconds: how long an answer may take."""
    qualifier: str = ""
    """Version, alias or "$LATEST"; empty: unqualified."""
    kind: InvocationType = InvocationType.REQUEST_RESPONSE
    log_tail: bool = True
    """Whether the end of its log comes back with the response; only a function that is waited for has one."""
    client_context: str = ""
    """JSON, as it is written; the function gets it in its context object when it is waited for."""
    tenant: str = ""
    streaming: bool = False
    """Whether the response is read while the function makes it (InvokeWithResponseStream)."""
    event: str = ""
    """The name of the saved event that it was made from, for the journal."""


SHOWN = 256 * 1024
"""Bytes of a response that are shown: indenting and cleaning six megabytes takes a second, and nobody reads them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What AWS answered. A function that failed is an answer too: status 200, with `function_error` set."""

    status: int
    function_error: str
    """Empty, or the value of X-Amz-Function-Error: "Unhandled" (or "Handled"); of a stream, its error code."""
    executed_version: str
    request_id: str
    payload: str
    """The response, or as much of it as is shown: indented where it is JSON, else as it came; visible text."""
    log_tail: Styled
    """The last 4 kB of the invocation's log."""
    error_type: str = ""
    error_message: str = ""
    stack_trace: tuple[str, ...] = ()
    elapsed: float = 0.0
    """Milliseconds from sending to the whole answer, on this machine's clock."""
    journal_problem: str = ""
    """A sentence that says why this invocation has no second line in the audit journal, or empty."""
    kind: InvocationType = InvocationType.REQUEST_RESPONSE
    response: bytes = b""
    """The response as it came, not made safe to draw: whole, but for what `not_kept` counts."""
    not_kept: int = 0
    """Bytes of a streamed response beyond those that were kept."""
    content_type: str = ""
    """Of a streamed response, else empty."""
    trace_id: str = ""
    """The root of its X-Ray trace ("1-67890abc-…"), or empty."""
    report: Report | None = None
    """What the platform reports of it, if the log tail says."""
    sent: int = 0
    """When it was sent: milliseconds since 1970, by this machine's clock."""
    streamed: bool = False

    @property
    def succeeded(self) -> bool:
        return self.status < 300 and not self.function_error

    @property
    def verdict(self) -> str:
        """How it went, in a word or two: as in the journal and in the history.

        An endpoint that answers an Event or a DryRun as if the function had run is believed: some know neither type.
        """
        if not self.succeeded:
            return "failed"
        words = {(InvocationType.EVENT, 202): "accepted", (InvocationType.DRY_RUN, 204): "dry run"}
        return words.get((self.kind, self.status), "succeeded")


@dataclass(frozen=True, slots=True)
class PayloadFault:
    """Why a text is no payload, and where: line and column from 1, or 0 where it has no place."""

    message: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}" if self.line else self.message


class _NotJsonError(Exception):
    """A word that Python's parser takes and JSON does not have."""


def _refuse_constant(name: str) -> NoReturn:
    raise _NotJsonError(f"{name} is not JSON")


def _fault(text: str, **options: Any) -> PayloadFault | None:
    try:
        json.loads(text, parse_constant=_refuse_constant, **options)
    except json.JSONDecodeError as fault:
        return PayloadFault(fault.msg, fault.lineno, fault.colno)
    except RecursionError:
        return PayloadFault("nested too deeply")
    except _NotJsonError as fault:
        return PayloadFault(str(fault))
    return None


def limit_words(kind: InvocationType) -> str:
    """How large a payload may be: 6 MB."""
    return f"{kind.largest_payload // 2**20} MB"


def check_payload(text: str, *, kind: InvocationType = InvocationType.REQUEST_RESPONSE) -> PayloadFault | None:
    """What keeps `text` from being sent, or None. Any JSON value is a valid payload, not only objects.

    An empty text is valid as well: Lambda takes an empty payload as no event at all.
    """
    if fault := _not_utf8(text):
        return fault
    length = len(text.encode())
    if length > kind.largest_payload:
        how = "an asynchronous" if kind is InvocationType.EVENT else "a synchronous"
        return PayloadFault(f"{size(length)} is over the limit of {limit_words(kind)} for {how} invocation")
    if not payload_of(text):
        return None
    return _not_json(text)


def _not_utf8(text: str) -> PayloadFault | None:
    try:
        text.encode()
    except UnicodeEncodeError as fault:
        line = text.count("\n", 0, fault.start) + 1
        return PayloadFault("a character that UTF-8 cannot carry", line, fault.start - text.rfind("\n", 0, fault.start))
    return None


def _not_json(text: str) -> PayloadFault | None:
    try:
        return _fault(text)
    except ValueError:
        # An integer of more digits than Python takes (sys.set_int_max_str_digits), which JSON allows. Slower by far.
        return _fault(text, parse_int=float)


def payload_of(text: str) -> bytes:
    """What is sent for a text in the editor: its bytes as they are, or none where there is only JSON's white space."""
    return text.encode() if text.strip(" \t\r\n") else b""


def check_context(text: str) -> PayloadFault | None:
    """What keeps `text` from being sent as the client context, or None. Nothing is none at all."""
    if fault := _not_utf8(text):
        return fault
    if not payload_of(text):
        return None
    encoded = (len(text.encode()) + 2) // 3 * 4
    if encoded > CLIENT_CONTEXT:
        return PayloadFault(
            f"{encoded:,} bytes in base64 are over the limit of {CLIENT_CONTEXT:,} for a client context"
        )
    if fault := _not_json(text):
        return fault
    # Every runtime of AWS's reads its members.
    return None if text.lstrip(" \t\r\n")[0] == "{" else PayloadFault("a client context is a JSON object", 1, 1)


def check_tenant(text: str) -> PayloadFault | None:
    """What keeps `text` from being a tenant's identifier, or None. Nothing is none at all."""
    if len(text) > LONGEST_TENANT:
        return PayloadFault(f"a tenant id has at most {LONGEST_TENANT} characters")
    wrong = re.search(f"[^{TENANT}]", text)
    return PayloadFault(f"a tenant id has no {visible(wrong[0])!r}", 1, wrong.start() + 1) if wrong else None
