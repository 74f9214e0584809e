"""`InOrder`: what is typed somewhere is done in the order in which it was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual import events
    from textual.widget import Widget


class InOrder:
    """A mixin for what one types in. It stands before Textual's class among the bases, and is no widget itself.

    Textual's inputs insert a letter when they get it, and a key that is bound (backspace, say) acts only after it has
    gone up to the app and back. Over a slow line many keys come at once: the letters would be before all others.
    """

    async def _on_key(self: Widget, event: events.Key) -> None:  # type: ignore[misc]  # it is mixed into widgets
        if event.is_printable:
            return
        bound = self.screen.active_bindings.get(event.key)
        if bound is not None and bound.node is self:
            event.stop()
            event.prevent_default()
            await self.app.run_action(bound.binding.action, self)
