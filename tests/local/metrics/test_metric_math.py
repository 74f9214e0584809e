from __future__ import annotations

import contextlib
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.local.metric_store import MetricStore
from lambdatui.local.metrics import expression, metric_data
from lambdatui.local.metrics.expression import BadExpression
from lambdatui.local.metrics.faults import Fault
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.places import HOME

NOW = 1_700_000_000 // 3600 * 3600.0

SERIES = {"m1": {0: 10.0, 1: 20.0, 2: 30.0}, "m2": {0: 2.0, 2: 0.0, 3: 4.0}}
"""What the two metrics of every request have, by minute from NOW."""


async def evaluated(*expressions: str, metrics: Any = None, minutes: int = 5, period: int = 60) -> dict[str, Any]:
    """Results of expressions e1, e2 …: the points of each, or of an array by label."""
    store = MetricStore(clock=lambda: NOW)
    for name, points in (metrics or SERIES).items():
        for minute, value in points.items():
            store.add(HOME, "N", name, {}, value, at=NOW + minute * 60, unit="None")
    queries: list[dict[str, Any]] = [
        {"Id": name, "MetricStat": {"Metric": {"Namespace": "N", "MetricName": name}, "Period": period, "Stat": "Sum"}}
        | {"ReturnData": False}
        for name in (metrics or SERIES)
    ]
    queries += [{"Id": f"e{number}", "Expression": text} for number, text in enumerate(expressions, 1)]
    request = {"MetricDataQueries": queries, "StartTime": NOW, "EndTime": NOW + minutes * 60}
    reply = await metric_data.answer(store, HOME, {**request, "ScanBy": "TimestampAscending"}, NOW + 3600, Pace())
    return {
        item["Label"]: {
            int(at - NOW) // 60: value for at, value in zip(item["Timestamps"], item["Values"], strict=True)
        }
        for item in reply.items
    }


