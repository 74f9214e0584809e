"""Test invocations: one key press, one HTTP request."""

from __future__ import annotations

import base64
import binascii
import json
from codecs import getincrementaldecoder
from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any

from lambdatui.aws.calls import Calls
from lambdatui.model.invocations import SHOWN, Outcome, Request
from lambdatui.model.json_text import indented
from lambdatui.model.sgr import Styled, styled
from lambdatui.model.text import visible

GRACE = 30
"""Seconds beyond the function's timeout that an answer may take: its init, and the way there and back."""


class Invocations:
    """The facade over Lambda's Invoke."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def send(self, request: Request, *, confirmed: bool = False) -> Outcome:
        """Run a function once and wait for what it returns. `confirmed`: a person agreed to do so on production.

        Raises `ReadOnly` when nothing may be changed, `NotConfirmed` where that was necessary, `OutcomeUnknown` when
        the request left and no answer of AWS's came, another `AwsError` when it did not run.
        """
        invoking = self._calls.invoking(
            "lambda", "Invoke", request.function, confirmed=confirmed, payload_bytes=len(request.payload)
        )
        async with invoking as invocation:
            started = perf_counter()
            answer = await invocation.send(
                request.timeout + GRACE,
                FunctionName=request.function,
                InvocationType="RequestResponse",
                LogType="Tail",
                Payload=request.payload,
            )
            elapsed = (perf_counter() - started) * 1000
            outcome = parse_outcome(answer, elapsed)
            invocation.audit.update(
                status=outcome.status,
                function_error=outcome.function_error,
                executed_version=outcome.executed_version,
                request_id=outcome.request_id,
            )
        return replace(outcome, journal_problem=invocation.audit.get("journal_problem", ""))


def parse_outcome(answer: Mapping[str, Any], elapsed: float) -> Outcome:
    """An outcome from an InvocationResponse shape whose Payload has been read; `elapsed` in milliseconds."""
    payload: bytes = answer.get("Payload") or b""
    metadata: Mapping[str, Any] = answer.get("ResponseMetadata") or {}
    function_error = visible(str(answer.get("FunctionError") or ""))
    return Outcome(
        status=int(answer.get("StatusCode") or metadata.get("HTTPStatusCode") or 0),
        function_error=function_error,
        executed_version=visible(str(answer.get("ExecutedVersion") or "")),
        request_id=visible(str(metadata.get("RequestId") or "")),
        payload=_readable(payload),
        payload_hidden=max(0, len(payload) - SHOWN),
        log_tail=_log_tail(str(answer.get("LogResult") or "")),
        elapsed=elapsed,
        # An error object larger than what is shown is shown as it came.
        **(_error(payload) if function_error and len(payload) <= SHOWN else {}),
    )


def _readable(payload: bytes) -> str:
    """As much of a response as is shown, indented if that is all of it."""
    whole = len(payload) <= SHOWN
    text = getincrementaldecoder("utf-8")("backslashreplace").decode(payload[:SHOWN], final=whole)
    return visible(indented(text) if whole else text)


def _error(payload: bytes) -> dict[str, Any]:
    """The error object that Lambda's runtimes return: errorType, errorMessage, stackTrace (a list of lines)."""
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    trace = value.get("stackTrace") or value.get("trace") or ""
    lines = trace if isinstance(trace, list) else str(trace).splitlines()
    return {
        "error_type": visible(str(value.get("errorType") or "")),
        "error_message": visible(str(value.get("errorMessage") or "")),
        "stack_trace": tuple(visible(str(line)).rstrip("\n") for line in lines),
    }


def _log_tail(encoded: str) -> Styled:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return styled(encoded)
    return styled(raw.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n"))
