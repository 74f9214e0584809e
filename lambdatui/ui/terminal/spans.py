"""`Spans`: what of the screen has changed, and nothing to the left of it.

Textual writes a changed part of a line from the beginning of its widget on: of a row of 170 cells in which a figure has
changed that is ten times as much as need be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.control import Control
from textual._compositor import ChopsUpdate

if TYPE_CHECKING:
    from rich.console import Console


class Spans(ChopsUpdate):
    """An update of parts of lines."""

    @classmethod
    def of(cls, update: ChopsUpdate) -> Spans:
        """The same update, written sparingly."""
        return cls(update.chops, update.spans, update.chop_ends)

    def render_segments(self, console: Console) -> str:
        """The update as it goes to the terminal."""
        sequences: list[str] = []
        for y, start, end in self.spans:
            for stop, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                left, right = max(x, start), min(stop, end)
                if strip is not None and left < right:
                    part = strip if (left, right) == (x, stop) else strip.crop(left - x, right - x)
                    sequences += (Control.move_to(left, y).segment.text, part.render(console))
        return "".join(sequences)
