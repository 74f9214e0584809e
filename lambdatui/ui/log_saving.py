"""Log lines saved into a file: those of the marked range, or all that the filter lets through."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lambdatui.storage.dated_files import save_dated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from lambdatui.model.log_chunk import Record
    from lambdatui.ui.widgets.log_view import LogView

AT_ONCE = 500
"""Lines that are made between two keys."""


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
    return await asyncio.to_thread(save_dated, folder, name, "log", parts), count


def _text(records: Sequence[Record]) -> str:
    return "".join(f"{_moment(record)} {record.group} {record.message}\n" for record in records)


def _moment(record: Record) -> str:
    """In UTC, to the millisecond, as AWS writes moments."""
    if record.note:
        return "»"
    return datetime.fromtimestamp(record.timestamp / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{record.timestamp % 1000:03}Z"
    )
