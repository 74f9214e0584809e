"""The one reader of metrics, over HTTP against a scripted CloudWatch: few calls, nothing twice, and the truth."""

from __future__ import annotations

import asyncio

import pytest

from lambdatui.aws.metric_asking import POINTS_A_SECOND
from lambdatui.aws.metric_cache import CALM, ENOUGH, FAR_LOOK, OVERLAP, STILL
from lambdatui.aws.metric_reader import LATER
from lambdatui.aws.metric_watch import Habits
from lambdatui.model.errors import Denied, Throttled, Unheard
from lambdatui.model.metric_figures import total
from lambdatui.model.metrics import Frame, Range, figure, points
from tests.aws.cloudwatch_script import START, now
from tests.aws.exchange import Exchange
from tests.aws.faults import aws_error, hang, status
from tests.aws.metric_watching import Stage, need, played

pytestmark = pytest.mark.usefixtures("keys")


def test_figures_of_two_hundred_needs_come_with_one_call() -> None:
    async def script(stage: Stage) -> None:
        needs = [need(f"f{number}", metric) for number in range(100) for metric in ("Invocations", "Errors")]
        for number in range(100):
            stage.service.put(f"f{number}", "Invocations", START - 600, *[1.0] * number)
        pane = stage.show(needs)
        await pane.until(lambda: len(pane.known) == 200)
        assert [total(pane.known[need(f"f{number}")].series) or 0 for number in range(100)] == [*range(100)]
        assert len(stage.service.asked) == stage.metrics.reader.asking.requests == 1
        assert stage.metrics.reader.asking.asked == 200

    played(script)


def test_panes_that_appear_together_ask_together_and_nothing_twice() -> None:
    async def script(stage: Stage) -> None:
        first = stage.show([need("a"), need("b")])
        second = stage.show([need("b"), need("c")])
        await first.until(lambda: len(first.known) == 2)
        await second.until(lambda: len(second.known) == 2)
        (asked,) = stage.service.asked
        assert sorted(name for name, *_ in asked.metrics) == ["a", "b", "c"]

    played(script)


def test_what_is_known_already_comes_without_a_call() -> None:
    async def script(stage: Stage) -> None:
        stage.service.put("a", "Invocations", START - 60, 7.0)
        first = stage.show([need("a")])
        await first.until(lambda: need("a") in first.known)
        await first.hide()
        second = stage.show([need("a")])
        await second.until(lambda: need("a") in second.known)
        assert total(second.known[need("a")].series) == 7
        assert len(stage.service.asked) == 1

    played(script)


def test_a_pane_is_told_of_what_has_changed_and_of_nothing_that_came_again_as_it_was() -> None:
    async def script(stage: Stage) -> None:
        stage.metrics.reader.habits = Habits(every=2)
        stage.service.put("a", "Invocations", START - 60, 7.0)
        stage.service.put("b", "Invocations", START - 60, 1.0)
        pane = stage.show([need("a"), need("b")])
        await pane.until(lambda: len(pane.known) == 2)
        pane.known.clear()
        await asyncio.sleep(6)
        assert (len(stage.service.asked), pane.known) == (4, {})
        stage.service.put("a", "Invocations", START - 60, 1.0)
        await pane.until(lambda: need("a") in pane.known)
        assert total(pane.known[need("a")].series) == 8
        assert need("b") not in pane.known

    played(script)


def test_what_does_not_change_is_asked_for_less_often_than_each_second_until_it_does() -> None:
    async def script(stage: Stage) -> None:
        stage.metrics.reader.habits = Habits(every=1)
        stage.service.put("a", "Invocations", START - 60, 7.0)
        pane = stage.show([need("a")])
        await asyncio.sleep(20)
        first = len(stage.service.asked)
        await asyncio.sleep(20)
        assert first > STILL
        assert 20 // (CALM + 1) <= len(stage.service.asked) - first <= 20 / CALM
        stage.service.put("a", "Invocations", START - 60, 1.0)
        await asyncio.sleep(CALM + 1)
        assert total(pane.known[need("a")].series) == 8
        first = len(stage.service.asked)
        await asyncio.sleep(5)
        assert len(stage.service.asked) - first == 5

    played(script)


