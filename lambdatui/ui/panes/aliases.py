"""The aliases of a function: which versions they send calls to, and who may call them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message

from lambdatui.model.policies import Caller
from lambdatui.model.versions import Alias, Provisioned, Share, order, percent
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

BAR = 8
"""Cells of the bar of weights."""
FILLS = "█░▓"
"""What the shares of an alias are drawn with; they differ in ASCII too, and the words beside say the same."""

AT_ONCE = 4
"""Policies that are asked for at the same time: there is one for each alias."""


@dataclass(frozen=True, slots=True)
class Row:
    """An alias as the list shows it."""

    alias: Alias
    provisioned: Cell
    callers: Cell


class AliasesPane(DetailTable[Row]):
    """All aliases. What is provisioned for them and who may call them is asked for beside."""

    NAME = "aliases"
    TITLE = "Aliases"
    KEY = "a"
    LOADING = "Loading aliases…"
    EMPTY = (
        "This function has no aliases.\n\n"
        "An alias is a name for a version, which callers can use while the version behind it changes."
    )
    COLUMNS: ClassVar[Sequence[Column[Row]]] = (
        Column("Alias", lambda it: it.alias.name, 10, grow=1, sort=lambda it: it.alias.name.lower()),
        Column("Version", lambda it: it.alias.version, 7, sort=lambda it: order(it.alias.version)),
        Column("Weights", lambda it: weights(it.alias.shares), 24, sort=lambda it: it.alias.shares[0].part),
        Column("Provisioned", lambda it: it.provisioned, 11, sort=lambda it: text_of(it.provisioned)),
        Column("May call", lambda it: it.callers, 14, grow=3, sort=lambda it: text_of(it.callers)),
        Column("Description", lambda it: it.alias.description, 20, grow=2,
               sort=lambda it: it.alias.description.lower() or None),
    )  # fmt: skip

    class Opened(Message):
        """A person wants to see the version that an alias points at."""

        def __init__(self, version: str) -> None:
            super().__init__()
            self.version = version

    def __init__(self, aws: Aws, function: Function, desk: Desk) -> None:
        super().__init__(aws, function, desk)
        self._aliases: list[Alias] = []
        """What has come of the last load."""
        self._provisioned: Beside[Mapping[str, Provisioned]] = Beside()
        self._callers: dict[str, Beside[Sequence[Caller]]] = {}
        """Of each alias, by name."""

    async def load(self) -> None:
        async with alongside(self._load_provisioned()):
            await super().load()
            await self._load_callers()

    async def pages(self) -> AsyncGenerator[Sequence[Row], None]:
        found: list[Alias] = []
        async with aclosing(self.aws.versions.aliases(self.function.name)) as pages:
            async for page in pages:
                found += page
                self._aliases = found
                yield self._rows()

    def key(self, item: Row) -> str:
        return item.alias.name

    def subject(self, item: Row) -> Subject:
        function, alias = self.function.name, item.alias
        raw = partial(self.aws.versions.raw, function, alias.name)
        return Subject(f"{function}:{alias.name}", alias.arn, raw)

    def in_full(self, item: Row) -> Iterator[Content]:
        alias = item.alias
        shares = ", ".join(f"version {it.version} {percent(it.part)}" for it in alias.shares)
        yield Content(": ".join(filter(None, [f"{alias.name} → {shares}", alias.description])))
        callers = self._callers.get(alias.name)
        for caller in (callers.known or ()) if callers else ():
            yield (
                Content.styled(f"! {caller.sentence}", "bold $text-error") if caller.alert else Content(caller.sentence)
            )

    def clear_content(self) -> None:
        """Drop all rows, and what was asked for beside them."""
        super().clear_content()
        self._aliases = []
        self._provisioned.forget()
        self._callers.clear()

    # Beside the list --------------------------------------------------------------------------------------------

    async def _load_provisioned(self) -> None:
        await self._provisioned.load(self._read_provisioned())
        self._merge()

    async def _read_provisioned(self) -> Mapping[str, Provisioned]:
        return {it.qualifier: it for it in await self.aws.versions.provisioned(self.function.name)}

    async def _load_callers(self) -> None:
        """Of all aliases, a few at a time, each shown as it comes."""
        turns = asyncio.Semaphore(AT_ONCE)

        async def load(name: str) -> None:
            async with turns:
                asked = self._callers.setdefault(name, Beside())
                await asked.load(self.aws.triggers.callers(self.function.name, name))
            self._merge()

        names = [it.name for it in self._aliases]
        self._callers = {name: asked for name, asked in self._callers.items() if name in names}
        async with alongside(*map(load, names)):
            pass

    def _merge(self) -> None:
        self.table.merge(self._rows())
        self.lacks("the provisioned concurrency", self._provisioned.problem)
        problems = (it.problem for it in self._callers.values() if it.problem is not None)
        self.lacks("all who may call them", next(problems, None))

    def _rows(self) -> list[Row]:
        return [
            Row(
                alias,
                self._provisioned.cell(lambda it, name=alias.name: _provisioned(it.get(name))),  # type: ignore[misc]
                self._callers[alias.name].cell(_callers) if alias.name in self._callers else NOT_YET,
            )
            for alias in self._aliases
        ]

    # What can be done -------------------------------------------------------------------------------------------

    def on_table_selected(self, event: Table.Selected) -> None:
        event.stop()
        self.post_message(self.Opened(event.item.alias.version))


def weights(shares: Sequence[Share]) -> str:
    """A bar of the shares and what they are: `███████░ 3 90% · 4 10%`. What gets any calls has a cell at least."""
    bar = ""
    for number, share in enumerate(shares[1:], 1):
        cells = max(1, round(share.part * BAR)) if share.part > 0 else 0
        bar += FILLS[number % len(FILLS)] * cells
    bar = bar[: BAR - (shares[0].part > 0)]
    return f"{FILLS[0] * (BAR - len(bar))}{bar} " + " · ".join(f"{it.version} {percent(it.part)}" for it in shares)


def _provisioned(it: Provisioned | None) -> Cell:
    if it is None:
        return Toned("none", "muted")
    return it.words if it.words == str(it.requested) else Toned(it.words, "bad" if it.status == "FAILED" else "warning")


def _callers(callers: Sequence[Caller]) -> Cell:
    if not callers:
        return Toned("no policy", "muted")
    count = f"{len(callers)}: " if len(callers) > 1 else ""
    told = count + "; ".join(it.sentence for it in callers)
    return Toned(f"! {told}", "bad") if any(it.alert for it in callers) else told
