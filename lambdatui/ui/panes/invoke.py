"""Test invocations: saved events and the calls of before, an editor, a key that sends, and what came back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from lambdatui.model.invocations import InvocationType
from lambdatui.model.saved_events import check_name
from lambdatui.model.shown_call import of_record
from lambdatui.model.versions import LATEST
from lambdatui.settings import nearest
from lambdatui.ui.command_line import CommandError, Verb
from lambdatui.ui.invoking import options
from lambdatui.ui.invoking.call_list import CallList, moment
from lambdatui.ui.invoking.draft import drafted
from lambdatui.ui.invoking.event_list import EventList
from lambdatui.ui.invoking.files import Files
from lambdatui.ui.invoking.sending_pane import SendingPane
from lambdatui.ui.invoking.shelf import ShelfError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.model.past_calls import CallRecord, PastCall
    from lambdatui.ui.desk import Desk


class InvokePane(SendingPane):
    """Sends events that are saved or typed, and knows the calls of before."""

    NAME = "invoke"
    TITLE = "Invoke"
    KEY = "i"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", tooltip="Save the payload as an event; in the result: the response to a file",
                id="invoke.save"),
        Binding("ctrl+e", "edit_outside", "$EDITOR", tooltip="The payload in your own editor (VISUAL, EDITOR)",
                show=False, id="invoke.external_editor"),
        Binding("w", "look_up", "Its log", tooltip="Look the call up in the log", id="invoke.look_up"),
    ]  # fmt: skip

    class LookedUp(Message):
        """Somebody wants to see what a call has logged."""

        def __init__(self, call: PastCall) -> None:
            super().__init__()
            self.call = call

    def __init__(self, aws: Aws, function: Function, desk: Desk) -> None:
        super().__init__(aws, function, desk)
        self._files = Files(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Before a call there is nothing to look up."""
        return self.call is not None if action == "look_up" else super().check_action(action, parameters)

    # Events and calls -------------------------------------------------------------------------------------------

    def on_event_list_opened(self, event: EventList.Opened) -> None:
        event.stop()
        unsaved = self.event.changed
        self.event.open(event.event)
        self.begin(self.ask_needs, "needs")
        self.parts.go("event")
        if unsaved:
            self.notify("What was typed comes back with ctrl+z in the editor.", markup=False)

    def on_event_list_doomed(self, event: EventList.Doomed) -> None:
        event.stop()
        self.begin(partial(self._files.delete, event.event), "files")

    def on_event_list_counted(self, event: EventList.Counted) -> None:
        event.stop()
        self.parts.tell(events=event.count)

    def on_call_list_counted(self, event: CallList.Counted) -> None:
        event.stop()
        self.parts.tell(calls=event.count)

    def on_call_list_compared(self, event: CallList.Compared) -> None:
        event.stop()
        self.begin(partial(self._compare, event.before, event.after), "files")

    async def _compare(self, before: PastCall, after: PastCall) -> None:
        from lambdatui.ui.screens.call_comparison import CallComparisonScreen

        try:
            records = [await self.desk.shelf.call(it) for it in (before, after)]
        except ShelfError as problem:
            self.notify(str(problem), severity="error", timeout=8, markup=False)
            return
        if self.app.screen is self.screen:
            place = f"{self.function.name}: two calls"
            architecture = next(iter(self.function.architectures), "")
            self.app.push_screen(CallComparisonScreen(self.aws, *records, place=place, architecture=architecture))

    def on_call_list_wanted(self, event: CallList.Wanted) -> None:
        event.stop()
        if event.what == "again":
            self._again(event.call)
        else:
            self.begin(partial(self._want, event.what, event.call), "files")

    def _again(self, call: PastCall) -> None:
        self.start_sending(partial(self._send_again, call))

    async def _record(self, call: PastCall) -> CallRecord | None:
        try:
            return await self.desk.shelf.call(call)
        except ShelfError as problem:
            self.notify(str(problem), severity="error", timeout=8, markup=False)
            return None

    async def _send_again(self, call: PastCall) -> None:
        record = await self._record(call)
        if record is not None:
            sending = self.sender()
            ready = await sending.prepare(drafted(record))
            again = ready._replace(request=replace(ready.request, event=record.call.event))
            await self.deliver(sending, again, None)

    async def _want(self, what: str, call: PastCall) -> None:
        record = await self._record(call)
        if record is None:
            return
        if what == "save":
            await self._files.save_call(record)
        elif what == "use":
            self.event.use(drafted(record))
            self.parts.go("event")
            await self.ask_needs()
        else:
            self.call = record.call
            self.result.view.show(of_record(record, cost=self.cost(record.call.report)))
            self.tell(f"of {moment(call)}, {call.outcome}")
            self.parts.go("result")
            self.refresh_bindings()

    def action_save(self) -> None:
        """Save what has the focus: a payload as an event, or the response of the call that is shown."""
        shown = self.result.view.call
        if self.parts.calls.has_focus_within:
            self.parts.calls.keep()
        elif self.result.has_focus_within and shown is not None and shown.response:
            name = f"{self.function.name}-response"
            self.begin(partial(self._files.save_response, shown.response, name), "files")
        else:
            self.begin(self._files.save_draft, "files")

    def action_edit_outside(self) -> None:
        """Have the payload edited by $EDITOR."""
        self.begin(self._files.edit_outside, "files")

    def action_look_up(self) -> None:
        """Look the call up in the log."""
        if self.call is not None:
            self.post_message(self.LookedUp(self.call))

    def verbs(self) -> Iterator[Verb]:
        yield Verb(("save",), "save the payload as an event of that name", self._save_as, "[NAME]")
        yield Verb(("qualifier",), "invoke a version or an alias", self._set_qualifier, "QUALIFIER")
        yield Verb(("type",), "how it is invoked", self._set_kind, "TYPE", lambda: [it.value for it in InvocationType])

    def _save_as(self, name: str) -> None:
        if wrong := check_name(name) if name else "":
            raise CommandError(wrong)
        self.begin(partial(self._files.save_as, name), "files")

    def _set_qualifier(self, name: str) -> None:
        if not options.is_qualifier(name):
            raise CommandError(f"'{name}' is no qualifier: a version, an alias or $LATEST.")
        self.event.draft.qualifier, self.event.draft.shares = ("" if name == LATEST else name), ""
        self.event.settle()
        self.begin(self.ask_needs, "needs")

    def _set_kind(self, name: str) -> None:
        kind = next((it for it in InvocationType if it.value.lower() == name.lower()), None)
        if kind is None:
            raise CommandError(f"There is no type '{name}'.{nearest(name, [it.value for it in InvocationType])}")
        self.event.draft.kind = kind
        self.event.settle()
