from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from lambdatui.local import identity
from lambdatui.local.inward import ask
from lambdatui.local.metric_store import MetricStore
from lambdatui.local.metrics.api import MetricsApi
from lambdatui.local.pending import Pending
from lambdatui.local.places import HOME, Place
from tests.local.metric_clients import PROTOCOLS, Behind, client, served
from tests.local.shapes import fits

pytestmark = pytest.mark.local

NOW = time.time() // 3600 * 3600 - 1800.0
"""Half an hour before a full one, so that there are full hours on both sides; real time, for clients sign with it."""

LAMBDA = "AWS/Lambda"


class Served(NamedTuple):
    url: str
    store: MetricStore
    behind: Behind


@pytest.fixture
def endpoint() -> Iterator[Served]:
    """An endpoint whose store is empty, and whose clock stands at NOW."""
    store, behind = MetricStore(clock=lambda: NOW), Behind()

    def make() -> Any:
        api = MetricsApi(behind, store, clock=lambda: NOW)

        async def front(scope: Any, receive: Any, send: Any) -> None:
            await (api if api.answers(scope) else behind)(scope, receive, send)

        return front

    with served(make) as url:
        yield Served(url, store, behind)


@pytest.fixture(params=PROTOCOLS)
def cloudwatch(request: Any, endpoint: Served, tmp_path: Path) -> Any:
    """A client of it, of each protocol in turn."""
    return client(endpoint.url, request.param, tmp_path)


@pytest.fixture
def some(endpoint: Served, tmp_path: Path) -> Any:
    """A client of it, of the protocol that boto3 chooses."""
    return client(endpoint.url, "json", tmp_path)


def moment(minutes: float = 0) -> datetime:
    return datetime.fromtimestamp(NOW, UTC) + timedelta(minutes=minutes)


def add(to: Served, name: str, *values: float, minute: int = 0, unit: str = "Count", **dimensions: str) -> None:
    for value in values:
        to.store.add(HOME, LAMBDA, name, dimensions, value, at=NOW + minute * 60, unit=unit)


def stat(name: str, statistic: str = "Sum", period: int = 60, **dimensions: str) -> dict[str, Any]:
    metric = {
        "Namespace": LAMBDA,
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
    }
    return {"Metric": metric, "Period": period, "Stat": statistic}


