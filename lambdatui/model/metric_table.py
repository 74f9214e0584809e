"""The points of charts as a table, to be written to a file: as CSV, or as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from lambdatui.model.chart import Chart

FORMS = ("csv", "json")


def table_text(form: str, charts: Sequence[Chart], about: Mapping[str, Any]) -> str:
    """The measured lines of charts of one time, and those behind. Raises ValueError without any.

    `about` is what else JSON says.
    """
    if not charts:
        raise ValueError("there is no chart")
    return _csv(charts) if form == "csv" else _json(charts, about)


def _columns(charts: Sequence[Chart]) -> Iterator[tuple[str, Sequence[float | None]]]:
    for chart in charts:
        for series in chart.series:
            if series.role != "limit":
                unit = f" ({series.unit})" if series.unit else ""
                yield f"{chart.title}: {series.name}{unit}", series.points


def _times(chart: Chart) -> Sequence[str]:
    moments = (datetime.fromtimestamp(chart.start + at * chart.period, UTC) for at in range(chart.count))
    return [moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in moments]


def _csv(charts: Sequence[Chart]) -> str:
    columns = dict(_columns(charts))
    complete = charts[0].complete
    text = _Text()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["time", "complete", *columns])
    for at, time in enumerate(_times(charts[0])):
        values = (points[at] for points in columns.values())
        rows.writerow([time, "yes" if at < complete else "no", *("" if it is None else f"{it:.12g}" for it in values)])
    return "".join(text)


class _Text(list[str]):
    """What is written to it."""

    def write(self, row: str) -> None:
        self.append(row)


def _json(charts: Sequence[Chart], about: Mapping[str, Any]) -> str:
    first = charts[0]
    times = _times(first)
    said = {
        **about,
        "start": times[0],
        "period_seconds": first.period,
        "incomplete_points": first.incomplete,
        "timestamps": times,
        "charts": [
            {
                "title": chart.title,
                "series": [
                    {"name": it.name, "unit": it.unit, "role": it.role, "values": list(it.points)}
                    for it in chart.series
                ],
            }
            for chart in charts
        ],
    }
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"
