"""What a configuration file can say, and how a wrong word is told of. `config_reader` reads one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from lambdatui.model.text import one_line

LINES, LEAST_LINES, MOST_LINES = 200_000, 1000, 1_000_000
"""Lines that a log keeps; that it may be told to keep."""
REFRESH, LEAST_REFRESH, MOST_REFRESH = 60, 1, 3600
"""Seconds between two refreshes of metrics; that it may be told."""
IDLE, LEAST_IDLE, MOST_IDLE = 900, 60, 86400
"""Seconds without a key until they are refreshed no more; that it may be told."""


class SettingsError(Exception):
    """Something in the flags, the environment or the configuration file is not usable.

    `str()` is one line of safe text for people: where, what is wrong, what to do.
    """


class Located(NamedTuple):
    """A value and where it was written ("FILE line 3", "AWS_REGION", "--region"), for whoever checks it later."""

    value: str
    where: str


class Marks(NamedTuple):
    """What the file says of one profile or account. `read_only` is None where it says nothing."""

    read_only: bool | None = None
    production: bool = False
    where: str = ""


class ConfigFile(NamedTuple):
    """The file's content, checked as far as it can be without knowing the themes and the bindings.

    Beside `path` the fields are called as the settings are in the file.
    """

    path: Path | None = None
    profile: Located | None = None
    region: Located | None = None
    endpoint_url: Located | None = None
    filter: Located | None = None
    theme: Located | None = None
    characters: Located | None = None
    tail: str = "poll"
    """Or "live"."""
    log_lines: int = LINES
    history: str = "on"
    """Or "off"."""
    refresh: int | None = REFRESH
    refresh_idle: int = IDLE
    read_only: str = ""
    """Where it is said that nothing may be changed ("FILE line 3"); empty: nowhere."""
    keymap: Mapping[str, Located] = {}
    profiles: Mapping[str, Marks] = {}
    accounts: Mapping[str, Marks] = {}
    views: Mapping[str, Located] = {}


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: " Did you mean 'x'?", else " Possible: a, b, c."."""
    import difflib  # for a message only: a start without a mistake does not wait for it

    names = sorted(set(known))
    close = difflib.get_close_matches(word.lower(), [name.lower() for name in names], n=1)
    if close:
        return f" Did you mean '{next(name for name in names if name.lower() == close[0])}'?"
    return possible(names)


def possible(names: Sequence[str]) -> str:
    """The end of a sentence about a name that is missing: " Possible: a, b, c.", or nothing."""
    return f" Possible: {', '.join(names[:20])}{', …' if len(names) > 20 else ''}." if names else ""


def shown(text: str) -> str:
    """Text as it stands in a message: quoted, on one line, safe, and not longer than a line bears."""
    text = one_line(text)
    return f"'{text if len(text) <= 60 else text[:59] + '…'}'"
