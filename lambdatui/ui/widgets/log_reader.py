"""Where somebody is in a log that grows: at its end, or at a line that stays under the eyes whatever arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdatui.ui.widgets.log_rows import Place

if TYPE_CHECKING:
    from lambdatui.model.log_chunk import Key
    from lambdatui.ui.widgets.log_rows import LogRows


class LogReader:
    """What of some rows is on screen, and the line that the cursor is on.

    While the end is followed there is no cursor. Moving up begins with one on the last line, and ends the following;
    moving down over the last line follows again.
    """

    def __init__(self, rows: LogRows) -> None:
        self.rows = rows
        self.height = 0
        """Rows of the screen."""
        self.cursor: Key | None = None
        """The record that the cursor is on; None while the end is followed."""
        self.anchor: Key | None = None
        """Where the marked range begins that ends at the cursor."""
        self._top: Place | None = None
        self._held: Key | None = None
        """The last record shown, where later ones wait even if the screen has room for them."""
        self._seen: Key | None = None
        """The last record that was on screen."""
        self._following = True

    # What is shown ----------------------------------------------------------------------------------------------

    @property
    def following(self) -> bool:
        """Whether new lines scroll into view. False holds the lines as they are, and puts the cursor on the last."""
        return self._following

    @following.setter
    def following(self, following: bool) -> None:
        if following:
            self.cursor = self.anchor = self._held = None
        elif self._following and len(self.rows):
            self._settle_top()
            self._held = self.rows.key(len(self.rows) - 1)
            self.cursor = self._held
        self._following = following

    @property
    def held(self) -> bool:
        """Whether lines are held where they are, by whoever paused."""
        return self._held is not None

    @property
    def unseen(self) -> int:
        """Lines that have come below the screen and were not on it yet."""
        return 0 if self._seen is None else len(self.rows) - self.rows.first_from(_after(self._seen))

    @property
    def at_start(self) -> bool:
        """Whether the first row there is is the first one on screen."""
        return self._top is None or (self._top.row == 0 and self.rows.first_from(self._top.key) == 0)

    def places(self) -> list[Place]:
        """The rows on screen, from the top. What is there now counts as seen."""
        self._settle_top()
        if self._top is None:
            return []
        end = None if self._held is None else self.rows.first_from(_after(self._held))
        places = self.rows.places(self._top, self.height, end)
        if places:
            self._seen = max(places[-1].key, self._seen or places[-1].key)
        return places

    @property
    def here(self) -> Key | None:
        """The record of the cursor, or the last one while the end is followed; None where there is none."""
        if not len(self.rows):
            return None
        last = len(self.rows) - 1
        return self.rows.key(last if self.cursor is None else min(self.rows.first_from(self.cursor), last))

    @property
    def range(self) -> tuple[Key, Key] | None:
        """The first and the last record of the marked range."""
        if self.anchor is None or self.cursor is None:
            return None
        return min(self.anchor, self.cursor), max(self.anchor, self.cursor)

    # Moving -----------------------------------------------------------------------------------------------------

    def move(self, step: int) -> None:
        """Move the cursor by a line, or scroll by a row within one that is higher than the screen."""
        if not len(self.rows) or (self._following and step > 0):
            return
        places = self.places()
        if self._following:
            self._leave_end()
        cursor = self.here
        if cursor is None or not places:
            return
        edge = self._edge(cursor, step)
        hidden = edge < places[0] if step < 0 else edge > places[-1]
        if hidden and any(place.key == cursor for place in places):
            self._scroll(step)
            return
        index = self.rows.first_from(cursor) + step
        if index >= len(self.rows):
            self.following = True
        elif index >= 0:
            self._show(self.rows.key(index), step)

    def page(self, pages: float) -> None:
        """Move by pages; the cursor stays on its row of the screen."""
        count = round(pages * max(2, self.height - 1))
        if not len(self.rows) or (self._following and count > 0):
            return
        places = self.places()
        if self._following:
            self._leave_end()
        at = next((y for y, place in enumerate(places) if place.key == self.cursor), 0)
        before = self._top
        self._scroll(count)
        if self._top == before:
            if count > 0:
                self.following = True
            else:
                self.cursor = self.rows.key(0)
            return
        places = self.places()
        self.cursor = places[min(at, len(places) - 1)].key

    def jump(self, end: bool) -> None:
        """Go to the first line, or to the end and follow it."""
        if end or not len(self.rows):
            self.following = True
            return
        self._following, self._held = False, None
        self.cursor = self.rows.key(0)
        self._top = Place(self.cursor, 0)

    def scroll(self, count: int) -> None:
        """Scroll by rows; the cursor comes along where it would go out of sight."""
        if not len(self.rows) or (self._following and count > 0):
            return
        self.places()
        if self._following:
            self._leave_end()
        self._scroll(count)
        if count > 0 and self._top == self.rows.last_top(self.height):
            self.following = True
            return
        places = self.places()
        if self.cursor is not None and not any(place.key == self.cursor for place in places):
            self.cursor = places[0 if count > 0 else -1].key

    def go(self, key: Key) -> None:
        """Put the cursor on a record, in sight."""
        in_sight = any(place.key == key for place in self.places())
        self._following, self._held = False, None
        self.cursor = key
        if not in_sight:
            self._top = self.rows.moved(Place(key, 0), -(self.height // 3))

    def point(self, y: int) -> None:
        """Put the cursor on the record of a row of the screen."""
        places = self.places()
        if y < len(places):
            if self._following:
                self._leave_end()
            self.cursor = places[y].key

    def mark(self) -> None:
        """Begin a range at the cursor, or end it."""
        self.places()
        if self.anchor is not None:
            self.anchor = None
        elif (here := self.here) is not None:
            if self._following:
                self._leave_end()
            self.anchor = here

    def put_on_top(self, place: Place) -> None:
        """Have this row be the first on screen, if the end is not followed."""
        self._top = place

    def forget(self) -> None:
        """Be at the end of another log."""
        self.following = True
        self._seen = self._top = None

    # ------------------------------------------------------------------------------------------------------------

    def _settle_top(self) -> None:
        """Have the first row on screen be one that there is."""
        last = self.rows.last_top(self.height)
        if last is None or self._following or self._top is None:
            self._top = last
            return
        top = self.rows.clamped(self._top)
        # What is held may end before the last screen.
        self._top = top if top is None or self._held is not None else min(top, last)

    def _leave_end(self) -> None:
        self._following = False
        self.cursor = self.rows.key(len(self.rows) - 1)

    def _edge(self, key: Key, step: int) -> Place:
        """The first row of a record, or the last."""
        return Place(key, 0 if step < 0 else len(self.rows.lines(key).rows) - 1)

    def _scroll(self, count: int) -> None:
        if self._top is not None:
            if count > 0:
                self._held = None
            self._top = self.rows.moved(self._top, count)
            self._settle_top()

    def _show(self, key: Key, step: int) -> None:
        """Put the cursor on a record that is beside the one it is on, and scroll as far as that is needed."""
        self.cursor = key
        if step > 0:
            self._held = None
        first, last = Place(key, 0), self._edge(key, 1)
        places = self.places()
        if not places or (places[0] <= first and last <= places[-1]):
            return
        tall = last.row + 1 > self.height
        up = self.rows.moved(last, 1 - self.height)
        self._top = (up if tall else first) if step < 0 else (first if tall else up)


def _after(key: Key) -> Key:
    """A key that comes right after this one."""
    return key[0], key[1] + 1