def data(cloudwatch: Any, *queries: dict[str, Any], start: float = -60, end: float = 60, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = cloudwatch.get_metric_data(
        MetricDataQueries=queries, StartTime=moment(start), EndTime=moment(end), **more
    )
    assert fits("cloudwatch", "GetMetricData", answer) == []
    return answer


def points(result: dict[str, Any]) -> dict[int, float]:
    """Values by minute from NOW."""
    minutes = [round((at - moment()) / timedelta(minutes=1)) for at in result["Timestamps"]]
    return dict(zip(minutes, result["Values"], strict=True))


def refusal(call: Any, **request: Any) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response
    return error["Error"]["Code"], error["Error"]["Message"], error["ResponseMetadata"]["HTTPStatusCode"]


def test_what_is_put_comes_back_in_every_protocol(cloudwatch: Any) -> None:
    dimensions = [{"Name": "Shop", "Value": "a & <b>"}]
    cloudwatch.put_metric_data(
        Namespace="Mine",
        MetricData=[
            {"MetricName": "Size", "Dimensions": dimensions, "Timestamp": moment(), "Value": 2.5, "Unit": "Bytes"},
            {"MetricName": "Size", "Dimensions": dimensions, "Timestamp": moment(), "Values": [1, 4], "Counts": [2, 1]}
            | {"Unit": "Bytes", "StorageResolution": 1},
            {"MetricName": "Set", "Timestamp": moment(-1), "Unit": "Count"}
            | {"StatisticValues": {"SampleCount": 4, "Sum": 10, "Minimum": 1, "Maximum": 5}},
        ],
    )
    metric = {"Namespace": "Mine", "MetricName": "Size", "Dimensions": dimensions}

    listed = cloudwatch.list_metrics(Namespace="Mine")
    got = cloudwatch.get_metric_statistics(
        **metric, StartTime=moment(-5), EndTime=moment(5), Period=60, Statistics=["Sum", "SampleCount", "Maximum"]
    )
    queries = [
        {"Id": "size", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Minimum"}},
        {
            "Id": "set",
            "MetricStat": {"Metric": {"Namespace": "Mine", "MetricName": "Set"}, "Period": 60, "Stat": "Sum"},
        },
    ]
    size, its_set = data(cloudwatch, *queries)["MetricDataResults"]

    assert fits("cloudwatch", "ListMetrics", listed) == []
    assert listed["Metrics"] == [metric, {"Namespace": "Mine", "MetricName": "Set", "Dimensions": []}]
    assert fits("cloudwatch", "GetMetricStatistics", got) == []
    assert got["Label"] == "Size"
    expected = {"Timestamp": moment(), "Sum": 8.5, "SampleCount": 4.0, "Maximum": 4.0, "Unit": "Bytes"}
    assert got["Datapoints"] == [expected]
    assert (points(size), points(its_set)) == ({0: 1.0}, {-1: 10.0})
    assert (size["Label"], size["StatusCode"]) == ("Size", "Complete")


def test_percentiles_are_a_map_in_every_protocol(endpoint: Served, cloudwatch: Any) -> None:
    add(endpoint, "Duration", *range(1, 101), unit="Milliseconds")

    got = cloudwatch.get_metric_statistics(
        Namespace=LAMBDA,
        MetricName="Duration",
        StartTime=moment(),
        EndTime=moment(1),
        Period=60,
        ExtendedStatistics=["p50", "p99.9", "TM(10%:90%)"],
    )

    assert fits("cloudwatch", "GetMetricStatistics", got) == []
    (point,) = got["Datapoints"]
    assert point["ExtendedStatistics"] == {
        "p50": pytest.approx(50.5, rel=0.02),
        "p99.9": pytest.approx(99.9, rel=0.02),
        "TM(10%:90%)": pytest.approx(50.5, rel=0.02),
    }


def test_a_refusal_has_its_code_and_message_in_every_protocol(cloudwatch: Any) -> None:
    code, message, status = refusal(
        cloudwatch.get_metric_statistics,
        Namespace=LAMBDA,
        MetricName="Errors",
        StartTime=moment(-60 * 24),
        EndTime=moment(),
        Period=1,
        Statistics=["Sum"],
    )

    assert (code, status) == ("InvalidParameterCombination", 400)
    assert "You have requested up to 86400 datapoints, which exceeds the limit of 1440" in message

    code, message, status = refusal(
        cloudwatch.get_metric_data,
        MetricDataQueries=[{"Id": "m1", "MetricStat": stat("Errors", "Most & <all>")}],
        StartTime=moment(-1),
        EndTime=moment(),
    )

    assert (code, status) == ("ValidationError", 400)
    assert message.startswith("The value Most & <all> for parameter MetricDataQueries.member.1.MetricStat.Stat")


def test_the_exceptions_of_the_model_are_raised(cloudwatch: Any) -> None:
    with pytest.raises(cloudwatch.exceptions.InvalidNextToken):
        data(cloudwatch, {"Id": "m1", "MetricStat": stat("Errors")}, NextToken="what?")
    with pytest.raises(cloudwatch.exceptions.InvalidParameterValueException):
        cloudwatch.put_metric_data(Namespace="N", MetricData=[{"MetricName": "m", "Value": float("nan")}])
    with pytest.raises(cloudwatch.exceptions.MissingRequiredParameterException):
        cloudwatch.put_metric_data(Namespace="N", MetricData=[{"MetricName": "m"}])


def test_every_other_operation_goes_on_untouched(endpoint: Served, cloudwatch: Any) -> None:
    with contextlib.suppress(ResponseParserError):  # the empty answer is XML to nobody
        cloudwatch.delete_alarms(AlarmNames=["first", "second"])

    (body,) = endpoint.behind.got
    assert b"first" in body
    assert b"second" in body


@pytest.mark.parametrize(
    ("form", "service", "ours"),
    [
        ({"Action": "ListMetrics", "Version": "2010-08-01"}, None, True),
        ({"Action": "ListMetrics"}, "monitoring", True),
        ({"Action": "ListMetrics"}, None, False),
        ({"Action": "ListMetrics", "Version": "2010-08-01"}, "sns", False),
        ({"Action": "ListTopics", "Version": "2010-03-31"}, None, False),
        ({"Action": "DescribeAlarms", "Version": "2010-08-01"}, "monitoring", False),
        ({}, None, False),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_of_forms_only_our_actions_are_taken(
    endpoint: Served, method: str, form: dict[str, str], service: str | None, ours: bool
) -> None:
    encoded = urlencode(form)
    credential = f"AWS4-HMAC-SHA256 Credential=k/20260101/eu-west-1/{service}/aws4_request, Signature=0"
    request = Request(  # noqa: S310
        f"{endpoint.url}/?{encoded}" if method == "GET" else endpoint.url,
        data=None if method == "GET" else encoded.encode(),
        headers={"Authorization": credential} if service else {},
        method=method,
    )

    with urlopen(request) as response:  # noqa: S310
        answered = response.read()

    assert (b"<ListMetricsResult><Metrics></Metrics></ListMetricsResult>" in answered) == ours
    assert endpoint.behind.got == ([] if ours else [b"" if method == "GET" else encoded.encode()])


def test_a_compressed_request_is_understood(endpoint: Served, cloudwatch: Any) -> None:
    names = [f"metric-with-a-long-name-{number}" for number in range(400)]

    cloudwatch.put_metric_data(
        Namespace="N", MetricData=[{"MetricName": name, "Value": 1, "Timestamp": moment()} for name in names]
    )

    assert [metric.id.name for metric in endpoint.store.metrics()] == names


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        (b"no gzip", "SerializationException", 400),
        (gzip.compress(b"{}")[:-9], "SerializationException", 400),
        (gzip.compress(b" " * 9_000_000), "RequestEntityTooLarge", 413),
    ],
    ids=["not", "cut off", "too large"],
)
def test_a_request_that_is_badly_compressed_is_refused(endpoint: Served, body: bytes, code: str, status: int) -> None:
    headers = {"X-Amz-Target": "GraniteServiceVersion20100801.PutMetricData", "Content-Encoding": "gzip"}

    assert _raw(endpoint, body, headers) == (status, code)


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"Namespace": 1}', b'{"Namespace": "\\ud800"}', b'{"MetricData": {}}', b"[" * 100_000]
)
def test_a_body_that_makes_no_sense_is_refused(endpoint: Served, body: bytes) -> None:
    headers = {"X-Amz-Target": "GraniteServiceVersion20100801.PutMetricData"}

    assert _raw(endpoint, body, headers) == (400, "SerializationException")


