"""A part of the screen that is drawn anew is what all of it would be there."""

from __future__ import annotations

import random

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from lambdatui.ui.terminal.changed_lines import patch_compositor

WIDTH, HEIGHT = 60, 24


class Letters(Widget):
    """A letter for each cell, another one for each time that it was changed there."""

    DEFAULT_CSS = """
    Letters { height: 1fr; border: round red; padding: 0 1; }
    #over { layer: over; width: 20; height: 7; offset: 25 6; background: $primary 50%; }
    #long { height: 60; }
    """

    def __init__(self, id: str) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self.times: dict[int, int] = {}

    def change(self, line: int) -> None:
        """Change a line of the content."""
        self.times[line] = self.times.get(line, 0) + 1
        self.refresh(Region(0, line, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        letter = chr(ord("a") + (y * 7 + self.times.get(y, 0)) % 26)
        return Strip([Segment(letter * self.size.width, self.rich_style)], self.size.width)


class Pieces(App[None]):
    """Widgets beside, below and over each other, one of them longer than what shows it."""

    CSS = "Screen { layers: base over; }"

    def compose(self) -> ComposeResult:
        patch_compositor()
        with Horizontal():
            yield Letters("left")
            with VerticalScroll():
                yield Letters("long")
        yield Letters("below")
        yield Letters("over")


def rows(strips: list[Strip]) -> list[list[tuple[str, object]]]:
    """Each cell's letter and style."""
    return [[(letter, segment.style) for segment in strip for letter in segment.text] for strip in strips]


@pytest.mark.parametrize("seed", range(12))
async def test_a_part_is_drawn_as_all_of_it_would_be(seed: int) -> None:
    chance = random.Random(seed)
    app = Pieces()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        compositor = app.screen._compositor
        drawn = 0
        for _ in range(8):
            app.query_one(VerticalScroll).scroll_to(y=chance.randrange(20), animate=False, immediate=True)
            await pilot.pause()
            shown = rows(compositor.render_strips())
            for _ in range(chance.randrange(1, 5)):
                widget = chance.choice([*app.query(Letters)])
                widget.change(chance.randrange(widget.size.height))
            # As the screen does it at its next tick.
            changed: set[Widget] = {it for it in app.query(Letters) if it._repaint_required}
            compositor.update_widgets(changed)
            update = compositor.render_partial_update()
            if update is None:
                continue  # all of it was out of sight
            drawn += 1
            for y, start, end in update.spans:
                for stop, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                    left, right = max(x, start), min(stop, end)
                    if left < right:
                        assert strip is not None
                        shown[y][left:right] = rows([strip])[0][left - x : right - x]
            assert shown == rows(compositor.render_strips())
    assert drawn > 0
