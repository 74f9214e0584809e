"""CloudWatch's alarms, page by page."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from lambdatui.aws import shapes
from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.model.alarms import Alarm, Watched

A_PAGE = 100
"""The most that DescribeAlarms gives at once."""


class Alarms:
    """The facade over CloudWatch's alarms."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def pages(self) -> AsyncGenerator[Sequence[Alarm], None]:
        """All alarms on metrics and on expressions of them, up to a hundred a page. Raises AwsError."""
        pages = self._calls.pages(
            "cloudwatch", "DescribeAlarms", ("NextToken", "NextToken"), AlarmTypes=["MetricAlarm"], MaxRecords=A_PAGE
        )
        async with aclosing(pages):
            async for page in pages:
                if "MetricAlarms" not in page:
                    raise unlike_aws("cloudwatch:DescribeAlarms", "list of alarms")
                yield [parse_alarm(entry) for entry in page["MetricAlarms"] if entry]


def parse_alarm(entry: Mapping[str, Any]) -> Alarm:
    """An alarm from a MetricAlarm shape."""
    queries = [it for it in entry.get("Metrics") or () if it]
    stats = [it["MetricStat"] for it in queries if it.get("MetricStat")]
    own = [_watched(entry, entry)] if entry.get("MetricName") else []
    return Alarm(
        name=shapes.text(entry, "AlarmName"),
        state=shapes.text(entry, "StateValue"),
        reason=shapes.text(entry, "StateReason"),
        comparison=shapes.text(entry, "ComparisonOperator"),
        threshold=None if entry.get("ThresholdMetricId") else shapes.decimal(entry, "Threshold"),
        watched=tuple(own or [_watched(it.get("Metric") or {}, it) for it in stats]),
        description=shapes.text(entry, "AlarmDescription"),
        updated=shapes.when(entry, "StateUpdatedTimestamp"),
        expression=any(it.get("Expression") for it in queries),
        actions=entry.get("ActionsEnabled") is not False,
    )


def _watched(metric: Mapping[str, Any], how: Mapping[str, Any]) -> Watched:
    """A metric and how it is looked at: in one structure for an alarm, in two for a query of one."""
    dimensions = [(shapes.text(it, "Name"), shapes.text(it, "Value")) for it in metric.get("Dimensions") or () if it]
    statistic = shapes.text(how, "ExtendedStatistic") or shapes.text(how, "Statistic") or shapes.text(how, "Stat")
    return Watched(
        metric=shapes.text(metric, "MetricName"),
        statistic=statistic,
        dimensions=tuple(sorted(dimensions)),
        period=shapes.number(how, "Period") or 0,
        namespace=shapes.text(metric, "Namespace"),
    )