def test_a_body_of_more_than_a_megabyte_is_refused(endpoint: Served) -> None:
    headers = {"X-Amz-Target": "GraniteServiceVersion20100801.PutMetricData"}

    assert _raw(endpoint, b" " * (1 << 20) + b"{}", headers) == (413, "RequestEntityTooLarge")


def _raw(endpoint: Served, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """The status of a request by hand, and the code of the error."""
    try:
        urlopen(Request(endpoint.url, data=body, headers=headers))  # noqa: S310
    except HTTPError as problem:
        return problem.code, json.loads(problem.read())["__type"].partition("#")[2]
    return 200, ""


def test_periods_begin_at_the_start_time_which_is_rounded_down_to_its_minute(endpoint: Served, some: Any) -> None:
    for minute in range(10):
        add(endpoint, "Invocations", 1, minute=minute)
    query = {"Id": "m1", "MetricStat": stat("Invocations", period=300)}

    (aligned,) = data(some, query, start=0, end=10)["MetricDataResults"]
    (shifted,) = data(some, query, start=2.9, end=9)["MetricDataResults"]

    assert points(aligned) == {0: 5, 5: 5}
    assert points(shifted) == {2: 5, 7: 2}


@pytest.mark.parametrize(
    ("ago", "rounded"), [(timedelta(days=14), 60), (timedelta(days=20), 300), (timedelta(days=70), 3600)]
)
def test_a_start_time_long_ago_is_rounded_more(endpoint: Served, some: Any, ago: timedelta, rounded: int) -> None:
    add(endpoint, "Invocations", 1)
    start = moment() - ago - timedelta(minutes=17)

    answer = some.get_metric_data(
        MetricDataQueries=[{"Id": "m1", "MetricStat": stat("Invocations", period=86400)}],
        StartTime=start,
        EndTime=moment(1),
    )

    (at,) = answer["MetricDataResults"][0]["Timestamps"]
    assert (at.timestamp() - start.timestamp() // rounded * rounded) % 86400 == 0


def test_gaps_are_gaps_and_the_newest_point_is_first_unless_asked_otherwise(endpoint: Served, some: Any) -> None:
    for minute in (0, 1, 5):
        add(endpoint, "Errors", minute, minute=minute)
    query = {"Id": "m1", "MetricStat": stat("Errors")}

    (newest_first,) = data(some, query)["MetricDataResults"]
    (oldest_first,) = data(some, query, ScanBy="TimestampAscending")["MetricDataResults"]

    assert list(points(newest_first)) == [5, 1, 0]
    assert list(points(oldest_first)) == [0, 1, 5]


def test_the_end_time_is_not_in_the_range(endpoint: Served, some: Any) -> None:
    for minute in range(3):
        add(endpoint, "Errors", 1, minute=minute)

    (result,) = data(some, {"Id": "m1", "MetricStat": stat("Errors")}, start=0, end=2)["MetricDataResults"]

    assert set(points(result)) == {0, 1}


@pytest.mark.parametrize("period", [1, 5, 10, 20, 30, 60])
def test_short_periods_give_a_point_a_minute(endpoint: Served, some: Any, period: int) -> None:
    add(endpoint, "Errors", 1, 2)

    (result,) = data(some, {"Id": "m1", "MetricStat": stat("Errors", period=period)})["MetricDataResults"]

    assert points(result) == {0: 3}


def test_dimensions_are_those_of_the_metric_and_no_others(endpoint: Served, some: Any) -> None:
    add(endpoint, "Errors", 1)
    add(endpoint, "Errors", 2, FunctionName="f")
    add(endpoint, "Errors", 4, FunctionName="f", Resource="f:1")
    queries = [
        {"Id": "all", "MetricStat": stat("Errors")},
        {"Id": "one", "MetricStat": stat("Errors", FunctionName="f")},
        {"Id": "resource", "MetricStat": stat("Errors", Resource="f:1", FunctionName="f")},
        {"Id": "none", "MetricStat": stat("Errors", Resource="f:1")},
    ]

    results = data(some, *queries)["MetricDataResults"]

    assert [points(result).get(0) for result in results] == [1, 2, 4, None]
    assert results[-1]["StatusCode"] == "Complete"


def test_places_do_not_see_each_others_metrics(endpoint: Served, some: Any) -> None:
    endpoint.store.add(Place("210987654321", "eu-west-1"), LAMBDA, "Errors", {}, 1, at=NOW, unit="Count")
    endpoint.store.add(Place(HOME.account, "us-east-1"), LAMBDA, "Errors", {}, 1, at=NOW, unit="Count")

    assert some.list_metrics()["Metrics"] == []
    assert points(data(some, {"Id": "m1", "MetricStat": stat("Errors")})["MetricDataResults"][0]) == {}


def test_a_unit_that_is_asked_for_is_the_only_one(endpoint: Served, some: Any) -> None:
    add(endpoint, "Size", 1, unit="Seconds")
    add(endpoint, "Size", 1000, unit="Milliseconds")
    queries: list[dict[str, Any]] = [
        {"Id": "both", "MetricStat": stat("Size")},
        {"Id": "one", "MetricStat": stat("Size") | {"Unit": "Seconds"}},
        {"Id": "none", "MetricStat": stat("Size") | {"Unit": "Bytes"}},
    ]
    request = {"Namespace": LAMBDA, "MetricName": "Size", "StartTime": moment(), "EndTime": moment(1), "Period": 60}

    results = data(some, *queries)["MetricDataResults"]
    listed = some.get_metric_statistics(**request, Statistics=["Sum"])["Datapoints"]

    assert [points(result) for result in results] == [{0: 1001}, {0: 1}, {}]
    assert [(point["Unit"], point["Sum"]) for point in listed] == [("Seconds", 1), ("Milliseconds", 1000)]
    assert len(some.list_metrics()["Metrics"]) == 1


@pytest.mark.parametrize("order", ["TimestampAscending", "TimestampDescending"])
def test_pages_add_up_to_everything_once(endpoint: Served, some: Any, order: str) -> None:
    for minute in range(20):
        for name in ("Errors", "Throttles", "Invocations"):
            add(endpoint, name, minute, minute=minute)
    queries: list[dict[str, Any]] = [
        {"Id": "errors", "MetricStat": stat("Errors")},
        {"Id": "none", "MetricStat": stat("Nothing")},
        {"Id": "sum", "Expression": "errors + throttles"},
        {"Id": "throttles", "MetricStat": stat("Throttles"), "ReturnData": False},
        {"Id": "found", "Expression": f"SEARCH('{{{LAMBDA}}} MetricName=Invocations', 'Sum', 60)"},
    ]
    whole = {result["Id"]: result for result in data(some, *queries, ScanBy=order)["MetricDataResults"]}

    got: dict[str, list[tuple[datetime, float]]] = {}
    request: dict[str, Any] = {"ScanBy": order, "MaxDatapoints": 7}
    pages = 0
    while True:
        page = data(some, *queries, **request)
        pages += 1
        assert sum(len(result["Values"]) for result in page["MetricDataResults"]) <= 7
        for result in page["MetricDataResults"]:
            got.setdefault(result["Id"], []).extend(zip(result["Timestamps"], result["Values"], strict=True))
            left = len(whole[result["Id"]]["Values"]) - len(got[result["Id"]])
            assert result["StatusCode"] == ("PartialData" if left else "Complete")
        if "NextToken" not in page:
            break
        request["NextToken"] = page["NextToken"]

    assert pages == 9
    assert {name: list(zip(one["Timestamps"], one["Values"], strict=True)) for name, one in whole.items()} == got
    assert list(whole) == ["errors", "none", "sum", "found"]


def test_a_token_is_for_the_request_that_it_was_given_for(endpoint: Served, some: Any) -> None:
    add(endpoint, "Errors", 1)
    add(endpoint, "Errors", 1, minute=1)
    query = {"Id": "m1", "MetricStat": stat("Errors")}
    token = data(some, query, MaxDatapoints=1)["NextToken"]

    assert len(data(some, query, NextToken=token)["MetricDataResults"][0]["Values"]) == 1
    code, _, _ = refusal(
        some.get_metric_data,
        MetricDataQueries=[query | {"Label": "other"}],
        StartTime=moment(-60),
        EndTime=moment(60),
        NextToken=token,
    )
    assert code == "InvalidNextToken"


def test_labels_tell_what_they_are_asked_to(endpoint: Served, some: Any) -> None:
    add(endpoint, "Errors", 1, minute=0, FunctionName="f")
    add(endpoint, "Errors", 5, minute=1, FunctionName="f")
    label = "${LABEL} ${PROP('Dim.FunctionName')} ${PROP('Stat')} ${MAX} ${LAST} ${SUM} ${MAX_TIME} ${WHAT}"
    query = {"Id": "m1", "MetricStat": stat("Errors", FunctionName="f"), "Label": label}

    (utc,) = data(some, query)["MetricDataResults"]
    (elsewhere,) = data(some, query, LabelOptions={"Timezone": "+0130"})["MetricDataResults"]
    (empty,) = data(some, query | {"Label": "${MAX}"}, start=-5, end=-4)["MetricDataResults"]

    there = moment(1) + timedelta(minutes=90)
    assert utc["Label"] == f"Errors f Sum 5 5 6 {moment(1):%Y-%m-%d %H:%M:%S} UTC ${{WHAT}}"
    assert f"{there:%Y-%m-%d %H:%M:%S} UTC+01:30" in elsewhere["Label"]
    assert empty["Label"] == "--"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"StartTime": 0, "EndTime": 0}, "StartTime must not equal parameter EndTime"),
        ({"StartTime": 1, "EndTime": 0}, "StartTime must be less than"),
        ({"MaxDatapoints": 100_801}, "MaxDatapoints"),
        ({"LabelOptions": {"Timezone": "CET"}}, "Timezone"),
        ({"MetricDataQueries": []}, "The parameter MetricDataQueries is required."),
        ({"MetricDataQueries": [{"Id": f"m{n}", "Expression": "1"} for n in range(501)]}, "greater than 500"),
        ({"MetricDataQueries": [{"Id": "M1", "MetricStat": stat("E")}]}, "The value M1 for parameter"),
        ({"MetricDataQueries": [{"Id": "m", "MetricStat": stat("E")}] * 2}, "not unique"),
        ({"MetricDataQueries": [{"Id": "m"}]}, "Exactly one of"),
        ({"MetricDataQueries": [{"Id": "m", "MetricStat": stat("E"), "Expression": "1"}]}, "Exactly one of"),
        ({"MetricDataQueries": [{"Id": "m", "MetricStat": stat("E", period=61)}]}, "a multiple of 60"),
        ({"MetricDataQueries": [{"Id": "m", "MetricStat": stat("E", "P95")}]}, "not a valid statistic"),
        ({"MetricDataQueries": [{"Id": "m", "MetricStat": stat("E") | {"Metric": {}}}]}, "Namespace is required"),
        ({"MetricDataQueries": [{"Id": "m", "MetricStat": stat("E"), "AccountId": "210987654321"}]}, "linked"),
    ],
)
def test_get_metric_data_says_what_is_wrong(some: Any, change: dict[str, Any], said: str) -> None:
    request: dict[str, Any] = {"MetricDataQueries": [{"Id": "m1", "MetricStat": stat("E")}]}
    request |= {"StartTime": -60, "EndTime": 0} | change
    for name in ("StartTime", "EndTime"):
        request[name] = moment(request[name])

    code, message, status = refusal(some.get_metric_data, **request)

    assert (code, status) == ("ValidationError", 400)
    assert said in message


