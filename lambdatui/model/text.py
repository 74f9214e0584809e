"""Untrusted text made safe to draw, and quantities in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache

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

MARKS = 8
"""Characters without a width of their own that may follow one another: no script needs more than five on a letter."""

# Where more of them may be, in few ranges, for every text is looked through: marks, the scripts that are full of them,
# the vowels and finals of Korean (which join the letter before them).
_CROWD = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711\u0730-\u074a"
    "\u07a6-\u07b0\u07eb-\u07fd\u0816-\u082d\u0859-\u085b\u0897-\u109f\u1160-\u11ff\u135d-\u135f\u1712-\u1cff"
    "\u1dc0-\u1dff\u20d0-\u20f0\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302d\u3099\u309a\ua66f-\ua69f\ua6f0"
    f"\ua6f1\ua800-\uabff\ud7b0-\ud7fb\ufb1e\ufe00-\ufe2f\U00010000-\U0001efff]{{{MARKS + 1},}}"
)


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode's control pictures: ␀ ␛ …
    if code == 0x7F:
        return "␡"
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return _code(code)


def _code(code: int) -> str:
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _thinned(match: re.Match[str]) -> str:
    """A run with every mark beyond `MARKS` in a row in visible form."""
    from unicodedata import category

    shown, marks = [], 0
    for one in match[0]:
        joins = category(one) in {"Mn", "Me"} or "\u1160" <= one <= "\u11ff" or "\ud7b0" <= one <= "\ud7fb"
        marks = marks + 1 if joins else 0
        shown.append(one if marks <= MARKS else _code(ord(one)))
    return "".join(shown)


def visible(text: str) -> str:
    """Text from outside with nothing in it that a terminal would obey or that a reader could not see.

    Newlines and tabs stay; every other control, bidi, zero-width and tag character becomes a visible form, and so does
    what is piled on one letter beyond `MARKS`. This is the one door through which text from AWS, a function, a file or
    an exception enters the model.
    """
    return _uncrowded(_UNSAFE.sub(_shown, text))


def why(problem: OSError) -> str:
    """Why something could not be read or written, in the words of the operating system, on one line."""
    return one_line(problem.strerror or str(problem) or type(problem).__name__)


def one_line(text: str) -> str:
    """`visible()` for a place that has one line: tabs and newlines become pictures as well."""
    return visible(text).replace("\t", "\u2409").replace("\n", "\u240a")


def _uncrowded(text: str) -> str:
    return text if text.isascii() else _crowd().sub(_thinned, text)


@cache
def _crowd() -> re.Pattern[str]:
    return re.compile(_CROWD)  # at its first use: the first paint seldom needs it


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
