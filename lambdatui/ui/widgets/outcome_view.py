"""What came back of a call, from top to bottom, and the response as a tree."""

from __future__ import annotations

import asyncio
from codecs import getincrementaldecoder
from itertools import chain
from typing import TYPE_CHECKING, ClassVar, Self

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from lambdatui.model.invocations import SHOWN
from lambdatui.model.text import size, visible
from lambdatui.ui.widgets.json_tree import JsonTree
from lambdatui.ui.widgets.outcome_lines import LINES, Look, about, head, log, problem, response
from lambdatui.ui.widgets.text_lines import TextLine
from lambdatui.ui.widgets.text_view import MARKS, TextView
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer

    from lambdatui.model.json_value import Members
    from lambdatui.model.shown_call import ShownCall

AT_ONCE = SHOWN
"""Bytes of a response up to which its tree is made where the key is pressed: some 10 ms."""
DRAWN_EVERY, COUNTED_EVERY = 0.1, 1.0
"""Seconds between two drawings of a response that is arriving; and when no more of it is shown, but for its size."""
KINDS = {"good": "bold $text-success", "bad": "bold $text-error", "doubt": "bold $text-warning"}


class OutcomeView(Vertical):
    """Shows one call. The focus goes to what of it scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "view", "View", tooltip="The response indented, as a tree, or as it came", id="result.view"),
        Binding("c", "copy_response", "Copy", tooltip="Copy the response, in a tree the value there", id="result.copy"),
    ]

    DEFAULT_CSS = """
    OutcomeView {
        height: 1fr;
        & > .outcome--head { display: none; height: auto; max-height: 50%; padding: 0 1; background: $surface; }
        &.-tree > .outcome--head { display: block; }
        &.-tree > TextView { display: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.call: ShownCall | None = None
        """What is shown."""
        self.look = Look.PRETTY
        """How a response is looked at where it can be."""
        self._page = TextView(LINES + 1000)
        self._head = Static(classes="outcome--head")
        self._tree: JsonTree | None = None
        self._no_tree = False
        """Whether it turned out that the response is no JSON."""
        self._width = 0
        """The width that it was drawn for."""
        self._arriving: Arriving | None = None
        self._drawing: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self._head
        yield self._page

    @property
    def reading(self) -> TextView | JsonTree:
        """What of it has the keys."""
        return self._page if self._tree is None else self._tree

    def focus(self, scroll_visible: bool = True) -> Self:
        """Give the focus to what scrolls."""
        self.reading.focus(scroll_visible)
        return self

    # What is shown ----------------------------------------------------------------------------------------------

    def show(self, call: ShownCall | None) -> None:
        """Show a call in place of the one before, from its beginning; None: nothing."""
        self._end_arriving()
        self.call, self._no_tree = call, False
        self._look()
        self._page.action_jump("start")

    def append(self, part: bytes) -> None:
        """Show some more of a response that is arriving; the first part takes the place of what was shown."""
        if self._arriving is None:
            self._arriving, self.call = Arriving(), None
            self._leave_tree()
        self._arriving.add(part)
        if self._drawing is None:
            wait = COUNTED_EVERY if self._arriving.full else DRAWN_EVERY
            self._drawing = self.set_timer(wait, self._draw_arriving, name="draw what arrives")

    def _draw_arriving(self) -> None:
        self._drawing = None
        if self._arriving is not None:
            following = self._page.at_end
            self._page.show_lines(list(self._arriving.lines()))
            if following:
                self._page.action_jump("end")

    def _end_arriving(self) -> None:
        self._arriving = None
        if self._drawing is not None:
            self._drawing.stop()
            self._drawing = None

    def on_resize(self, event: events.Resize) -> None:
        # As in TextView: it may be hidden for a moment when it comes to this.
        self._fit() if self.size else self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        if self.size and self.size.width != self._width and self._arriving is None:
            self._draw()

    # Looks of the response --------------------------------------------------------------------------------------

    @property
    def looks(self) -> list[Look]:
        """How this response can be looked at; the first is for those that cannot be as one would like."""
        call = self.call
        if call is None or not call.size:
            return []
        if call.binary:
            return [Look.HEX]
        if call.may_be_tree and not self._no_tree:
            return [Look.PRETTY, Look.TREE, Look.RAW]
        return [Look.PRETTY]

    @property
    def shown_look(self) -> Look:
        """How it is looked at."""
        return self.look if self.look in self.looks else next(iter(self.looks), Look.PRETTY)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without JSON there is one look only, and without a response nothing to copy."""
        if action == "view":
            return len(self.looks) > 1
        return bool(self.looks) if action == "copy_response" else super().check_action(action, parameters)

    def action_view(self) -> None:
        """Look at the response in the next way."""
        looks = self.looks
        if len(looks) > 1:
            self.look = looks[(looks.index(self.shown_look) + 1) % len(looks)]
            self._look()

    def _look(self) -> None:
        call = self.call
        if call is not None and self.shown_look is Look.TREE:
            if len(call.response) <= AT_ONCE:
                self._take_tree(call, call.tree())
            else:
                start(self, self._read_tree, name="read response", group="tree")
        else:
            if not self._no_tree:  # else it is the worker that comes here
                self.workers.cancel_group(self, "tree")
            self._leave_tree()
            self._draw()
        self.refresh_bindings()

    async def _read_tree(self) -> None:
        call = self.call
        if call is not None:
            self._take_tree(call, await asyncio.to_thread(call.tree))

    def _take_tree(self, call: ShownCall, value: Members | list[Any] | None) -> None:
        if call is not self.call:
            return
        if value is None:
            self._no_tree = True
            self._look()
            return
        focused = self.reading.has_focus
        old, self._tree = self._tree, JsonTree(value)
        if old is not None:
            old.remove()
        self.mount(self._tree)
        self.add_class("-tree")
        self._draw()
        if focused:
            self._tree.focus()

    def _leave_tree(self) -> None:
        if self._tree is not None:
            focused = self._tree.has_focus
            self._tree.remove()
            self._tree = None
            self.remove_class("-tree")
            if focused:
                self._page.focus()

    # Copying ----------------------------------------------------------------------------------------------------

    def action_copy_response(self) -> None:
        """Copy the value under the cursor of the tree, or the response."""
        if self._tree is not None:
            self.app.copy_to_clipboard(self._tree.cursor.text)
        elif self.call is not None:
            self.app.copy_to_clipboard(self.call.response.hex() if self.call.binary else self.call.raw)

    # Drawing ----------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        call = self.call
        self._width = width = self.size.width
        if call is None:
            self._page.show_lines([])
        elif self._tree is not None:
            verdict, *rest = head(call, width)
            self._head.update(Content("\n").join(map(_content, [verdict, TextLine(about(call, Look.TREE)), *rest])))
        else:
            parts = chain(
                head(call, width),
                problem(call),
                [TextLine("")] if call.size or call.pretty else (),
                response(call, self.shown_look, width) if call.size or call.pretty else (),
                log(call.log),
            )
            self._page.show_lines(list(parts))


def _content(line: TextLine) -> Content:
    """A line above a tree."""
    text = (MARKS[line.kind] if line.kind != "log" else "") + line.text
    return Content.styled(text, KINDS[line.kind]) if line.kind in KINDS else Content(text)


class Arriving:
    """A response as far as it has come: bounded, and a character that is cut in two between parts is one."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")("backslashreplace").decode
        self._text: list[str] = []
        self._count = 0

    @property
    def full(self) -> bool:
        """Whether no more of it is shown."""
        return self._count > SHOWN

    def add(self, part: bytes) -> None:
        """Take some more of it."""
        room = max(0, SHOWN - self._count)
        self._count += len(part)
        if room:
            self._text.append(self._decode(part[:room]))

    def lines(self) -> Iterator[TextLine]:
        """What is shown of it."""
        self._text = ["".join(self._text)]
        yield TextLine(f"Response, {size(self._count)} so far", "note")
        rows = visible(self._text[0]).split("\n")
        yield from map(TextLine, rows[:LINES])
        if self.full or len(rows) > LINES:
            yield TextLine("… and more that is not shown", "note")
