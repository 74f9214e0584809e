"""The cells of the list of who takes concurrency."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lambdatui.model.chart_scale import figure
from lambdatui.model.metric_figures import percent
from lambdatui.model.pool import Share
from lambdatui.model.sparkline import sparkline
from lambdatui.ui.reading_words import refusal_word
from lambdatui.ui.widgets.columns import Cell, Column, Toned

TREND = 12
"""Cells of the sparkline."""
NEAR = 0.8
"""The part of what it may take from which on a function's peak is a warning."""


def number(value: float | None, *, alert: bool = False) -> Cell:
    """A figure, or a dash. With `alert`, any above zero is a warning."""
    if value is None:
        return Toned("–", "muted")
    return Toned(f"! {figure(value)}", "warning") if alert and value > 0 else figure(value)


def taken(row: Share, value: float | None, *, alert: bool = False) -> Cell:
    """A figure of what it takes; a dash only where CloudWatch has said that there is none."""
    if value is None and row.refused is not None:
        return Toned(refusal_word(row.refused), "muted")
    return Toned("…", "muted") if value is None and row.waiting else number(value, alert=alert)


def reserved(row: Share) -> Cell:
    """What it has reserved; nothing of it runs with 0."""
    return Toned("0 stopped", "bad") if row.reserved == 0 else number(row.reserved)


def warned(part: float | None, words: str) -> Cell:
    """These words, as a warning where the part is large."""
    return Toned(f"! {words}", "warning") if (part or 0) >= NEAR else words


def provisioned(row: Share) -> Cell:
    """What it has, and which part of it was in use at most."""
    if row.provisioned is None:
        return ""
    part = row.utilization
    return warned(part, f"{figure(row.provisioned)}, {percent(part, whole_from=10)}")


def columns(part: Callable[[Share], float | None]) -> Sequence[Column[Share]]:
    """The columns. `part` gives which part of what it may take a function took at its peak."""
    return (
        Column("Function", lambda it: it.name, 18, grow=3, sort=lambda it: it.name.lower()),
        Column("Now", lambda it: taken(it, it.now), 6, sort=lambda it: it.now, align="right"),
        Column("Peak", lambda it: taken(it, it.peak), 6, sort=lambda it: it.peak, align="right"),
        Column("Share", lambda it: warned(part(it), percent(part(it), whole_from=10)), 6, sort=part, align="right"),
        Column("Reserved", reserved, 9, sort=lambda it: it.reserved, align="right"),
        Column("Thr", lambda it: taken(it, it.throttles, alert=True), 7, sort=lambda it: it.throttles, align="right"),
        Column("Trend", lambda it: sparkline(it.points, TREND), TREND),
        Column("Provisioned", provisioned, 12, sort=lambda it: it.utilization, align="right"),
        Column("Spillover", lambda it: number(it.spillover, alert=True), 10, sort=lambda it: it.spillover,
               align="right"),
    )  # fmt: skip
