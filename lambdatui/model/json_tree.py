"""JSON as a tree that is opened where somebody looks: nothing is made of what is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeAlias

from lambdatui.model.json_value import Members, Number, Value, inside, written
from lambdatui.model.text import one_line, visible

BATCH = 1000
"""Items of one object or list that are made at a time."""

AT_FIRST = 60
"""Lines, about, that a tree opens by itself."""


class Node:
    """A member of an object or an item of a list; what it holds is made when it is opened."""

    __slots__ = ("_children", "_inner", "depth", "name", "opened", "parent", "room", "value")

    def __init__(self, name: str, value: Value, parent: Node | None = None) -> None:
        self.name = name
        """Visible, on one line; of an item its number in brackets."""
        self.value = value
        self.parent = parent
        self.depth: int = -1 if parent is None else parent.depth + 1
        """Of the root, which has no line, -1."""
        self.opened = False
        self.room = BATCH
        """Items that are shown when it is open."""
        self._children: list[Node] = []
        self._inner: Members | list[Value] | str | None = ""

    @property
    def is_text(self) -> bool:
        """Whether it is a string."""
        return isinstance(self.value, str) and not isinstance(self.value, Number)

    @property
    def inner(self) -> Members | list[Value] | None:
        """The object or list that it is, or that its string holds, if that is not empty."""
        if isinstance(self._inner, str):
            if isinstance(self.value, list):
                self._inner = self.value or None
            else:
                self._inner = inside(visible(str(self.value))) if self.is_text else None
        return self._inner

    @property
    def text(self) -> str:
        """What can be copied of it: a string as it reads, all else as JSON."""
        return visible(str(self.value)) if self.is_text else written(self.value)

    @property
    def children(self) -> list[Node]:
        """Its items that are shown when it is open."""
        inner, made = self.inner, len(self._children)
        if inner is not None and made < min(self.room, len(inner)):
            if isinstance(inner, Members):
                named = [(one_line(name), value) for name, value in islice(inner, made, self.room)]
            else:
                named = [(f"[{made + at}]", value) for at, value in enumerate(inner[made : self.room])]
            self._children += [Node(name, value, self) for name, value in named]
        return self._children

    @property
    def hidden(self) -> int:
        """Items that are not among the children yet."""
        return 0 if self.inner is None else max(0, len(self.inner) - self.room)


class Line(NamedTuple):
    """A line of a tree."""

    node: Node
    row: int
    """HEAD, MORE, or the number of the row of its text."""
    text: str = ""
    """Of a row of text."""


HEAD, MORE = -1, -2


def begin(value: Value) -> Node:
    """The root of a tree: opened, and as much of it below as there is little of."""
    root = Node("", value)
    root.opened = True
    waiting, lines = [root], 0
    for node in waiting:
        cost = len(node.inner) if node.inner is not None else str(node.value).count("\n") + 1
        alone = node.parent is None or node.parent.children == [node]
        if lines + cost > AT_FIRST and not alone:
            continue
        node.opened = True
        lines += cost
        if node.inner is not None:
            waiting += [it for it in node.children if it.inner is not None or (it.is_text and "\n" in it.text.strip())]
    return root


Fold: TypeAlias = Callable[[str, Node], Sequence[str]]
"""Makes rows of a line of the text of a node."""


def lines(root: Node, fold: Fold) -> Iterator[Line]:
    """The lines of what is open. Not by recursion: depth is whatever the one who writes likes."""
    stack = [iter(root.children)]
    owners = [root]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
            owner = owners.pop()
            if owner.hidden:
                yield Line(owner, MORE)
            continue
        yield Line(node, HEAD)
        if not node.opened:
            continue
        if node.inner is not None:
            stack.append(iter(node.children))
            owners.append(node)
        else:
            rows = [row for line in node.text.rstrip("\n").split("\n") for row in fold(line.expandtabs(4), node)]
            yield from (Line(node, number, row) for number, row in enumerate(rows))
