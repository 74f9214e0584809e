"""Figures against the embedded endpoint: functions called a known number of times, with known outcomes."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any
from uuid import uuid4

import botocore.session
import pytest
from botocore.config import Config

from lambdatui.aws.gateway import Aws
from lambdatui.aws.metrics import Variant
from lambdatui.local.identity import ACCESS_KEY_ID, ACCOUNT_ID, REGION, SECRET_ACCESS_KEY
from lambdatui.model.alarms import alarms_of
from lambdatui.model.function_figures import figures, row_needs
from lambdatui.model.metric_figures import counted, error_rate, peak, total
from lambdatui.model.metrics import Need, Range, Reading, figure, of_function, points
from tests.aws.gateways import Opener, embedded

pytestmark = pytest.mark.local

HANDLER = """
def handler(event, context):
    if event == "boom":
        raise ValueError("out of paper")
    return event
"""


@pytest.fixture
def aws(endpoint_url: str, opened: Opener) -> Aws:
    return embedded(opened, endpoint_url)


def client_of(service: str, url: str) -> Any:
    """The SDK alone, without its further attempts: each of them is an invocation, or a throttle."""
    return botocore.session.Session().create_client(
        service, endpoint_url=url, region_name=REGION,
        aws_access_key_id=ACCESS_KEY_ID, aws_secret_access_key=SECRET_ACCESS_KEY,
        config=Config(retries={"total_max_attempts": 1}),
    )  # fmt: skip


@pytest.fixture
def client(endpoint_url: str) -> Any:
    return client_of("lambda", endpoint_url)


@pytest.fixture
def name(client: Any) -> str:
    """A function of the test's own."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", HANDLER)
    name = f"counted-{uuid4().hex[:8]}"
    client.create_function(
        FunctionName=name, Runtime="python3.12", Role=f"arn:aws:iam::{ACCOUNT_ID}:role/r", Handler="app.handler",
        Code={"ZipFile": package.getvalue()},
    )  # fmt: skip
    client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
    return name


async def known(aws: Aws, needs: Sequence[Need]) -> Mapping[Need, Reading]:
    """What is known of needs once all were answered."""
    watch = aws.metrics.watch()
    watch.want(needs)
    found: dict[Need, Reading] = {}
    async with aclosing(watch.updates()) as updates:
        async for readings in updates:
            found |= readings
            if all(need in found for need in needs):
                return found
    raise AssertionError("updates() ended")


async def test_figures_are_those_of_the_calls_that_were_made(aws: Aws, client: Any, name: str) -> None:
    def call(times: int, word: str) -> None:
        for _ in range(times):
            client.invoke(FunctionName=name, Payload=json.dumps(word))

    await asyncio.to_thread(call, 7, "fine")
    await asyncio.to_thread(call, 3, "boom")
    await asyncio.to_thread(client.put_function_concurrency, FunctionName=name, ReservedConcurrentExecutions=0)
    for _ in range(2):
        with pytest.raises(client.exceptions.TooManyRequestsException):
            await asyncio.to_thread(call, 1, "fine")

    shared, whole = points(Range.HOUR, before=1), figure(Range.HOUR)
    invocations, errors, throttles = (
        Need(of_function(name, metric, "Sum"), shared) for metric in ("Invocations", "Errors", "Throttles")
    )
    p95, slowest = (Need(of_function(name, "Duration", statistic), whole) for statistic in ("p95", "Maximum"))
    together = Need(of_function(name, "ConcurrentExecutions", "Maximum"), shared)
    found = await known(aws, [invocations, errors, throttles, p95, slowest, together])
    assert all(reading.problem is None for reading in found.values())
    assert total(found[invocations].series.last(3600)) == 10
    assert total(found[invocations].series.earlier(3600)) is None
    assert counted(found[errors].series, found[invocations].series) == 3
    assert error_rate(total(found[errors].series), total(found[invocations].series)) == 0.3
    assert total(found[throttles].series) == 2
    assert peak(found[together].series) == 1
    (nearly,), (most,) = found[p95].series.values, found[slowest].series.values
    assert nearly is not None
    assert most is not None
    assert 0 < nearly <= most
    assert aws.metrics.reader.asking.requests == 1
    assert aws.metrics.reader.asking.asked == 6

    row = row_needs(name, Range.HOUR)
    changes = figures(row, await known(aws, row), Range.HOUR)
    assert [changes.more_invocations, changes.more_errors, changes.more_throttles] == [(10, 0), (3, 0), (2, 0)]
    assert [changes.more_rate, changes.more_p95] == [(0.3, None), (nearly, None)]
    # What compares asks for no more series than the row has figures.
    assert aws.metrics.reader.asking.asked <= 6 + len(row)


async def test_what_runs_by_alias_has_variants_and_figures_of_its_own(aws: Aws, client: Any, name: str) -> None:
    version = client.publish_version(FunctionName=name)["Version"]
    client.create_alias(FunctionName=name, Name="live", FunctionVersion=version)
    for qualifier in ("live", "live", version):
        await asyncio.to_thread(client.invoke, FunctionName=name, Qualifier=qualifier, Payload=b"1")
    assert set(await aws.metrics.variants(name)) == {Variant("live"), Variant(version)}
    assert name in await aws.metrics.active()
    needs = [Need(of_function(name, "Invocations", "Sum", it), points(Range.HOUR)) for it in ("", "live", version)]
    found = await known(aws, needs)
    assert [total(found[need].series) for need in needs] == [3, 2, 1]


async def test_a_function_that_never_ran_has_gaps_and_no_rate(aws: Aws, name: str) -> None:
    invocations, errors = (
        Need(of_function(name, metric, "Sum"), points(Range.HOUR)) for metric in ("Invocations", "Errors")
    )
    found = await known(aws, [invocations, errors])
    assert found[invocations].series.empty
    ran = total(found[invocations].series)
    assert ran is None
    assert error_rate(counted(found[errors].series, found[invocations].series), ran) is None


async def test_reservations_are_found_and_the_search_ends_with_the_last(aws: Aws, client: Any, name: str) -> None:
    limits = await aws.concurrency.account()
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=7)
    after = await aws.concurrency.account()
    assert after.concurrent == limits.concurrent
    assert after.unreserved == limits.unreserved - 7
    async with aclosing(aws.concurrency.reservations([name], after)) as steps:
        found = [step async for step in steps][-1]
    assert found.by_function == {name: 7}
    client.delete_function_concurrency(FunctionName=name)


async def test_alarms_on_a_function_are_those_that_were_made(aws: Aws, endpoint_url: str, name: str) -> None:
    client = client_of("cloudwatch", endpoint_url)
    client.put_metric_alarm(
        AlarmName=f"{name}-errors", Namespace="AWS/Lambda", MetricName="Errors", Statistic="Sum", Period=300,
        EvaluationPeriods=1, Threshold=5, ComparisonOperator="GreaterThanThreshold",
        Dimensions=[{"Name": "FunctionName", "Value": name}],
    )  # fmt: skip
    async with aclosing(aws.alarms.pages()) as pages:
        alarms = [alarm async for page in pages for alarm in page]
    (mine,) = alarms_of(alarms, name)
    assert mine.condition == "Errors Sum > 5 in 5 min"
    assert (mine.threshold, mine.expression) == (5, False)
