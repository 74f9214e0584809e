"""The plan of calls: everything that is asked for is served, in few calls, and nothing twice."""

from __future__ import annotations

from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from lambdatui.model.metric_plan import MOST_QUERIES, SPARE, Ask, ask_for, planned
from lambdatui.model.metrics import Frame, Metric, Need, Range, Window, chart, figure, points

NOW = 1_800_000_123
METRICS = st.builds(Metric, st.sampled_from("abcdefgh"), st.sampled_from(["Sum", "p95"]))
FRAMES = st.sampled_from(
    [frame for over in Range for frame in (figure(over), figure(over, before=1), points(over), points(over, before=1))]
    + [chart(length, 100, NOW, end) for length in (900, 7200, 86400) for end in (None, NOW - 86400, NOW - 20 * 86400)]
)
NEEDS = st.builds(Need, METRICS, FRAMES)


@st.composite
def tails(draw: st.DrawFn) -> Ask:
    """A need of which some may be known already."""
    ask = ask_for(draw(NEEDS), NOW)
    known = draw(st.integers(0, len(ask.window.grid) - 1))
    return ask._replace(window=ask.window._replace(start=ask.window.start + known * ask.window.period))


@given(st.lists(tails(), max_size=120), st.integers(1, 40))
def test_every_series_is_asked_for_once_and_whole(asks: list[Ask], most: int) -> None:
    calls = planned(asks, most)
    served = {}
    for call in calls:
        assert 0 < len(call.asks) <= most
        for ask in call.asks:
            assert ask.identity not in served, "asked twice"
            served[ask.identity] = ask.window
            # CloudWatch counts periods from the beginning of the call.
            assert (ask.window.start - call.start) % ask.window.period == 0
            assert call.start <= ask.window.start
            assert call.end >= ask.window.end
    assert served.keys() == {ask.identity for ask in asks}
    for ask in asks:
        window = served[ask.identity]
        assert window.start <= ask.window.start
        assert window.end >= ask.window.end


@given(st.lists(tails(), max_size=120))
def test_nothing_is_asked_for_much_more_than_it_lacks(asks: list[Ask]) -> None:
    for call in planned(asks):
        for ask in call.asks:
            assert (call.end - call.start) // ask.window.period <= 2 * len(ask.window.grid) + SPARE


@given(st.integers(0, 2600), st.sampled_from(list(Range)), st.booleans())
def test_needs_of_the_program_s_time_take_as_few_calls_as_there_can_be(count: int, over: Range, new: bool) -> None:
    def window(at: int) -> Window:
        # What rows want: shared series, the figure of a percentile beside them, some with what was before.
        frames = [points(over, before=1), points(over), figure(over), figure(over, before=1)] if new else [points(over)]
        found = frames[at % len(frames)].at(NOW)
        return found if new else found._replace(start=found.end - 6 * found.period)

    asks = [Ask(Metric("m", "Sum", (("FunctionName", str(at)),)), window(at)) for at in range(count)]
    assert len(planned(asks)) == ceil(count / MOST_QUERIES)


@given(st.lists(tails(), min_size=1, max_size=60), st.integers(1, 10))
def test_what_is_most_important_is_in_the_first_call(asks: list[Ask], most: int) -> None:
    assert planned(asks, most)[0].asks[0].identity == asks[0].identity


@given(st.lists(tails(), max_size=60))
def test_a_plan_needs_no_more_calls_than_series(asks: list[Ask]) -> None:
    assert len(planned(asks)) <= len({ask.identity for ask in asks})


def test_two_ways_of_looking_at_one_series_are_one_query() -> None:
    metric = Metric("Invocations", "Sum")
    asks = [
        ask_for(Need(metric, frame), NOW)
        for frame in (points(Range.HOUR), points(Range.HOUR, before=1), Frame(900, 60))
    ]
    (call,) = planned(asks)
    (ask,) = call.asks
    assert ask.window == points(Range.HOUR, before=1).at(NOW)
