"""The layers of the account in the region, and how many functions use each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from lambdatui.model.terms import Field, Flag, Number, Texts
from lambdatui.model.text import bare_sequence, day
from lambdatui.ui.panes.layer_list import BYTES, UNKNOWN, LayerListPane, size_cell
from lambdatui.ui.subject import Subject
from lambdatui.ui.widgets.columns import Cell, Column, Toned
from lambdatui.ui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from lambdatui.model.layers import Layer, LayerVersion


def used_cell(layer: Layer) -> Cell:
    """How many functions use a layer; marked where some of them have an older version."""
    if layer.used is None:
        return UNKNOWN
    if not layer.used.functions:
        return Toned("none", "muted")
    return Toned(str(layer.used), "warning") if layer.used.on_older else str(layer.used)


class LayersPane(LayerListPane["Layer"]):
    """All layers with their newest version, and what the functions' own configurations say of who uses them."""

    NAME = "layers"
    TITLE = "Layers"
    LOADING = "Loading layers…"
    EMPTY = (
        "This account has no layers in this region.\n\n"
        "Layers of other accounts are in no list: a function's Layers tab shows those that it uses."
    )
    COLUMNS: ClassVar[Sequence[Column[Layer]]] = (
        Column("Name", lambda it: it.name, 20, grow=3, sort=lambda it: it.name.lower()),
        Column("Latest", lambda it: str(it.latest.number), 7, sort=lambda it: it.latest.number, align="right"),
        Column("Functions", used_cell, 14, sort=lambda it: it.used),
        Column("Size", lambda it: size_cell(it.latest), 7, sort=lambda it: it.latest.size, align="right"),
        Column("Runtimes", lambda it: bare_sequence(it.latest.runtimes), 20, grow=1,
               sort=lambda it: it.latest.runtimes or None),
        Column("Arch", lambda it: bare_sequence(it.latest.architectures), 13,
               sort=lambda it: it.latest.architectures or None),
        Column("Created", lambda it: day(it.latest.created, datetime.now().astimezone()), 12,
               sort=lambda it: it.latest.created),
        Column("License", lambda it: it.latest.license or "–", 10, sort=lambda it: it.latest.license or None),
        Column("Description", lambda it: it.latest.description, 24, grow=2,
               sort=lambda it: it.latest.description.lower() or None),
    )  # fmt: skip

    FIELDS: ClassVar[Sequence[Field[Layer]]] = (
        Texts("runtime", lambda it: it.latest.runtimes, "python3.13"),
        Texts("arch", lambda it: it.latest.architectures, "arm64"),
        Texts("license", lambda it: (it.latest.license,), "mit"),
        Number("used", lambda it: it.used and it.used.functions, ">0"),
        Flag("older", lambda it: it.used and it.used.on_older > 0),
        Number("size", lambda it: it.latest.size, ">1MB", BYTES),
    )

    class Opened(Message):
        """A person wants to see a layer."""

        def __init__(self, layer: Layer) -> None:
            super().__init__()
            self.layer = layer

    def pages(self) -> AsyncGenerator[Sequence[Layer], None]:
        return self.listing(self.aws.layers.pages())

    def version(self, item: Layer) -> LayerVersion:
        return item.latest

    def dressed(self, item: Layer) -> Layer:
        used = self.uses and self.uses.count(item.arn, item.latest.number)
        return replace(item, used=used, latest=replace(item.latest, size=self.sizes.get(item.latest.arn)))

    def key(self, item: Layer) -> str:
        return item.arn

    def search_text(self, item: Layer) -> str:
        return item.name

    def subject(self, item: Layer) -> Subject:
        """The layer."""
        return Subject(item.name, item.arn, lambda: self.aws.layers.raw(item.latest.arn))

    def on_table_selected(self, event: Table.Selected) -> None:
        event.stop()
        self.post_message(self.Opened(event.item))
