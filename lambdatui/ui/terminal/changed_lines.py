"""What is put together of the screen where a part of it has changed: the lines of that, and no others.

Textual puts the whole of all widgets together that touch the box around all that has changed, and leaves out of it what
has not: with a row at the top and one at the bottom that is all of the screen. Seen in Textual 8.2.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.strip import Strip


def patch_compositor() -> None:
    """Have parts of the screen drawn from the lines that have changed."""
    Compositor.render_partial_update = render_partial_update  # type: ignore[method-assign]
    Compositor._get_renders = _get_renders  # type: ignore[method-assign]


_partial, _renders = Compositor.render_partial_update, Compositor._get_renders


def render_partial_update(self: Compositor) -> ChopsUpdate | None:
    """The update for all that has changed; None where nothing has."""
    self._changed = [*self._dirty_regions]  # type: ignore[attr-defined]
    try:
        return _partial(self)
    finally:
        self._changed = []  # type: ignore[attr-defined]


def _get_renders(self: Compositor, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
    """Regions of widgets, their clips, and the lines in them; of a part of the screen what has changed."""
    changed: list[Region] = getattr(self, "_changed", [])
    if not changed:
        yield from _renders(self, crop)
        return
    for widget, (region, clip) in self.visible_widgets.items():
        seen = region.intersection(clip)
        parts = [part for it in changed if (part := it.intersection(seen))]
        if parts:
            top, bottom = min(it.y for it in parts), max(it.bottom for it in parts)
            part = Region(seen.x, top, seen.width, bottom - top)
            yield part, clip, widget.render_lines(part.translate(-region.offset))
