"""Which stretch of time the charts show, whatever is zoomed and panned."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from lambdatui.model.metric_sight import LENGTHS, Sight, length_words
from lambdatui.model.metrics import KEPT

NOW = 1_800_000_037.5

lengths = some.sampled_from(LENGTHS)
steps = some.lists(some.sampled_from(["nearer", "farther", "earlier", "later", "around"]), max_size=30)


def stepped(sight: Sight, step: str) -> Sight:
    end = NOW if sight.end is None else sight.end
    if step in {"earlier", "later"}:
        return sight.moved(-1 if step == "earlier" else 1, NOW)
    if step == "around":
        return sight.nearer(end - sight.length / 2, NOW)
    return (sight.nearer if step == "nearer" else sight.farther)(None, NOW)


@given(lengths, steps)
def test_no_step_leads_into_the_future_or_to_where_nothing_is_kept(length: int, steps: list[str]) -> None:
    sight = Sight(length)
    for step in steps:
        sight = stepped(sight, step)
        assert sight.length in LENGTHS
        if sight.end is not None:
            assert sight.end <= NOW
            assert sight.end - sight.length >= NOW - KEPT[-1][0] - 60
            assert sight.end % 60 == 0


@given(lengths, some.floats(0, 1))
def test_zooming_in_about_a_moment_keeps_it_in_sight(length: int, part: float) -> None:
    sight = Sight(length, int(NOW) - 3 * length)
    assert sight.end is not None
    moment = sight.end - part * length
    nearer = sight.nearer(moment, NOW)
    assert nearer.end is not None
    assert nearer.end - nearer.length - 60 <= moment <= nearer.end + 60
    assert nearer.length <= length


def test_going_back_and_on_again_ends_now() -> None:
    sight = Sight(3600)
    assert sight.moved(-1, NOW).end is not None
    assert sight.moved(-1, NOW).moved(1, NOW + 60).moved(1, NOW + 60) == sight


def test_the_shortest_stretch_and_the_longest_stay() -> None:
    assert Sight(LENGTHS[0]).nearer(None, NOW) == Sight(LENGTHS[0])
    assert Sight(LENGTHS[-1]).farther(None, NOW) == Sight(LENGTHS[-1])


@given(lengths, some.integers(60, 200), some.integers(0, 400))
def test_a_chart_has_about_a_point_for_each_column(length: int, columns: int, days: int) -> None:
    sight = Sight(length).moved(-2 * days * 86_400 // length, NOW)
    frame = sight.frame(columns, NOW)
    assert len(frame.at(NOW).grid) <= columns + 1
    assert frame.at(NOW).end >= (NOW if sight.end is None else sight.end)


def test_lengths_are_told_in_the_greatest_unit_that_fits() -> None:
    assert [length_words(it) for it in (60, 900, 5400, 3600, 86_400, 604_800)] == [
        "1 min", "15 min", "90 min", "1 h", "1 d", "7 d",
    ]  # fmt: skip
