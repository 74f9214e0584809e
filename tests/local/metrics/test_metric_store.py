from __future__ import annotations

import gc
import threading
import tracemalloc
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.local.metric_store import KEPT, MetricStore
from lambdatui.local.metrics.identity import MetricId
from lambdatui.local.metrics.rollup import Rollup, statistic_set, unpack
from lambdatui.local.places import HOME, Place

NOW = 1_700_000_000 // 3600 * 3600.0


def store(limit: int = 10_000_000, now: float = NOW) -> MetricStore:
    return MetricStore(limit=limit, clock=lambda: now)


def put(to: MetricStore, value: float, *, name: str = "Duration", at: float = NOW, **dimensions: str) -> None:
    to.add(HOME, "AWS/Lambda", name, dimensions, value, at=at, unit="Milliseconds")


def minutes(of: MetricStore, name: str = "Duration", **dimensions: str) -> dict[int, Rollup]:
    """What there is of a metric, by minute from NOW."""
    identity = MetricId(HOME, "AWS/Lambda", name, tuple(sorted(dimensions.items())))
    return {
        chunk.hour * 60 + minute - int(NOW // 60): rollup
        for chunk in of.chunks(identity, 0, NOW + 30 * 86400)
        for minute, rollup in unpack(chunk.packed)
    }


def test_values_of_a_minute_are_rolled_up() -> None:
    metrics = store()
    for second, value in enumerate((10, 30, 20)):
        put(metrics, value, at=NOW + second * 20)
    put(metrics, 5, at=NOW + 60)

    found = minutes(metrics)

    assert list(found) == [0, 1]
    assert (found[0].count, found[0].total, found[0].low, found[0].high) == (3, 60, 10, 30)
    assert found[1].count == 1


def test_minutes_without_values_are_not_there() -> None:
    metrics = store()
    put(metrics, 1)
    put(metrics, 1, at=NOW + 7200)

    assert list(minutes(metrics)) == [0, 120]


def test_metrics_are_apart_by_place_namespace_name_and_dimensions() -> None:
    metrics = store()
    put(metrics, 1)
    put(metrics, 2, FunctionName="f")
    put(metrics, 4, FunctionName="f", Resource="f")
    metrics.add(Place("210987654321", "eu-west-1"), "AWS/Lambda", "Duration", {}, 8, at=NOW, unit="Milliseconds")
    metrics.add(HOME, "Other", "Duration", {}, 16, at=NOW, unit="Milliseconds")

    assert minutes(metrics)[0].total == 1
    assert minutes(metrics, Resource="f", FunctionName="f")[0].total == 4
    assert [metric.number for metric in metrics.metrics()] == [1, 2, 3, 4, 5]


def test_values_of_different_units_are_kept_apart_in_one_metric() -> None:
    metrics = store()
    metrics.add(HOME, "N", "m", {}, 1, at=NOW, unit="Seconds")
    metrics.add(HOME, "N", "m", {}, 1000, at=NOW, unit="Milliseconds")
    (metric,) = metrics.metrics()

    assert [chunk.unit for chunk in metrics.chunks(metric.id, NOW, NOW + 60)] == ["Seconds", "Milliseconds"]


@given(st.lists(st.tuples(st.integers(-180, 180), st.integers(-5, 1000)), max_size=60))
def test_values_may_come_in_any_order_of_time(values: list[tuple[int, int]]) -> None:
    metrics = store()
    expected: dict[int, Rollup] = {}
    for minute, value in values:
        put(metrics, value, at=NOW + minute * 60)
        expected.setdefault(minute, Rollup()).add(value)

    found = minutes(metrics)

    assert found.keys() == expected.keys()
    for minute, rollup in expected.items():
        assert (found[minute].count, found[minute].total) == (rollup.count, rollup.total)
        assert found[minute].buckets == rollup.buckets


def test_history_is_rolled_in_as_if_it_were_added() -> None:
    one, many = store(), store()
    for value in (1, 2, 2, 300):
        put(one, value)
    many.roll_in(HOME, "AWS/Lambda", "Duration", {}, [(1, 1), (2, 2), (300, 1), (7, 0)], at=NOW, unit="Milliseconds")

    assert minutes(one)[0].buckets == minutes(many)[0].buckets
    assert minutes(one)[0].total == minutes(many)[0].total
    assert one.size == many.size


def test_a_statistic_set_is_counted_in() -> None:
    metrics = store()
    put(metrics, 1)
    metrics.merge(HOME, "AWS/Lambda", "Duration", {}, statistic_set(3, 12, 2, 6), at=NOW, unit="Milliseconds")

    assert (minutes(metrics)[0].count, minutes(metrics)[0].total) == (4, 13)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_finite_number_is_refused_and_leaves_nothing(value: float) -> None:
    metrics = store()

    with pytest.raises(ValueError, match="finite"):
        put(metrics, value)
    with pytest.raises(ValueError, match="finite"):
        metrics.roll_in(HOME, "N", "m", {}, [(1, 1), (value, 1)], at=NOW, unit="None")

    assert metrics.metrics() == []
    assert metrics.size == 0


def test_what_is_older_than_15_days_is_not_taken() -> None:
    metrics = store()
    put(metrics, 1, at=NOW - KEPT - 60)

    assert metrics.metrics() == []


def test_what_has_grown_older_than_15_days_goes_and_so_does_a_metric_without_data() -> None:
    now = NOW
    metrics = MetricStore(clock=lambda: now)
    put(metrics, 1, name="Old")
    put(metrics, 1)

    now = NOW + KEPT + 7200
    put(metrics, 1, at=now)

    assert [metric.id.name for metric in metrics.metrics()] == ["Duration"]
    assert metrics.dropped_before == 0


def test_when_it_is_full_the_oldest_hours_go_and_it_says_so() -> None:
    metrics = store(limit=100_000)
    for minute in range(3000):
        put(metrics, minute, at=NOW + minute * 60)
        put(metrics, minute + 0.5, at=NOW + minute * 60)
        assert metrics.size <= 100_000

    found = minutes(metrics)

    assert min(found) > 60
    assert sorted(found) == list(range(min(found), max(found) + 1))
    assert metrics.dropped_before == NOW + min(found) * 60


def test_when_one_hour_is_too_much_its_first_metrics_go() -> None:
    metrics = store(limit=100_000)
    for number in range(1000):
        put(metrics, number, name=f"m{number}")

    names = [metric.id.name for metric in metrics.metrics()]

    assert metrics.size <= 100_000
    assert names == [f"m{number}" for number in range(1000 - len(names), 1000)]
    assert metrics.dropped_before > NOW


def test_everything_gone_leaves_nothing() -> None:
    metrics = store(limit=0)
    for number in range(100):
        put(metrics, number, name=f"m{number % 7}", at=NOW + number * 1800)

    assert metrics.metrics() == []
    assert metrics.size == 0


@pytest.mark.parametrize("shape", ["many metrics", "a long time", "many buckets", "late values"])
def test_its_size_is_what_it_takes(shape: str) -> None:
    sets: Mapping[str, list[tuple[int, int, float]]] = {
        "many metrics": [(number, 0, 1.0) for number in range(2000)],
        "a long time": [(number, minute, 1.0) for minute in range(600) for number in range(20)],
        "many buckets": [
            (number, minute, 1.02**step) for number in range(9) for minute in (0, 1) for step in range(200)
        ],
        "late values": [(number, minute % 7 * 5, float(minute)) for minute in range(100) for number in range(100)],
    }
    metrics = store()
    gc.collect()  # Python has memory ready for tuples and the like, which is not counted again when it is used
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number, minute, value in sets[shape]:
        put(metrics, value, at=NOW + minute * 60, FunctionName=f"function-{number}")
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()

    assert 0.75 * metrics.size < taken < 1.1 * metrics.size


def test_threads_that_add_and_read_at_once_lose_nothing() -> None:
    metrics = store()
    begin = threading.Barrier(5)
    read: list[float] = []

    def add(number: int) -> None:
        begin.wait()
        for step in range(3000):
            put(metrics, 1, at=NOW + step % 3 * 60, FunctionName=f"f{number % 2}")

    def look() -> None:
        begin.wait()
        while not read or read[-1] < 6000:
            read.append(sum(rollup.total for rollup in minutes(metrics, FunctionName="f0").values()))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)] + [threading.Thread(target=look)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert read == sorted(read)
    assert read[-1] == 6000
    assert sum(rollup.total for rollup in minutes(metrics, FunctionName="f1").values()) == 6000