def test_it_says_everything_that_is_wrong_at_once(some: Any) -> None:
    queries = [{"Id": f"m{number}", "MetricStat": stat("E", "Most")} for number in range(1, 4)]

    _, message, _ = refusal(some.get_metric_data, MetricDataQueries=queries, StartTime=moment(-1), EndTime=moment())

    assert len(message.splitlines()) == 3
    assert "MetricDataQueries.member.3.MetricStat.Stat is not a valid statistic." in message


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"Statistics": []}, "InvalidParameterCombination", "either Statistics or ExtendedStatistics"),
        ({"ExtendedStatistics": ["p95"]}, "InvalidParameterCombination", "mutually exclusive"),
        ({"Statistics": [], "ExtendedStatistics": ["Sum"]}, "InvalidParameterValue", "Sum"),
        ({"Period": 90}, "InvalidParameterValue", "Period"),
        ({"StartTime": moment(1)}, "InvalidParameterValue", "StartTime"),
        ({"Unit": "Parsec"}, "InvalidParameterValue", "must be a value in the set [ Seconds, Microseconds,"),
    ],
)
def test_get_metric_statistics_says_what_is_wrong(some: Any, change: dict[str, Any], code: str, said: str) -> None:
    request = {"Namespace": "N", "MetricName": "m", "StartTime": moment(-1), "EndTime": moment(), "Period": 60}
    request |= {"Statistics": ["Sum"]} | change
    if not request["Statistics"]:
        del request["Statistics"]

    its_code, message, _ = refusal(some.get_metric_statistics, **request)

    assert its_code == code
    assert said in message


