"""What the history is told of a call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from lambdatui.model.errors import AwsError, OutcomeUnknown
from lambdatui.model.past_calls import CallRecord, PastCall

if TYPE_CHECKING:
    from lambdatui.model.invocations import Outcome, Request


def begun(request: Request, payload: bytes, sent: int) -> CallRecord:
    """A call that nobody has an answer to: what is written down if nobody waits for one. `sent` in ms since 1970.

    `payload` is what the history keeps: without values of this machine's environment.
    """
    call = PastCall(
        id=f"{sent}-{uuid4().hex[:8]}",
        at=sent,
        function=request.function,
        qualifier=request.qualifier,
        kind=request.kind.value,
        event=request.event,
        outcome="stopped",
        words="nobody waited for the answer: it may have run",
        payload_size=len(request.payload),
    )
    return CallRecord(
        call=call,
        payload=payload,
        response=b"",
        client_context=request.client_context,
        tenant=request.tenant,
        log_tail=request.log_tail,
        streaming=request.streaming,
    )


def answered(record: CallRecord, outcome: Outcome) -> CallRecord:
    """The same call with what came back."""
    call = replace(
        record.call,
        outcome=outcome.verdict,
        words=outcome.error_type or outcome.function_error,
        request_id=outcome.request_id,
        version=outcome.executed_version,
        trace_id=outcome.trace_id,
        status=outcome.status,
        elapsed=outcome.elapsed,
        report=outcome.report,
        response_size=len(outcome.response) + outcome.not_kept,
    )
    return replace(
        record, call=call, response=outcome.response, log=outcome.log_tail.text, content_type=outcome.content_type
    )


def failed(record: CallRecord, problem: AwsError, elapsed: float) -> CallRecord:
    """The same call with why nothing came back. `elapsed` in milliseconds."""
    unknown = isinstance(problem, OutcomeUnknown)
    call = replace(
        record.call,
        outcome="unknown" if unknown else "refused",
        words=problem.reason,
        request_id=problem.request_id,
        elapsed=elapsed,
    )
    return replace(record, call=call)
