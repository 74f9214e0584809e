"""What makes an editor quick with 6 MB of text: what Textual goes through all lines for is known without that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.document._document import Document
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Offset, Size

from lambdatui.ui.widgets.cells import width_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.document._document import DocumentBase, EditResult, Location

EXACT = 2_000
"""Lines up to which the width is that of the longest line there is."""


class Plain(Document):
    """A text without colours. With very many lines its width is that of the longest line that there was."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._widest: tuple[int, int] | None = None
        """With the width of a tab."""
        self._text: str | None = None

    @property
    def text(self) -> str:
        """All of it. Textual asks for it with each line that it draws."""
        if self._text is None:
            self._text = super().text
        return self._text

    def get_size(self, tab_width: int) -> Size:
        """Columns and lines."""
        if self._widest is None or self._widest[0] != tab_width:
            self._widest = tab_width, widest(self._lines, tab_width)
        return Size(self._widest[1], len(self._lines))

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Replace a part of the text."""
        self._text = None
        result = super().replace_range(start, end, text)
        if len(self._lines) <= EXACT:
            self._widest = None
        elif self._widest is not None:
            tab, before = self._widest
            changed = self._lines[min(start, end)[0] : result.end_location[0] + 1]
            self._widest = tab, max(before, widest(changed, tab))
        return result

    def get_text_range(self, start: Location, end: Location) -> str:
        """The text between two places. Textual puts it together line by line."""
        (first, left), (last, right) = sorted((start, end))
        if first == last or last >= len(self._lines):
            return super().get_text_range(start, end)
        lines = self._lines[first : last + 1]
        lines[0], lines[-1] = lines[0][left:], lines[-1][:right]
        return self._newline.join(lines)


def widest(lines: Sequence[str], tab: int) -> int:
    """Columns of the widest line."""
    text = "\n".join(lines)
    if text.isascii() and "\t" not in text:
        return max(map(len, lines), default=0)
    found = 0
    for line in lines:
        if len(line) * max(2, tab) > found:
            found = max(found, width_of(line.expandtabs(tab)))
    return found


class Unfolded(WrappedDocument):
    """A document of which each line is one on screen, whatever the width: where it stands is its number.

    Textual goes through all lines to find that out, several times after each change of many lines: with 200,000 of them
    that took nine seconds.
    """

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Nothing is wrapped."""
        self._width = 0
        self._tab_width = tab_width or self._tab_width
        self._wrap_offsets = EachLine(self.document, lambda _: [])
        self._tab_width_cache = EachLine(self.document, lambda _: [])  # asked for where a line is wrapped
        self._offset_to_line_info = EachLine(self.document, lambda row: (row, 0))
        self._line_index_to_offsets = EachLine(self.document, lambda row: [row])

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """What has changed is known to the document."""

    def location_to_offset(self, location: Location) -> Offset:
        """Where a place in the text is on screen."""
        row, column = location
        before = self.document.get_line(row)[:column]
        simple = before.isascii() and "\t" not in before
        return Offset(len(before), row) if simple else super().location_to_offset(location)

    @property
    def height(self) -> int:
        """Lines on screen."""
        return self.document.line_count


class EachLine(list[Any]):
    """What is known of each line of a document by its number, as a list that holds nothing."""

    def __init__(self, document: DocumentBase, known: Callable[[int], Any]) -> None:
        super().__init__()
        self._document = document
        self._known = known

    def __len__(self) -> int:
        return self._document.line_count

    def __getitem__(self, row: Any) -> Any:
        return self._known(range(len(self))[row])
