"""The one gate to AWS: every call of every facade is made here, under the guard, with a time limit and our errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from lambdatui.aws.clients import ClientClass, custom_host
from lambdatui.aws.connections import Connections
from lambdatui.aws.failures import translating
from lambdatui.aws.guard import Guard
from lambdatui.aws.traffic import logged
from lambdatui.model.errors import Expired, KeysRefused, Offline, OutcomeUnknown, Rejected, Throttled
from lambdatui.model.text import size

Learn = Callable[[Iterable[str]], object]

LARGEST_BODY = 20_000_000
"""Bytes of a response that are read at most; Lambda's own limit for a synchronous one is 6 MB."""

MOST_PAGES = 5_000
"""Pages of one list that are asked for: 250,000 functions, or five million log events of one poll."""

AGAIN = 4
"""Further calls for a page in the middle of a list before the list is given up."""
PAUSE = 0.5
"""Seconds before each of them: the SDK's own attempts stop at once when it finds that too many have failed lately."""

NAMES_RESOURCE = ("FunctionName", "logGroupName")
"""Parameters that say what a call is about; to IAM a call without one is about "*"."""


class Calls:
    """Calls of one gateway. Operations are named as in the API ("ListFunctions"), services as in botocore."""

    def __init__(self, connections: Connections, guard: Guard, learn: Learn = lambda _: None) -> None:
        """`learn` is told values that are secret, and are not to be written down anywhere."""
        self.connections = connections
        self.guard = guard
        self.learn = learn

    async def read(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """The answer to one reading call. Raises AwsError."""
        self.guard.permit(f"{service}:{operation}")
        seconds = self.connections.rules[ClientClass.READ].whole
        while True:
            async with self.connections.use(service, ClientClass.READ) as client:
                connection = self.connections.current
                try:
                    answer = await self.send(client, f"{service}:{operation}", parameters, seconds)
                except (Expired, KeysRefused):
                    # They may have been renewed meanwhile: one new session for all calls that find this out.
                    if not self.connections.renew_after(connection):
                        raise
                else:
                    self.connections.accepted(connection)
                    return answer

    async def pages(
        self, service: str, operation: str, token: tuple[str, str], *, again: int = AGAIN, **parameters: Any
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        """The answers to a reading call, page by page. `token` names the marker's parameter and its response field.

        An empty page with a marker is not the end. A list that has none is `Offline`: a marker that comes again, or
        more than `MOST_PAGES` pages. What came is not lost with one page: that page is asked for `again`.
        """
        asked, answered = token
        markers: set[str] = set()
        page = await self.read(service, operation, **parameters)
        yield page
        while marker := page.get(answered):
            if marker in markers:
                raise _endless(f"{service}:{operation}", "a page marker came again")
            markers.add(marker)
            if len(markers) >= MOST_PAGES:
                raise _endless(f"{service}:{operation}", f"{MOST_PAGES:,} pages came, and not the last")
            page = await self._further(service, operation, again, {**parameters, asked: marker})
            yield page

    async def _further(self, service: str, operation: str, again: int, parameters: dict[str, Any]) -> Mapping[str, Any]:
        """A page after the first, asked for again as long as one call may take."""
        deadline = monotonic() + (self.connections.rules[ClientClass.READ].whole or 0)
        while True:
            try:
                return await self.read(service, operation, **parameters)
            except (Offline, Throttled):
                again -= 1
                if again < 0 or monotonic() > deadline:
                    raise
            await asyncio.sleep(PAUSE)

    @asynccontextmanager
    async def invoking(
        self,
        service: str,
        operation: str,
        resource: str,
        *,
        confirmed: bool = False,
        dry_run: bool = False,
        **details: Any,
    ) -> AsyncIterator[Invocation]:
        """The frame of one invocation: the client is open, the guard agrees, the audit journal has its line.

        `details` stand in that line.
        """
        name = f"{service}:{operation}"
        async with (
            self.connections.use(service, ClientClass.INVOKE) as client,
            self.guard.change(name, resource, confirmed=confirmed, dry_run=dry_run, **details) as audit,
        ):
            yield Invocation(self, client, name, audit, mutates=not dry_run)

    async def send(
        self,
        client: Any,
        operation: str,
        parameters: Mapping[str, Any],
        seconds: float | None,
        *,
        mutates: bool = False,
    ) -> Mapping[str, Any]:
        """One call of `operation` ("lambda:Invoke") on an open client, `seconds` for the whole of it."""
        from botocore import xform_name

        resource = next((str(parameters[name]) for name in NAMES_RESOURCE if parameters.get(name)), "*")
        with logged(operation) as line, translating(operation, mutates=mutates, resource=resource):
            async with asyncio.timeout(seconds):
                answer: dict[str, Any] = await getattr(client, xform_name(operation.partition(":")[2]))(**parameters)
                if hasattr(answer.get("Payload"), "iter_chunks"):
                    answer["Payload"] = await _whole(answer["Payload"], operation)
                line.update(answer)
                return answer


@dataclass(frozen=True)
class Invocation:
    """One invocation about to be sent: exactly one HTTP request."""

    calls: Calls
    client: Any
    operation: str
    audit: dict[str, Any]
    """What the journal's second line will say."""
    mutates: bool = True
    """Whether the function may run: not in a dry run."""

    async def send(self, seconds: float, **parameters: Any) -> Mapping[str, Any]:
        """The answer, `seconds` for the whole of it but for a stream of events, of which it is the beginning.

        Raises `OutcomeUnknown` when it may have run all the same.
        """
        try:
            answer = await self.calls.send(self.client, self.operation, parameters, seconds, mutates=self.mutates)
        except _TooLargeError:
            self.audit["result"] = "done"
            raise
        metadata = answer["ResponseMetadata"]
        page = str(metadata["HTTPHeaders"].get("content-type", "")).startswith("text/html")
        if not metadata.get("RequestId") and (page or not custom_host(self.client.meta.endpoint_url)):
            for part in answer.values():
                if hasattr(part, "__aiter__"):
                    part.close()
            kind = OutcomeUnknown if self.mutates else Offline
            raise kind(
                self.operation,
                "An answer came that has no AWS request id: a proxy or a login page may have given it.",
                "Check the network, and the function's log, before sending again.",
            )
        return answer


class _TooLargeError(Rejected):
    """What was asked for was done; the answer is too much."""


def _endless(operation: str, what: str) -> Offline:
    reason = f"The list has no end: {what}. What came before that is shown."
    return Offline(operation, reason, "Check the endpoint and the proxy. Press r to try again.")


async def _whole(body: Any, operation: str) -> bytes:
    """A streamed body, read to its end or to `LARGEST_BODY`, whichever comes first."""
    read = bytearray()
    async with body:  # closes the connection of a body that was not read to its end
        async for chunk in body.iter_chunks(64 * 1024):
            read += chunk
            if len(read) > LARGEST_BODY:
                raise _TooLargeError(
                    operation,
                    f"The response is over {size(LARGEST_BODY)}: it was not read further.",
                    "The function has run.",
                )
    return bytes(read)
