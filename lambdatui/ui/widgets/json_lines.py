"""The lines of a tree of JSON as runs of text, each with what it is; the tree gives them their colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdatui.model.json_tree import HEAD, MORE, Node
from lambdatui.model.json_value import Members, written
from lambdatui.model.text import one_line
from lambdatui.ui.widgets.cells import cut, head, width_of
from lambdatui.ui.widgets.drawing import Run

if TYPE_CHECKING:
    from lambdatui.model.json_tree import Line

OPEN, FOLDED = "▾ ", "▸ "


def indent(depth: int, width: int) -> int:
    """Cells before a line of this depth: however deep it is, most of the width is left."""
    return min(2 * depth, width // 3)


def foldable(node: Node, width: int) -> bool:
    """Whether there is more of it than its line has room for."""
    if node.inner is not None:
        return True
    if not node.is_text:
        return False
    text = str(node.value)
    room = width - indent(node.depth, width) - len(FOLDED) - width_of(f'{node.name}: ""')
    return len(text) > room or "\n" in text or width_of(one_line(text)) > room


def runs(line: Line, width: int) -> list[Run]:
    """A line in at most `width` cells. Looks: name, text, value, note."""
    node = line.node
    if line.row == HEAD:
        return _fitted([*_head(node, width)], width)
    margin = " " * (indent(node.depth + 1, width) + len(OPEN))
    if line.row == MORE:
        return _fitted([Run(f"{margin}… {node.hidden:,} more", "note")], width)
    return _fitted([Run(margin + line.text, "text")], width)


def _head(node: Node, width: int) -> list[Run]:
    folds = foldable(node, width)
    mark = (OPEN if node.opened else FOLDED) if folds else " " * len(OPEN)
    start = [Run(" " * indent(node.depth, width) + mark, "note"), Run(node.name, "name")]
    if folds and node.opened:
        return [*start, Run(f"  {_told(node)}", "note")]
    if node.is_text:
        text, more = head(str(node.value), width)
        shown = f'"{one_line(text)}"'
        return [*start, Run(": ", "note"), Run(shown + "…" if more else shown, "text")]
    look = "text" if isinstance(node.value, list) else "value"
    return [*start, Run(": ", "note"), Run(written(node.value, width), look)]


def _told(node: Node) -> str:
    """What is said of something whose content stands below."""
    if node.inner is None:
        text = str(node.value)
        count = text.strip("\n").count("\n") + 1
        return f"{count:,} lines" if count > 1 else f"{len(text):,} characters"
    told = f"{{{len(node.inner):,}}}" if isinstance(node.inner, Members) else f"[{len(node.inner):,}]"
    return f"{told} in a string" if node.is_text else told


def _fitted(pieces: list[Run], width: int) -> list[Run]:
    """The runs, cut where there is no room for more."""
    fitting: list[Run] = []
    for text, look in pieces:
        # A name may be as long as it likes.
        text, more = head(text, width)
        taken = width_of(text)
        if more or taken > width:
            return [*fitting, Run(cut(text, width), look)]
        fitting.append(Run(text, look))
        width -= taken
    return fitting