async def one(text: str, **more: Any) -> dict[int, float]:
    points: dict[int, float] = (await evaluated(text, **more))["e1"]
    return points


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("m1 + 1", {0: 11, 1: 21, 2: 31}),
        ("1 - m1", {0: -9, 1: -19, 2: -29}),
        ("-m1", {0: -10, 1: -20, 2: -30}),
        ("m1 * m2", {0: 20, 2: 0}),
        ("m1 / m2", {0: 5}),
        ("m1 / 0", {}),
        ("m1 ^ 2 / 10", {0: 10, 1: 40, 2: 90}),
        ("2 ^ 3 ^ 0 * m1 / m1", {0: 2, 1: 2, 2: 2}),
        ("(0 - m1) ^ 0.5", {}),
        ("-2 ^ 2 + m1 - m1", {0: -4, 1: -4, 2: -4}),
        ("m1 - 5 - 5 > 9", {0: 0, 1: 1, 2: 1}),
        ("m1 >= 20 AND m1 != 30", {0: 0, 1: 1, 2: 0}),
        ("m1 == 10 || m1 == 30", {0: 1, 1: 0, 2: 1}),
        ("m1 < 20 OR m1 <= 20", {0: 1, 1: 1, 2: 0}),
        ("m1 / SUM(m1)", {0: 1 / 6, 1: 1 / 3, 2: 0.5}),
        ("m1 - AVG(m1)", {0: -10, 1: 0, 2: 10}),
        ("m1 - MIN(m1) + MAX(m1)", {0: 30, 1: 40, 2: 50}),
        ("SUM([m1, m2])", {0: 12, 1: 20, 2: 30, 3: 4}),
        ("SUM(METRICS())", {0: 12, 1: 20, 2: 30, 3: 4}),
        ("MAX(METRICS('2'))", {0: 2, 2: 0, 3: 4}),
        ("AVG([m1, m2])", {0: 6, 1: 20, 2: 15, 3: 4}),
        ("STDDEV([m1, m2])", {0: 4, 1: 0, 2: 15, 3: 0}),
        ("METRIC_COUNT(METRICS()) + m1 - m1", {0: 2, 1: 2, 2: 2}),
        ("FILL(m2, 7)", {0: 2, 1: 7, 2: 0, 3: 4, 4: 7}),
        ("FILL(m2, REPEAT)", {0: 2, 1: 2, 2: 0, 3: 4, 4: 4}),
        ("FILL(m2, LINEAR)", {0: 2, 1: 1, 2: 0, 3: 4}),
        ("FILL(m2, MAX(m1))", {0: 2, 1: 30, 2: 0, 3: 4, 4: 30}),
        ("SUM(FILL(METRICS(), 0))", {0: 12, 1: 20, 2: 30, 3: 4, 4: 0}),
        ("RATE(m1)", {1: 1 / 6, 2: 1 / 6}),
        ("DIFF(m2)", {2: -2, 3: 4}),
        ("DIFF_TIME(m2)", {2: 120, 3: 60}),
        ("RUNNING_SUM(m1)", {0: 10, 1: 30, 2: 60}),
        ("m1 / PERIOD(m1)", {0: 1 / 6, 1: 1 / 3, 2: 0.5}),
        ("ABS(0 - m2)", {0: 2, 2: 0, 3: 4}),
        ("CEIL(m1 / 7)", {0: 2, 1: 3, 2: 5}),
        ("FLOOR(m1 / 7)", {0: 1, 1: 2, 2: 4}),
        ("LOG10(m1 * 10 / m1 * 10 )", {0: 2, 1: 2, 2: 2}),
        ("LOG(m2)", {0: math.log(2), 3: math.log(4)}),
        ("IF(m1 > 15, m1, 0)", {0: 0, 1: 20, 2: 30}),
        ("IF(m1 > 15, m1)", {1: 20, 2: 30}),
        ("IF(m1, m2, m1)", {0: 2, 2: 0}),
        ("IF(SUM(m1) > 100, m1, m2)", {0: 2, 2: 0, 3: 4}),
        ("TIME_SERIES(3)", {0: 3, 1: 3, 2: 3, 3: 3, 4: 3}),
        ("FIRST(METRICS())", {0: 10, 1: 20, 2: 30}),
        ("LAST(SLICE([m1, m2, m1], 0, 2))", {0: 2, 2: 0, 3: 4}),
        ("sum(metrics())", {0: 12, 1: 20, 2: 30, 3: 4}),
    ],
)
async def test_expressions_come_to_what_they_say(text: str, points: dict[int, float]) -> None:
    found = (await evaluated(text)).popitem()[1]

    assert found == pytest.approx(points)


async def test_a_metric_without_data_is_filled() -> None:
    assert await one("FILL(m9, 0)", metrics={"m9": {-9: 1.0}}, minutes=3) == {0: 0, 1: 0, 2: 0}


async def test_filling_keeps_to_the_period() -> None:
    found = await one("FILL(m1, 0)", metrics={"m1": {5: 1.0}}, minutes=16, period=300)

    assert found == {0: 0, 5: 1, 10: 0, 15: 0}


async def test_filling_goes_no_further_than_data_may_reach() -> None:
    found = await one("FILL(m1, 0)", minutes=60 * 24 * 365 * 100)

    assert 0 < len(found) < 60 * 24 * 2


async def test_expressions_use_each_other_in_any_order() -> None:
    found = await evaluated("e2 * 2", "e3 + m1", "m1 / 10")

    assert found["e1"] == {0: 22, 1: 44, 2: 66}
    assert found["e2"] == {0: 11, 1: 22, 2: 33}


async def test_an_array_is_a_result_for_each_of_its_series() -> None:
    found = await evaluated("METRICS() * 2")

    assert found == {"m1": {0: 20, 1: 40, 2: 60}, "m2": {0: 4, 2: 0, 3: 8}}


