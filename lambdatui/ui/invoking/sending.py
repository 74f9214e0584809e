"""`Sending`: from a draft to an outcome. Asks what has to be asked, sends once, and has it written down."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from lambdatui.model.errors import AwsError, NotConfirmed, ReadOnly
from lambdatui.model.invocations import InvocationType, Request
from lambdatui.model.versions import LATEST
from lambdatui.ui.invoking import records
from lambdatui.ui.invoking.payload import Filled, UnfilledError, fill, takes_long
from lambdatui.ui.screens.confirm import ConfirmScreen
from lambdatui.ui.screens.prompt import Field, PromptScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import App

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.model.invocations import Outcome
    from lambdatui.model.past_calls import CallRecord, PastCall
    from lambdatui.ui.desk import Desk
    from lambdatui.ui.invoking.draft import Draft
    from lambdatui.ui.invoking.needed import Needed


def now_ms() -> int:
    """Now: milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Ready(NamedTuple):
    """What is about to be sent, and what the history keeps of its payload."""

    request: Request
    kept: bytes


class NotSentError(Exception):
    """Nothing was sent. `str()` is why, in a sentence; empty where the person has said no."""


class Answer(NamedTuple):
    """What became of a call."""

    record: CallRecord
    outcome: Outcome | None
    problem: AwsError | None = None
    kept: asyncio.Task[None] | None = None
    """Is over when it is written down."""


class Sending:
    """What one press of the key leads to."""

    def __init__(
        self,
        app: App[Any],
        aws: Aws,
        desk: Desk,
        function: Function,
        needed: Needed,
        *,
        account: str,
        stopped: Callable[[], object],
    ) -> None:
        """`account` is the one that asks, as far as that is known.

        `stopped` is called when a call to whose answer nobody has waited is written down.
        """
        self._stopped = stopped
        self._app = app
        self._account = account
        self._needed = needed
        self._aws = aws
        self._desk = desk
        self._function = function

    # What has to be asked ---------------------------------------------------------------------------------------

    async def prepare(self, draft: Draft) -> Ready:
        """The request for a draft, its variables filled in. Raises NotSentError."""
        needs = self._needed.of(draft)
        if needs.tenant and not draft.tenant:
            raise NotSentError("The function has tenants: say whose call it is, in the line of options.")
        filled = await self._filled(draft)
        request = Request(
            self._function.arn,
            filled.payload,
            self._needed.timeout(draft),
            qualifier=draft.qualifier or (LATEST if needs.qualifier else ""),
            kind=draft.kind,
            log_tail=draft.log_tail and needs.log_tail,
            client_context=draft.client_context,
            tenant=draft.tenant,
            streaming=draft.streaming and draft.kind is InvocationType.REQUEST_RESPONSE,
            event=draft.event.name if draft.event else "",
        )
        return Ready(request, filled.kept)

    async def _filled(self, draft: Draft) -> Filled:
        values = await self._values(draft)
        await self._may_read(draft)
        try:
            if takes_long(draft):
                return await asyncio.to_thread(fill, draft, values, now_ms())
            return fill(draft, values, now_ms())
        except UnfilledError as wrong:
            raise NotSentError(str(wrong)) from wrong

    async def _values(self, draft: Draft) -> Mapping[str, str]:
        """The values of the event's own variables, as somebody has typed them."""
        variables = draft.variables
        if not variables:
            return {}
        before = self._desk.values.setdefault(self._function.arn, {})
        fields = [
            Field(it.name, before.get(it.name, it.default or ""), "" if it.default is None else f"default {it.default}")
            for it in variables
        ]
        answers = await self._app.push_screen_wait(PromptScreen("Variables of the event", fields, go_on="send"))
        if answers is None:
            raise NotSentError("")
        before.update(answers)
        return answers

    async def _may_read(self, draft: Draft) -> None:
        """Have somebody agree before a variable of this machine's environment is put into a payload."""
        fresh = [name for name in draft.environment if name not in self._desk.environment_allowed]
        if not fresh:
            return
        names = ", ".join(fresh)
        question = f"The event puts {names} of this machine's environment into the payload. Send its value?"
        if not await self._app.push_screen_wait(ConfirmScreen(question, "Send it")):
            raise NotSentError("")
        self._desk.environment_allowed.update(fresh)

    # Sending ----------------------------------------------------------------------------------------------------

    async def send(
        self, ready: Ready, arrived: Callable[[bytes], object], waits: Callable[[PastCall | None], object]
    ) -> Answer:
        """Send once; `waits` is told of what as that begins, None where it is held back to ask. Raises NotSentError."""
        try:
            return await self._send(ready, arrived, waits, confirmed=False)
        except NotConfirmed:
            waits(None)
        if not await self._app.push_screen_wait(ConfirmScreen(self._question(ready.request), "Invoke")):
            raise NotSentError("")
        return await self._send(ready, arrived, waits, confirmed=True)

    def _question(self, request: Request) -> str:
        how = "" if request.kind is InvocationType.REQUEST_RESPONSE else f" ({request.kind.value})"
        return (
            f"Invoke {self._function.name} on production?{how}\n\n"
            f"Qualifier: {request.qualifier or LATEST}\nAccount: {self._account or 'unknown'}"
        )

    async def _send(
        self,
        ready: Ready,
        arrived: Callable[[bytes], object],
        waits: Callable[[PastCall | None], object],
        *,
        confirmed: bool,
    ) -> Answer:
        record = records.begun(ready.request, ready.kept, now_ms())
        started = asyncio.get_running_loop().time()
        waits(record.call)
        try:
            outcome = await self._aws.invocations.send(ready.request, confirmed=confirmed, arrived=arrived)
        except NotConfirmed:
            raise
        except AwsError as problem:
            elapsed = (asyncio.get_running_loop().time() - started) * 1000
            answer = Answer(records.failed(record, problem, elapsed), None, problem)
            return answer if isinstance(problem, ReadOnly) else self._kept(answer)
        except asyncio.CancelledError:
            kept = self._desk.shelf.keep(record)
            if kept is not None:
                kept.add_done_callback(lambda _: self._stopped())
            raise
        return self._kept(Answer(records.answered(record, outcome), outcome))

    def _kept(self, answer: Answer) -> Answer:
        return answer._replace(kept=self._desk.shelf.keep(answer.record))
