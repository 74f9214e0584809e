"""How grave a log line is, told from its text: every runtime and every library writes that another way."""

from __future__ import annotations

import json
import re
from enum import IntEnum


class Level(IntEnum):
    """What a line says of itself. From TRACE on they are in their order."""

    NONE = 0
    PLATFORM = 1
    """A line that Lambda writes about an invocation or an initialisation. One that tells of a failure is an ERROR."""
    TRACE = 2
    DEBUG = 3
    INFO = 4
    WARN = 5
    ERROR = 6
    FATAL = 7


NAMES = {
    "trace": Level.TRACE, "trce": Level.TRACE, "verbose": Level.TRACE, "finest": Level.TRACE, "finer": Level.TRACE,
    "debug": Level.DEBUG, "dbug": Level.DEBUG, "dbg": Level.DEBUG, "fine": Level.DEBUG,
    "info": Level.INFO, "inf": Level.INFO, "information": Level.INFO, "notice": Level.INFO,
    "warn": Level.WARN, "warning": Level.WARN, "wrn": Level.WARN,
    "error": Level.ERROR, "err": Level.ERROR, "fail": Level.ERROR, "failure": Level.ERROR, "severe": Level.ERROR,
    "fatal": Level.FATAL, "critical": Level.FATAL, "crit": Level.FATAL, "panic": Level.FATAL, "alert": Level.FATAL,
    "emergency": Level.FATAL,
    "platform": Level.PLATFORM, "none": Level.NONE,
}  # fmt: skip
"""What levels are called, in small letters."""

LOOKED_AT = 16_000
"""Characters of a message that tell its level: an event may have a million, and a thousand of those may come."""

NEAR = 200
"""Characters of a message among which a level stands as a word."""

PLATFORM = re.compile(
    r"(?:START|END|REPORT) RequestId: "
    r"|(?:INIT|RESTORE)_(?:START|REPORT) "
    r"|(?:EXTENSION|TELEMETRY|LOGS)\s+Name: "
    r"|\{\"time\":\s*\"[^\"]*\",\s*\"type\":\s*\"platform\."
)
_FAILED = re.compile(r"Status: (?:error|timeout)\b|\"status\":\s*\"(?:error|failure|timeout)\"")

# Lambda's own JSON, Powertools, pino, winston, zap, slog, structlog, python-json-logger, Serilog, OpenTelemetry.
_MEMBER = re.compile(
    r'"(?:level|severity|log\.level|levelname|lvl|loglevel|@l|severity_?text)"\s*:\s*(?:"([A-Za-z]{1,12})"|(\d{1,3})\b)',
    re.IGNORECASE,
)
_NUMBERED = {10: Level.TRACE, 20: Level.DEBUG, 30: Level.INFO, 40: Level.WARN, 50: Level.ERROR, 60: Level.FATAL}
"""The levels of pino and bunyan."""

# Expressions begin with a letter or a sign that is rare, never with a look behind: a search is six times as fast so.
_BIG = "|".join(name.upper() for name in NAMES if len(name) > 3 and NAMES[name] >= Level.TRACE and name != "fine")
_ANY = "|".join(name for name in NAMES if NAMES[name] >= Level.TRACE)
_CAPITALS = re.compile(rf"(?:{_BIG})(?![\w/-])")
"""[ERROR] …, time id ERROR …, ERROR: …, INFO:root:…, time - name - ERROR - …: what most layouts have in common."""
_HEAD = re.compile(rf"\s*({_ANY})\s*(?:[\])>|]|:(?!\w))", re.IGNORECASE)
"""error: …, fail: …"""
_BRACKETED = re.compile(rf"[\[<(|]\s*({_ANY})\s*[\])>|:]", re.IGNORECASE)
_ASSIGNED = re.compile(rf"\b(?:level|lvl|severity)=\"?({_ANY})\b", re.IGNORECASE)
_JOINED = frozenset("./@$-_")
"""What makes a word before which it stands another one."""

_EXCEPTION = re.compile(
    r"(?:Uncaught |Unhandled |Caused by: )?(?:[A-Za-z_$][\w$]*[.:]+)*[A-Za-z_$][\w$]*(?:Error|Exception)(?:: |$)"
    r"|Exception in thread ",
    re.MULTILINE,
)
_TOLD = re.compile(
    r"Traceback \(most recent call last\)|Task timed out after \d|Runtime(?:\.ExitError| exited\b)|\"errorType\":\s*\""
)


def level(message: str) -> Level:
    """The level of a message: what it says first, else what it tells of; NONE if nothing."""
    if PLATFORM.match(message):
        return Level.ERROR if _FAILED.search(message, 0, LOOKED_AT) else Level.PLATFORM
    brace = message.find("{", 0, NEAR)
    named = _named(message, brace if brace >= 0 else NEAR)
    if named:
        return NAMES[named.lower()]
    if brace >= 0:
        stated = _stated(message, brace)
        if stated is not Level.NONE:
            return stated
    tells = _EXCEPTION.match(message) or _TOLD.search(message, 0, LOOKED_AT)
    return Level.ERROR if tells else Level.NONE


def _named(message: str, end: int) -> str:
    """The name of a level that stands first before `end`, in one of the usual forms."""
    if head := _HEAD.match(message, 0, end):
        return head[1]
    found = [
        (match.start(), match[0])
        for match in _CAPITALS.finditer(message, 0, end)
        if not (before := message[match.start() - 1 : match.start()]).isalnum() and before not in _JOINED
    ][:1]
    if bracketed := _BRACKETED.search(message, 0, end):
        found.append((bracketed.start(1), bracketed[1]))
    if message.find("=", 0, end) >= 0 and (assigned := _ASSIGNED.search(message, 0, end)):
        found.append((assigned.start(1), assigned[1]))
    return min(found)[1] if found else ""


def _stated(message: str, brace: int) -> Level:
    """What the members of an object say, those of the object itself first."""
    found = [_member(match[1], match[2]) for match in _MEMBER.finditer(message, brace, LOOKED_AT)]
    known = [level for level in found if level is not Level.NONE]
    if len(known) < 2 or len(message) > LOOKED_AT:
        return known[0] if known else Level.NONE
    try:
        members = json.loads(message[brace:])
    except (ValueError, RecursionError):
        return known[0]
    flat = json.dumps({name: value for name, value in members.items() if isinstance(value, str | int)})
    outer = [_member(match[1], match[2]) for match in _MEMBER.finditer(flat)]
    return next((level for level in outer if level is not Level.NONE), known[0])


def _member(name: str | None, number: str | None) -> Level:
    return NAMES.get(name.lower(), Level.NONE) if name else _NUMBERED.get(int(number or 0), Level.NONE)


def states_level(member: str) -> bool:
    """Whether a member of an object, as it is written there, says how grave the line is."""
    match = _MEMBER.fullmatch(member)
    return match is not None and _member(match[1], match[2]) is not Level.NONE
