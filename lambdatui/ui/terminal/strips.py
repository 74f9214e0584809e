"""Lines of the screen that Textual keeps from being freed.

Not reported: a `Strip` that is divided or cropped at its own ends is itself what comes of it, and keeps that. So all
lines that were ever drawn, 25 objects each, waited for the garbage collector: four fifths of what it found. Seen in
Textual 8.2.8.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.style import Style
from textual.strip import Strip


def patch_strips() -> None:
    """Have strips not keep themselves."""
    Strip.divide = divide  # type: ignore[method-assign]
    Strip.crop_extend = crop_extend  # type: ignore[method-assign]


_divide, _crop_extend = Strip.divide, Strip.crop_extend


def divide(self: Strip, cuts: Iterable[int]) -> Sequence[Strip]:
    """The strip cut at these cells."""
    length = self.cell_length
    cuts = [cut for cut in cuts if cut <= length]
    return [self] if cuts == [length] else _divide(self, cuts)


def crop_extend(self: Strip, start: int, end: int, style: Style | None) -> Strip:
    """What of the strip is between two cells, with blanks where it has nothing."""
    return self if start <= 0 and end == self.cell_length else _crop_extend(self, start, end, style)
