"""What the list of layers and that of a layer's versions have in common: users and sizes, which come by themselves."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

from lambdatui.model.errors import AwsError, Missing
from lambdatui.model.text import size
from lambdatui.ui.table import TablePane
from lambdatui.ui.widgets.columns import Cell, Item, Toned
from lambdatui.ui.widgets.table import Table
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.layers import LayerVersion, Uses
    from lambdatui.ui.arrangement import Arrangement

UNKNOWN = Toned("…", "muted")
"""What stands where something is not known yet."""

RECENT, REFRESHED = 300.0, 10.0
"""Seconds since the functions were listed, as which the list still tells who uses what: at first, and after that."""

USERS, SIZES = "the functions that use them", "their sizes"
"""What may be lacking."""


BYTES = {"b": 1, "kb": 1e3, "mb": 1e6}
"""Units in which a filter may give a size."""


def size_cell(version: LayerVersion) -> Cell:
    """How large a layer version is, zipped."""
    if version.size is None:
        return Toned("–", "muted") if version.deleted else UNKNOWN
    return size(version.size)


class LayerListPane(TablePane[Item]):
    """A list of which the functions say who uses its items, and a call each how large they are.

    Both come after the list and cost, when they fail, one column. A size is asked for while its row is in sight, one
    after the other, and once: a layer version never changes.
    """

    def __init__(
        self,
        aws: Aws,
        *,
        filter: str = "",  # noqa: A002 (Textual's name)
        arrangement: Arrangement | None = None,
    ) -> None:
        super().__init__(aws, filter=filter, arrangement=arrangement)
        self.listed: dict[str, Item] = {}
        """The items as they were listed, by key."""
        self.uses: Uses | None = None
        self.sizes: dict[str, int | None] = {}
        """Bytes by ARN of the version; None where nobody can say."""
        self._counting: asyncio.Task[None] | None = None

    # What a list writes -----------------------------------------------------------------------------------------

    def version(self, item: Item) -> LayerVersion:
        """The layer version whose size is told of an item."""
        raise NotImplementedError

    def dressed(self, item: Item) -> Item:
        """An item as it was listed, with what is known of its users and its size."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------------------------

    async def load(self) -> None:
        """The list, and beside it the functions."""
        self._counting = counting = asyncio.create_task(self._count(), name="count the users of layers")
        try:
            await super().load()
            await counting
        finally:
            counting.cancel()
            with suppress(asyncio.CancelledError):
                await counting
        self.lacks(SIZES, None)
        self.call_after_refresh(self._measure_soon)  # the first load uncovers the table, which has no rows before

    async def listing(self, pages: AsyncGenerator[Sequence[Item], None]) -> AsyncGenerator[Sequence[Item], None]:
        """The items of these pages, dressed, and remembered as they came."""
        listed: dict[str, Item] = {}
        async with aclosing(pages):
            async for page in pages:
                listed.update((self.key(it), it) for it in page)
                self.listed |= listed
                yield [self.dressed(it) for it in page]
        self.listed = listed

    async def counted(self) -> Uses | None:
        """Who uses what, when it is known; what was known before where it cannot be known now."""
        if self._counting is not None:
            await self._counting
        return self.uses

    async def _count(self) -> None:
        from lambdatui.model.layers import Uses

        try:
            functions = await self.aws.functions.listed(RECENT if self.uses is None else REFRESHED)
        except AwsError as problem:
            self.lacks(USERS, problem)
        else:
            self.uses = Uses(functions)
            self.table.merge([self.dressed(it) for it in self.listed.values()])
            self.lacks(USERS, None)

    def watch_active(self, active: bool) -> None:
        super().watch_active(active)
        if not active:
            self.workers.cancel_group(self, "sizes")

    def on_resize(self) -> None:
        self._measure_soon()

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        event.stop()
        self._measure_soon()

    def _measure_soon(self) -> None:
        under_way = any(it.group == "sizes" and it.node is self and not it.is_finished for it in self.workers)
        if self.active and not under_way and SIZES not in self.lacking:
            start(self, self._measure, name=f"sizes of {self.NAME}", group="sizes")

    async def _measure(self) -> None:
        try:
            while item := next(filter(self._has_no_size, self.table.in_sight), None):
                arn = self.version(item).arn
                try:
                    self.sizes[arn] = (await self.aws.layers.version(arn)).size
                except Missing:
                    self.sizes[arn] = None  # deleted since the list was made
                self.table.merge([self.dressed(self.listed.get(self.key(item), item))])
        except AwsError as problem:
            self.lacks(SIZES, problem)

    def _has_no_size(self, item: Item) -> bool:
        version = self.version(item)
        return not version.deleted and bool(version.arn) and version.arn not in self.sizes

    def clear_content(self) -> None:
        """Drop all rows, and what is known of them."""
        super().clear_content()
        self.listed, self.uses, self.sizes = {}, None, {}
