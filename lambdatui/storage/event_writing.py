"""The content of an event's file, written: anew, or over what a person wrote: of that all stays that is the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lambdatui.model.json_text import indented
from lambdatui.model.json_value import written
from lambdatui.model.saved_events import EventError, SavedEvent
from lambdatui.storage.event_files import KEYS, Parsed, parsed
from lambdatui.storage.event_parts import Field, span
from lambdatui.storage.event_text import TextFault

_BOM = "\ufeff".encode()
_SIMPLE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:[ ,.]+[A-Za-z0-9_()-]+)*\.?")
_WORDS = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n"])
_LONG = 200_000
"""Characters from which a payload is written as a block of text: YAML's reader is slow with anything else."""


def plain_content(event: SavedEvent) -> bytes:
    """A file of the payload alone."""
    return f"{event.text}\n".encode()


def new_content(event: SavedEvent) -> bytes:
    """A mapping in YAML of which the same event is read. Raises EventError."""
    for block in (True, False) if len(event.text) > _LONG else (False, True):
        content = "".join(f"{_member(name, value, block)}\n" for name, value in _values(event).items()).encode()
        if _reads_as(content, event):
            return content
    raise EventError("This payload cannot be put into a YAML file beside options: save it without them.")


def changed_content(was: Parsed, event: SavedEvent, data: bytes) -> bytes:
    """`data`, of which `was` is read, with what is different in `event`; all else stays. Raises EventError."""
    if was.fields is None:
        content = plain_content(event) if event.plain else new_content(event)
        return content if _reads_as(content, event) else new_content(event)
    before, after = _values(was.event), _values(event)
    for block in (False, True):
        text = was.raw
        for start, end, new in sorted(_edits(was, before, after, block), reverse=True):
            text = text[:start] + (new.replace("\n", "\r\n") if "\r\n" in was.raw else new) + text[end:]
        content = (_BOM if data.startswith(_BOM) else b"") + text.encode()
        if _reads_as(content, event):
            return content
    raise EventError("Its file is written in a way that cannot be changed in part: save it under another name.")


def _values(event: SavedEvent) -> dict[str, object]:
    """What the mapping has, by its keys, in their order; only what is there."""
    values: dict[str, object] = {
        "payload": event.text,
        "description": event.description,
        "qualifier": event.qualifier,
        "invocation_type": event.kind,
        "client_context": event.client_context,
        "variables": event.variables,
        "expect": indented(written(event.expect)) if event.has_expect else "",
    }
    return {name: values[name] for name in KEYS if name == "payload" or values[name]}


def _edits(
    was: Parsed, before: Mapping[str, object], after: Mapping[str, object], block: bool
) -> Iterator[tuple[int, int, str]]:
    """Pieces of the text to replace: start, end and what is put there."""
    fields, text = was.fields or {}, was.raw
    if not was.block:
        yield from _edits_in_braces(fields, text, before, after)
        return
    added = []
    for name in KEYS:
        if before.get(name) == after.get(name):
            continue
        if name not in fields:
            added.append(_member(name, after[name], block) + "\n")
        elif name in after:
            yield _place(fields[name], text, _value(name, after[name], block))
        else:
            yield _lines(fields[name], text)
    if added:
        yield len(text), len(text), ("" if text.endswith("\n") else "\n") + "".join(added)


def _edits_in_braces(
    fields: Mapping[str, Field], text: str, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[tuple[int, int, str]]:
    order = list(fields)
    ends = {name: span(field, text)[1] for name, field in fields.items()}
    for name in [it for it in order if before.get(it) != after.get(it)]:
        at, key = order.index(name), fields[name].key
        if name in after:
            yield text.index(":", key.end_mark.index) + 1, ends[name], _value_in_braces(name, after[name])
        elif at:
            yield ends[order[at - 1]], ends[name], ""
        else:
            yield key.start_mark.index, fields[order[1]].key.start_mark.index, ""
    added = [f", {name}:{_value_in_braces(name, after[name])}" for name in after if name not in fields]
    if added:
        yield ends[order[-1]], ends[order[-1]], "".join(added)


def _value_in_braces(name: str, value: object) -> str:
    if isinstance(value, tuple):
        return f" {json.dumps({it.name: it.default for it in value}, ensure_ascii=False)}"
    if name not in ("payload", "client_context", "expect"):
        return f" {json.dumps(str(value), ensure_ascii=False)}"
    return _value(name, value, block=False)


def _place(field: Field, text: str, new: str) -> tuple[int, int, str]:
    """Where a value stands, from the colon on where it begins new lines."""
    start, end = span(field, text)
    if new.startswith(" |2+"):  # empty lines that follow would be taken for its own
        while text.startswith(("\n\n", "\r\n\r\n"), end):
            end = text.index("\n", end) + 1
    line = text.rfind("\n", 0, start) + 1
    colon = text.index(":", field.key.end_mark.index) + 1
    if text[line:start].strip() == "" and field.value.start_mark.line > field.key.start_mark.line:
        above = text.find("\n", colon) + 1  # the comments above its first line are part of what is edited
        return (above, end, new[1:]) if new.startswith("\n") else (colon, end, new)
    return (colon if text[colon:start].strip() == "" else start), end, new


def _lines(field: Field, text: str) -> tuple[int, int, str]:
    """All lines of a member."""
    start, (_, end) = text.rfind("\n", 0, field.key.start_mark.index) + 1, span(field, text)
    newline = text.find("\n", end)
    return start, len(text) if newline < 0 else newline + 1, ""


def _member(name: str, value: object, block: bool) -> str:
    return f"{name}:{_value(name, value, block)}"


def _value(name: str, value: object, block: bool) -> str:
    if isinstance(value, tuple):
        pairs = ((it.name, it.default) for it in value)
        return "".join(f"\n  {key}:" + ("" if default is None else f" {_quoted(default)}") for key, default in pairs)
    text = str(value)
    if name not in ("payload", "client_context", "expect"):
        return f" {_quoted(text)}"
    if not text:
        return ""
    if not block and "\n" not in text and len(text) < 80:
        return f" {text}"
    if not block:
        return f"\n{_moved(text)}"
    # The newline that ends a block is not part of a payload; one that it ends with itself has to be kept.
    return f" |2{'+' if text.endswith(chr(10)) else ''}\n{_moved(text)}"


def _moved(text: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in text.split("\n"))


def _quoted(text: str) -> str:
    simple = _SIMPLE.fullmatch(text) and text.lower() not in _WORDS
    return text if simple else json.dumps(text, ensure_ascii=False)


def _reads_as(content: bytes, event: SavedEvent) -> bool:
    """Whether the same event is read from it: only then it is written."""
    try:
        found = parsed(event.name, content, yaml=True).event
    except TextFault:
        return False
    same = replace(found, place=event.place, file=event.file, digest=event.digest, problem="", language=event.language)
    return replace(same, expect=None) == replace(event, expect=None, problem="") and (
        written(found.expect) == written(event.expect)
    )
