"""The bytes of a payload or a response as text to read."""

from __future__ import annotations

import json
from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import NamedTuple

from lambdatui.model.invocations import SHOWN
from lambdatui.model.json_text import indented
from lambdatui.model.text import visible


def readable(payload: bytes, *, as_it_came: bool = False) -> str:
    """As much of a payload as is shown, visible; indented if that is all of it, it is JSON, and not `as_it_came`.

    Of what is no text: as much as its dump shows.
    """
    if is_binary(payload):
        payload = payload[:DUMPED]
    whole = len(payload) <= SHOWN
    text = getincrementaldecoder("utf-8")("backslashreplace").decode(payload[:SHOWN], final=whole)
    return visible(indented(text) if whole and not as_it_came else text)


def is_binary(payload: bytes) -> bool:
    """Whether the part of it that is shown is no text in UTF-8."""
    try:
        text = getincrementaldecoder("utf-8")().decode(payload[:SHOWN], final=len(payload) <= SHOWN)
    except UnicodeDecodeError:
        return True
    return "\0" in text


class Failure(NamedTuple):
    """The error object that Lambda's runtimes return, as far as it was one; visible texts."""

    error_type: str = ""
    message: str = ""
    stack_trace: tuple[str, ...] = ()
    """Frame by frame; of some runtimes a frame has several lines."""


def failure(payload: bytes) -> Failure:
    """What the response of a function that failed says: errorType, errorMessage, stackTrace (or, of Node.js, trace).

    An error object larger than what is shown is not looked into.
    """
    if len(payload) > SHOWN:
        return Failure()
    try:
        value = json.loads(payload, parse_int=str)  # Python makes no number of more than 4,300 digits
    except (ValueError, RecursionError):
        return Failure()
    if not isinstance(value, dict):
        return Failure()
    trace = value.get("stackTrace") or value.get("trace") or ""
    lines = trace if isinstance(trace, list) else str(trace).splitlines()
    return Failure(
        visible(str(value.get("errorType") or "")),
        visible(str(value.get("errorMessage") or "")),
        tuple(visible(str(line)).rstrip("\n") for line in lines),
    )


DUMPED = 4096
"""Bytes of a binary response that are shown."""


def hex_dump(payload: bytes, columns: int) -> Iterator[str]:
    """The first `DUMPED` bytes, `columns` (even) a line: offset, pairs of bytes, letters, as xxd writes them."""
    for start in range(0, min(len(payload), DUMPED), columns):
        row = payload[start : min(start + columns, DUMPED)]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        yield f"{start:06x}  {row.hex(' ', -2):<{columns * 5 // 2 - 1}}  {letters}"
