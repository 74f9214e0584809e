"""What a program writes to a terminal, read as a terminal reads it, and every order in it that ours has no reason for.

States and their transitions are those of ECMA-48 and of DEC's terminals; C1 controls count as UTF-8 too.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

ALLOWED_C0 = {0x0A, 0x0D}
"""Line feed and carriage return, at the ends of rows and of what is printed after the screen is gone."""

ALLOWED_CSI = {
    "m": "colours and styles",
    "H": "the cursor to a place",
    "h": "switching modes on", "l": "switching modes off",
    "u": "the keyboard protocol, pushed and popped", "p": "asking for modes",
    "J": "clearing the screen", "K": "clearing to the end of the line",
    "A": "the cursor up", "B": "down", "C": "right", "D": "left", "G": "to a column",
}  # fmt: skip
"""Final bytes of control sequences, and what the program writes them for."""

ALLOWED_MODES = {7, 25, 1000, 1003, 1004, 1006, 1015, 1016, 1049, 2004, 2026, 2048}
"""Wrapping, the cursor, the mouse, focus, the alternate screen, pasting, whole frames, sizes."""

ALLOWED_ESC: set[str] = set()

_SEQUENCE = re.compile(
    rb"""
    (?P<csi>\x1b\[(?P<private>[<-?]?)(?P<parameters>[0-9:;]*)(?P<middle>[ -/]*)(?P<final>[@-~]))
    | (?P<osc>\x1b\](?P<order>[^\x07\x1b]*)(?:\x07|\x1b\\))
    | (?P<string>\x1b[PX^_][^\x1b]*(?:\x1b\\)?)
    | (?P<escape>\x1b[ -/]*[0-~]?)
    | (?P<c0>[\x00-\x1a\x1c-\x1f\x7f])
    | (?P<c1>\xc2[\x80-\x9f])
    | (?P<format>\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xf3\xa0[\x80-\x87][\x80-\xbf])
    """,
    re.VERBOSE,
)


@dataclass
class Written:
    """What was found in a stream of bytes."""

    bad: list[str] = field(default_factory=list)
    """Each thing that should not be there, with what stands around it."""
    seen: Counter[str] = field(default_factory=Counter)
    """How often each order was written."""
    copied: list[str] = field(default_factory=list)
    """What was sent to the clipboard, as base64."""


def read(data: bytes) -> Written:
    """Read a stream from its beginning."""
    written = Written()
    for match in _SEQUENCE.finditer(data):
        problem = _judge(match, written)
        if problem:
            around = data[max(0, match.start() - 30) : match.end() + 30]
            written.bad.append(f"{problem}: …{around!r}…")
    try:
        data.decode()
    except UnicodeDecodeError as problem:
        if problem.reason != "unexpected end of data":
            written.bad.append(f"no UTF-8: …{data[max(0, problem.start - 30) : problem.end + 30]!r}…")
    return written


def _judge(match: re.Match[bytes], written: Written) -> str:
    match match.lastgroup:
        case "final" | "csi":
            final, private = match["final"].decode(), match["private"].decode()
            written.seen[f"CSI {private} {match['middle'].decode()}{final}"] += 1
            if final not in ALLOWED_CSI:
                return f"a control sequence {final!r}"
            if private == "?" and final in "hl":
                modes = {int(number) for number in match["parameters"].split(b";") if number}
                return f"modes {modes - ALLOWED_MODES}" if modes - ALLOWED_MODES else ""
            return ""
        case "order" | "osc":
            order = match["order"].decode("utf-8", "replace")
            if order.startswith("52;c;"):
                written.copied.append(order[5:])
                return ""
            # What the mouse's pointer looks like (xterm, kitty): by name.
            return "" if re.fullmatch(r"22;[a-z-]*", order) else f"an operating system command {order[:40]!r}"
        case "escape":
            return "" if match[0].decode() in ALLOWED_ESC else f"an escape sequence {match[0]!r}"
        case "c0":
            return "" if match[0][0] in ALLOWED_C0 else f"a control character {match[0]!r}"
        case other:
            return f"{other} {match[0][:20]!r}"