def test_a_pane_that_appears_while_what_it_wants_is_on_its_way_is_told_of_it() -> None:
    async def script(stage: Stage) -> None:
        under_way, gate = asyncio.Event(), asyncio.Event()

        async def slow(exchange: Exchange) -> None:
            under_way.set()
            await gate.wait()
            await stage.service.get_metric_data(exchange)

        stage.server.plan("cloudwatch:GetMetricData", slow)
        stage.show([need("a")])
        await under_way.wait()
        second = stage.show([need("b")], [need("a")])
        await asyncio.sleep(1)
        gate.set()
        await second.until(lambda: len(second.known) == 2)
        assert [[name for name, *_ in asked.metrics] for asked in stage.service.asked] == [["a"], ["b"]]

    played(script)


def test_a_pane_that_is_shown_again_is_told_all_that_is_known_and_asks_for_what_is_new() -> None:
    async def script(stage: Stage) -> None:
        stage.service.put("a", "Invocations", START - 60, 7.0)
        pane = stage.show([need("a")])
        await pane.until(lambda: need("a") in pane.known)
        await pane.hide()
        await asyncio.sleep(600)
        pane.show_again()
        await pane.until(lambda: need("a") in pane.known)
        assert total(pane.known[need("a")].series) == 7
        await pane.until(lambda: pane.known[need("a")].series.asked > START + 590)
        assert len(stage.service.asked) == 2

    played(script)


def test_nothing_of_what_was_known_is_told_to_somebody_else_who_asks() -> None:
    async def script(stage: Stage) -> None:
        stage.service.put("a", "Invocations", START - 1200, 7.0)
        pane = stage.show([need("a")])
        await pane.until(lambda: need("a") in pane.known)
        assert total(pane.known[need("a")].series) == 7
        stage.service.clear()
        stage.metrics.reader.forget()
        pane.known.clear()
        await pane.until(lambda: need("a") in pane.known)
        assert total(pane.known[need("a")].series) is None

    played(script)


def test_a_refresh_asks_for_new_points_only_and_late_ones_are_seen() -> None:
    async def script(stage: Stage) -> None:
        service = stage.service
        service.put("a", "Invocations", START - 1200, 1.0)
        pane = stage.show([need("a")])
        await pane.until(lambda: need("a") in pane.known)
        service.put("a", "Invocations", START - 200, 2.0)  # late
        service.put("a", "Invocations", START + 30, 4.0)
        await pane.until(lambda: total(pane.known[need("a")].series) == 7)
        assert len(service.asked) == 2
        whole, new = service.asked
        assert whole.end - whole.start == 3600
        assert new.end - new.start <= OVERLAP + 3 * 60

    played(script)


def test_a_point_that_comes_very_late_is_seen_with_the_next_far_look() -> None:
    async def script(stage: Stage) -> None:
        pane = stage.show([need("a")])
        await pane.until(lambda: need("a") in pane.known)
        stage.service.put("a", "Invocations", START - 1200, 1.0)
        began = stage.service.asked[0].at
        await pane.until(lambda: total(pane.known[need("a")].series) == 1)
        assert stage.service.asked[-1].at - began <= FAR_LOOK + 60

    played(script)


def test_the_period_under_way_is_marked_and_grows() -> None:
    async def script(stage: Stage) -> None:
        stage.service.put("a", "Invocations", START, 1.0)
        pane = stage.show([need("a")])
        await pane.until(lambda: need("a") in pane.known)
        series = pane.known[need("a")].series
        assert (series.values[-1], series.incomplete) == (1.0, 1)
        stage.service.put("a", "Invocations", START, 1.0)
        await pane.until(lambda: total(pane.known[need("a")].series) == 2)
        series = pane.known[need("a")].series
        assert (series.values[-2], series.incomplete) == (2.0, 1)

    played(script)


def test_nothing_is_asked_once_nobody_watches() -> None:
    async def script(stage: Stage) -> None:
        pane = stage.show([need("a")])
        await pane.until(lambda: need("a") in pane.known)
        await pane.hide()
        await asyncio.sleep(600)
        assert len(stage.service.asked) == 1
        assert [task for task in asyncio.all_tasks() if task.get_name() == "metrics"] == []

    played(script)


def test_without_a_key_for_long_it_pauses_says_so_and_goes_on_with_the_next_key() -> None:
    async def script(stage: Stage) -> None:
        pane = stage.show([need("a")])
        await pane.until(lambda: stage.metrics.reader.paused)
        calls = len(stage.service.asked)
        assert 8 <= calls <= 12
        await asyncio.sleep(3000)
        assert len(stage.service.asked) == calls
        stage.metrics.reader.touch()
        await pane.until(lambda: not stage.metrics.reader.paused)
        await pane.until(lambda: len(stage.service.asked) == calls + 1)

    played(script, Habits(every=60, idle=600))


