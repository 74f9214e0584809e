"""The points of a function's charts saved into a file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lambdatui.model.metric_sight import length_words
from lambdatui.model.metric_table import table_text
from lambdatui.storage.dated_files import save_dated
from lambdatui.ui.reporting import report_not_saved, report_saved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lambdatui.model.chart import Chart
    from lambdatui.ui.pane import Pane


async def save(pane: Pane, charts: Sequence[Chart], folder: Path, function: str, form: str, view: str) -> None:
    """Write the file (0600) into a folder that is made where it is missing, and tell where it is, or why it is not.

    `view` says whether it is by version: "all versions together".
    """
    first = charts[0]
    length = length_words(first.period * first.count).replace(" ", "")
    text = table_text(form, charts, {"function": function, "view": view})
    try:
        path = await asyncio.to_thread(save_dated, folder, f"{function}-{length}", form, text.encode())
    except OSError as problem:
        report_not_saved(pane, folder, problem)
    else:
        report_saved(pane, f"{len(charts)} charts, {first.count} points each,", path)
