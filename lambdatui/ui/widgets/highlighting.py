"""What tells the parts of JSON and YAML apart in an editor, found by tree-sitter for the lines that are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual._text_area_theme import TextAreaTheme
from textual._tree_sitter import TREE_SITTER, get_language

if TYPE_CHECKING:
    from textual.document._document import DocumentBase
    from textual.widgets import TextArea
    from tree_sitter import Query

LARGEST = 80_000
"""Characters of a text that has colours. With more a key takes longer than a frame, most of it in Textual itself."""
LONGEST = 4_000
"""Characters of its longest line: Textual reckons with all of them for every line that it draws."""
BLOCK = 64
"""Lines that are looked up together."""

LOOKS = ("key", "text", "value", "comment")

QUERIES = {
    "json": """
        (pair key: (string) @key)
        (pair value: (string) @text)
        (array (string) @text)
        (document (string) @text)
        [(true) (false) (null) (number)] @value
    """,
    "yaml": """
        [(double_quote_scalar) (single_quote_scalar) (block_scalar) (string_scalar)] @text
        [(boolean_scalar) (null_scalar) (integer_scalar) (float_scalar) (timestamp_scalar)] @value
        (block_mapping_pair key: (flow_node) @key)
        (flow_mapping (_ key: (flow_node) @key))
        (comment) @comment
    """,
}


def can_be_read(language: str | None, text: str) -> bool:
    """Whether a text of this language is to have colours: it is not too large, and its parser is there."""
    if not TREE_SITTER or language not in QUERIES or len(text) > LARGEST:
        return False
    if len(text) > LONGEST and max(map(len, text.split("\n"))) > LONGEST:
        return False
    try:
        return get_language(language) is not None
    except ValueError:  # made for another version of tree-sitter
        return False


class Colours(TextAreaTheme):
    """The colours that the style sheet has for an editor and the parts of its text, whatever the theme is now."""

    def apply_css(self, text_area: TextArea) -> None:
        """Take them over. Textual asks for it whenever it draws."""
        super().apply_css(text_area)
        self.syntax_styles = {
            look: Style.combine([text_area.get_component_rich_style(f"editor--{look}", partial=True)]) for look in LOOKS
        }


class Highlights(dict[int, list[tuple[int, int | None, str]]]):
    """The parts of each line, by columns in bytes of UTF-8; Textual itself looks up the whole text after each key."""

    def __init__(self, document: DocumentBase, query: Query | None) -> None:
        super().__init__()
        self._document = document
        self._query = query

    def __bool__(self) -> bool:
        """Whether there can be any: none are there before they are asked for."""
        return self._query is not None

    def __missing__(self, row: int) -> list[tuple[int, int | None, str]]:
        first = row - row % BLOCK
        for each in range(first, first + BLOCK):
            self[each] = []
        if self._query is not None:
            found = self._document.query_syntax_tree(self._query, (first, 0), (first + BLOCK, 0))
            for look in LOOKS[1:] + LOOKS[:1]:  # what is a key is a text as well: the last one counts
                for node in found.get(look, ()):
                    self._add(node.start_point, node.end_point, look, range(first, first + BLOCK))
        return self[row]

    def _add(self, start: tuple[int, int], end: tuple[int, int], look: str, block: range) -> None:
        for row in range(max(start[0], block.start), min(end[0] + 1, block.stop)):
            ends = end[1] if row == end[0] else None
            if ends != 0:  # Textual takes an end of 0 as the line's
                self[row].append((start[1] if row == start[0] else 0, ends, look))