def test_with_refresh_off_it_asks_once_and_when_it_is_told_to() -> None:
    async def script(stage: Stage) -> None:
        pane = stage.show([need("a")])
        await pane.until(lambda: need("a") in pane.known)
        await asyncio.sleep(3000)
        assert len(stage.service.asked) == 1
        stage.metrics.reader.refresh()
        seen = pane.updates
        await pane.until(lambda: pane.updates > seen)
        assert len(stage.service.asked) == 2

    played(script, Habits(every=None))


def test_what_is_visible_comes_before_what_is_not() -> None:
    async def script(stage: Stage) -> None:
        later = [need(f"f{number}") for number in range(1200)]
        pane = stage.show([need("seen")], later)
        await pane.until(lambda: len(pane.known) == 1201)
        assert stage.service.asked[0].metrics[0][0] == "seen"
        assert len(stage.service.asked) == 3
        asked = [metric for call in stage.service.asked for metric in call.metrics]
        assert len(asked) == len(set(asked)) == 1201

    played(script)


def test_rows_that_scroll_into_view_come_before_what_was_waiting() -> None:
    async def script(stage: Stage) -> None:
        later = [need(f"f{number}") for number in range(2400)]
        pane = stage.show([need("seen")], later)
        await pane.until(lambda: need("seen") in pane.known)
        pane.watch.want([need("new")], later)
        await pane.until(lambda: need("new") in pane.known)
        assert len(stage.service.asked) <= 3
        await pane.until(lambda: len(pane.known) == 2402)
        asked = [metric for call in stage.service.asked for metric in call.metrics]
        assert len(asked) == len(set(asked)) == 2402

    played(script)


def test_what_is_not_visible_is_refreshed_more_seldom() -> None:
    async def script(stage: Stage) -> None:
        pane = stage.show([need("seen")], [need("hidden")])
        await pane.until(lambda: len(pane.known) == 2)
        await asyncio.sleep(60 * 4 * LATER + 1)
        asked = [name for call in stage.service.asked for name, *_ in call.metrics]
        assert asked.count("seen") >= 4 * LATER
        assert 4 <= asked.count("hidden") <= 6

    played(script)


def test_one_figure_of_what_is_not_visible_is_not_asked_for_each_minute() -> None:
    async def script(stage: Stage) -> None:
        p95 = need("hidden", "Duration", "p95", Frame(3600, 3600, 60))
        pane = stage.show([need("seen")], [p95])
        await pane.until(lambda: len(pane.known) == 2)
        await asyncio.sleep(60 * 2 * LATER + 1)
        assert 2 <= sum(name == "hidden" for call in stage.service.asked for name, *_ in call.metrics) <= 3

    played(script)


def test_what_never_had_a_point_is_not_asked_for_each_second_but_at_once_when_somebody_says_so() -> None:
    async def script(stage: Stage) -> None:
        stage.service.put("busy", "Invocations", now(), 1)
        pane = stage.show([need("busy"), need("idle")])
        await pane.until(lambda: len(pane.known) == 2)
        for _ in range(int(ENOUGH * 2) + 1):
            stage.service.put("busy", "Invocations", now(), 1)
            await asyncio.sleep(1)
        asked = [name for call in stage.service.asked for name, *_ in call.metrics]
        assert asked.count("busy") > 2 * ENOUGH
        assert asked.count("idle") <= 3
        stage.metrics.reader.refresh()
        await asyncio.sleep(0.5)
        assert "idle" in {name for call in stage.service.asked[-2:] for name, *_ in call.metrics}

    played(script, Habits(every=1))


def test_an_endpoint_that_fails_at_percentiles_gives_all_else() -> None:
    async def script(stage: Stage) -> None:
        async def get_metric_data(exchange: Exchange) -> None:
            queries = exchange.seen.parameters["MetricDataQueries"]
            failing = any(it["MetricStat"]["Stat"] == "p95" for it in queries)
            await (status(500, "<html>") if failing else stage.service.get_metric_data)(exchange)

        stage.service.put("f", "Invocations", now(), 1)
        stage.server.plan("cloudwatch:GetMetricData", get_metric_data)
        p95 = need("f", "Duration", "p95")
        pane = stage.show([need("f"), p95])
        await pane.until(lambda: len(pane.known) == 2)
        assert total(pane.known[need("f")].series) == 1
        assert pane.known[need("f")].problem is None
        assert pane.known[p95].problem is not None
        before = len(stage.service.asked)
        await asyncio.sleep(90)
        assert len(stage.service.asked) > before

    played(script)