def _datum(**members: Any) -> dict[str, Any]:
    return {"MetricName": "m", "Timestamp": moment(), "Value": 1, **members}


@pytest.mark.parametrize(
    ("metrics", "code", "said"),
    [
        (
            [_datum()] * 1001,
            "InvalidParameterValue",
            "The collection MetricData must not have a size greater than 1000.",
        ),
        ([_datum(Dimensions=[{"Name": f"d{n}", "Value": "v"} for n in range(31)])], "InvalidParameterValue", "30"),
        ([_datum(Dimensions=[{"Name": "d", "Value": "v"}] * 2)], "InvalidParameterValue", "same Name"),
        ([_datum(Dimensions=[{"Name": ":d", "Value": "v"}])], "InvalidParameterValue", ":d"),
        ([_datum(Dimensions=[{"Name": "d", "Value": "\x07"}])], "InvalidParameterValue", "Dimensions.member.1.Value"),
        ([_datum(Value=float("inf"))], "InvalidParameterValue", "inf for parameter MetricData.member.1.Value"),
        ([_datum(Value=2.0**361)], "InvalidParameterValue", "MetricData.member.1.Value"),
        ([_datum(), _datum(Timestamp=moment(-60 * 24 * 15))], "InvalidParameterValue", "MetricData.member.2.Timestamp"),
        ([_datum(Timestamp=moment(121))], "InvalidParameterValue", "two hours in the future"),
        ([_datum(StorageResolution=30)], "InvalidParameterValue", "StorageResolution"),
        ([_datum(Values=[1.0])], "InvalidParameterCombination", "mutually exclusive"),
        ([{"MetricName": "m"}], "MissingParameter", "MetricData.member.1.Value"),
        ([{"MetricName": "m", "Values": [1.0] * 151}], "InvalidParameterValue", "150"),
        ([{"MetricName": "m", "Values": [1.0], "Counts": [1.0, 2.0]}], "InvalidParameterValue", "same size"),
        ([{"MetricName": "m", "Values": [1.0], "Counts": [-1.0]}], "InvalidParameterValue", "negative"),
    ],
)
def test_put_metric_data_says_what_is_wrong_and_takes_nothing(
    endpoint: Served, some: Any, metrics: list[dict[str, Any]], code: str, said: str
) -> None:
    its_code, message, _ = refusal(some.put_metric_data, Namespace="N", MetricData=metrics)

    assert its_code == code
    assert said in message
    assert endpoint.store.metrics() == []


