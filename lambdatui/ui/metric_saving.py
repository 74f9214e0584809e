"""The points of a function's charts saved into a file."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from typing import TYPE_CHECKING

from lambdatui.model.metric_sight import length_words
from lambdatui.model.metric_table import table_text
from lambdatui.model.text import one_line
from lambdatui.storage.files import private_folder, write_atomic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lambdatui.model.chart import Chart
    from lambdatui.ui.pane import Pane

_ODD = re.compile(r"[^A-Za-z0-9._-]+")


async def save(pane: Pane, charts: Sequence[Chart], folder: Path, function: str, form: str, view: str) -> None:
    """Write the file (0600) into a folder that is made where it is missing, and tell where it is, or why it is not.

    `view` says whether it is by version: "all versions together".
    """
    first = charts[0]
    length = length_words(first.period * first.count).replace(" ", "")
    moment = datetime.now().astimezone()
    stamp = f"{moment:%Y-%m-%d-%H%M%S}-{moment.microsecond // 1000:03}"
    path = folder / f"{_ODD.sub('-', function).strip('-.')[:80] or 'function'}-{length}-{stamp}.{form}"
    text = table_text(form, charts, {"function": function, "view": view})
    try:
        await asyncio.to_thread(_write, path, text)
    except OSError as problem:
        said = f"Nothing can be written in {one_line(str(folder))}: {one_line(problem.strerror or str(problem))}."
        pane.notify(said, title="Not saved", severity="error", timeout=10, markup=False)
    else:
        said = f"{len(charts)} charts, {first.count} points each, in {one_line(str(path))}."
        pane.notify(said, title="Saved", timeout=10, markup=False)


def _write(path: Path, text: str) -> None:
    private_folder(path.parent)
    write_atomic(path, text.encode())