def test_a_service_that_does_not_answer_is_told_of_while_it_is_asked_again_and_its_calls_stay_together() -> None:
    async def script(stage: Stage) -> None:
        stage.service.put("f", "Invocations", now(), 1)
        stage.server.plan("cloudwatch:GetMetricData", hang)
        needs = [need("f"), need("f", "Duration", "p95")]
        pane = stage.show(needs)
        await pane.until(lambda: stage.metrics.reader.asking.trying == "no answer yet")
        await pane.until(lambda: stage.metrics.reader.asking.trying == "attempt 2 of 5: not reachable")
        assert not pane.known
        asked = len(stage.server.journal)
        stage.metrics.reader.refresh()  # does not wait for what is under way
        await pane.until(lambda: stage.metrics.reader.asking.trying == "attempt 2 of 5: not reachable")
        assert len(stage.server.journal) == asked + 1
        await pane.until(lambda: len(pane.known) == 2)
        assert all(isinstance(it.problem, Unheard) for it in pane.known.values())
        assert not stage.metrics.reader.asking.trying
        stage.service.on(stage.server)
        await pane.until(lambda: all(it.problem is None for it in pane.known.values()))
        assert [len(it.metrics) for it in stage.service.asked] == [2]

    played(script)


def test_calls_leave_room_in_the_quota_of_points() -> None:
    async def script(stage: Stage) -> None:
        needs = [need(f"f{number}") for number in range(3000)]
        pane = stage.show(needs)
        await pane.until(lambda: len(pane.known) == 3000)
        assert len(stage.service.asked) == 6
        seconds = stage.service.asked[-1].at - stage.service.asked[0].at
        assert seconds > 2499 * 60 / POINTS_A_SECOND

    played(script)


@pytest.mark.parametrize("a_page", [1, 7, 1000])
def test_pages_of_any_length_make_the_same_series(a_page: int) -> None:
    async def script(stage: Stage) -> None:
        stage.service.page = a_page
        for number in range(4):
            for minute in range(number * 5):
                stage.service.put(f"f{number}", "Invocations", START - 60 * minute, float(minute + 1))
        needs = [need(f"f{number}") for number in range(4)]
        pane = stage.show(needs)
        await pane.until(lambda: len(pane.known) == 4)
        for number in range(4):
            reading = pane.known[need(f"f{number}")]
            count = number * 5
            assert total(reading.series) == (count * (count + 1) / 2 or None)
            assert not reading.series.partial

    played(script)


def test_when_the_further_pages_do_not_come_what_came_is_shown_with_the_reason_and_the_rest_comes_later() -> None:
    async def script(stage: Stage) -> None:
        service = stage.service
        for minute in range(10):
            service.put("a", "Invocations", START - 60 * minute, 1.0)
        service.page = 4
        service.faults = [None, *[aws_error(400, "ThrottlingException", "Rate exceeded")] * 10]
        pane = stage.show([need("a")])
        await pane.until(lambda: need("a") in pane.known)
        reading = pane.known[need("a")]
        assert isinstance(reading.problem, Throttled)
        assert (total(reading.series), reading.series.partial) == (4, True)
        service.faults = []
        await pane.until(lambda: pane.known[need("a")].problem is None)
        assert total(pane.known[need("a")].series) == 10

    played(script)


def test_partial_data_is_shown_as_partial_until_all_has_come() -> None:
    async def script(stage: Stage) -> None:
        stage.service.put("a", "Invocations", START - 60, 3.0)
        stage.service.status = lambda function, metric: "PartialData"
        pane = stage.show([need("a")])
        await pane.until(lambda: need("a") in pane.known)
        reading = pane.known[need("a")]
        assert (total(reading.series), reading.series.partial, reading.problem) == (3, True, None)
        stage.service.status = lambda function, metric: "Complete"
        stage.service.put("a", "Invocations", START - 3000, 4.0)
        await pane.until(lambda: not pane.known[need("a")].series.partial)
        assert total(pane.known[need("a")].series) == 7

    played(script)


