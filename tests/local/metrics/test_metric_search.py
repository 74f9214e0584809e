from __future__ import annotations

from collections.abc import Sequence

import pytest

from lambdatui.local.metric_store import MetricStore
from lambdatui.local.metrics import metric_data
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.places import HOME, Place

NOW = 1_700_000_000 // 3600 * 3600.0


def shop() -> MetricStore:
    store = MetricStore(clock=lambda: NOW)

    def add(namespace: str, name: str, place: Place = HOME, **dimensions: str) -> None:
        store.add(place, namespace, name, dimensions, 1, at=NOW - 60, unit="Count")

    for function in ("shop-checkout", "shop-orderMail"):
        for name in ("Errors", "Invocations"):
            add("AWS/Lambda", name, FunctionName=function)
            add("AWS/Lambda", name, FunctionName=function, Resource=function)
    add("AWS/Lambda", "Errors")
    add("AWS/Lambda", "ProvisionedConcurrencyInvocations", FunctionName="shop-checkout")
    add("My Shop", "Errors", FunctionName="shop-checkout")
    add("AWS/Lambda", "Errors", Place("210987654321", "eu-west-1"), FunctionName="theirs")
    store.add(HOME, "AWS/Lambda", "Errors", {"FunctionName": "gone"}, 1, at=NOW - 14.5 * 86400, unit="Count")
    return store


async def found(text: str, store: MetricStore | None = None) -> Sequence[str]:
    """The labels of what a search finds."""
    query = {"Id": "e1", "Expression": f"SEARCH('{text}', 'Sum', 60)"}
    request = {"MetricDataQueries": [query], "StartTime": NOW - 600, "EndTime": NOW}
    reply = await metric_data.answer(store or shop(), HOME, request, NOW, Pace())
    assert all(item["Values"] == [1.0] for item in reply.items)
    return [item["Label"] for item in reply.items]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ('{AWS/Lambda,FunctionName} MetricName="Errors"', ["shop-checkout", "shop-orderMail"]),
        ('{"AWS/Lambda", "FunctionName"} MetricName="Errors"', ["shop-checkout", "shop-orderMail"]),
        (
            '{AWS/Lambda,FunctionName} FunctionName="shop-checkout" MetricName=("Errors" OR "Invocations")',
            ["Errors", "Invocations"],
        ),
        (
            '{AWS/Lambda,FunctionName} FunctionName="shop-checkout" NOT Errors',
            ["Invocations", "ProvisionedConcurrencyInvocations"],
        ),
        ("{AWS/Lambda} Errors", ["Errors"]),
        (
            "{AWS/Lambda,FunctionName,Resource} MetricName=Errors",
            ["shop-checkout shop-checkout", "shop-orderMail shop-orderMail"],
        ),
        ('{"My Shop",FunctionName}', ["Errors"]),
        ('{AWS/Lambda,FunctionName} MetricName="Error"', []),
        ("{AWS/Lambda,FunctionName} MetricName=errors order", ["Errors"]),
        ("{AWS/Lambda,FunctionName} MetricName=errors ordermail", []),
        ("{AWS/Lambda,FunctionName} provisioned concurrency", ["ProvisionedConcurrencyInvocations"]),
        (
            "{AWS/Lambda,FunctionName} FunctionName=checkout (Errors OR MetricName=Provisioned)",
            ["Errors", "ProvisionedConcurrencyInvocations"],
        ),
        ('Namespace="My Shop"', ["Errors"]),
        ('{AWS/Lambda,FunctionName} :aws.AccountId="LOCAL" MetricName="Errors"', ["shop-checkout", "shop-orderMail"]),
        ("nothing like it", []),
    ],
)
async def test_a_search_finds_metrics_and_labels_them_by_what_differs(text: str, labels: list[str]) -> None:
    assert await found(text) == labels


async def test_a_search_finds_no_more_than_500() -> None:
    store = MetricStore(clock=lambda: NOW)
    for number in range(510):
        store.add(HOME, "AWS/Lambda", "Errors", {"FunctionName": f"f{number}"}, 1, at=NOW - 60, unit="Count")

    labels = await found("{AWS/Lambda,FunctionName} Errors", store)

    assert labels == [f"f{number}" for number in range(500)]
