"""Test invocations: one key press, one HTTP request."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, closing
from dataclasses import replace
from time import perf_counter
from typing import Any

from lambdatui.aws.calls import LARGEST_BODY, Calls, Invocation
from lambdatui.aws.failures import MAY_HAVE_RUN
from lambdatui.aws.outcomes import parse_outcome
from lambdatui.aws.streams import events_of
from lambdatui.model.errors import AwsError, OutcomeUnknown, Rejected
from lambdatui.model.invocations import InvocationType, Outcome, Request, check_context, check_tenant
from lambdatui.model.limits import STREAMED_RESPONSE
from lambdatui.model.text import size

GRACE = 30
"""Seconds beyond the function's timeout that an answer may take: its init, and the way there and back."""

AT_ONCE = 60
"""Seconds that an answer may take for which no function runs: of Event and DryRun."""

HASHED_HERE = 256 * 1024
"""Bytes of a payload from which on its hash is made in a thread."""

WAITED_FOR = InvocationType.REQUEST_RESPONSE


class Invocations:
    """The facade over Lambda's Invoke and InvokeWithResponseStream."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def send(
        self, request: Request, *, confirmed: bool = False, arrived: Callable[[bytes], object] = lambda _: None
    ) -> Outcome:
        """Send one invocation, in one HTTP request that is never repeated, and wait for what AWS answers.

        `confirmed`: a person agreed to do so on production, which a dry run does not need. `arrived` is called with
        each part of a streamed response as it comes, not made safe to draw.

        Raises `Rejected` for what AWS would not take, `ReadOnly` when nothing may be changed, `NotConfirmed` where that
        was necessary, `OutcomeUnknown` when the request left and no whole answer of AWS's came, another `AwsError` when
        the function did not run.
        """
        operation = "InvokeWithResponseStream" if request.streaming else "Invoke"
        _refuse(request, f"lambda:{operation}")
        invoking = self._calls.invoking(
            "lambda",
            operation,
            request.function,
            confirmed=confirmed,
            dry_run=request.kind is InvocationType.DRY_RUN,
            **await _told(request),
        )
        async with invoking as invocation, _ending(invocation.audit):
            sent, started = int(time.time() * 1000), perf_counter()
            if request.streaming:
                outcome = await _streamed(invocation, request, arrived)
            else:
                outcome = parse_outcome(await invocation.send(_patience(request), **_parameters(request)), request.kind)
            outcome = replace(outcome, sent=sent, elapsed=(perf_counter() - started) * 1000)
            invocation.audit.update(
                status=outcome.status,
                function_error=outcome.function_error,
                executed_version=outcome.executed_version,
                request_id=outcome.request_id,
                outcome=outcome.verdict,
            )
        return replace(outcome, journal_problem=invocation.audit.get("journal_problem", ""))


def _refuse(request: Request, operation: str) -> None:
    """Raise `Rejected` for a request that AWS would not take, or would take for another."""
    fault = check_context(request.client_context) or check_tenant(request.tenant)
    if fault is not None:
        raise Rejected(operation, f"It cannot be sent like this: {fault}.", "Nothing was sent.")
    if request.streaming and request.kind is InvocationType.EVENT:
        reason = "What is invoked asynchronously has no response that could be streamed."
        raise Rejected(operation, reason, "Nothing was sent.")


async def _told(request: Request) -> dict[str, Any]:
    """What the journal says of a request: of the payload no more than its hash, of context and tenant nothing."""
    payload = request.payload
    if len(payload) <= HASHED_HERE:
        digest = hashlib.sha256(payload)
    else:
        digest = await asyncio.to_thread(hashlib.sha256, payload)
    return {
        "qualifier": request.qualifier,
        "type": request.kind.value,
        "event": request.event,
        "payload_sha256": digest.hexdigest(),
        "payload_bytes": len(payload),
    }


@asynccontextmanager
async def _ending(audit: dict[str, Any]) -> AsyncIterator[None]:
    """Have the journal say in one word how an invocation went that gave no outcome."""
    try:
        yield
    except OutcomeUnknown:
        audit["outcome"] = "unknown"
        raise
    except AwsError:
        audit.setdefault("outcome", "refused")
        raise
    except asyncio.CancelledError:
        audit["outcome"] = "stopped"
        raise


def _patience(request: Request) -> int:
    """Seconds that an answer may take."""
    return request.timeout + GRACE if request.kind is WAITED_FOR else AT_ONCE


def _parameters(request: Request) -> dict[str, Any]:
    """A request as the SDK takes it."""
    parameters: dict[str, Any] = {
        "FunctionName": request.function,
        "InvocationType": request.kind.value,
        "LogType": "Tail" if request.log_tail and request.kind is WAITED_FOR else "None",
        "Payload": request.payload,
    }
    if request.qualifier:
        parameters["Qualifier"] = request.qualifier
    if request.client_context.strip():
        parameters["ClientContext"] = base64.b64encode(request.client_context.encode()).decode()
    if request.tenant:
        parameters["TenantId"] = request.tenant
    return parameters


async def _streamed(invocation: Invocation, request: Request, arrived: Callable[[bytes], object]) -> Outcome:
    """The outcome of an invocation whose response comes in parts. One that is cut off or falls silent is unknown.

    The function's time limit ends its sending, but not ours: a long response may take longer over a slow line. So what
    is limited after that is the silence between two parts.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _patience(request)
    answer = await invocation.send(_patience(request), **_parameters(request))
    if (status := answer["ResponseMetadata"]["HTTPStatusCode"]) != 200:
        # To read where there is no body holds up the event loop for ever (aiohttp's empty stream has no end).
        answer["EventStream"].close()
        if request.kind is not InvocationType.DRY_RUN:
            raise _unknown(invocation.operation, f"The answer had status {status}", 0)
        return parse_outcome({**answer, "EventStream": None}, request.kind, streamed=True)
    read = _Read(invocation.operation, arrived)
    try:
        with closing(answer["EventStream"]) as stream:
            async with asyncio.timeout_at(deadline) as limit:
                async with aclosing(events_of(invocation.operation, stream, mutates=True)) as events:
                    async for event in events:
                        limit.reschedule(max(deadline, loop.time() + GRACE))
                        if read.over(event):
                            break
    except TimeoutError as problem:
        raise _unknown(invocation.operation, "It fell silent", read.came) from problem
    except AwsError as problem:
        # Whatever it says: the response had begun, so the function has.
        raise _unknown(invocation.operation, problem.reason.rstrip("."), read.came, problem.request_id) from problem
    if read.complete is None:
        raise _unknown(invocation.operation, "The response ended before it was complete", read.came)
    return parse_outcome(
        {**answer, **read.complete, "Payload": bytes(read.kept)},
        request.kind,
        streamed=True,
        not_kept=read.came - len(read.kept),
    )


class _Read:
    """What has come of a streamed response."""

    def __init__(self, operation: str, arrived: Callable[[bytes], object]) -> None:
        self._operation = operation
        self._arrived = arrived
        self.kept = bytearray()
        self.came = 0
        """Bytes."""
        self.complete: Mapping[str, Any] | None = None
        """The event that ends it."""

    def over(self, event: Mapping[str, Any]) -> bool:
        """Take what comes next; whether that was the end."""
        if "InvokeComplete" in event:
            self.complete = event["InvokeComplete"] or {}
            return True
        part = (event.get("PayloadChunk") or {}).get("Payload") or b""
        self.came += len(part)
        if self.came > 2 * STREAMED_RESPONSE:
            raise Rejected(self._operation, "The response has no end.")
        self.kept += part[: max(0, LARGEST_BODY - len(self.kept))]
        if part:
            self._arrived(part)
        return False


def _unknown(operation: str, what: str, came: int, request_id: str = "") -> OutcomeUnknown:
    return OutcomeUnknown(
        operation,
        f"{what}, {'after ' + size(came) if came else 'with nothing'} of the response.",
        MAY_HAVE_RUN,
        request_id=request_id,
    )
