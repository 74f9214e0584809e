"""What is known of a log record beside its message, and the whole of it as YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from lambdatui.model.configuration import Fact
from lambdatui.model.json_text import indented, legible
from lambdatui.model.json_value import told
from lambdatui.model.log_chunk import Record
from lambdatui.model.log_levels import Level, level
from lambdatui.model.log_message import request_id
from lambdatui.model.text import duration

_VERSION = re.compile(r"\[([^\[\]]+)\]")
# With a slash in it, it is nothing else to YAML.
_BARE = re.compile(r"[\w.$-]*/[\w/.$\[\]-]*")
_NOT_YAML = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def version(stream: str) -> str:
    """The version of the function that wrote a log stream, which stands in its name (2026/11/23/[7]0123…), or empty."""
    found = _VERSION.search(stream)
    return found[1] if found else ""


def facts(record: Record, zone: tzinfo | None) -> Iterator[Fact]:
    """The lines above a message. `zone` is the reader's at that time; None: UTC."""
    if record.timestamp:
        yield Fact("Time", _time(record.timestamp, zone))
    if record.ingestion:
        delay = record.ingestion - record.timestamp
        came = f"{duration(abs(delay))} {'later' if delay >= 0 else 'earlier'}"
        yield Fact("Ingested", f"{came}; shown late, after lines that are behind it" if record.late else came)
    grade = level(record.message)
    if grade is not Level.NONE and not record.note:
        yield Fact("Level", grade.name.capitalize(), alert=grade >= Level.ERROR)
    if record.group:
        yield Fact("Log group", record.group)
    if record.stream:
        of = version(record.stream)
        yield Fact("Stream", f"{record.stream}  (version {of})" if of else record.stream)
    if (request := request_id(record.message)) and not record.note:
        yield Fact("Request", request)
    if record.hidden:
        yield Fact("Cut off", f"{record.hidden:,} more characters are not shown")


def _time(milliseconds: int, zone: tzinfo | None) -> str:
    utc = f"{_moment(milliseconds, UTC)} UTC"
    local = datetime.fromtimestamp(milliseconds / 1000, zone or UTC)
    if not local.utcoffset():
        return utc
    # The date where it is another one.
    if local.date() == local.astimezone(UTC).date():
        utc = utc.partition(" ")[2]
    return f"{_moment(milliseconds, zone or UTC)} {local:%Z}  ·  {utc}"


def _moment(milliseconds: int, zone: tzinfo) -> str:
    # Whole seconds apart from the rest: a float has not enough digits for both.
    return f"{datetime.fromtimestamp(milliseconds // 1000, zone):%Y-%m-%d %H:%M:%S}.{milliseconds % 1000:03}"


def as_yaml(record: Record) -> str:
    """All that is known of a record, named as FilterLogEvents names it; JSON in its message is indented."""
    lines = [f"logGroupName: {_name(record.group)}"] if record.group else []
    if record.stream:
        lines.append(f"logStreamName: {_name(record.stream)}")
    for name, milliseconds in (("timestamp", record.timestamp), ("ingestionTime", record.ingestion)):
        if milliseconds:
            lines.append(f"{name}: {milliseconds}  # {_moment(milliseconds, UTC)} UTC")
    if record.hidden:
        lines.append(f"# {record.hidden:,} more characters of the message are not shown")
    return "\n".join([*lines, f"message: {_block(_indented(record.message))}"])


def _indented(message: str) -> str:
    found = told(message)
    if found is None:
        return message
    before = found[0]
    return before + indented(legible(message[len(before) :]))


def _block(text: str) -> str:
    """A text as a literal block, or where YAML has no such, quoted."""
    text = text.rstrip("\n")
    if not text.strip() or _NOT_YAML.search(text):
        return json.dumps(text)
    indicator = "|2-" if text[0] in " \n\t" else "|-"
    return "\n".join([indicator, *(f"  {line}" if line else "" for line in text.split("\n"))])


def _name(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
