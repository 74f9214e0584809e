"""The versions of a layer, which functions use each, and which are unused."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from lambdatui.model.errors import AwsError
from lambdatui.model.layers import Layer, LayerVersion, deleted
from lambdatui.model.query import Language
from lambdatui.model.terms import Field, Flag, Number, Texts
from lambdatui.model.text import bare_sequence, day
from lambdatui.ui.panes.layer_list import BYTES, UNKNOWN, USERS, LayerListPane, size_cell
from lambdatui.ui.subject import Subject
from lambdatui.ui.widgets.columns import Cell, Column, Toned
from lambdatui.ui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function


def users_cell(version: LayerVersion) -> Cell:
    """How many functions use a version."""
    if version.users is None:
        return UNKNOWN
    return str(len(version.users)) if version.users else Toned("unused", "muted")


def number_cell(version: LayerVersion) -> Cell:
    """A version's number."""
    return Toned(f"{version.number} deleted", "warning") if version.deleted else str(version.number)


class UsersTable(Table["Function"]):
    """The functions that use a version."""

    COLUMNS: ClassVar[Sequence[Column[Function]]] = (
        Column("Function", lambda it: it.name, 22, grow=2, sort=lambda it: it.name.lower()),
        Column("Runtime", lambda it: it.runtime_or_package, 12, sort=lambda it: it.runtime_or_package),
        Column("Arch", lambda it: bare_sequence(it.architectures), 6, sort=lambda it: it.architectures),
        Column("Description", lambda it: it.description, 24, grow=3, sort=lambda it: it.description.lower() or None),
    )


class LayerVersionsPane(LayerListPane["LayerVersion"]):
    """All versions, newest first, and those that were deleted while functions use them; below, who uses which."""

    NAME = "layer-versions"
    TITLE = "Versions"
    LOADING = "Loading the versions…"
    EMPTY = "This layer has no versions, and no function uses one."
    COLUMNS: ClassVar[Sequence[Column[LayerVersion]]] = (
        Column("Version", number_cell, 11, sort=lambda it: it.number),
        Column("Functions", users_cell, 9, align="right",
               sort=lambda it: len(it.users) if it.users is not None else None),
        Column("Created", lambda it: day(it.created, datetime.now().astimezone()), 12, sort=lambda it: it.created),
        Column("Size", size_cell, 7, sort=lambda it: it.size, align="right"),
        Column("Runtimes", lambda it: bare_sequence(it.runtimes), 22, grow=1, sort=lambda it: it.runtimes or None),
        Column("Arch", lambda it: bare_sequence(it.architectures), 13, sort=lambda it: it.architectures or None),
        Column("License", lambda it: it.license or "–", 10, sort=lambda it: it.license or None),
        Column("Description", lambda it: it.description, 24, grow=2, sort=lambda it: it.description.lower() or None),
    )  # fmt: skip

    FIELDS: ClassVar[Sequence[Field[LayerVersion]]] = (
        Texts("runtime", lambda it: it.runtimes, "python3.13"),
        Texts("arch", lambda it: it.architectures, "arm64"),
        Flag("unused", lambda it: None if it.users is None else not it.users),
        Flag("deleted", lambda it: it.deleted),
        Number("size", lambda it: it.size, ">1MB", BYTES),
    )

    DEFAULT_CSS = """
    LayerVersionsPane {
        & .layer-versions--users {
            height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
        }
        &.-empty UsersTable, &.-empty .layer-versions--users { display: none; }
    }
    """

    class OpenedFunction(Message):
        """A person wants to see a function."""

        def __init__(self, function: Function) -> None:
            super().__init__()
            self.function = function

    def __init__(self, aws: Aws, layer: Layer) -> None:
        super().__init__(aws)
        self._layer = layer
        self._users_title = Static(classes="layer-versions--users")
        self.users: Table[Function] = UsersTable(
            UsersTable.COLUMNS, key=lambda it: it.arn, language=Language(lambda it: it.name)
        )

    def content(self) -> ComposeResult:
        yield from super().content()
        yield self._users_title
        yield self.users

    async def pages(self) -> AsyncGenerator[Sequence[LayerVersion], None]:
        async with aclosing(self.listing(self.aws.layers.versions(self._layer.name))) as pages:
            async for page in pages:
                yield page
        uses = await self.counted()
        gone = deleted(self._layer.arn, self.listed.values(), uses) if uses is not None else []
        self.listed |= {it.arn: it for it in gone}
        yield [self.dressed(it) for it in gone]

    def version(self, item: LayerVersion) -> LayerVersion:
        return item

    def dressed(self, item: LayerVersion) -> LayerVersion:
        users = self.uses and self.uses.of_version(self._layer.arn, item.number)
        return replace(item, users=users, size=self.sizes.get(item.arn))

    def key(self, item: LayerVersion) -> str:
        return item.arn

    def search_text(self, item: LayerVersion) -> str:
        return f"{item.number} {item.description}"

    def subject(self, item: LayerVersion) -> Subject:
        """The version."""
        return Subject(f"{self._layer.name}:{item.number}", item.arn, lambda: self.aws.layers.raw(item.arn))

    @property
    def chosen(self) -> Subject:
        """The function under the cursor below, else the version under the cursor above, else the layer."""
        function = self.users.cursor_item if self.users.has_focus else None
        if function is not None:
            return Subject(function.name, function.arn, lambda: self.aws.functions.raw(function.arn))
        version = self.table.cursor_item
        return Subject(self._layer.name, self._layer.arn) if version is None else self.subject(version)

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        super().on_table_highlighted(event)
        if event.table is self.table:
            self._show_users()

    def lacks(self, what: str, problem: AwsError | None) -> None:
        super().lacks(what, problem)
        self._show_users()

    def _show_users(self) -> None:
        version = self.table.cursor_item
        self._users_title.update(Content(self._title(version)), layout=False)
        users = (version.users or ()) if version is not None else ()
        self.users.merge(users)
        self.users.retain({it.arn for it in users})

    def _title(self, version: LayerVersion | None) -> str:
        if version is None:
            return ""
        if version.users is None:
            return (
                f"It is not known which functions use version {version.number}{'' if USERS in self.lacking else ' yet'}"
            )
        if not version.users:
            return f"No function uses version {version.number} ($LATEST; published versions are not looked at)"
        gone = ", which was deleted: they keep it, none can take it" if version.deleted else ""
        return f"Functions that use version {version.number}{gone}  ·  {len(version.users)}"

    def on_table_selected(self, event: Table.Selected) -> None:
        event.stop()
        if event.table is self.users:
            self.post_message(self.OpenedFunction(event.item))
        elif self.users.total:
            self.users.focus(scroll_visible=False)