def test_metrics_of_entities_are_taken(endpoint: Served, some: Any) -> None:
    entity = {"KeyAttributes": {"Type": "Service", "Name": "shop"}}

    some.put_metric_data(Namespace="N", EntityMetricData=[{"Entity": entity, "MetricData": [_datum()]}])

    assert [metric.id.name for metric in endpoint.store.metrics()] == ["m"]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, ["all", "f", "g", "f:1"]),
        ({"Dimensions": [{"Name": "FunctionName"}]}, ["f", "g", "f:1"]),
        ({"Dimensions": [{"Name": "FunctionName", "Value": "f"}]}, ["f", "f:1"]),
        ({"Dimensions": [{"Name": "FunctionName", "Value": "f"}, {"Name": "Resource"}]}, ["f:1"]),
        ({"Dimensions": [{"Name": "Other"}]}, []),
        ({"MetricName": "g"}, ["g"]),
        ({"Namespace": "Other"}, []),
        ({"RecentlyActive": "PT3H"}, ["f", "g", "f:1"]),
    ],
)
def test_metrics_are_listed_by_what_they_are(
    endpoint: Served, some: Any, wanted: dict[str, Any], names: list[str]
) -> None:
    add(endpoint, "all", 1, minute=-200)
    add(endpoint, "f", 1, FunctionName="f")
    add(endpoint, "g", 1, FunctionName="g")
    add(endpoint, "f:1", 1, FunctionName="f", Resource="f:1")

    assert [metric["MetricName"] for metric in some.list_metrics(**wanted)["Metrics"]] == names


