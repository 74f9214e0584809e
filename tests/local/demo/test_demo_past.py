"""The past of the demo, which is made up: it must be what would have happened, and go over into what happens."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter, defaultdict
from itertools import pairwise
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.local.demo import history, past, rhythm, stories
from lambdatui.local.demo.catalogue import FUNCTIONS
from lambdatui.local.demo.past import EVERYBODY, Past
from lambdatui.local.demo.past_log import PastLog
from lambdatui.local.demo.past_metrics import PastMetrics
from lambdatui.local.demo.sample import Sample
from lambdatui.local.demo.traffic import CALLERS, Caller
from lambdatui.local.execution import Result
from lambdatui.local.log_store import LogStore
from lambdatui.local.logs.events import Event, Key
from lambdatui.local.metric_store import MetricStore
from lambdatui.local.metrics.identity import MetricId
from lambdatui.local.metrics.rollup import Rollup, unpack
from lambdatui.local.pending import Pending
from lambdatui.local.places import HOME
from lambdatui.local.telemetry import NAMESPACE, LambdaMetrics, Load, Resource
from tests.local.demo.test_demo import NEVER_CALLED

NOW = 1_795_452_281.0  # 44 minutes and 41 seconds past the hour
INSTANTS = st.floats(min_value=1.7e9, max_value=2e9)
START = (NOW - past.RECENT) // 60 * 60
HOUR = NOW // 3600 * 3600
"""When environments were replaced."""
ENDED = NOW - 86_400 + 1800
"""When yesterday's lines end, about."""
CREATED = 1
SAMPLES = [sample for sample in FUNCTIONS if sample.name in stories.STORIES]

KIND = re.compile(r"^(INIT_START|START|END|REPORT) |\"type\":\"(platform\.(?:initStart|start|report))\"")
FAILED = re.compile(r"^\[ERROR\] \w+: |Task timed out|\nRuntime\.ExitError")


def calls_a_second(at: float) -> float:
    return sum(it.rate * fmean(it.together) * rhythm.factor(at, bursts=it.bursts) for it in EVERYBODY)


@given(INSTANTS)
def test_there_are_five_to_twenty_calls_a_second_at_any_time(at: float) -> None:
    assert 5 <= calls_a_second(at) <= 20


@given(INSTANTS)
def test_whoever_looks_on_for_five_minutes_sees_the_traffic_change(at: float) -> None:
    seen = [calls_a_second(at + second) for second in range(0, 300, 5)]

    assert max(seen) > 1.4 * min(seen)


@given(INSTANTS)
def test_each_half_hour_has_one_deploy_of_four_minutes(at: float) -> None:
    deploying = [rhythm.deploying(at + second) for second in range(1800)]

    assert abs(sum(deploying) - 240) <= 1
    assert sum(before < after for before, after in pairwise([*deploying, deploying[0]])) == 1
    assert 0 < rhythm.deploy_ends(at) - at <= 2040
    assert rhythm.deploying(rhythm.deploy_ends(at) - 1)
    assert not rhythm.deploying(rhythm.deploy_ends(at) + 1)


@pytest.mark.parametrize("caller", CALLERS[:4], ids=lambda caller: caller.function)
def test_the_gaps_between_calls_make_as_many_calls_as_are_expected(caller: Caller) -> None:
    chance, at, count = Random(5), NOW, 0
    while at < NOW + 2400:
        at += rhythm.gap(caller.rate, at, chance, bursts=caller.bursts)
        count += 1

    minutes = (
        rhythm.expected(caller.rate, NOW + it * 60, NOW + it * 60 + 60, bursts=caller.bursts) for it in range(40)
    )
    assert count == pytest.approx(sum(minutes), rel=0.05)


class Written:
    """Three hours of history, and those of days before, in real stores."""

    def __init__(self) -> None:
        self.past = Past(NOW, Random(1))
        self.logs = LogStore(lambda place, group: CREATED)
        self.logs.earlier = PastLog(self.past)
        self.metrics = MetricStore(clock=lambda: NOW)
        asyncio.run(self._write())

    async def _write(self) -> None:
        pending = Pending()
        pending.waiting = 1  # somebody does: without pauses
        await history.write(self.past, self.metrics, pending)
        await history.write_earlier(self.past, self.metrics, pending)
        self.past.forget()

    def events(self, group: str, since: float = NOW - 900, until: float = NOW) -> list[Event]:
        """The events of a log group in order."""
        key = Key(int(since * 1000), 0)
        return self.logs.after(HOME, group, CREATED, key, until=int(until * 1000), most=10**6)

    def minutes(self, name: str, **dimensions: str) -> dict[float, Rollup]:
        """The rollups of a metric by the start of their minutes."""
        identity = MetricId(HOME, NAMESPACE, name, tuple(sorted(dimensions.items())))
        return {
            chunk.hour * 3600.0 + minute * 60: rollup
            for chunk in self.metrics.chunks(identity, 0, NOW)
            for minute, rollup in unpack(chunk.packed)
        }

    def total(self, name: str, function: str, since: float = 0.0, until: float = NOW) -> float:
        """The sum of a function's metric over whole minutes."""
        minutes = self.minutes(name, FunctionName=function).items()
        return sum(rollup.total for at, rollup in minutes if since <= at < until)


