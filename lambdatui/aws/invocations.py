"""Test invocations: one key press, one HTTP request."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any

from lambdatui.aws.calls import Calls
from lambdatui.model.invocations import SHOWN, Outcome, Request
from lambdatui.model.readable import Failure, failure, readable
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
    failed = failure(payload) if function_error else Failure()
    return Outcome(
        status=int(answer.get("StatusCode") or metadata.get("HTTPStatusCode") or 0),
        function_error=function_error,
        executed_version=visible(str(answer.get("ExecutedVersion") or "")),
        request_id=visible(str(metadata.get("RequestId") or "")),
        payload=readable(payload),
        payload_hidden=max(0, len(payload) - SHOWN),
        log_tail=_log_tail(str(answer.get("LogResult") or "")),
        elapsed=elapsed,
        error_type=failed.error_type,
        error_message=failed.message,
        stack_trace=failed.stack_trace,
    )


def _log_tail(encoded: str) -> Styled:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return styled(encoded)
    return styled(raw.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n"))
