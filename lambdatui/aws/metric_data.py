"""One call of GetMetricData: its queries, and what comes of each, page by page."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any, NamedTuple

from lambdatui.aws import shapes
from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.model.errors import AwsError, Denied
from lambdatui.model.metric_plan import Ask, Call

OPERATION = "cloudwatch:GetMetricData"

DOLLARS = 0.01 / 1000
"""What a metric costs that is asked for by GetMetricData, in US dollars, in most regions; there is no free tier for it
(https://aws.amazon.com/cloudwatch/pricing/, November 2026). A query counts as one metric here."""


class Result(NamedTuple):
    """A page's part of one query's answer."""

    times: Sequence[float]
    """Seconds since 1970."""
    values: Sequence[float]
    status: str
    """Complete, PartialData, InternalError, Forbidden, or what AWS adds tomorrow."""
    notes: tuple[str, ...] = ()


class Page(NamedTuple):
    """A page of an answer."""

    results: Iterator[tuple[int, Result]]
    """With the number of the query in the call; read as they are taken, for there may be hundreds."""
    notes: tuple[str, ...]
    """What CloudWatch says of the call as a whole."""


async def fetched(calls: Calls, call: Call, counted: Callable[[int], object]) -> AsyncGenerator[Page, None]:
    """What a call gives, the newest points first. `counted` is told before each request how many metrics it asks for.

    Raises AwsError; what came before that is good.
    """
    counted(len(call.asks))
    service, _, operation = OPERATION.partition(":")
    pages = calls.pages(
        service, operation, ("NextToken", "NextToken"), again=1,
        StartTime=datetime.fromtimestamp(call.start, UTC), EndTime=datetime.fromtimestamp(call.end, UTC),
        ScanBy="TimestampDescending", MetricDataQueries=[_query(*it) for it in enumerate(call.asks)],
    )  # fmt: skip
    async with aclosing(pages):
        async for page in pages:
            if "MetricDataResults" not in page:
                raise unlike_aws(OPERATION, "list of results")
            entries = [entry for entry in page["MetricDataResults"] if entry]
            if page.get("NextToken"):
                counted(len(call.asks))
            yield Page(_results(entries, len(call.asks)), _notes(page))


def refusal(result: Result) -> AwsError | None:
    """Why a result is none."""
    said = f" {' '.join(result.notes)}" if result.notes else ""
    if result.status == "InternalError":
        return AwsError(OPERATION, f"CloudWatch could not give this metric.{said}", "It is asked for again by and by.")
    if result.status == "Forbidden":
        return Denied(OPERATION, f"This metric may not be read.{said}", f"Ask for permission to {OPERATION}.")
    return None


def _query(number: int, ask: Ask) -> Mapping[str, Any]:
    metric = ask.metric
    dimensions = [{"Name": name, "Value": value} for name, value in metric.dimensions]
    about = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions}
    return {"Id": f"q{number}", "MetricStat": {"Metric": about, "Period": ask.window.period, "Stat": metric.statistic}}


def _results(entries: Sequence[Mapping[str, Any]], most: int) -> Iterator[tuple[int, Result]]:
    for entry in entries:
        number = _number(entry)
        if 0 <= number < most:
            yield number, _result(entry)


def _number(entry: Mapping[str, Any]) -> int:
    name = str(entry.get("Id") or "")
    return int(name[1:]) if name[:1] == "q" and name[1:].isascii() and name[1:].isdigit() and len(name) < 9 else -1


def _result(entry: Mapping[str, Any]) -> Result:
    times, values = entry.get("Timestamps") or (), entry.get("Values") or ()
    if times and isinstance(times[0], datetime):  # by the SDK's own parser
        times = [at.timestamp() for at in times]
    return Result(times, values, shapes.text(entry, "StatusCode") or "Complete", _notes(entry))


def _notes(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """What is said of an answer, or of a part of it."""
    return tuple(
        shapes.text(it, "Value") or shapes.text(it, "Code")
        for it in answer.get("Messages") or ()
        if isinstance(it, dict)
    )
