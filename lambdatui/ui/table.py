"""`TablePane`: a pane that is a list."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from lambdatui.ui.arranged import ArrangedPane
from lambdatui.ui.arrangement import Arrangement
from lambdatui.ui.widgets.columns import Item
from lambdatui.ui.widgets.words import Words

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.ui.subject import Subject


class TablePane(ArrangedPane[Item]):
    """A list of items of one kind. A subclass says how items come (`pages`), what tells them apart and the columns.

    Items are merged by key as pages arrive, so cursor, filter, sort order, marks, pins and place survive a refresh;
    what a complete refresh no longer has goes away at its end.
    """

    EMPTY: ClassVar[str] = "There is nothing here."
    """What is said where there are no items."""

    DEFAULT_CSS = """
    TablePane {
        & .table-pane--status {
            height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
        }
        & .table-pane--empty { display: none; padding: 1 2; height: 1fr; }
        &.-empty .table-pane--empty { display: block; }
        &.-empty Table { height: 1; }
    }
    """

    class Arranged(Message):
        """A person has changed filter, sort order or pins, or used a filter: see `arrangement`."""

        def __init__(self, pane: TablePane[Any]) -> None:
            super().__init__()
            self.pane = pane

        @property
        def control(self) -> TablePane[Any]:
            """The pane that sent it."""
            return self.pane

    def __init__(
        self,
        aws: Aws,
        *,
        filter: str = "",  # noqa: A002 (Textual's name)
        arrangement: Arrangement | None = None,
        id: str | None = None,  # noqa: A002 (Textual's name)
    ) -> None:
        """`arrangement` is what was remembered; `filter`, where it is not empty, is used in place of its filter."""
        super().__init__(aws, filter, arrangement or Arrangement(), id)
        self._status = Words(classes="table-pane--status")
        self._empty: Static | None = None
        """Says why there are no rows. Made when there are none for the first time."""
        self._coming = False
        self.recalled = ""
        """From when what is shown is, if it was remembered and nothing else has come yet."""
        self._told = False

    # What a list writes -----------------------------------------------------------------------------------------

    def pages(self) -> AsyncGenerator[Sequence[Item], None]:
        """The items, page by page. Raises AwsError."""
        raise NotImplementedError

    def nothing(self) -> str:
        """What is said where there are no items: not more than is known."""
        return self.EMPTY

    def unknown_because(self, term: str) -> str:
        """Why the answer to a term is not known of all items, to follow that it is not; or empty."""
        return ""

    def subject(self, item: Item) -> Subject | None:
        """What can be copied of an item."""
        return None

    # ------------------------------------------------------------------------------------------------------------

    @property
    def at_cursor(self) -> Subject | None:
        item = self.table.cursor_item
        return None if item is None else self.subject(item)

    def content(self) -> ComposeResult:
        yield self._status
        yield self.table

    async def load(self) -> None:
        """Merge all pages; the first one is shown at once."""
        keys: set[str] = set()
        self._coming = True
        if self.recalled:
            self.tell()
        try:
            async with aclosing(self.pages()) as pages:
                async for page in pages:
                    keys.update(map(self.key, page))
                    self.table.merge(page)
                    if page:
                        self.arrived()
                    self.tell()
            self.table.retain(keys)
            self.recalled = ""
        finally:
            self._coming = False
            if self.is_attached:  # a pane that was removed is cancelled too, and has no screen any more
                self.tell()

    def watch_problem(self) -> None:
        super().watch_problem()
        self.tell()

    def arranged(self) -> None:
        self.post_message(self.Arranged(self))

    def clear_content(self) -> None:
        """Drop all rows."""
        self.recalled = ""
        self.table.clear()
        self.tell()

    def tell(self) -> None:
        """The status line and the empty state, from what the table holds."""
        table = self.table
        self._status.say(Content("  ·  ".join(self._said())))
        empty = not table.shown and not self._coming
        if empty != self.has_class("-empty") or not self._told:
            self._told = True
            self.set_class(empty, "-empty")
            self.refresh_bindings()
        if empty:
            nothing = [f"Nothing fits “{table.filter}”. {table.total} are hidden by the filter; esc clears it."]
            nothing += [
                f"\n{it[0].upper()}{it[1:]}: the others fit neither it nor its opposite." for it in self._known()
            ]
            self._say_empty(Content("\n".join(nothing) if table.total else self.nothing()))

    def _say_empty(self, why: Content) -> None:
        if self._empty is not None:
            self._empty.update(why)
        elif self.is_mounted:  # else it is being made while another account turns out to be asked
            self._empty = Static(why, classes="table-pane--empty")
            self.query_one(".pane--body").mount(self._empty, after=self.table)

    def _said(self) -> Iterator[str]:
        """What the status line says, part by part."""
        table = self.table
        count = f"{table.shown} of {table.total}" if table.filter else f"{table.total}"
        if self.recalled:
            yield f"{self.TITLE} {count}"
            yield self.recalled
        else:
            yield f"{self.TITLE} {count}{'+' * self._coming}"
        if self._coming:
            yield "refreshing…" if self.recalled else f"loading {table.total}+…"
        if marks := len(table.marked):
            hidden = table.hidden_marks
            yield f"{marks} marked, {hidden} of them hidden" if hidden else f"{marks} marked"
        if table.filter:
            yield f"filter “{table.filter}” (esc clears)"
        yield from self._known()
        if self.stale:
            yield self.stale

    def _known(self) -> Iterator[str]:
        """Of how many items it is known what a filter asks for, where that is not all of them."""
        for name, known in self.table.asked.known(self.table.everything).items():
            yield f"{name} is known of {known} of {self.table.total}{self.unknown_because(name)}"
