"""What the answers of Lambda's invoke operations say."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from lambdatui.aws import shapes
from lambdatui.model.invocations import InvocationType, Outcome
from lambdatui.model.readable import Failure, failure, readable
from lambdatui.model.report import parse_report
from lambdatui.model.sgr import styled
from lambdatui.model.text import visible

EVENT_STREAM = "application/vnd.amazon.eventstream"
"""The content type of the stream itself, which says nothing of the response in it."""

_ROOT = re.compile(r"\bRoot=(1-[0-9a-fA-F]+-[0-9a-fA-F]+)")


def parse_outcome(
    answer: Mapping[str, Any],
    kind: InvocationType = InvocationType.REQUEST_RESPONSE,
    *,
    streamed: bool = False,
    not_kept: int = 0,
) -> Outcome:
    """An outcome from an InvocationResponse shape whose Payload has been read.

    Of a stream: from its InvokeWithResponseStreamResponse, its InvokeWithResponseStreamCompleteEvent and the Payload of
    its parts in one, but for `not_kept` bytes.
    """
    payload: bytes = answer.get("Payload") or b""
    metadata: Mapping[str, Any] = answer.get("ResponseMetadata") or {}
    function_error = shapes.text(answer, "FunctionError") or shapes.text(answer, "ErrorCode")
    failed = _failure(answer, payload) if function_error else Failure()
    content_type = shapes.text(answer, "ResponseStreamContentType")
    log = _log(str(answer.get("LogResult") or ""))
    report = parse_report(log)
    return Outcome(
        status=int(answer.get("StatusCode") or metadata.get("HTTPStatusCode") or 0),
        function_error=function_error,
        executed_version=shapes.text(answer, "ExecutedVersion"),
        request_id=shapes.text(metadata, "RequestId"),
        payload=readable(payload),
        log_tail=styled(log),
        error_type=failed.error_type,
        error_message=failed.message,
        stack_trace=failed.stack_trace,
        kind=kind,
        response=payload,
        not_kept=not_kept,
        content_type="" if content_type == EVENT_STREAM else content_type,
        trace_id=_trace_id(metadata) or (report.trace_id if report else ""),
        report=report,
        streamed=streamed,
    )


def _failure(answer: Mapping[str, Any], payload: bytes) -> Failure:
    """What is told of a failure: by the response, or by the details with which a stream ends."""
    details = str(answer.get("ErrorDetails") or "")
    for told in (details.encode("utf-8", "replace"), payload):
        if any(found := failure(told)):
            return found
    return Failure(message=visible(shapes.bounded(details)))


def _trace_id(metadata: Mapping[str, Any]) -> str:
    """The root of a trace from a header like "Root=1-…;Parent=…;Sampled=0", or empty."""
    found = _ROOT.search(shapes.text(metadata, "HTTPHeaders", "x-amzn-trace-id"))
    return found[1] if found else ""


def _log(encoded: str) -> str:
    """The end of the log, as it is written."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return encoded
    return raw.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
