"""The versions of a function, the newest first, and what changed in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from lambdatui.model.changes import changed
from lambdatui.model.text import day, size
from lambdatui.model.versions import LATEST, Version, aliases_by_version
from lambdatui.ui.beside import NOT_YET, Beside, alongside, text_of
from lambdatui.ui.detail import DetailTable
from lambdatui.ui.subject import Subject
from lambdatui.ui.widgets.columns import Cell, Column, Toned
from lambdatui.ui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.ui.desk import Desk

SHA = 10
"""Characters of a SHA-256 that tell one package from another: 60 bits."""


@dataclass(frozen=True, slots=True)
class Row:
    """A version as the list shows it."""

    version: Version
    changed: Cell
    """What is another than in the version before."""
    aliases: Cell

    @property
    def function(self) -> Function:
        """The function as it is in this version."""
        return self.version.configuration.function


class VersionsPane(DetailTable[Row]):
    """All versions, $LATEST on top. Which aliases are on them is asked for beside."""

    NAME = "versions"
    TITLE = "Versions"
    KEY = "v"
    LOADING = "Loading versions…"
    EMPTY = "This function has no versions: not even $LATEST is in the answer. r asks again."
    COLUMNS: ClassVar[Sequence[Column[Row]]] = (
        Column("Version", lambda it: it.version.name, 8, sort=lambda it: it.version.order),
        Column("Published", lambda it: _published(it.version), 12,
               sort=lambda it: it.function.modified),
        Column("Aliases", lambda it: it.aliases, 14, grow=1, sort=lambda it: text_of(it.aliases)),
        Column("Changed", lambda it: it.changed, 32, grow=3),
        Column("Description", lambda it: it.function.description, 20, grow=2,
               sort=lambda it: it.function.description.lower() or None),
        Column("Memory", lambda it: f"{it.function.memory} MB", 8, sort=lambda it: it.function.memory, align="right"),
        Column("Runtime", lambda it: it.function.runtime_or_package, 12,
               sort=lambda it: it.function.runtime_or_package),
        Column("Size", lambda it: size(it.function.code_size), 7, sort=lambda it: it.function.code_size, align="right"),
        Column("Code", lambda it: it.version.configuration.code_sha256[:SHA], SHA,
               sort=lambda it: it.version.configuration.code_sha256),
    )  # fmt: skip

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "equals_sign",
            "compare",
            "Compare",
            key_display="=",
            tooltip="Compare the two marked versions; without marks, this one with the one before",
            id="versions.compare",
        ),
    ]

    class Opened(Message):
        """A person wants to see all of a version."""

        def __init__(self, version: Version) -> None:
            super().__init__()
            self.version = version

    class Compared(Message):
        """A person wants to see what differs between two versions, the older one first."""

        def __init__(self, before: Version, after: Version) -> None:
            super().__init__()
            self.before = before
            self.after = after

    def __init__(self, aws: Aws, function: Function, desk: Desk) -> None:
        super().__init__(aws, function, desk)
        self.table.sort_by(0, reverse=True)
        self._aliases: Beside[Mapping[str, str]] = Beside()
        self._versions: list[Version] = []
        """What has come of the last load, by age."""
        self._differences: dict[tuple[str, str], str] = {}
        """What changed between two published versions, which change no more."""
        self._of_latest: Cell = NOT_YET
        self._wanted = ""
        """The version that the cursor is to go to once it is there."""

    async def load(self) -> None:
        async with alongside(self._load_aliases()):
            await super().load()

    async def pages(self) -> AsyncGenerator[Sequence[Row], None]:
        found: list[Version] = []
        async with aclosing(self.aws.versions.versions(self.function.name)) as pages:
            async for page in pages:
                found += page
                self._versions = sorted(found, key=lambda it: it.order)
                yield self._rows()
                self._point()
        if self._versions and self._versions[-1].name == LATEST:
            before = self._versions[-2] if len(self._versions) > 1 else None
            self._of_latest = self._changed(before, self._versions[-1])
        yield self._rows()

    def key(self, item: Row) -> str:
        return item.version.name

    def subject(self, item: Row) -> Subject:
        arn = item.version.arn
        return Subject(f"{item.function.name}:{item.version.name}", arn, lambda: self.aws.functions.raw(arn))

    def in_full(self, item: Row) -> Iterator[Content]:
        yield Content(": ".join(filter(None, [item.version.name, item.function.description])))
        aliases = text_of(item.aliases)
        yield Content(f"  Aliases: {aliases or 'none'}")
        yield Content(f"  Changed: {text_of(item.changed)}")

    def clear_content(self) -> None:
        """Drop all rows, and what was asked for beside them."""
        super().clear_content()
        self._aliases.forget()
        self._versions.clear()
        self._differences.clear()
        self._of_latest = NOT_YET

    def show_version(self, name: str) -> None:
        """Put the cursor on a version, as soon as it is there."""
        self._wanted = name
        self._point()

    def _point(self) -> None:
        if self._wanted and any(it.name == self._wanted for it in self._versions):
            self.apply_filter("")
            self.table.point_at(self._wanted)
            self._wanted = ""

    # The rows ---------------------------------------------------------------------------------------------------

    async def _load_aliases(self) -> None:
        await self._aliases.load(self._read_aliases())
        self.lacks("the aliases", self._aliases.problem)
        self.table.merge(self._rows())

    async def _read_aliases(self) -> Mapping[str, str]:
        async with aclosing(self.aws.versions.aliases(self.function.name)) as pages:
            return aliases_by_version([alias async for page in pages for alias in page])

    def _rows(self) -> list[Row]:
        """All that have come, each compared with the one before; $LATEST with that of the last complete load."""
        return [
            Row(
                version,
                self._of_latest if version.name == LATEST else self._changed(before, version),
                self._aliases.cell(lambda it, name=version.name: it.get(name, "")),  # type: ignore[misc]
            )
            for before, version in pairwise([None, *self._versions])
            if version is not None
        ]

    def _changed(self, before: Version | None, version: Version) -> Cell:
        """What changed in words. The one before is named where its number is not the one below."""
        if before is None and version.name == LATEST:
            return Toned("nothing is published", "muted")
        if before is None:
            return Toned("the first that is left" if version.order > 1 else "the first", "muted")
        pair = before.arn, version.arn
        said = self._differences.get(pair) if version.name != LATEST else None
        if said is None:
            said = self._differences[pair] = changed(before.configuration, version.configuration)
        neighbours = version.order - before.order == 1
        if not said:
            return Toned("nothing" if neighbours else f"nothing since {before.name}", "muted")
        return said if neighbours else f"since {before.name}: {said}"

    # What can be done -------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without versions there is nothing to compare."""
        return bool(self.table.shown) if action == "compare" else super().check_action(action, parameters)

    def on_table_selected(self, event: Table.Selected) -> None:
        event.stop()
        self.post_message(self.Opened(event.item.version))

    def action_compare(self) -> None:
        """Compare the two marked versions; without marks, the one under the cursor with the one before it."""
        marked = sorted((it.version for it in self.table.marked), key=lambda it: it.order)
        if not marked and (row := self.table.cursor_item) is not None:
            marked = [it for it in self._versions if it.order <= row.version.order][-2:]
            if len(marked) < 2:
                self.notify(f"There is no version before {row.version.name} to compare it with.", markup=False)
                return
        if len(marked) == 2:
            self.post_message(self.Compared(*marked))
        else:
            count = "One version is" if len(marked) == 1 else f"{len(marked)} versions are"
            self.notify(f"{count} marked: mark two with space, or none, and press = again.", markup=False)


def _published(version: Version) -> Cell:
    if version.name == LATEST:
        return Toned("not yet", "muted")
    return day(version.configuration.function.modified, datetime.now().astimezone())