def test_metrics_are_listed_in_pages_of_500(endpoint: Served, some: Any) -> None:
    for number in range(1001):
        add(endpoint, f"m{number}", 1)

    pages = [page["Metrics"] for page in some.get_paginator("list_metrics").paginate()]

    assert [len(page) for page in pages] == [500, 500, 1]
    assert [metric["MetricName"] for page in pages for metric in page] == [f"m{number}" for number in range(1001)]
    with pytest.raises(some.exceptions.InvalidParameterValueException):
        some.list_metrics(NextToken="what?")


def test_the_owners_of_metrics_are_told_when_asked_for(endpoint: Served, some: Any) -> None:
    add(endpoint, "m", 1)

    ours = some.list_metrics(IncludeLinkedAccounts=True)
    theirs = some.list_metrics(IncludeLinkedAccounts=True, OwningAccount="210987654321")

    assert ours["OwningAccounts"] == [HOME.account]
    assert theirs["Metrics"] == []


def test_data_that_was_dropped_for_want_of_room_is_told_of(some: Any, endpoint: Served) -> None:
    add(endpoint, "Errors", 1)
    endpoint.store.dropped_before = NOW - 1800
    query = {"Id": "m1", "MetricStat": stat("Errors")}

    assert [message["Code"] for message in data(some, query)["Messages"]] == ["Dropped"]
    assert data(some, query, start=-30)["Messages"] == []


