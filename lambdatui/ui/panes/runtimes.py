"""What the functions run on, and how long that is supported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from lambdatui.model.query import quote
from lambdatui.model.runtimes import Lifecycle, RuntimeUse, runtimes_in_use
from lambdatui.model.terms import Field, Flag, Number
from lambdatui.ui.messages import ShowResource
from lambdatui.ui.table import TablePane
from lambdatui.ui.widgets.columns import Cell, Column, Toned
from lambdatui.ui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

RECENT, REFRESHED = 300.0, 10.0
"""Seconds since the functions were listed, as which the list still counts: at first, and after that."""


def _today() -> date:
    return datetime.now().astimezone().date()


def _deprecated(use: RuntimeUse) -> bool | None:
    return None if use.lifecycle is None else use.lifecycle.is_deprecated(_today())


def _name(use: RuntimeUse) -> Cell:
    return Toned(f"! {use.name}", "warning") if _deprecated(use) else use.name


def _successor(use: RuntimeUse) -> str:
    return use.lifecycle.successor if use.lifecycle else ""


def _dated(title: str, of: Callable[[Lifecycle], date | None]) -> Column[RuntimeUse]:
    """A day of the life cycle, told apart by a sign once it has come."""

    def on(use: RuntimeUse) -> date | None:
        return of(use.lifecycle) if use.lifecycle else None

    def cell(use: RuntimeUse) -> Cell:
        day = on(use)
        if day is None:
            return Toned(" –", "muted")
        return Toned(f"!{day}", "warning") if day <= _today() else f" {day}"

    return Column(title, cell, 11, sort=on)


class RuntimesPane(TablePane["RuntimeUse"]):
    """A row for each runtime that functions have, and one for images; enter lists those functions."""

    NAME = "runtimes"
    ALIASES = ("rt",)
    TITLE = "Runtimes"
    LOADING = "Counting the functions' runtimes…"
    EMPTY = "This account has no functions in this region, so there is no runtime in use."
    COLUMNS: ClassVar[Sequence[Column[RuntimeUse]]] = (
        Column("Runtime", _name, 14, grow=2, sort=lambda it: it.name.lower()),
        Column("Functions", lambda it: f"{it.functions:,}", 9, sort=lambda it: it.functions, align="right"),
        _dated("Deprecated", lambda it: it.deprecated),
        _dated("No create", lambda it: it.create_block),
        _dated("No update", lambda it: it.update_block),
        Column("Successor", lambda it: _successor(it) or Toned("–", "muted"), 10, grow=1,
               sort=lambda it: _successor(it) or None),
        Column("In words", lambda it: it.lifecycle.words(_today()) if it.lifecycle else "", 40, grow=3, leaves=20),
    )  # fmt: skip
    FIELDS: ClassVar[Sequence[Field[RuntimeUse]]] = (
        Flag("deprecated", _deprecated),
        Number("used", lambda it: it.functions, ">10"),
    )

    async def pages(self) -> AsyncGenerator[Sequence[RuntimeUse], None]:
        functions = await self.aws.functions.listed(REFRESHED if self.ready else RECENT)
        yield runtimes_in_use(functions)

    def key(self, item: RuntimeUse) -> str:
        return item.name

    def on_table_selected(self, event: Table.Selected) -> None:
        """List the functions of the runtime."""
        event.stop()
        self.post_message(ShowResource("functions", f"runtime={quote(event.item.name)}"))