async def test_a_sum_of_four_hundred_is_no_problem() -> None:
    assert await one("+".join(["m1"] * 400)) == {0: 4000, 1: 8000, 2: 12000}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("m1 +", "ends too early"),
        ("m1 m2", "cannot go on with m2"),
        ("m1 + * m2", "no operand before *"),
        ("(m1", "lacks a )"),
        ("SUM(m1", "lacks a ,"),
        ("m1 $ 2", "something unknown at position 4"),
        ("(" * 50 + "m1" + ")" * 50, "nested too deeply"),
        ("-" * 500 + "m1", "nested too deeply"),
        ("m9 * 2", "names m9, and no query has that Id"),
        ("SUM(m1)", "single number"),
        ("'text'", "single number"),
        ("METRICS() + METRICS()", "two arrays"),
        ("m1 + 'text'", "a string beside +"),
        ("SUM(m1, m2)", "SUM with 2 arguments"),
        ("FIRST(m1)", "an array of time series"),
        ("SUM(1)", "a time series"),
        ("FILL(m1, 'x')", "a number"),
        ("[m1, 2]", "other than time series in an array"),
        ("IF(METRICS(), m1)", "an array as the condition"),
        ("ANOMALY_DETECTION_BAND(m1, 2)", "the function ANOMALY_DETECTION_BAND, which there is none of here"),
        ("SELECT AVG(Errors) FROM SCHEMA(N)", "Metrics Insights"),
        ("SEARCH(m1, 'Sum')", "quotation marks"),
        ("SEARCH('Errors', 'Most')", "not a valid statistic"),
        ("SEARCH('Errors', 'Sum', 61)", "a period of 61"),
        ("SEARCH('', 'Sum')", "a SEARCH for nothing"),
        ("SEARCH('{} x', 'Sum')", "without a namespace"),
        ("SEARCH('(x', 'Sum')", "lacks a )"),
        ("SEARCH('x OR', 'Sum')", "lacks a term"),
        ("SEARCH('MetricName=', 'Sum')", "lacks a term"),
        ("""SEARCH('MetricName="x', 'Sum')""", "open quotation"),
        ("METRICS(m1)", "METRICS with something other than one string"),
    ],
)
async def test_what_is_wrong_with_an_expression_is_said(text: str, said: str) -> None:
    with pytest.raises(Fault) as caught:
        await evaluated(text)

    assert caught.value.code == "ValidationError"
    assert "Error in expression 'e1'" in str(caught.value)
    assert said in str(caught.value)


async def test_expressions_that_need_each_other_are_refused() -> None:
    with pytest.raises(Fault, match="refer to each other"):
        await evaluated("e2 + 1", "e1 + 1")


async def test_a_request_that_takes_too_much_to_calculate_is_refused() -> None:
    long = dict.fromkeys(range(-60 * 24 * 14, 0, 1), 1.0)
    store = MetricStore(clock=lambda: NOW)
    for minute in long:
        store.add(HOME, "N", "m", {}, 1, at=NOW + minute * 60, unit="None")
    metric = {"Metric": {"Namespace": "N", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}
    queries = [{"Id": f"m{number}", "MetricStat": metric, "ReturnData": False} for number in range(25)]
    request = {"StartTime": NOW - 14 * 86400, "EndTime": NOW}

    with pytest.raises(Fault, match="400,000 datapoints"):
        await metric_data.answer(
            store,
            HOME,
            {**request, "MetricDataQueries": [*queries, {"Id": "e1", "Expression": "SUM(METRICS())"}]},
            NOW,
            Pace(),
        )


@given(st.text("m1+-*/^()[]<>=!&|ANDOR ,.'\"eEFILSUM0", max_size=60))
def test_any_text_is_an_expression_or_is_refused(text: str) -> None:
    with contextlib.suppress(BadExpression):
        assert list(expression.walk(expression.parsed(text)))
