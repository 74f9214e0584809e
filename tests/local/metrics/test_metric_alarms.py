from __future__ import annotations

import json
from typing import Any

import pytest

from lambdatui.local.control_plane import Receive, Scope, Send
from lambdatui.local.inward import body_of
from lambdatui.local.metric_store import MetricStore
from lambdatui.local.metrics import alarms
from lambdatui.local.places import HOME, Place, place_of

NOW = 1_700_000_000 // 3600 * 3600.0
ELSEWHERE = Place("210987654321", "us-east-1")


class Keeper:
    """Keeps alarms as MiniStack does, and gives one of them a page."""

    def __init__(self, *kept: dict[str, Any], place: Place = HOME) -> None:
        self.kept = {alarm["AlarmName"]: alarm for alarm in kept}
        self.place = place
        self.told: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = json.loads(await body_of(receive))
        answer: dict[str, Any] = {}
        if place_of(scope["headers"]) == self.place:
            if dict(scope["headers"])[b"x-amz-target"].endswith(b".DescribeAlarms"):
                first, *more = sorted(name for name in self.kept if name >= request.get("NextToken", ""))
                answer = {"MetricAlarms": [self.kept[first]]} | ({"NextToken": more[0]} if more else {})
            else:
                self.kept[request["AlarmName"]]["StateValue"] = request["StateValue"]
                self.told.append(request["StateReason"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


def alarm(name: str = "a", state: str = "OK", **settings: Any) -> dict[str, Any]:
    return {
        "AlarmName": name,
        "StateValue": state,
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Dimensions": [{"Name": "FunctionName", "Value": "f"}],
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 2.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "missing",
        **settings,
    }


def errors(*minutes: float | None, place: Place = HOME) -> MetricStore:
    """The errors of the last minutes before NOW, None where there is no value."""
    store = MetricStore(clock=lambda: NOW)
    for ago, value in enumerate(reversed(minutes), 1):
        if value is not None:
            store.add(place, "AWS/Lambda", "Errors", {"FunctionName": "f"}, value, at=NOW - 60 * ago, unit="Count")
    store.add(place, "AWS/Lambda", "Errors", {}, 99, at=NOW - 60, unit="Count")  # another metric
    store.add(place, "AWS/Lambda", "Errors", {"FunctionName": "f"}, 99, at=NOW, unit="Count")  # a minute not yet over
    return store


@pytest.mark.parametrize(
    ("minutes", "settings", "state"),
    [
        ((3,), {}, "ALARM"),
        ((2,), {}, "OK"),
        ((2,), {"ComparisonOperator": "GreaterThanOrEqualToThreshold"}, "ALARM"),
        ((1,), {"ComparisonOperator": "LessThanThreshold"}, "ALARM"),
        ((3, 1), {"EvaluationPeriods": 2}, "OK"),
        ((3, 1), {"EvaluationPeriods": 2, "DatapointsToAlarm": 1}, "ALARM"),
        ((1, 1, 1), {"Period": 180}, "ALARM"),
        ((9, None), {}, "INSUFFICIENT_DATA"),
        ((9, None), {"TreatMissingData": "breaching"}, "ALARM"),
        ((9, None), {"TreatMissingData": "notBreaching"}, "OK"),
        ((9, None), {"TreatMissingData": "ignore", "state": "ALARM"}, "ALARM"),
        ((3, None), {"EvaluationPeriods": 2, "DatapointsToAlarm": 1}, "ALARM"),
        ((1, None), {"EvaluationPeriods": 2}, "OK"),
        ((9,), {"Statistic": None, "ExtendedStatistic": "p50"}, "ALARM"),
        ((9,), {"Unit": "Bytes"}, "INSUFFICIENT_DATA"),
        ((9,), {"MetricName": None}, "OK"),
        ((9,), {"ComparisonOperator": "LessThanLowerThreshold"}, "OK"),
    ],
)
async def test_an_alarm_comes_to_its_state(
    minutes: tuple[float | None, ...], settings: dict[str, Any], state: str
) -> None:
    keeper = Keeper(alarm(**settings))

    await alarms.evaluate(keeper, errors(*minutes), NOW + 30)

    assert keeper.kept["a"]["StateValue"] == state


@pytest.mark.parametrize(
    "settings",
    [
        {"Dimensions": [{"Name": "FunctionName"}]},
        {"Dimensions": "f"},
        {"Threshold": None},
        {"Period": "often"},
        {"MetricName": 7, "EvaluationPeriods": 10**400},
    ],
)
async def test_an_alarm_that_makes_no_sense_is_left_alone_and_holds_no_other_up(settings: dict[str, Any]) -> None:
    keeper = Keeper(alarm("a", **settings), alarm("b"))

    await alarms.evaluate(keeper, errors(5), NOW)

    assert (keeper.kept["a"]["StateValue"], keeper.kept["b"]["StateValue"]) == ("OK", "ALARM")


async def test_a_state_is_told_once_with_its_reason() -> None:
    keeper, store = Keeper(alarm()), errors(5)

    await alarms.evaluate(keeper, store, NOW + 5)
    await alarms.evaluate(keeper, store, NOW + 35)

    assert keeper.told == [
        "Threshold Crossed: 1 out of the last 1 datapoints [5.0] breached the threshold (GreaterThanThreshold 2.0)."
    ]


async def test_alarms_of_all_pages_are_evaluated() -> None:
    keeper = Keeper(*(alarm(f"a{number}") for number in range(3)))

    await alarms.evaluate(keeper, errors(5), NOW)

    assert {kept["StateValue"] for kept in keeper.kept.values()} == {"ALARM"}


async def test_alarms_are_evaluated_where_they_are() -> None:
    keeper = Keeper(alarm(), place=ELSEWHERE)

    await alarms.evaluate(keeper, errors(5), NOW)
    assert keeper.kept["a"]["StateValue"] == "OK"

    await alarms.evaluate(keeper, errors(5, place=ELSEWHERE), NOW)
    assert keeper.kept["a"]["StateValue"] == "ALARM"
