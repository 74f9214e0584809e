"""`SendingPane`: an editor, a key that sends once for each press, and what came back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.reactive import var

from lambdatui.model.cost import cost
from lambdatui.model.errors import AwsError, OutcomeUnknown, ReadOnly
from lambdatui.model.shown_call import of_outcome, of_record
from lambdatui.ui.detail import DetailPane
from lambdatui.ui.invoking import options
from lambdatui.ui.invoking.answers import missed, summary
from lambdatui.ui.invoking.call_list import CallList
from lambdatui.ui.invoking.event_list import EventList
from lambdatui.ui.invoking.event_part import EventPart
from lambdatui.ui.invoking.needed import Needed
from lambdatui.ui.invoking.parts import InvokeParts
from lambdatui.ui.invoking.payload import JSON_AT_ONCE
from lambdatui.ui.invoking.result_part import ResultPart
from lambdatui.ui.invoking.sending import Answer, NotSentError, Ready, Sending
from lambdatui.ui.reporting import report
from lambdatui.ui.screens.frame import FrameScreen
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from textual.app import ComposeResult
    from textual.timer import Timer
    from textual.widget import Widget

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.model.past_calls import PastCall
    from lambdatui.model.report import Report
    from lambdatui.model.saved_events import SavedEvent
    from lambdatui.ui.desk import Desk
    from lambdatui.ui.invoking.draft import Draft
    from lambdatui.ui.widgets.editor import Editor
    from lambdatui.ui.widgets.options_bar import OptionsBar

STILL_RUNNING = "Stopped waiting. The request had left: the function may still run, and its log will tell."
UNKNOWN = "Outcome unknown: it may have run (w looks it up in the log)"


class SendingPane(DetailPane):
    """Sends what is in the editor, once for each press of the key, and shows the outcome."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+enter", "send", "Send", tooltip="Invoke the function once with this payload",
                id="invoke.send"),
        Binding("escape", "stop_waiting", "Stop waiting", tooltip="Stop waiting for the answer",
                id="invoke.stop_waiting"),
        Binding("e", "go('event')", "Edit", tooltip="Go to the editor", id="invoke.edit"),
        Binding("ctrl+o", "go('events')", "Open", tooltip="Go to the saved events", id="invoke.open"),
        Binding("h", "go('history')", "History", tooltip="Go to the calls of before", id="invoke.history"),
        Binding("tab", "step(1)", "Next part", tooltip="Next part", show=False, id="invoke.next_part"),
        Binding("shift+tab", "step(-1)", "Part before", tooltip="The part before", show=False,
                id="invoke.previous_part"),
    ]  # fmt: skip

    waiting: var[bool] = var(False, init=False)
    """Whether an invocation is under way."""

    def __init__(self, aws: Aws, function: Function, desk: Desk) -> None:
        super().__init__(aws, function, desk)
        self.needed = Needed(aws, function)
        self.event = EventPart(desk.draft(function.arn), self.needed)
        self.result = ResultPart()
        self.parts = InvokeParts(EventList(aws, function, desk), CallList(aws, function, desk), self.event, self.result)
        self._sending: object | None = None
        """What is under way, from the press of the key on."""
        self._failed: AwsError | None = None
        """Why the last invocation gave no outcome."""
        self.call: PastCall | None = None
        """The call that the result is of."""
        self._not_kept = ""
        """Why the last call is not in the history, which is said once."""
        self._clock: Timer | None = None
        self._began = 0.0

    def content(self) -> ComposeResult:
        yield self.parts

    async def load(self) -> None:
        """Ask what the function needs; that something could be sent is known by then: a client is open."""
        await self.aws.account.place()
        for pane in (self.parts.events, self.parts.calls):
            if not pane.active and not pane.ready:  # out of sight at this width: their numbers are shown
                pane.reload()
        await self.ask_needs(again=True)

    async def ask_needs(self, *, again: bool = False) -> None:
        """Ask what the function needs, of the version or alias that is chosen."""
        try:
            await self.needed.ask(self.event.draft.qualifier, again=again)
        except AwsError as problem:
            self.lacks("its configuration", problem)
        else:
            self.lacks("its configuration", None)
            self.event.settle()

    @property
    def editor(self) -> Editor:
        """Where the payload is typed."""
        return self.event.editor

    def first_focus(self) -> Widget | None:
        return self.editor if self.parts.shown == "event" else None

    def reconsider(self) -> None:
        super().reconsider()
        for pane in (self.parts.events, self.parts.calls):
            pane.reconsider()

    def watch_ready(self) -> None:
        super().watch_ready()
        self.call_after_refresh(self.reconsider)

    def on_unmount(self) -> None:
        if self.waiting:
            self.app.notify(STILL_RUNNING, severity="warning", timeout=8, markup=False)
        self.event.keep()

    # Going about ------------------------------------------------------------------------------------------------

    def action_go(self, part: str) -> None:
        """Go to a part."""
        self.parts.go(part)

    def action_step(self, step: int) -> None:
        """Go to the part beside."""
        self.parts.step(step)

    def on_editor_left(self, event: Editor.Left) -> None:
        event.stop()
        if self.parts.narrow:
            self.event.bar.focus(scroll_visible=False)
        else:
            self.parts.go("result")

    def on_options_bar_wanted(self, event: OptionsBar.Wanted) -> None:
        event.stop()
        self.begin(partial(self._change, event.name), "option")

    async def _change(self, name: str) -> None:
        await options.change(name, self.event.draft, self.app, self.aws, self.function)
        self.event.settle()
        await self.ask_needs()

    def begin(self, work: Callable[[], Coroutine[Any, Any, None]], group: str) -> None:
        start(self, work, name=f"invoke: {group}", group=group)

    # Sending ----------------------------------------------------------------------------------------------------

    def action_send(self) -> None:
        """Invoke the function once, with what is laid out now: what is typed from here on is for the next one."""
        self.event.keep()
        self.start_sending(partial(self._send_draft, replace(self.event.draft)))

    def start_sending(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Have something sent that one press of a key asks for, unless something is under way."""
        if self._sending is not None:
            self.notify("An invocation is under way: wait for it, or stop waiting with esc.", severity="warning")
            return
        self._sending = token = object()
        self.begin(partial(self._sent_once, token, work), "send")

    async def _sent_once(self, token: object, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        except NotSentError as why:
            self.tell("not sent")
            if str(why):
                self.notify(str(why), title="Not sent", severity="error", timeout=8, markup=False)
        finally:
            # The next one may be under way when this one's cancellation arrives; and a pane that was left for good is
            # cancelled too, and has no screen any more.
            if self._sending is token:
                self._sending = None
                if self.is_attached:
                    self.waiting = False

    def sender(self) -> Sending:
        screen = self.screen
        account = screen.identity.account if isinstance(screen, FrameScreen) else ""
        return Sending(
            self.app, self.aws, self.desk, self.function, self.needed, account=account or "", stopped=self._written
        )

    def _written(self) -> None:
        """A call to whose answer nobody has waited is in the history."""
        if self.is_attached:
            self.parts.calls.reload()

    async def _send_draft(self, draft: Draft) -> None:
        if not await self.event.may_be_sent(draft):
            self.parts.reveal("event")
            self.event.go_to_fault()
            self.notify("The payload cannot be sent: see the line above the editor.", severity="error")
            return
        sending = self.sender()
        await self.deliver(sending, await sending.prepare(draft), draft.event)

    async def deliver(self, sending: Sending, ready: Ready, event: SavedEvent | None) -> None:
        answer = await sending.send(ready, self.result.view.append, self._wait)
        self.waiting = False
        self._failed = answer.problem
        self.call = None if isinstance(answer.problem, ReadOnly) else answer.record.call  # it has logged nothing
        await self._show(answer, event)
        if answer.kept is not None:
            # The next press of the key does not wait for the disk.
            self.begin(partial(self._list, answer.kept, answer.record.call), "history")

    async def _list(self, kept: asyncio.Task[None], call: PastCall) -> None:
        await asyncio.shield(kept)  # it is written down, whoever leaves now
        before, self._not_kept = self._not_kept, self.desk.shelf.problem
        if self._not_kept not in ("", before):
            self.notify(self._not_kept, severity="warning", timeout=8, markup=False)
        self.parts.calls.show_call(call.id)

    def _wait(self, call: PastCall | None) -> None:
        """A request is about to leave; None: it was held back to ask."""
        self.waiting = call is not None
        self.call = call
        if call is not None:
            self.result.view.show(None)

    def watch_waiting(self, waiting: bool) -> None:
        if self._clock is not None:
            self._clock.stop()
            self._clock = None
        if waiting:
            self._began = asyncio.get_running_loop().time()
            self._clock = self.set_interval(1.0, self._tick, name="invocation clock")
            self._tick()
            self.parts.reveal("result")
        self.refresh_bindings()

    def _tick(self) -> None:
        seconds = round(asyncio.get_running_loop().time() - self._began)
        self.tell(f"waiting {f'{seconds} s' if seconds else ''}".rstrip() + "… (esc stops waiting)")

    def tell(self, said: str, mark: str = "") -> None:
        self.result.say(said)
        self.parts.tell(mark="…" if self.waiting else mark)

    async def _show(self, answer: Answer, event: SavedEvent | None) -> None:
        outcome, problem = answer.outcome, answer.problem
        if outcome is not None:
            if event is not None and event.has_expect and len(outcome.response) > JSON_AT_ONCE:
                unmet = await asyncio.to_thread(missed, event, outcome.response)
            else:
                unmet = missed(event, outcome.response)
            self.result.view.show(of_outcome(outcome, cost=self.cost(outcome.report), unmet=unmet))
            self.tell(summary(outcome), "✓" if outcome.succeeded else "✗")
            if outcome.journal_problem:
                self.notify(outcome.journal_problem, severity="warning", timeout=12, markup=False)
        elif problem is not None:
            self.result.view.show(of_record(answer.record))
            self.tell(problem.title if not isinstance(problem, OutcomeUnknown) else UNKNOWN, "?")
            report(self, problem)
        self.refresh_bindings()

    def action_refresh_pane(self) -> None:
        """Reconnect after a failure, of whichever kind; there is nothing else to load again."""
        self._failed = None
        self.reload(revive=True)
        self.refresh_bindings()

    def action_stop_waiting(self) -> None:
        """Give up the answer; the function runs on."""
        self.workers.cancel_group(self, "send")
        self._sending = None
        self.waiting = False
        self.tell("stopped waiting", "?")
        self.notify(STILL_RUNNING, severity="warning", timeout=8, markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape stops waiting while there is something to wait for; what can be tried again is only a connection."""
        if action == "refresh_pane":
            return self.problem is not None or self._failed is not None
        return self.waiting if action == "stop_waiting" else super().check_action(action, parameters)

    def cost(self, report: Report | None) -> float | None:
        """What a call has cost, by the price list."""
        return (
            None if report is None else cost(report, self.function.memory, next(iter(self.function.architectures), ""))
        )
