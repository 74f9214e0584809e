"""The characters that charts are drawn with: braille, blocks where a terminal's font has no braille, or ASCII."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from lambdatui.ui.terminal.dialect import OLD


@dataclass(frozen=True)
class Signs:
    """One way to draw. All signs are one cell wide; what differs in meaning differs in shape, not in colour alone."""

    name: str
    across: int
    """Dots that a cell has side by side."""
    bits: tuple[tuple[int, ...], ...]
    """What each dot of a column of a cell, from the top, adds to the number of its character."""
    dots: str
    """The character of each number."""
    marks: str
    """On the lines, and in the legend: which line is which."""
    unfinished: str
    """On a line: a period that is not over. Below it: the next."""
    unfinished_axis: str
    line: str
    limit: str
    behind: str
    """Coarse dots would look like the lines': where a cell is one dot wide, these two are drawn as they are."""
    above: str
    """A limit that is beyond the top."""
    upright: str
    """A moment at which something happened."""
    cursor: str
    axis: str
    """The axes' signs: left, left tick, right, right tick, below, tick below, both corners."""
    fills: str
    """Parts of a bar, and at the end what is left."""

    @property
    def down(self) -> int:
        """Dots that a cell has one above the other."""
        return len(self.bits[0])


_BRAILLE = "".join(map(chr, range(0x2800, 0x2900)))

BRAILLE = Signs(
    "braille", 2, ((1, 2, 4, 64), (8, 16, 32, 128)), " " + _BRAILLE[1:],
    marks="●▲■◆abcdefgh", unfinished="○", unfinished_axis="░", line="─", limit="╌", behind="┈", above="↑", upright="┊",
    cursor="│", axis="│┤│├─┬└┘", fills="█▒▚░▓▤▥▦·",
)  # fmt: skip
BLOCKS = Signs(
    "blocks", 1, ((1, 2),), " ▀▄█",
    marks="■▲♦○abcdefgh", unfinished="~", unfinished_axis="░", line="─", limit="═", behind="·", above="↑", upright=":",
    cursor="│", axis="│┤│├─┬└┘", fills="█▒=░▓+o%·",
)  # fmt: skip
"""What the font of a console has, code page 437."""
ASCII = Signs(
    "ascii", 1, ((1, 2),), " '.:",
    marks="*ox+abcdefgh", unfinished="~", unfinished_axis="~", line="-", limit="=", behind=",", above="^", upright="!",
    cursor="|", axis="|+|+-+++", fills="#=+:%o*x.",
)  # fmt: skip


def signs_for(environment: Mapping[str, str], encoding: str) -> Signs:
    """What a terminal can draw, by its name and the encoding of what is written to it."""
    if encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
        return ASCII
    return BLOCKS if environment.get("TERM", "").lower().startswith(OLD) else BRAILLE


def signs_here() -> Signs:
    """What this program's terminal can draw."""
    return signs_for(os.environ, getattr(sys.__stderr__, "encoding", None) or "utf-8")
