"""The parts of an event's file in YAML: where each stands, and the text of it as it is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lambdatui.model.invocations import check_payload
from lambdatui.model.json_text import indented, legible
from lambdatui.model.text import visible
from lambdatui.model.variables import masked
from lambdatui.storage.event_text import Source, TextFault, as_json, json_of

if TYPE_CHECKING:
    from yaml.nodes import Node


@dataclass(frozen=True, slots=True)
class Field:
    """A member of the mapping, and where it stands in the text."""

    key: Node
    value: Node


def lines(text: str) -> str:
    """Text whose lines end with a newline alone: nothing that JSON says is lost by that."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def without_end(text: str) -> str:
    """The text of a file without the newline that ends it."""
    return text.removesuffix("\n")


def safe_json(text: str) -> str:
    """JSON safe to draw, its meaning unchanged: DEL may stand in its strings as it is."""
    return legible(visible(text.replace("\x7f", "\\u007f")))


def payload_text(field: Field, source: Source) -> tuple[str, str]:
    """A member's value as it is written, and its language. Raises TextFault."""
    node: Any = field.value
    if _nothing(node):
        return "", "json"
    if getattr(node, "style", None) == "|":
        text = without_end(lines(source.shown(node.value)))
        if check_payload(masked(text, source.declared)) is None:
            return safe_json(text), "json"
    text = dedented(lines(source.text), *_lined(field, source))
    if check_payload(masked(text, source.declared)) is None:
        return safe_json(text), "json"
    made = json_of(node, source)
    safe = visible(text)
    return (safe, "yaml") if says(safe, made, source.declared) else (safe_json(indented(made)), "json")


def value_text(field: Field, source: Source) -> str:
    """A member's value as JSON. Raises TextFault."""
    text, language = payload_text(field, source)
    return (as_json(text, source.declared) if language == "yaml" else text) or "null"


def says(text: str, made: str, declared: Collection[str]) -> bool:
    """Whether a part of a YAML text says alone what it says in its place: an anchor may be elsewhere."""
    try:
        alone = as_json(text, declared)
    except TextFault:
        return False
    return alone == made


def _nothing(node: Any) -> bool:
    return bool(node.start_mark.index == node.end_mark.index)


def span(field: Field, text: str) -> tuple[int, int]:
    """Where a value stands in the text, without the empty lines and comments that follow it."""
    start, end = field.value.start_mark.index, field.value.end_mark.index
    column = field.value.start_mark.column if field.value.start_mark.line > field.key.start_mark.line else None
    least = field.key.start_mark.column + 1 if column is None else column
    if getattr(field.value, "style", None) in ("|", ">"):
        keeps = "+" in text[start : text.find("\n", start)].split("#")[0]
        part = text[start:end]  # a line of spaces may be its own, an empty one only where it keeps them
        return start, start + len(part.removesuffix("\n").removesuffix("\r") if keeps else part.rstrip("\r\n"))
    while True:
        while end > start and text[end - 1] in "\r\n \t":
            end -= 1
        begin = text.rfind("\n", start, end) + 1
        line = text[begin:end] if begin else ""
        if not line.lstrip(" ").startswith("#") or len(line) - len(line.lstrip(" ")) >= least:
            return start, end
        end = begin


def _lined(field: Field, source: Source) -> tuple[int, int, int]:
    """Start, end and indentation of a value, in the text whose lines end with a newline alone."""
    start, end = span(field, source.text)
    key, first = field.key.end_mark, field.value.start_mark
    if first.line > key.line and not _same_line(field, source.text):
        start = source.text.find("\n", key.index) + 1  # with the comments above its first line
    before = source.text.count("\r\n", 0, start)
    return start - before, end - source.text.count("\r\n", 0, end), first.column


def _same_line(field: Field, text: str) -> bool:
    """Whether something of the value, a tag or an anchor, stands on its key's line."""
    between = text[field.key.end_mark.index : text.find("\n", field.key.end_mark.index)]
    return between.split("#")[0].strip() != ":"


def dedented(text: str, start: int, end: int, column: int) -> str:
    """A part of a text, its lines moved to the left by as much as they all have, at most to `column`."""
    part = text[start:end]
    if start and text[start - 1] != "\n":
        first, newline, rest = part.partition("\n")
        depths = [len(it) - len(it.lstrip(" ")) for it in rest.split("\n") if it.strip()]
        depth = min(depths, default=0)
        return first + newline + "\n".join(_moved(it, depth) for it in rest.split("\n"))
    return "\n".join(_moved(it, column) for it in part.split("\n"))


def _moved(line: str, depth: int) -> str:
    return line[min(depth, len(line) - len(line.lstrip(" "))) :]
