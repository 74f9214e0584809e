"""A text that is read and does not grow."""

from __future__ import annotations

from lambdatui.model.sgr import Styled, lines
from lambdatui.ui.widgets.log_text import LogLine, Place
from lambdatui.ui.widgets.log_view import LIMIT, LogView


class TextView(LogView):
    """A log that stands still: there is nothing to follow, and its lines have no moments."""

    def __init__(self) -> None:
        super().__init__()
        self.timestamps = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without the keys of a log that is followed."""
        absent = action in {"follow", "toggle_timestamps"}
        return False if absent else super().check_action(action, parameters)

    def show_text(self, text: str | Styled) -> None:
        """Show a text in place of the one before, from the same line on; of a very long one the beginning."""
        found = list(lines(text if isinstance(text, Styled) else Styled(text)))
        if not found[-1].text:
            del found[-1]
        shown = [LogLine("", line.text, spans=line.spans) for line in found[: LIMIT - 1]]
        if more := len(found) - len(shown):
            shown.append(LogLine("", f"{more:,} more lines are not shown.", "note"))
        line = self._top.line - self._text.first
        self.clear()
        self.append(shown)
        self.following = False
        self._scroll(self._text.clamped(Place(self._text.first + line, 0)))
        self.following = False