def test_a_metric_that_the_service_could_not_give_is_told_and_comes_later_the_rest_at_once() -> None:
    async def script(stage: Stage) -> None:
        for name in "ab":
            stage.service.put(name, "Invocations", START - 60, 3.0)
        stage.service.status = lambda function, metric: "InternalError" if function == "a" else "Complete"
        pane = stage.show([need("a"), need("b")])
        await pane.until(lambda: len(pane.known) == 2)
        assert pane.known[need("a")].problem is not None
        assert total(pane.known[need("a")].series) is None
        assert total(pane.known[need("b")].series) == 3
        stage.service.status = lambda function, metric: "Complete"
        await pane.until(lambda: pane.known[need("a")].problem is None)
        assert total(pane.known[need("a")].series) == 3
        assert [name for name, *_ in stage.service.asked[1].metrics] == ["a"]
        assert stage.service.asked[1].at - START < 60

    played(script)


def test_a_metric_that_may_not_be_read_is_told_and_not_asked_for_again_soon() -> None:
    async def script(stage: Stage) -> None:
        stage.service.status = lambda function, metric: "Forbidden" if function == "a" else "Complete"
        pane = stage.show([need("a"), need("b")])
        await pane.until(lambda: len(pane.known) == 2)
        assert isinstance(pane.known[need("a")].problem, Denied)
        await asyncio.sleep(300)
        assert [name for call in stage.service.asked for name, *_ in call.metrics].count("a") == 1

    played(script)


def test_while_it_is_throttled_what_is_known_stays_with_the_reason_and_nobody_asks_faster() -> None:
    async def script(stage: Stage) -> None:
        stage.service.put("a", "Invocations", START - 60, 3.0)
        pane = stage.show([need("a")])
        await pane.until(lambda: need("a") in pane.known)
        stage.service.faults = [aws_error(400, "ThrottlingException", "Rate exceeded")] * 5
        await pane.until(lambda: pane.known[need("a")].problem is not None)
        reading = pane.known[need("a")]
        assert isinstance(reading.problem, Throttled)
        assert total(reading.series) == 3
        await pane.until(lambda: pane.known[need("a")].problem is None)
        assert total(pane.known[need("a")].series) == 3
        assert len(stage.service.asked) == 1 + 5 + 1

    played(script)


def test_a_refused_call_is_told_to_all_and_asked_again_when_somebody_says_so() -> None:
    async def script(stage: Stage) -> None:
        stage.service.faults = [aws_error(403, "AccessDeniedException", "not authorized")]
        needs = [need(f"f{number}") for number in range(700)]
        pane = stage.show(needs)
        await pane.until(lambda: len(pane.known) == 700)
        assert all(isinstance(reading.problem, Denied) for reading in pane.known.values())
        assert len(stage.service.asked) == 1
        stage.metrics.reader.refresh()
        await pane.until(lambda: all(reading.problem is None for reading in pane.known.values()))
        assert len(stage.service.asked) == 3

    played(script)


def test_one_figure_for_the_whole_time_is_never_made_of_those_of_its_periods() -> None:
    async def script(stage: Stage) -> None:
        wanted = need("a", "Duration", "p95", figure(Range.HOUR, before=1))
        beside = need("a", "Duration", "Maximum", points(Range.HOUR, before=1))
        for minute in range(60):
            stage.service.put("a", "Duration", START - 60 * minute, *[float(minute)] * 3)
        stage.service.put("a", "Duration", START - 5000, 900.0)
        pane = stage.show([wanted, beside])
        await pane.until(lambda: len(pane.known) == 2)
        before, current = pane.known[wanted].series.values
        assert (before, current) == (900.0, 57.0)
        assert len(stage.service.asked) == 1

    played(script)


def test_what_the_service_says_of_a_call_is_kept() -> None:
    async def script(stage: Stage) -> None:
        stage.service.messages = [{"Code": "MaxMetricsExceeded", "Value": "Only \x1b[31msome\x1b[0m were found."}]
        pane = stage.show([need("a")])
        await pane.until(lambda: need("a") in pane.known)
        assert stage.metrics.reader.asking.notes == ("Only ␛[31msome␛[0m were found.",)

    played(script)


def test_an_endpoint_that_counts_by_the_clock_gives_a_figure_that_says_so() -> None:
    async def script(stage: Stage) -> None:
        stage.service.by_clock = True
        await asyncio.sleep(600)  # ten past
        wanted = need("a", "Duration", "p95", figure(Range.HOUR, before=1))
        for minute in range(40):
            stage.service.put("a", "Duration", START + 540 - 60 * minute, float(minute))
        pane = stage.show([wanted, need("a", "Duration", "Maximum", figure(Range.HOUR))])
        await pane.until(lambda: len(pane.known) == 2)
        assert pane.known[wanted].series.values[-1] == 38.0
        assert "by the clock" in pane.known[wanted].notes[0]

    played(script)