async def test_others_have_their_turn_while_a_long_request_is_answered() -> None:
    store = MetricStore(clock=lambda: NOW)
    for function in range(50):
        for minute in range(120):
            values = [(1.1**step, 1.0) for step in range(50)]
            dimensions = {"FunctionName": f"f{function}"}
            store.roll_in(HOME, LAMBDA, "Duration", dimensions, values, at=NOW + minute * 60, unit="Milliseconds")
    queries = [
        {"Id": f"m{number}", "MetricStat": stat("Duration", "p99", FunctionName=f"f{number % 50}")}
        for number in range(500)
    ]
    request = {"MetricDataQueries": queries, "StartTime": NOW, "EndTime": NOW + 7200}
    headers = [(b"x-amz-target", b"GraniteServiceVersion20100801.GetMetricData")]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}

    asking = asyncio.create_task(ask(MetricsApi(Behind(), store), scope, json.dumps(request).encode()))
    turns = 0
    while not asking.done():
        await asyncio.sleep(0)
        turns += 1

    assert sum(len(result["Values"]) for result in json.loads((await asking).body)["MetricDataResults"]) == 60_000
    assert turns > 20


async def test_what_is_still_being_written_is_waited_for_and_then_answered() -> None:
    store, past = MetricStore(clock=lambda: NOW), Pending()
    headers = [(b"x-amz-target", b"GraniteServiceVersion20100801.ListMetrics")]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}

    asking = asyncio.create_task(ask(MetricsApi(Behind(), store, past=past), scope, b"{}"))
    for _ in range(20):
        await asyncio.sleep(0)
    assert past.waiting == 1
    store.roll_in(HOME, LAMBDA, "Errors", {}, [(1.0, 1.0)], at=NOW, unit="Count")
    past.over()

    assert [it["MetricName"] for it in json.loads((await asking).body)["Metrics"]] == ["Errors"]
    assert past.waiting == 0


async def test_of_a_client_that_goes_in_the_middle_of_its_request_nothing_is_kept() -> None:
    store, sent = MetricStore(), []
    form = b"Action=PutMetricData&Version=2010-08-01&Namespace=N&MetricData.member.1.MetricName=m&"
    messages = [{"type": "http.request", "body": form + b"MetricData.member.1.Value=1", "more_body": True}]
    messages += [{"type": "http.disconnect"}]
    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"120")]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await MetricsApi(Behind(), store)(scope, receive, send)

    assert (store.metrics(), sent) == ([], [])


def test_aws_cli_gets_metric_data(endpoint: Served, tmp_path: Path) -> None:
    aws = shutil.which("aws")
    if aws is None:
        pytest.skip("awscli is not installed")
    add(endpoint, "Errors", 1, 2, FunctionName="f")
    environment = {
        **identity.exports(urlsplit(endpoint.url).port or 0),
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
    }
    queries = json.dumps([{"Id": "m1", "MetricStat": stat("Errors", FunctionName="f")}])

    def run(*arguments: str) -> Any:
        out = subprocess.check_output([aws, "cloudwatch", *arguments, "--output", "json"], env=environment)
        return json.loads(out) if out else None

    run("put-metric-data", "--namespace", "N", "--metric-name", "m", "--value", "3", "--timestamp", str(int(NOW)))
    times = ("--start-time", str(int(NOW - 60)), "--end-time", str(int(NOW + 60)))
    got = run("get-metric-data", "--metric-data-queries", queries, *times)
    simple = run(
        *("get-metric-statistics", "--namespace", "N", "--metric-name", "m", "--period", "60"),
        *("--statistics", "Sum", *times),
    )

    assert got["MetricDataResults"][0]["Values"] == [3.0]
    assert simple["Datapoints"][0]["Sum"] == 3.0
    assert len(run("list-metrics")["Metrics"]) == 2
