"""The functions of the account in the region."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from textual.binding import Binding, BindingType
from textual.message import Message

from lambdatui.model.errors import AwsError
from lambdatui.model.functions import NO_TAGS
from lambdatui.model.terms import Field
from lambdatui.model.text import age
from lambdatui.ui.figures import FiguresPane
from lambdatui.ui.panes import function_cells, function_health
from lambdatui.ui.panes.function_health import FunctionHealth
from lambdatui.ui.subject import Subject
from lambdatui.ui.widgets.columns import Column
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from lambdatui.model.functions import Function
    from lambdatui.storage.listing import Listing
    from lambdatui.ui.widgets.table import Table

A_SLICE = 500
"""Rows that are changed in one go."""
PAINTED = 0.1
"""Seconds until the first rows are on screen: the others, 150 ms of work in slices, do not come before them."""

Rest: TypeAlias = "Callable[[], AsyncGenerator[Sequence[Function], None]]"


class FunctionsPane(FiguresPane["Function"]):
    """All functions, streamed page by page; `/` filters them by name and terms."""

    NAME = "functions"
    ALIASES = ("fn",)
    TITLE = "Functions"
    LOADING = "Loading functions…"
    EMPTY = "This account has no functions in this region.\n\nAnother region: R. Another account: P."
    COLUMNS: ClassVar[Sequence[Column[Function]]] = function_cells.COLUMNS
    FIELDS: ClassVar[Sequence[Field[Function]]] = (*function_cells.FIELDS, *function_health.FIELDS)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "open('logs')", "Logs", tooltip="Logs of the function", id="functions.logs"),
        Binding("i", "open('invoke')", "Invoke", tooltip="Invoke of the function", id="functions.invoke"),
        Binding(
            "m", "open('metrics')", "Metrics", tooltip="Metrics of the function", show=False, id="functions.metrics"
        ),
        Binding(
            "L",
            "open('function-layers')",
            "Layers",
            tooltip="Layers of the function",
            show=False,
            id="functions.function-layers",
        ),
        Binding(
            "T", "open('triggers')", "Triggers", tooltip="Triggers of the function", show=False, id="functions.triggers"
        ),
        Binding("d", "describe", "Describe", tooltip="Describe the function", show=False, id="functions.describe"),
        Binding(
            "v", "open('versions')", "Versions", tooltip="Versions of the function", show=False, id="functions.versions"
        ),
        Binding(
            "a", "open('aliases')", "Aliases", tooltip="Aliases of the function", show=False, id="functions.aliases"
        ),
    ]

    _tags_problem: AwsError | None = None
    _tags: Mapping[str, Mapping[str, str]] | None = None
    """The tags of those that have any, by ARN; None while they are not known."""
    _asked = False
    """Whether anything was, of AWS: the part of the gateway that does is not imported before."""
    _rest: Rest | None = None
    """Gives all functions of the last listing, of which the first are shown."""

    @cached_property
    def health(self) -> FunctionHealth:
        """How the functions do."""
        return FunctionHealth(self)

    class Listed(Message):
        """All functions are known: those that are shown first, then the others."""

        def __init__(self, functions: Sequence[Function]) -> None:
            super().__init__()
            self.functions = functions

    class Opened(Message):
        """A person wants to see a function, on the tab of that name ("" for the first)."""

        def __init__(self, function: Function, tab: str) -> None:
            super().__init__()
            self.function = function
            self.tab = tab

    class LogsWanted(Message):
        """A person wants to see the logs of several functions in one."""

        def __init__(self, functions: Sequence[Function]) -> None:
            super().__init__()
            self.functions = functions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a function under the cursor there is none to open."""
        return bool(self.table.shown) if action in {"open", "describe"} else super().check_action(action, parameters)

    def columns(self) -> Sequence[Column[Function]]:
        tags = function_cells.columns_of_tags(lambda: self.tags_problem)
        return (*self.COLUMNS[:2], *function_health.COLUMNS, *self.COLUMNS[2:], *tags)

    @property
    def tags_problem(self) -> AwsError | None:
        """Why the tags are not known."""
        return self._tags_problem

    @tags_problem.setter
    def tags_problem(self, problem: AwsError | None) -> None:
        if problem is not self._tags_problem:
            self._tags_problem = problem
            self.table.refresh()
            self.lacks("the tags", problem)

    def _said(self) -> Iterator[str]:
        yield from super()._said()
        if self.health.known or self.watching.trying:
            yield from self.health.said()

    def unknown_because(self, term: str) -> str:
        problem = self.tags_problem
        return f" ({problem.reason} {problem.remedy})" if problem is not None and term in {"tag", "stack"} else ""

    async def pages(self) -> AsyncGenerator[Sequence[Function], None]:
        async with aclosing(self.aws.functions.pages()) as pages:
            async for page in pages:
                yield [self._completed(function) for function in page]

    def _completed(self, function: Function) -> Function:
        """A function with what is known of it from elsewhere: its tags, and its state if it was described."""
        state = function.state or self.aws.functions.states.get(function.arn, "")
        tags = None if self._tags is None else self._tags.get(function.arn, NO_TAGS)
        health = self.health.known.get(function.name)
        same = state == function.state and tags is None and health is function.health
        return function if same else replace(function, state=state, tags=tags, health=health)

    async def load(self) -> None:
        """List all functions; then ask for their tags, without which the list is complete as well."""
        self._asked = True
        await super().load()
        self.answered()
        self.begin_reading()
        self.aws.functions.completed(self.table.everything)
        try:
            found: dict[str, Mapping[str, str]] = {}
            async with aclosing(self.aws.tags.pages()) as pages:
                async for page in pages:
                    found |= page
        except AwsError as problem:
            self.tags_problem = problem
        else:
            self.tags_problem = None
            self._tags = found
            await self._complete()
        self.tell()
        shown = self.table.items
        first = set(map(self.key, shown))
        self.post_message(self.Listed([*shown, *(it for it in self.table.everything if self.key(it) not in first)]))

    async def _complete(self) -> None:
        """Give all rows what is known of them by now, in slices: of ten thousand it is 150 ms of work."""
        rows = list(self.table.everything)
        rows.reverse()
        while rows:
            self.table.merge([self._completed(rows.pop()) for _ in range(min(A_SLICE, len(rows)))])
            await asyncio.sleep(0)

    def watch_active(self, active: bool) -> None:
        """Show the states of what was described since the list was seen last."""
        super().watch_active(active)
        if active and self._asked and (described := self.aws.functions.states):
            self.table.merge([self._completed(it) for it in self.table.everything if it.arn in described])
            self.tell()

    def want(self) -> None:
        if self._asked:  # rows of the last session come into sight with the first paint
            self.watching.want(*self.health.needs())

    def known_of(self, names: Collection[str]) -> Iterator[Function | None]:
        return self.health.known_of(names)

    def retime(self) -> None:
        """Another stretch of time is looked at: the figures of the one before are none of it."""
        self.health.known.clear()
        self.table.merge([self._completed(it) for it in self.table.in_sight])
        super().retime()
        start(self, self._complete, name="make all rows anew", group="retime")

    def clear_content(self) -> None:
        """Drop all rows, and what was read of them."""
        self.health.known.clear()
        super().clear_content()

    # The last session's list ------------------------------------------------------------------------------------

    def recall(self, listing: Listing, rest: Rest) -> None:
        """Show what was listed in the last session, before anything is asked; `rest` gives all of it."""
        self.table.merge(listing.functions)
        self._loads.arrived = listing.saved.astimezone()
        self.recalled = f"as of {age(listing.saved, datetime.now().astimezone())} ago".replace("now ago", "now")
        self._rest = rest if listing.count > len(listing.functions) else None
        self.set_reactive(FunctionsPane.ready, True)
        self.remove_class("-covered", update=False)  # there are no styles yet that would have to be made anew

    def on_mount(self) -> None:
        if self.recalled:
            self._draw_notice()
            self.tell()
            # At once: a table that gets the focus later is drawn twice.
            self.screen.set_focus(self.table, scroll_visible=False)
        if self._rest is not None:
            start(self, self._recall_rest, name="recall the list", group="recall")

    async def _recall_rest(self) -> None:
        await asyncio.sleep(PAINTED)
        found: list[Function] = []
        if self._rest is not None:
            async with aclosing(self._rest()) as parts:
                async for part in parts:
                    found += part
        if self.recalled:  # else all has been listed by now
            known = {function.arn for function in self.table.everything}
            self.table.merge(function for function in found if function.arn not in known)
            self.tell()

    def key(self, item: Function) -> str:
        return item.arn

    def search_text(self, item: Function) -> str:
        return item.name

    def subject(self, item: Function) -> Subject:
        return Subject(item.name, item.arn, lambda: self.aws.functions.raw(item.arn))

    def on_table_selected(self, event: Table.Selected) -> None:
        event.stop()
        self.action_open("")

    def action_describe(self) -> None:
        """Open the function under the cursor on the tab that describes it."""
        self.action_open("overview")

    def action_open(self, tab: str) -> None:
        """Open the function under the cursor on one of its tabs; of several that are marked, their logs in one."""
        function = self.table.cursor_item
        if tab == "logs" and len(self.table.marked) > 1:
            self.post_message(self.LogsWanted(self.table.marked))
        elif function is not None:
            self.post_message(self.Opened(function, tab))
