"""A failed action becomes one toast, and so does a file that was saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdatui.model.text import one_line, why

if TYPE_CHECKING:
    from pathlib import Path

    from textual.widget import Widget

    from lambdatui.model.errors import AwsError

SECONDS = 12
"""How long a failure stays: it has more to say than a confirmation."""
PATH_SECONDS = 10
"""How long a path stays: somebody may want to write it down."""


def report(widget: Widget, problem: AwsError) -> None:
    """Tell of an action that failed: what happened, and what to do."""
    request = f"\nRequest {problem.request_id}" if problem.request_id else ""
    remedy = f"\n{problem.remedy}" if problem.remedy else ""
    widget.notify(
        f"{problem.reason}{remedy}\n{problem.operation}{request}",
        title=problem.title,
        severity="error",
        timeout=SECONDS,
        markup=False,
    )


def report_saved(widget: Widget, what: str, path: Path) -> None:
    """Tell where a file is that was saved."""
    widget.notify(f"{what} in {one_line(str(path))}.", title="Saved", timeout=PATH_SECONDS, markup=False)


def report_not_saved(widget: Widget, folder: Path, problem: OSError) -> None:
    """Tell why nothing could be saved in a folder."""
    said = f"Nothing can be written in {one_line(str(folder))}: {why(problem)}."
    widget.notify(said, title="Not saved", severity="error", timeout=PATH_SECONDS, markup=False)
