"""What the terminal can show of Unicode, by the locale, and what takes the place of the rest, cell for cell."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from lambdatui.config_file import Located, SettingsError, nearest, shown

CHOICES = ("auto", "unicode", "ascii")
_VARIABLES = ("LC_ALL", "LC_CTYPE", "LANG")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def _each(groups: Mapping[str, str]) -> dict[str, str]:
    return {letter: substitute for substitute, letters in groups.items() for letter in letters}


SUBSTITUTES: Mapping[str, str] = {
    **dict.fromkeys(map(chr, range(0x2500, 0x2580)), "+"),
    **_each({
        "-": "─━╌╍┄┅┈┉╴╶╸╺╼╾▔⎯‐‑‒–—―⁃▃▄−", "|": "│┃╎╏┆┇┊┋╵╷╹╻╽╿║▏▎▍▌▐▕❘❙", "=": "═▅▆▀", "_": "▁▂", "#": "▇█▉▊▋■▪◼≠",
        ":": "░▒▓", "<": "←‹«◀◄⟨◂≤", ">": "→›»▶►⟩▸❯⏎↵⇥≥", "^": "↑▲△▴⌃⇧", "v": "↓▼▽▾⌄✓✔", "x": "×✗✘", "*": "·•∙◦●○◉★☆⁎∗",
        "d": "Δ", "~": "≈", ".": "…", " ": "\u00a0",
        '"': "“”„″", "'": "‘’‚′",
    }),
}  # fmt: skip
"""One cell each. What is not here becomes the letter that it is made of ("é": "e"), or question marks."""


def started_with(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The variables that the process was given. Python puts LC_CTYPE=C.UTF-8 in place of a C locale (PEP 538)."""
    try:
        entries = Path("/proc/self/environ").read_bytes().split(b"\0")
    except OSError:
        return environment
    original = dict(entry.decode("utf-8", "replace").partition("=")[::2] for entry in entries)
    if environment.get("LC_CTYPE") == "C.UTF-8" and original.get("LC_CTYPE") != "C.UTF-8":
        return {**environment, "LC_CTYPE": original.get("LC_CTYPE", "")}
    return environment


def encoding(environment: Mapping[str, str], choice: Located | None) -> str:
    """Python's name of what the terminal reads. Raises SettingsError for a choice that is none.

    The C library's order of variables; a locale without a character set, as C and POSIX, promises ASCII and no more.
    """
    if choice is not None and choice.value != "auto":
        if choice.value not in CHOICES:
            raise SettingsError(
                f"{choice.where}: characters cannot be {shown(choice.value)}.{nearest(choice.value, CHOICES)}"
            )
        return "utf-8" if choice.value == "unicode" else "ascii"
    locale = next(filter(None, (environment.get(name, "") for name in _VARIABLES)), "")
    name = locale.partition(".")[2].partition("@")[0] or locale  # macOS has LC_CTYPE=UTF-8
    try:
        return codecs.lookup(name).name if name else "ascii"
    except LookupError:
        return "ascii"


def able(text: str, name: str) -> str:
    """The text with what the encoding has no bytes for replaced, cell for cell."""
    if name == "utf-8" or text.isascii():
        return text
    return _NOT_ASCII.sub(lambda match: _able(match[0], name), text)


@lru_cache(4096)
def _able(character: str, name: str) -> str:
    from unicodedata import normalize

    from rich.cells import cell_len

    width = cell_len(character)
    if name != "ascii" and width == _bytes_wide(character, name):
        return character
    found = SUBSTITUTES.get(character) or normalize("NFKD", character)[:1]
    return found if found.isascii() and found.isprintable() and len(found) == width else "?" * width


def _bytes_wide(character: str, name: str) -> int:
    """Cells that a terminal of this encoding gives a character; -1 where the encoding does not have it.

    East Asian ones give two cells to what is two bytes, also to the box drawings that are one cell in Unicode.
    """
    try:
        data = character.encode(name)
    except UnicodeEncodeError:
        return -1
    return min(len(data), 2) if codecs.lookup(name).name in _DOUBLE else 1


_DOUBLE = {
    "euc_jp",
    "euc_kr",
    "gb2312",
    "gbk",
    "gb18030",
    "big5",
    "big5hkscs",
    "shift_jis",
    "cp932",
    "cp949",
    "cp950",
    "johab",
}
