"""`CallList`: the last calls of a function, made from here."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from lambdatui.model.errors import Misconfigured
from lambdatui.model.text import duration, size
from lambdatui.ui.detail import DetailTable
from lambdatui.ui.invoking.shelf import ShelfError
from lambdatui.ui.widgets.columns import Cell, Column, Tone, Toned

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.model.past_calls import PastCall
    from lambdatui.ui.desk import Desk
    from lambdatui.ui.widgets.table import Table

_TONES: dict[str, Tone] = {
    "succeeded": "good", "failed": "bad", "unknown": "warning", "refused": "warning", "stopped": "warning",
}  # fmt: skip


class CallList(DetailTable["PastCall"]):
    """What was sent, when, and what became of it. The newest is on top."""

    NAME = "call-history"
    TITLE = "History"
    LOADING = "Reading the history…"
    EMPTY = "No calls yet. f5 sends what is in the editor."
    COLUMNS: ClassVar[Sequence[Column[PastCall]]] = (
        Column("Sent", lambda it: moment(it), 8, sort=lambda it: it.at),
        Column("Outcome", lambda it: _outcome(it), 9, grow=1, sort=lambda it: it.outcome),
        Column("Took", lambda it: duration(it.elapsed) if it.elapsed else "", 6, sort=lambda it: it.elapsed,
               align="right"),
        Column("Event", lambda it: it.event, 10, grow=1, sort=lambda it: it.event.lower() or None),
        Column("Qualifier", lambda it: it.qualifier or "$LATEST", 9, sort=lambda it: it.qualifier),
    )  # fmt: skip

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "use", "Use", tooltip="Put its payload and options into the editor", id="calls.use"),
        Binding("A", "again", "Send again", tooltip="Send the same once more", id="calls.again"),
        Binding("equals_sign", "compare", "Compare", key_display="=",
                tooltip="Compare the two marked calls, or this one with the one before", id="calls.compare"),
    ]  # fmt: skip

    class Wanted(Message):
        """Somebody wants something of a call: "open", "use", "again" or "save"."""

        def __init__(self, what: str, call: PastCall) -> None:
            super().__init__()
            self.what = what
            self.call = call

    class Compared(Message):
        """Somebody wants to see what differs between two calls, the older one first."""

        def __init__(self, before: PastCall, after: PastCall) -> None:
            super().__init__()
            self.before = before
            self.after = after

    class Counted(Message):
        """So many calls are there now."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    def __init__(self, aws: Aws, function: Function, desk: Desk) -> None:
        super().__init__(aws, function, desk)
        self.table.sort_by(0, reverse=True)
        self._problems: tuple[str, ...] = ()
        self._wanted = ""
        """The call that the cursor is to go to once it is there."""

    async def pages(self) -> AsyncGenerator[Sequence[PastCall], None]:
        try:
            found = await self.desk.shelf.calls(self.function.arn)
        except ShelfError as problem:
            raise Misconfigured("reading the history", str(problem), "Repair it, then press r.") from problem
        yield tuple(found.calls)
        if self._wanted:
            self.table.point_at(self._wanted)
            self._wanted = ""
        self.post_message(self.Counted(len(found.calls)))
        problems = tuple(found.problems)
        if problems and problems != self._problems:
            self.notify("\n".join(problems), title="History", severity="warning", timeout=10, markup=False)
        self._problems = problems

    def nothing(self) -> str:
        """That there were none is not said where none are kept."""
        return self.EMPTY if self.desk.shelf.keeps_calls else "No calls are kept (history: off in the configuration)."

    def show_call(self, identity: str) -> None:
        """Read the list anew, and put the cursor on this call."""
        self._wanted = identity
        self.reload()

    def key(self, item: PastCall) -> str:
        return item.id

    def search_text(self, item: PastCall) -> str:
        return " ".join([item.outcome, item.words, item.event, item.qualifier, item.request_id])

    def in_full(self, item: PastCall) -> Iterator[Content]:
        yield Content(f"{_day(item)} · {item.outcome}" + (f": {item.words}" if item.words else ""))
        sizes = f"{size(item.payload_size)} sent, {size(item.response_size)} back"
        yield Content.styled(" · ".join(filter(None, [item.kind, item.event, sizes])), "$text-muted")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without calls there is nothing to do with one."""
        if action in {"use", "again", "compare"}:
            return self.table.cursor_item is not None
        return super().check_action(action, parameters)

    def on_table_selected(self, event: Table.Selected) -> None:
        event.stop()
        self.post_message(self.Wanted("open", event.item))

    def action_use(self) -> None:
        """Put payload and options of the call into the editor."""
        self._want("use")

    def action_again(self) -> None:
        """Send the same once more."""
        self._want("again")

    def keep(self) -> None:
        """Have the payload of the call under the cursor saved as an event."""
        self._want("save")

    def _want(self, what: str) -> None:
        if (call := self.table.cursor_item) is not None:
            self.post_message(self.Wanted(what, call))

    def action_compare(self) -> None:
        """Compare the two marked calls; without marks, the one under the cursor with the one before it."""
        marked = sorted(self.table.marked, key=lambda it: it.at)
        if not marked and (call := self.table.cursor_item) is not None:
            older = [it for it in self.table.everything if it.at <= call.at and it.id != call.id]
            if not older:
                self.notify("There is no call before this one to compare it with.", markup=False)
                return
            marked = [max(older, key=lambda it: it.at), call]
        if len(marked) == 2:
            self.post_message(self.Compared(*marked))
        else:
            count = "One call is" if len(marked) == 1 else f"{len(marked)} calls are"
            self.notify(f"{count} marked: mark two with space, or none, and press = again.", markup=False)


def _local(call: PastCall) -> datetime:
    return datetime.fromtimestamp(call.at / 1000).astimezone()


def moment(call: PastCall) -> str:
    """When it was sent: the time where it was today, else the day."""
    at = _local(call)
    return f"{at:%H:%M:%S}" if at.date() == datetime.now().astimezone().date() else f"{at:%m-%d}"


def _day(call: PastCall) -> str:
    return f"{_local(call):%Y-%m-%d %H:%M:%S}"


def _outcome(call: PastCall) -> Cell:
    tone = _TONES.get(call.outcome)
    return Toned(call.outcome, tone) if tone else call.outcome
