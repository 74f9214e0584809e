"""`Words`: a sentence or two that are told again and again."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Words(Static):
    """Text that is drawn again only if it is another, and lays out its surroundings only if it takes other lines."""

    def say(self, content: Content) -> None:
        """Show this."""
        before = self.content
        if content == before and isinstance(before, Content) and content.spans == before.spans:
            return
        width, height = self.size
        self.update(content, layout=not width or content.get_height({}, width) != height)
