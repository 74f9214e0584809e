"""The alarms of the demo: some that have gone off, some that have not, and one of which nothing is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lambdatui.local.telemetry import NAMESPACE

if TYPE_CHECKING:
    from lambdatui.local.demo.client import Client

_AT_LEAST = "GreaterThanOrEqualToThreshold"


class DemoAlarm(NamedTuple):
    """An alarm on a metric of one function, as PutMetricAlarm takes it."""

    name: str
    function: str
    metric: str
    statistic: str
    threshold: float
    """In the metric's own unit: milliseconds for Duration."""
    comparison: str = _AT_LEAST
    period: int = 60
    """Seconds."""
    periods: int = 5
    """How many are looked at."""
    least: int = 3
    """How many of them have to be beyond the threshold."""
    description: str = ""


ALARMS = (
    DemoAlarm("inventory-sync-errors", "inventory-sync", "Errors", "Sum", 1, periods=15, least=3,
              description="Stock of a warehouse was not taken over"),
    DemoAlarm("inventory-sync-slow", "inventory-sync", "Duration", "p95", 2500, periods=15, least=3,
              description="Near its timeout of 3 s"),
    DemoAlarm("invoice-number-throttled", "invoice-number", "Throttles", "Sum", 2),
    DemoAlarm("orders-create-errors", "orders-create", "Errors", "Sum", 3, description="Goes off with bad deploys"),
    DemoAlarm("checkout-api-errors", "checkout-api", "Errors", "Sum", 1),
    DemoAlarm("checkout-api-slow", "checkout-api", "Duration", "p99", 2000),
    DemoAlarm("gift-cards-silent", "gift-cards", "Invocations", "Sum", 1, "LessThanThreshold", 300, 3, 3),
)  # fmt: skip


async def create(client: Client) -> None:
    """Create them. Raises client.Refused."""
    for alarm in ALARMS:
        simple = alarm.statistic == "Sum"
        order = {
            "AlarmName": alarm.name,
            "AlarmDescription": alarm.description,
            "Namespace": NAMESPACE,
            "MetricName": alarm.metric,
            "Dimensions": [{"Name": "FunctionName", "Value": alarm.function}],
            ("Statistic" if simple else "ExtendedStatistic"): alarm.statistic,
            "Period": alarm.period,
            "EvaluationPeriods": alarm.periods,
            "DatapointsToAlarm": alarm.least,
            "Threshold": alarm.threshold,
            "ComparisonOperator": alarm.comparison,
        }
        await client.command("GraniteServiceVersion20100801.PutMetricAlarm", order)
