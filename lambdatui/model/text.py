"""Untrusted text made safe to draw, and quantities in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

# C0 but \t and \n, DEL, C1, line and paragraph separators, surrogates, all of Unicode's category Cf (bidi and
# zero-width controls, invisible operators, annotations, tags …) and what else Unicode calls default-ignorable (fillers,
# variation selectors, reserved ranges): nothing of these has a picture of its own. U+FE0E and U+FE0F stay: they say how
# the emoji before them is drawn, and real logs are full of them.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff"
    "\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
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
    if milliseconds < 9.95:
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


def day(moment: datetime | None, now: datetime) -> str:
    """A moment in twelve characters, in the time zone of `now`, as `ls -l` has it: Nov 23 13:12, or Nov 23  2025."""
    if moment is None:
        return "–"
    local = moment.astimezone(now.tzinfo)
    # Not %b, which a locale would translate: the columns line up by these names.
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[local.month - 1]
    when = f"{local:%H:%M}" if local.year == now.year else f"{local.year:>5}"
    return f"{month} {local.day:>2} {when}"


def clock(moment: datetime | None) -> str:
    """A moment to the second in its own time zone, with the zone's name: 2026-11-23 13:12:20 UTC."""
    return "–" if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S %Z").rstrip()


def bare_sequence(values: Sequence[str]) -> str:
    """Several values on one line, or a dash."""
    return ", ".join(values) or "–"
