"""A bar of parts that add up to a limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, NamedTuple

from textual.reactive import var

from lambdatui.model.chart_scale import figure
from lambdatui.model.shares import shares
from lambdatui.ui.widgets.chart import COMPONENTS, CSS, Drawn
from lambdatui.ui.widgets.chart_canvas import Row
from lambdatui.ui.widgets.chart_legend import Entry, line_look, rows
from lambdatui.ui.widgets.chart_signs import Signs, signs_here


class BarPart(NamedTuple):
    """A part of the whole."""

    name: str
    value: float
    kind: Literal["part", "over"] = "part"
    """"over" is drawn as what must not be."""
    known: bool = True
    """Whether it is more than a guess; a dash stands for what is not."""


class BarData(NamedTuple):
    """A whole and its parts. What they leave of the total is shown as a part of its own, by the name `rest`."""

    title: str
    parts: tuple[BarPart, ...]
    total: float
    rest: str = "free"
    limit: str = "limit"
    """What the total is."""

    @property
    def free(self) -> float:
        """What the parts leave; below 0 if they are more than the total."""
        return self.total - sum(part.value for part in self.parts)


class Bar(Drawn):
    """One row of cells and its legend. The numbers of the legend add up to the total, and the cells to the width."""

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS

    DEFAULT_CSS = f"""
    Bar {{ height: 4; min-width: 20; {CSS} }}
    """

    data: var[BarData | None] = var(None, init=False)
    """What is shown."""

    def __init__(
        self, data: BarData | None = None, *, signs: Signs | None = None, id: str | None = None  # noqa: A002
    ) -> None:  # fmt: skip
        super().__init__(id=id)
        self._signs = signs or signs_here()
        self.set_reactive(Bar.data, data)

    def watch_data(self) -> None:
        self._redraw()

    def on_resize(self) -> None:
        self._redraw()

    def _redraw(self) -> None:
        width, height = self.size
        shown = self.data is not None and width and height
        self.show_rows(draw_bar(self.data, (width, height), self._signs) if self.data and shown else ())


def draw_bar(data: BarData, size: tuple[int, int], signs: Signs) -> tuple[Row, ...]:
    """The bar in so many columns and rows: the bar itself, and below it what is what in as many rows as there are."""
    width, height = size
    pieces = [
        (f"{part.name} {figure(part.value if part.known else None)}", part.value, *_manner(number, part, signs))
        for number, part in enumerate(data.parts)
    ]
    if data.free > 0:
        pieces.append((f"{data.rest} {figure(data.free)}", data.free, signs.fills[-1], "a"))
    text, looks = "", ""
    for (_, _, fill, look), cells in zip(pieces, shares([value for _, value, _, _ in pieces], width), strict=True):
        text, looks = text + fill * cells, looks + look * cells
    told = [Entry(fill, look, (words,)) for words, _, fill, look in pieces]
    told.append(Entry("=", "a", (f"{data.limit} {figure(data.total)}",)))
    if data.free < 0:
        told.append(Entry("!", "l", (f"{figure(-data.free)} more than the {data.limit}",)))
    legend: Sequence[Row] = rows(data.title, told, width, height - 1) if height > 1 else ()
    return (Row(text.ljust(width), looks.ljust(width)), *legend)


def _manner(number: int, part: BarPart, signs: Signs) -> tuple[str, str]:
    fills = signs.fills[:-1]
    return fills[number % len(fills)], "l" if part.kind == "over" else line_look(number)
