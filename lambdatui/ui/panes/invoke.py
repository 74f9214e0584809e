"""A test invocation: an editor, a key that sends, and what came back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from lambdatui.model.errors import AwsError, NotConfirmed
from lambdatui.model.invocations import Outcome, Request, check_payload, payload_of
from lambdatui.model.logs import kind
from lambdatui.model.sgr import lines
from lambdatui.model.text import duration, size
from lambdatui.ui.detail import DetailPane
from lambdatui.ui.reporting import report
from lambdatui.ui.screens.confirm import ConfirmScreen
from lambdatui.ui.widgets.editor import Editor
from lambdatui.ui.widgets.text_lines import TextLine
from lambdatui.ui.widgets.text_view import TextView
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.timer import Timer
    from textual.widgets import TextArea

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.ui.desk import Desk

EMPTY_EVENT = "{}"
CHECK_AFTER = 0.1
"""Seconds without typing after which the payload is checked."""
CHECKED_WHILE_TYPING = 200_000
"""Characters up to which it is: that takes some 10 ms."""
LINES = 5_000
"""Lines of a response that are shown."""
STILL_RUNNING = "Stopped waiting. The request had left: the function may still run, and its log will tell."


class InvokePane(DetailPane):
    """Sends what is in the editor, once for each press of the key, and shows the outcome."""

    NAME = "invoke"
    TITLE = "Invoke"
    KEY = "i"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f5,ctrl+enter", "send", "Send", tooltip="Invoke the function once with this payload", id="invoke.send"
        ),
        Binding(
            "escape", "stop_waiting", "Stop waiting", tooltip="Stop waiting for the answer", id="invoke.stop_waiting"
        ),
        Binding("e", "edit", "Edit", tooltip="Go to the editor", id="invoke.edit"),
    ]

    DEFAULT_CSS = """
    InvokePane {
        & Static { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & .invoke-pane--halves { height: 1fr; layout: horizontal; }
        &.-narrow .invoke-pane--halves { layout: vertical; }
        & .invoke-pane--half { width: 1fr; height: 1fr; }
        & Editor, & Editor:focus { height: 1fr; border: none; padding: 0; }
        /* Textual restyles what is in here only if the focus matters to this itself. */
        & .invoke-pane--half:focus-within { height: 1fr; }
        & .invoke-pane--half:focus-within > Static { color: $text-accent; text-style: bold; }
        & .invoke-pane--half > Static.-fault { color: $text-error; }
    }
    """

    waiting: var[bool] = var(False, init=False)
    """Whether an invocation is under way."""

    def __init__(self, aws: Aws, function: Function, desk: Desk) -> None:
        super().__init__(aws, function, desk)
        self.editor = Editor(desk.drafts.get(function.arn, EMPTY_EVENT))
        self.result = TextView()
        self._settling: Timer | None = None
        self._sending: Request | None = None
        self._failed: AwsError | None = None
        """Why the last invocation gave no outcome."""
        self._payload_title = Static()
        self._result_title = Static(Content("Result"))

    def content(self) -> ComposeResult:
        with Container(classes="invoke-pane--halves"):
            with Vertical(classes="invoke-pane--half"):
                yield self._payload_title
                yield self.editor
            with Vertical(classes="invoke-pane--half"):
                yield self._result_title
                yield self.result

    def on_mount(self) -> None:
        self._check()

    def on_resize(self) -> None:
        self.set_class(self.size.width < 100, "-narrow")

    async def load(self) -> None:
        """Nothing is fetched before an invocation, but that it could be sent is known: a client is open."""
        await self.aws.account.place()

    # The payload ------------------------------------------------------------------------------------------------

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(CHECK_AFTER, self._settled, name="check payload")

    def _settled(self) -> None:
        self.desk.drafts[self.function.arn] = self.editor.text
        self._check()

    def on_unmount(self) -> None:
        if self.waiting:
            self.app.notify(STILL_RUNNING, severity="warning", timeout=8, markup=False)
        self.desk.drafts[self.function.arn] = self.editor.text

    def _check(self, *, sending: bool = False) -> bool:
        """Whether the payload can be sent; what is wrong with it, or its size, stands above the editor.

        A large one is checked only when it is to be sent: six megabytes take up to a second.
        """
        text = self.editor.text
        large = len(text) > CHECKED_WHILE_TYPING
        fault = None if large and not sending else check_payload(text)
        self._payload_title.set_class(fault is not None, "-fault")
        length = len(payload_of(text)) if fault is None else 0
        said = f"Payload: {fault}" if fault else f"Payload: {length} B of JSON" if length else "Payload: none"
        if large and not fault:
            said = f"Payload: {size(length)}, checked when it is sent"
        self._payload_title.update(Content(said), layout=False)
        return fault is None

    def on_editor_left(self, event: Editor.Left) -> None:
        event.stop()
        self.result.focus()

    def action_edit(self) -> None:
        """Go to the editor."""
        self.editor.focus()

    # Sending ----------------------------------------------------------------------------------------------------

    def action_send(self) -> None:
        """Invoke the function once."""
        if self._sending:
            self.notify("An invocation is under way: wait for it, or stop waiting with esc.", severity="warning")
        elif self._check(sending=True):
            request = Request(self.function.arn, payload_of(self.editor.text), self.function.timeout)
            self._sending = request
            start(self, partial(self._send, request), name="send", group="send")
        else:
            self.notify("The payload cannot be sent: see the line above the editor.", severity="error")

    async def _send(self, request: Request) -> None:
        try:
            self.waiting = True
            try:
                outcome = await self.aws.invocations.send(request)
            except NotConfirmed:
                self.waiting = False
                question = f"Invoke {self.function.name} on production?"
                if not await self.app.push_screen_wait(ConfirmScreen(question, "Invoke")):
                    self._result_title.update(Content("Result: not sent"), layout=False)
                    return
                self.waiting = True
                outcome = await self.aws.invocations.send(request, confirmed=True)
        except AwsError as problem:
            self._failed = problem
            self._result_title.update(Content(f"Result: {problem.title}"), layout=False)
            report(self, problem)
        else:
            self._failed = None
            self._show(outcome)
            if outcome.journal_problem:
                self.notify(outcome.journal_problem, severity="warning", timeout=12, markup=False)
        finally:
            # The next one may be under way when this one's cancellation arrives; and a pane that was left for good is
            # cancelled too, and has no screen any more.
            if self._sending is request:
                self._sending = None
                if self.is_attached:
                    self.waiting = False

    def action_refresh_pane(self) -> None:
        """Reconnect after a failure, of whichever kind; there is nothing else to load again."""
        self._failed = None
        self.reload(revive=True)
        self.refresh_bindings()

    def action_stop_waiting(self) -> None:
        """Give up the answer; the function runs on."""
        self.workers.cancel_group(self, "send")
        self._sending = None
        self._result_title.update(Content("Result: stopped waiting"), layout=False)
        self.waiting = False
        self.notify(STILL_RUNNING, severity="warning", timeout=8, markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape stops waiting while there is something to wait for; what can be tried again is only a connection."""
        if action == "refresh_pane":
            return self.problem is not None or self._failed is not None
        return self.waiting if action == "stop_waiting" else super().check_action(action, parameters)

    def watch_waiting(self, waiting: bool) -> None:
        if waiting:
            self._result_title.update(Content("Result: waiting… (esc stops waiting)"), layout=False)
        self.refresh_bindings()

    def _show(self, outcome: Outcome) -> None:
        self._result_title.update(Content(f"Result: {summary(outcome)}"), layout=False)
        self.result.show_lines([*_lines(outcome)])
        self.result.action_jump("start")


def summary(outcome: Outcome) -> str:
    """An outcome in a few words."""
    if outcome.succeeded:
        word = "succeeded"
    elif outcome.function_error:
        word = f"the function failed ({outcome.error_type or outcome.function_error})"
    else:
        word = "not accepted"
    return f"{word}, status {outcome.status}, {duration(outcome.elapsed)}, version {outcome.executed_version or '–'}"


def _lines(outcome: Outcome) -> Iterator[TextLine]:
    """The outcome as it is read from top to bottom: error, response, log."""
    if outcome.function_error:
        told = [outcome.error_type or outcome.function_error, outcome.error_message]
        yield TextLine(": ".join(filter(None, told)), "error")
        for line in outcome.stack_trace:
            yield TextLine(line)
        yield TextLine("")
    yield TextLine("Response", "note")
    payload = (outcome.payload or "(empty)").split("\n")
    for line in payload[:LINES]:
        yield TextLine(line)
    if len(payload) > LINES:
        yield TextLine(f"… and {len(payload) - LINES:,} more lines", "note")
    if outcome.payload_hidden:
        yield TextLine(f"… and {size(outcome.payload_hidden)} more that are not shown", "note")
    if outcome.log_tail.text:
        yield TextLine("")
        yield TextLine("Log (its last 4 kB)", "note")
        for line, spans in lines(outcome.log_tail):
            yield TextLine(line, kind(line).value, spans)
    yield TextLine("")
    yield TextLine(f"Request {outcome.request_id or '–'}", "platform")
