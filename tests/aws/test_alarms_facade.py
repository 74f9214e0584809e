"""Alarms on metrics and on expressions, page by page; and what metrics functions have."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from lambdatui.aws.gateway import Aws
from lambdatui.aws.metrics import Variant
from lambdatui.model.alarms import Alarm, alarms_of
from lambdatui.model.errors import Offline
from tests.aws import faults
from tests.aws.fault_server import FaultServer

DIMENSIONS = [{"Name": "FunctionName", "Value": "f"}]
SIMPLE: dict[str, Any] = {
    "AlarmName": "many errors", "StateValue": "ALARM", "StateReason": "because", "Namespace": "AWS/Lambda",
    "MetricName": "Errors", "Statistic": "Sum", "Period": 60, "Threshold": 2.5, "Dimensions": DIMENSIONS,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold", "StateUpdatedTimestamp": 1_800_000_000,
}  # fmt: skip
RATE: dict[str, Any] = {
    "AlarmName": "error rate", "StateValue": "OK", "Threshold": 5.0, "ComparisonOperator": "GreaterThanThreshold",
    "Metrics": [
        {"Id": "r", "Expression": "100 * e / i", "ReturnData": True},
        *(
            {
                "Id": metric[0].lower(),
                "MetricStat": {
                    "Metric": {"Namespace": "AWS/Lambda", "MetricName": metric, "Dimensions": DIMENSIONS},
                    "Period": 300, "Stat": "Sum",
                },
            }
            for metric in ("Errors", "Invocations")
        ),
    ],
}  # fmt: skip
SLOW: dict[str, Any] = {
    **SIMPLE, "AlarmName": "slow", "MetricName": "Duration", "Statistic": None, "ExtendedStatistic": "p95",
    "Threshold": None, "ThresholdMetricId": "band", "StateValue": "INSUFFICIENT_DATA",
}  # fmt: skip


def metric(**dimensions: str) -> dict[str, Any]:
    given = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    return {"Namespace": "AWS/Lambda", "MetricName": "Invocations", "Dimensions": given}


async def listed(aws: Aws) -> list[Alarm]:
    async with aclosing(aws.alarms.pages()) as pages:
        return [alarm async for page in pages for alarm in page]


async def test_alarms_come_page_by_page_with_what_they_look_at(server: FaultServer, aws: Aws) -> None:
    server.plan(
        "cloudwatch:DescribeAlarms",
        faults.answer({"MetricAlarms": [RATE], "NextToken": "t"}),
        faults.answer({"MetricAlarms": [SIMPLE, SLOW]}),
    )
    alarms = await listed(aws)
    assert [it.name for it in alarms_of(alarms, "f")] == ["many errors", "error rate", "slow"]
    rate, simple, slow = alarms
    assert simple.condition == "Errors Sum ≥ 2.5 in 1 min"
    assert (simple.threshold, simple.expression) == (2.5, False)
    assert simple.updated is not None
    assert rate.condition == "an expression > 5 in 5 min"
    assert rate.expression
    assert slow.condition == "Duration p95 ≥ a band in 1 min"
    assert slow.threshold is None


async def test_text_of_alarms_is_made_visible(server: FaultServer, aws: Aws) -> None:
    server.plan("cloudwatch:DescribeAlarms", faults.answer({"MetricAlarms": [{**SIMPLE, "AlarmName": "\x1b[31mred"}]}))
    assert (await listed(aws))[0].name == "␛[31mred"


async def test_a_threshold_that_is_no_number_to_reckon_with_is_none(server: FaultServer, aws: Aws) -> None:
    server.plan(
        "cloudwatch:DescribeAlarms",
        faults.answer({"MetricAlarms": [{**SIMPLE, "Threshold": it} for it in (10**400, float("nan"), True, 7)]}),
    )
    assert [it.threshold for it in await listed(aws)] == [None, None, None, 7.0]


async def test_an_answer_without_alarms_is_not_taken_for_none(server: FaultServer, aws: Aws) -> None:
    server.plan("cloudwatch:DescribeAlarms", faults.answer({"Elsewhere": []}))
    with pytest.raises(Offline):
        await listed(aws)


async def test_the_functions_and_versions_that_ran_lately_are_told(server: FaultServer, aws: Aws) -> None:
    server.plan(
        "cloudwatch:ListMetrics",
        faults.answer(
            {"Metrics": [metric(FunctionName="f"), metric(FunctionName="f", Resource="f")], "NextToken": "t"}
        ),
        faults.answer(
            {
                "Metrics": [
                    metric(FunctionName="g"),
                    metric(FunctionName="f", Resource="f:live"),
                    metric(FunctionName="f", Resource="f:live", ExecutedVersion="7"),
                ]
            }
        ),
    )
    assert await aws.metrics.active() == {"f", "g"}
    assert server.journal[0].parameters["RecentlyActive"] == "PT3H"
    assert await aws.metrics.variants("f") == [Variant("live"), Variant("live", "7")]


async def test_the_functions_that_had_a_metric_are_listed_once_for_two_who_ask_until_it_is_to_be_new(
    server: FaultServer, aws: Aws
) -> None:
    def asked() -> list[str]:
        return sorted(it.parameters["MetricName"] for it in server.journal)

    server.plan(
        "cloudwatch:ListMetrics", faults.answer({"Metrics": [metric(FunctionName="f")]}), faults.answer({"Metrics": []})
    )
    two = ["Invocations", "Throttles"], ["Invocations", "Errors"]
    first, second = await asyncio.gather(*map(aws.metrics.active_by, two))
    assert first["Invocations"] == second["Invocations"] == {"f"}
    assert asked() == ["Errors", "Invocations", "Throttles"]
    aws.metrics.list_anew()
    assert not await aws.metrics.active()
    assert asked() == ["Errors", "Invocations", "Invocations", "Throttles"]
