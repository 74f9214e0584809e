"""Answers of GetMetricData: read in slices, and what is not written as AWS does is left to the SDK."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import pytest

from lambdatui.aws.log_answers import UnusualError
from lambdatui.aws.metric_answers import read_metric_data


def result(number: int, points: int = 3, **others: Any) -> dict[str, Any]:
    times, values = [1.8e9 + 60 * at for at in range(points)], [float(at) for at in range(points)]
    return {"Id": f"q{number}", "Timestamps": times, "Values": values, "StatusCode": "Complete", **others}


def read(answer: Any) -> dict[str, Any]:
    return asyncio.run(read_metric_data(json.dumps(answer).encode()))


def test_an_answer_is_read_as_json_has_it() -> None:
    answer = {"MetricDataResults": [result(0), result(1, 0)], "NextToken": "t", "Messages": [{"Code": "a"}]}
    assert read(answer) == answer
    assert read({"MetricDataResults": [], "NextToken": None}) == {"MetricDataResults": []}


@pytest.mark.parametrize(
    "answer",
    [
        [], {}, {"MetricDataResults": None}, {"MetricDataResults": [3]}, {"MetricDataResults": [{}]},
        {"MetricDataResults": [result(0, Values=[1.0])]}, {"MetricDataResults": [result(0, Values=["1", 2, 3])]},
        {"MetricDataResults": [result(0, Values=[True, 2, 3])]}, {"MetricDataResults": [result(0, Timestamps="now")]},
        {"MetricDataResults": [], "NextToken": 3}, {"MetricDataResults": [], "Messages": "no"},
        {"MetricDataResults": [result(0, Messages=[1])]}, {"MetricDataResults": [result(0, Id=4)]},
    ],
)  # fmt: skip
def test_what_is_of_another_form_is_unusual(answer: Any) -> None:
    with pytest.raises(UnusualError):
        read(answer)


def test_half_an_answer_or_a_damaged_one_is_unusual_or_json() -> None:
    chance = random.Random(8)
    whole = json.dumps({"MetricDataResults": [result(0), result(1)]}).encode()
    for _ in range(300):
        with pytest.raises(UnusualError):
            asyncio.run(read_metric_data(whole[: chance.randrange(len(whole))]))
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] = chance.randrange(256)
        try:
            found = asyncio.run(read_metric_data(bytes(damaged)))
        except UnusualError:
            continue
        assert found == json.loads(damaged)


async def test_others_have_their_turn_while_a_long_answer_is_read() -> None:
    body = json.dumps({"MetricDataResults": [result(number, 200) for number in range(500)]}).encode()
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    assert len((await read_metric_data(body))["MetricDataResults"]) == 500
    counting.cancel()
    assert turns > 2
