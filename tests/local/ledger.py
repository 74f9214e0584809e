"""What invocations have left behind at an endpoint: the metrics and the platform's log lines of one function."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

CODE = """
import json, time

def handler(event, context):
    text = json.dumps(event)
    if "boom" in text:
        raise ValueError("out of paper")
    if "sleep" in text:
        time.sleep(60)
    return {"statusCode": 200, "body": "fine"}
"""
"""A function that fails on a boom, never ends on a sleep, and else returns."""

_LINE = re.compile(r"(START|END|REPORT) RequestId: ([0-9a-f-]{36})")


class Ledger:
    """Reads what a function has left behind, through boto3."""

    def __init__(self, connect: Callable[..., Any], url: str, name: str) -> None:
        self._logs = connect(url, "logs")
        self._metrics = connect(url, "cloudwatch")
        self.name = name

    def messages(self) -> list[str]:
        """Every log event, in order."""
        group = f"/aws/lambda/{self.name}"
        if not self._logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            return []
        pages = self._logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        return [event["message"] for page in pages for event in page["events"]]

    def lines(self) -> dict[str, list[str]]:
        """The request ids of START, END and REPORT lines, in order."""
        found: dict[str, list[str]] = {"START": [], "END": [], "REPORT": []}
        for message in self.messages():
            if match := _LINE.match(message):
                found[match[1]].append(match[2])
        return found

    def metrics(self, *names: str, statistic: str = "Sum", **dimensions: str) -> dict[str, float]:
        """A statistic of each metric since the endpoint began, those without data left out."""
        dimensions = dimensions or {"FunctionName": self.name}
        now = datetime.now(UTC)
        asked = [
            {
                "Id": name.lower(),
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/Lambda",
                        "MetricName": name,
                        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
                    },
                    "Period": 60,
                    "Stat": statistic,
                },
            }
            for name in names
        ]
        answer = self._metrics.get_metric_data(
            MetricDataQueries=asked, StartTime=now - timedelta(hours=2), EndTime=now + timedelta(minutes=2)
        )
        by_id = {result["Id"]: result["Values"] for result in answer["MetricDataResults"]}
        return {name: sum(by_id[name.lower()]) for name in names if by_id[name.lower()]}

    def counts(self) -> Counter[str]:
        """All that is counted of it."""
        return Counter(
            {
                name: int(value)
                for name, value in self.metrics(
                    "Invocations", "Errors", "Throttles", "AsyncEventsReceived", "AsyncEventsDropped"
                ).items()
            }
        )
