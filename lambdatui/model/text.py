"""Untrusted text made safe to draw, and quantities in words."""

from __future__ import annotations

import re
from datetime import datetime

# C0 but \t and \n, DEL, C1, soft hyphen, Arabic letter mark, Hangul and Mongolian fillers and separators, zero-width
# and bidi controls, line and paragraph separators, invisible operators, interlinear annotations, BOM, surrogates,
# tag characters and every other code point of Unicode's category Cf that moves or hides its neighbours.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\U000110bd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_UNSAFE_OR_BREAK = re.compile(_UNSAFE.pattern[:-1] + "\t\n]")


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode's control pictures: ␀ ␛ …
    if code == 0x7F:
        return "␡"
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def visible(text: str) -> str:
    """Text from outside with nothing in it that a terminal would obey or that a reader could not see.

    Newlines and tabs stay; every other control, bidi, zero-width and tag character becomes a visible form. This is the
    one door through which text from AWS, a function, a file or an exception enters the model.
    """
    return _UNSAFE.sub(_shown, text)


def one_line(text: str) -> str:
    """`visible()` for a place that has one line: tabs and newlines become pictures as well."""
    return _UNSAFE_OR_BREAK.sub(_shown, text)


def size(count: int) -> str:
    """Bytes in words: 999 B, 1.5 kB, 62 MB (powers of 1,000, as AWS's quotas for code are given in MB)."""
    if count < 1000:
        return f"{count} B"
    amount = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= 1000
        if amount < 999.5 or unit == "TB":
            return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:.0f} {unit}"
    raise AssertionError("unreachable")


def duration(milliseconds: float) -> str:
    """A duration in words: 3.2 ms, 950 ms, 12.3 s, 2 m 05 s."""
    if milliseconds < 10:
        return f"{milliseconds:.1f} ms"
    if milliseconds < 999.5:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1000
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} m {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} m"


def age(then: datetime | None, now: datetime) -> str:
    """How long ago, in at most four characters: now, 45s, 12m, 3h, 6d, 5w, 2y; "–" when unknown."""
    if then is None:
        return "–"
    seconds = int((now - then).total_seconds())
    if seconds < 1:
        return "now"
    for limit, unit, length in ((60, "s", 1), (3600, "m", 60), (86400, "h", 3600), (14 * 86400, "d", 86400),
                                (365 * 86400, "w", 7 * 86400)):  # fmt: skip
        if seconds < limit:
            return f"{seconds // length}{unit}"
    return f"{seconds // (365 * 86400)}y"


def clock(moment: datetime | None) -> str:
    """A moment to the second in its own time zone, with the zone's name: 2026-11-23 13:12:20 UTC."""
    return "–" if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S %Z").rstrip()