@pytest.fixture(scope="module")
def written() -> Written:
    return Written()


def test_each_minute_of_three_hours_has_as_many_calls_as_the_traffic_would_make(written: Written) -> None:
    recent = written.minutes("Invocations")
    called, throttled = {at: it for at, it in recent.items() if at >= START}, written.minutes("Throttles")

    assert sorted(called) == [START + 60.0 * it for it in range(181)]
    for at, rollup in called.items():
        end = min(at + 60, NOW)
        made = sum(rhythm.expected(it.rate, at, end, bursts=it.bursts) * fmean(it.together) for it in EVERYBODY)
        assert rollup.total + throttled[at].total == pytest.approx(made, rel=0.2)


def test_about_one_price_list_in_twenty_fails_and_a_deploy_that_is_live_fails_more(written: Written) -> None:
    errors, calls = (written.total(name, "price-import") for name in ("Errors", "Invocations"))
    assert 0.02 < errors / calls < 0.09

    failed, came = (written.minutes(name, FunctionName="orders-create") for name in ("Errors", "Invocations"))
    assert {rhythm.deploying(at) for at in came} == {True, False}
    for at in came:
        share = failed[at].total / came[at].total
        assert (0.1 < share < 0.8) if rhythm.deploying(at) else share == 0


def test_between_there_is_a_minute_for_each_hour_of_a_week_that_stands_for_all_of_it() -> None:
    between = [*Past(NOW, Random(1)).between()]
    stand_for: Counter[float] = Counter()
    for at, many in between:
        assert at % 60 == 0
        stand_for[at // 3600] += many

    last = int(START // 3600)
    assert {stand_for[hour] for hour in range(last - 6 * 24, last - 26)} <= {0, 60}
    assert [stand_for[hour] for hour in range(last - 10, last)] == [60] * 10


def test_a_minute_stands_for_more_where_it_is_told_to() -> None:
    metrics, past_minute = MetricStore(clock=lambda: NOW), Past(NOW, Random(1)).called(CALLERS[0], START)
    tally = PastMetrics(metrics, START, Random(1), stands_for=15)
    tally.count(CALLERS[0], past_minute)
    [*tally.write()]
    identity = MetricId(HOME, NAMESPACE, "Invocations", (("FunctionName", CALLERS[0].function),))
    ((_, rollup),) = (it for chunk in metrics.chunks(identity, 0, NOW) for it in unpack(chunk.packed))
    assert rollup.total == 15 * len(past_minute[0].acts)


def test_only_one_call_at_a_time_is_let_through_where_one_is_reserved(written: Written) -> None:
    running = written.minutes("ConcurrentExecutions", FunctionName="invoice-number")

    assert {rollup.high for rollup in running.values()} == {1}
    assert 0.15 < written.total("Throttles", "invoice-number") / written.total("Invocations", "invoice-number") < 0.9
    assert written.total("Throttles", "stock-level") == 0


@pytest.mark.parametrize("since", [NOW - 900, NOW - 9000, ENDED - 900], ids=["just now", "hours ago", "yesterday"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_the_lines_of_some_minutes_tell_what_their_metrics_tell(written: Written, sample: Sample, since: float) -> None:
    since, until = since // 60 * 60, min(NOW, since // 60 * 60 + 600)
    messages = [event.message for event in written.events(sample.group, since, until - 0.001)]
    reports = [found for message in messages if (found := _report(message))]

    assert len(reports) == written.total("Invocations", sample.name, since, until)
    assert sum(reports) == pytest.approx(
        written.total("Duration", sample.name, since, until), rel=5e-3
    )  # reports have two decimals
    failed = sum(FAILED.search(message) is not None for message in messages)
    assert failed == written.total("Errors", sample.name, since, until)


def _report(message: str) -> float | None:
    """The duration in the platform's report on a call, in text or JSON."""
    if message.startswith("REPORT RequestId: "):
        return float(message.split("\t")[1].removeprefix("Duration: ").removesuffix(" ms"))
    if '"type":"platform.report"' in message:
        return float(json.loads(message)["record"]["metrics"]["durationMs"])
    return None


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_each_log_says_that_it_is_demo_history_and_how_far_it_goes(written: Written, sample: Sample) -> None:
    events = written.events(sample.group, START - 60, START + 60)
    last = written.events(sample.group)[-1]

    assert "Demo history: the lines from 13:44:00 to 16:44:41 UTC are made up" in events[0].message
    assert sum("Demo history" in event.message for event in events) == 1
    assert events[0].timestamp == START * 1000
    assert last.timestamp <= NOW * 1000


def test_log_events_are_the_same_whichever_way_they_are_read_and_whenever(written: Written) -> None:
    group, chosen = "/aws/lambda/orders-create", (int((NOW - 3600) * 1000), int((NOW - 2700) * 1000))
    forwards: list[Event] = []
    key = Key(chosen[0], 0)
    while events := written.logs.after(HOME, group, CREATED, key, until=chosen[1], most=70):
        forwards, key = [*forwards, *events], events[-1].key
    backwards: list[Event] = []
    key = Key(chosen[1] + 1, 0)
    while events := written.logs.before(HOME, group, CREATED, key, since=chosen[0], most=70):
        backwards, key = [*backwards, *events], events[-1].key

    assert len(forwards) > 1000
    assert forwards == backwards[::-1]
    anew = PastLog(written.past)
    assert anew.after(HOME, group, CREATED, Key(chosen[0], 0), until=chosen[1], most=10**6) == forwards
    assert written.logs.stream(HOME, group, CREATED, forwards[0].stream) is not None


def test_what_was_written_stands_in_order_among_what_is_made_up(written: Written) -> None:
    logs = LogStore(lambda place, group: CREATED)
    logs.earlier = PastLog(written.past)
    early, late = int((NOW - 300) * 1000), int((NOW + 5) * 1000)
    logs.append(HOME, "/aws/lambda/orders-create", "mine", [(early, "early"), (late, "late")])

    newest = logs.before(HOME, "/aws/lambda/orders-create", CREATED, Key(late + 1, 0), since=0, most=3000)
    assert newest[0].message == "late"
    assert [event.timestamp for event in newest] == sorted((event.timestamp for event in newest), reverse=True)
    (there,) = [number for number, event in enumerate(newest) if event.message == "early"]
    assert 10 < there < len(newest) - 10
    behind = Key(early - 20_000, 0)
    assert "early" in {event.message for event in logs.after(
        HOME, "/aws/lambda/orders-create", CREATED, behind, until=late, most=300
    )}  # fmt: skip
    assert logs.after(HOME, "/aws/lambda/orders-create", CREATED + 1, behind, until=late, most=9) == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_an_environment_takes_one_call_at_a_time_and_begins_with_its_init(written: Written, sample: Sample) -> None:
    streams: defaultdict[str, list[str]] = defaultdict(list)
    for event in written.events(sample.group, HOUR - 60, HOUR + 300):
        if kind := KIND.search(event.message):
            streams[event.stream].append(next(filter(None, kind.groups())).removeprefix("platform."))

    for stream, kinds in streams.items():
        assert re.fullmatch(r"2026/11/23/(payment-webhook)?\[(\$LATEST|[1-4])\][0-9a-f]{32}", stream)
        assert re.fullmatch("(i )?(s (e )?r )+", "".join(f"{kind[0].lower()} " for kind in kinds)), kinds
        # A line of an init stands in the first call's report.
    text = " ".join(event.message for event in written.events(sample.group, HOUR - 60, HOUR + 300))
    assert len(re.findall("Init Duration: |initDurationMs", text)) == len(
        re.findall("INIT_START|platform.initStart", text)
    )


def test_what_is_logged_and_how_it_ends_belong_together(written: Written) -> None:
    timeouts = [event for event in written.events("/aws/lambda/inventory-sync") if "Task timed out" in event.message]
    killed = [event for event in written.events("/aws/lambda/thumbnail-render") if "signal: killed" in event.message]

    assert len(timeouts) > 0
    assert len(killed) > 0
    ended = {event.stream: event.timestamp for event in [*timeouts, *killed]}
    for group in ("/aws/lambda/inventory-sync", "/aws/lambda/thumbnail-render"):
        for event in written.events(group):
            assert event.timestamp <= ended.get(event.stream, event.timestamp), "nothing comes after its end"


def test_the_metrics_have_the_names_dimensions_and_units_that_real_calls_give_them(written: Written) -> None:
    live = LambdaMetrics(real := MetricStore(clock=lambda: NOW))
    for caller in EVERYBODY:
        sample = past.SAMPLES[caller.function]
        alias = next((alias for alias in sample.aliases if alias.name == caller.qualifier), None)
        also = ("3", "4") if alias is not None and alias.also else ("",)
        for resource in (Resource(sample.name, caller.qualifier, version) for version in also):
            live.finished(HOME, resource, Result(b"", 0.1, 1), NOW)
            live.load(HOME, sample.name, Load(1, 1, 1, 1), NOW)
            if caller.event:
                live.async_received(HOME, resource, NOW)
                live.async_age(HOME, resource, 1, NOW)
            if sample.name == "thumbnail-render":
                live.async_dropped(HOME, resource, NOW)

    def known(store: MetricStore) -> set[tuple[MetricId, str]]:
        return {(metric.id, unit) for metric in store.metrics() for unit in metric.series}

    assert known(written.metrics) == known(real)


def test_everybody_who_calls_has_a_story_and_nobody_else() -> None:
    assert {caller.function for caller in EVERYBODY} == set(stories.STORIES)
    assert len(CALLERS) + 1 == len(EVERYBODY), "the schedule"
    assert {sample.name for sample in FUNCTIONS} - set(stories.STORIES) == NEVER_CALLED
