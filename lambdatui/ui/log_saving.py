"""Log lines saved into a file: those of the marked range, or all that the filter lets through."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lambdatui.storage.files import private_folder, write_atomic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from lambdatui.model.log_chunk import Record
    from lambdatui.ui.widgets.log_view import LogView

AT_ONCE = 500
"""Lines that are made between two keys."""
_ODD = re.compile(r"[^A-Za-z0-9._-]+")


async def save(view: LogView, folder: Path, name: str, told: Callable[[float], object]) -> tuple[Path, int]:
    """The file (0600), in a folder that is made where it is missing, and how many lines it has. Raises OSError.

    `name` is what the lines are of; `told` is given how much of them is done, from 0 to 1.
    """
    parts: list[bytes] = []
    key, last = view.chosen
    first, count = view.rows.first_from(key), 0
    while key <= last and (index := view.rows.first_from(key)) < len(view.rows):
        # By key, for what is before it may go or come meanwhile.
        records = view.records(index, min(index + AT_ONCE, view.rows.first_from(last) + 1))
        parts.append(_text(records).encode())
        count += len(records)
        key = records[-1].key[0], records[-1].key[1] + 1
        told(count / max(count, view.rows.first_from(last) + 1 - first))
        await asyncio.sleep(0)
    moment = datetime.now().astimezone()
    stamp = f"{moment:%Y-%m-%d-%H%M%S}-{moment.microsecond // 1000:03}"
    path = folder / f"{_ODD.sub('-', name).strip('-.')[:80] or 'log'}-{stamp}.log"
    await asyncio.to_thread(_write, path, parts)
    return path, count


def _write(path: Path, parts: Sequence[bytes]) -> None:
    private_folder(path.parent)
    write_atomic(path, parts)


def _text(records: Sequence[Record]) -> str:
    return "".join(f"{_moment(record)} {record.group} {record.message}\n" for record in records)


def _moment(record: Record) -> str:
    """In UTC, to the millisecond, as AWS writes moments."""
    if record.note:
        return "»"
    return datetime.fromtimestamp(record.timestamp / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{record.timestamp % 1000:03}Z"
    )
