"""A failed action becomes one toast."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.widget import Widget

    from lambdatui.model.errors import AwsError

SECONDS = 12
"""How long a failure stays: it has more to say than a confirmation."""


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
