"""`EventList`: the saved events of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from lambdatui.model.errors import Misconfigured
from lambdatui.ui.detail import DetailTable
from lambdatui.ui.invoking.shelf import ShelfError
from lambdatui.ui.widgets.columns import Cell, Column, Toned

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.model.saved_events import SavedEvent
    from lambdatui.ui.desk import Desk
    from lambdatui.ui.widgets.table import Table


class EventList(DetailTable["SavedEvent"]):
    """Files that hold events, wherever they are. One that cannot be read is there too, and says why."""

    NAME = "saved-events"
    TITLE = "Saved events"
    LOADING = "Looking for saved events…"
    EMPTY = "No saved events. ctrl+s in the editor saves one."
    COLUMNS: ClassVar[Sequence[Column[SavedEvent]]] = (
        Column("Event", lambda it: Toned(f"! {it.name}", "bad") if it.problem else it.name, 12, grow=1,
               sort=lambda it: it.name.lower()),
        Column("Where", lambda it: _where(it), 7, sort=lambda it: _title(it)),
    )  # fmt: skip

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete", "delete", "Delete", tooltip="Delete the file of the event, after a question", show=False,
                id="events.delete"),
    ]  # fmt: skip

    class Opened(Message):
        """Somebody wants to have this event in the editor."""

        def __init__(self, event: SavedEvent) -> None:
            super().__init__()
            self.event = event

    class Doomed(Message):
        """Somebody wants to delete this event."""

        def __init__(self, event: SavedEvent) -> None:
            super().__init__()
            self.event = event

    class Counted(Message):
        """So many events are there now."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    def __init__(self, aws: Aws, function: Function, desk: Desk) -> None:
        super().__init__(aws, function, desk)
        self._problems: tuple[str, ...] = ()
        """What was told of the places."""

    async def pages(self) -> AsyncGenerator[Sequence[SavedEvent], None]:
        try:
            found = await self.desk.shelf.events(self.function.name)
        except ShelfError as problem:
            raise Misconfigured("reading saved events", str(problem), "Repair it, then press r.") from problem
        yield tuple(found.saved)
        self.post_message(self.Counted(len(found.saved)))
        problems = tuple(found.problems)
        if problems and problems != self._problems:
            self.notify("\n".join(problems), title="Saved events", severity="warning", timeout=10, markup=False)
        self._problems = problems

    def key(self, item: SavedEvent) -> str:
        return item.file

    def search_text(self, item: SavedEvent) -> str:
        return item.name

    def in_full(self, item: SavedEvent) -> Iterator[Content]:
        yield Content(item.name)
        if item.problem:
            yield Content.styled(f"! {item.problem}", "bold $text-error")
        elif item.description:
            yield Content(item.description)
        yield Content.styled(item.file, "$text-muted")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without an event there is nothing to delete."""
        if action == "delete":
            return self.table.cursor_item is not None
        return super().check_action(action, parameters)

    def action_delete(self) -> None:
        """Ask whether the event under the cursor is to be deleted."""
        if (event := self.table.cursor_item) is not None:
            self.post_message(self.Doomed(event))

    def on_table_selected(self, event: Table.Selected) -> None:
        event.stop()
        if event.item.problem:
            self.notify(event.item.problem, title=event.item.name, severity="error", timeout=10, markup=False)
        else:
            self.post_message(self.Opened(event.item))


def _title(event: SavedEvent) -> str:
    return event.place.title if event.place else ""


def _where(event: SavedEvent) -> Cell:
    return Toned(_title(event), "muted")
