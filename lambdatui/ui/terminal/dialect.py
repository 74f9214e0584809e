"""What a terminal is not told because it would print it, or has no colours: by its name, and NO_COLOR."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

OLD = ("linux", "vt", "ansi", "cons", "sun", "wyse", "xterm-color", "pcansi")
"""What the names of terminals begin with that know neither private prefixes nor the modes of xterm."""
COLOURLESS = ("vt", "wyse")
"""And of those that have no colours."""

CLEAR = "\x1b[0m\x1b[H\x1b[2J"
"""In place of leaving the alternate screen, where there is none."""

# The Kitty protocol's stack, questions about modes, the pointer's shape, and modes: the mouse, focus, whole frames,
# pasting, sizes, the alternate screen.
_UNKNOWN = re.compile(
    r"\x1b\[[<>=][0-9;]*u|\x1b\[\?[0-9]+\$p|\x1b\]22;[^\x07]*\x07|\x1b\[\?(?:100[0-9]|101[56]|1049|2004|2026|2048)[hl]"
)
_STYLE = re.compile(r"\x1b\[([0-9;]*)m")
_ATTRIBUTES = {"0", "1", "4", "5", "7", "22", "24", "25", "27"}


def colourless(environment: Mapping[str, str]) -> bool:
    """Whether there are to be no colours (https://no-color.org), or can be none."""
    return environment.get("TERM", "").lower().startswith(COLOURLESS) or bool(environment.get("NO_COLOR"))


class Dialect:
    """How things are said to one terminal."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        term = environment.get("TERM", "").lower()
        self.old = term.startswith(OLD)
        self.colourless = colourless(environment)

    def say(self, data: str) -> str:
        """What is written in place of this. A control sequence must be whole in it."""
        if self.old and "\x1b" in data:
            data = _UNKNOWN.sub(lambda match: CLEAR if match[0] == "\x1b[?1049l" else "", data)
        if self.colourless and "\x1b" in data:
            data = _STYLE.sub(lambda match: _without_colours(match[1]), data)
        return data


@lru_cache(1024)
def _without_colours(parameters: str) -> str:
    """The sequence of a style without its colours: dark on light becomes reverse, for it is a cursor or a selection."""
    parts = parameters.split(";")
    kept: list[str] = []
    grounds: dict[str, float] = {}
    while parts:
        code = parts.pop(0)
        if code in ("38", "48"):
            taken = {"5": 2, "2": 4}.get(parts[0] if parts else "", 1)
            grounds[code] = _light(parts[:taken])
            parts = parts[taken:]
        elif code in _ATTRIBUTES or not code:
            kept.append(code or "0")
        elif len(code) in (2, 3) and code[-1] < "8" and code[:-1] in ("3", "4", "9", "10"):
            grounds["38" if code[:-1] in ("3", "9") else "48"] = _light(
                ["5", str(int(code[-1]) + 8 * (int(code) >= 90))]
            )
    if "38" in grounds and "48" in grounds and grounds["48"] > grounds["38"] + 0.2 and "7" not in kept:
        kept.append("7")
    return f"\x1b[{';'.join(kept)}m" if kept else "\x1b[0m" if not parameters else ""


def _light(colour: list[str]) -> float:
    """How light a colour is, from 0 to 1."""
    from rich.color import Color

    try:
        numbers = [int(part) for part in colour]
        red, green, blue = Color.from_ansi(numbers[1]).get_truecolor() if numbers[0] == 5 else numbers[1:4]
    except (ValueError, IndexError):
        return 0.5
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255
