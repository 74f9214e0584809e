"""A test invocation: what is sent, what is wrong with it before it is sent, and what came back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from lambdatui.model.limits import SYNCHRONOUS_PAYLOAD
from lambdatui.model.sgr import Styled
from lambdatui.model.text import size


@dataclass(frozen=True, slots=True)
class Request:
    """One synchronous invocation of a function. `payload` is sent as it is, byte for byte."""

    function: str
    """Name or ARN."""
    payload: bytes
    timeout: int
    """The function's timeout in seconds: how long an answer may take."""


SHOWN = 256 * 1024
"""Bytes of a response that are shown: indenting and cleaning six megabytes takes a second, and nobody reads them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What AWS answered. A function that failed is an answer too: status 200, with `function_error` set."""

    status: int
    function_error: str
    """Empty, or the value of X-Amz-Function-Error: "Unhandled" (or "Handled")."""
    executed_version: str
    request_id: str
    payload: str
    """The response, or as much of it as is shown: indented where it is JSON, else as it came; visible text."""
    log_tail: Styled
    """The last 4 kB of the invocation's log."""
    error_type: str = ""
    error_message: str = ""
    stack_trace: tuple[str, ...] = ()
    payload_hidden: int = 0
    """Bytes of the response beyond those that `payload` was made of."""
    elapsed: float = 0.0
    """Milliseconds from sending to the whole answer, on this machine's clock."""
    journal_problem: str = ""
    """A sentence that says why this invocation has no second line in the audit journal, or empty."""

    @property
    def succeeded(self) -> bool:
        return self.status < 300 and not self.function_error


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


def check_payload(text: str) -> PayloadFault | None:
    """What keeps `text` from being sent, or None. Any JSON value is a valid payload, not only objects.

    An empty text is valid as well: Lambda takes an empty payload as no event at all.
    """
    try:
        encoded = text.encode()
    except UnicodeEncodeError as fault:
        line = text.count("\n", 0, fault.start) + 1
        return PayloadFault("a character that UTF-8 cannot carry", line, fault.start - text.rfind("\n", 0, fault.start))
    if len(encoded) > SYNCHRONOUS_PAYLOAD:
        return PayloadFault(f"{size(len(encoded))} is over the limit of 6 MB for a synchronous invocation")
    if not payload_of(text):
        return None
    try:
        return _fault(text)
    except ValueError:
        # An integer of more digits than Python takes (sys.set_int_max_str_digits), which JSON allows. Slower by far.
        return _fault(text, parse_int=float)


def payload_of(text: str) -> bytes:
    """What is sent for a text in the editor: its bytes as they are, or none where there is only JSON's white space."""
    return text.encode() if text.strip(" \t\r\n") else b""
