"""A followed log group: complete, in order, nothing twice, and not to be discouraged."""

from __future__ import annotations

import pytest

from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import Guard
from lambdatui.aws.log_pages import EVENTS_A_PAGE, MOST_A_PAGE
from lambdatui.aws.polling import ENOUGH
from lambdatui.model.errors import Denied, Expired, Rejected
from lambdatui.model.following import OVERLAP, RECONCILE, RECONCILE_EVERY
from lambdatui.model.logs import HISTORY
from tests.aws import faults
from tests.aws.fault_server import FaultServer
from tests.aws.log_group import NOW, Group, following


@pytest.fixture
def group(server: FaultServer) -> Group:
    group = Group()
    server.plan("logs:FilterLogEvents", group)
    return group


async def test_the_last_hour_comes_first_and_what_follows_after(aws: Aws, guard: Guard, group: Group) -> None:
    group.log(NOW - HISTORY - 1, "too old")
    group.log(NOW - HISTORY, "old")
    group.log(NOW, "new")
    async with following(aws, guard) as tail:
        await tail.polls(1)
        group.log(NOW + 1000, "newer")
        await tail.polls(2)
    assert tail.messages == ["old", "new", "newer"]


async def test_an_event_that_becomes_visible_late_comes_once(aws: Aws, guard: Guard, group: Group) -> None:
    group.log(NOW, "a")
    async with following(aws, guard) as tail:
        await tail.polls(2)
        group.log(NOW - OVERLAP + 1, "late")
        await tail.polls(1)
        assert tail.messages == ["a", "late"]
        await tail.polls(RECONCILE_EVERY * 2)
    assert tail.messages == ["a", "late"]


async def test_an_event_that_becomes_visible_very_late_comes_with_the_next_far_look(
    aws: Aws, guard: Guard, group: Group
) -> None:
    group.log(NOW - 1, "a")
    async with following(aws, guard) as tail:
        await tail.polls(2)
        group.log(NOW - RECONCILE, "very late")
        for minutes in range(1, RECONCILE_EVERY + 1):  # the group goes on meanwhile, a quarter of an hour's worth
            group.log(NOW + minutes * 50_000, f"m{minutes}")
            await tail.polls(1)
        await tail.polls(2)
    assert tail.messages.count("very late") == 1
    assert len(tail.messages) == RECONCILE_EVERY + 2


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("largest_page", [1, 3, 10_000])
async def test_pages_of_any_length_in_either_order_are_shown_in_order_of_time(
    newest_first: bool, largest_page: int, aws: Aws, guard: Guard, group: Group
) -> None:
    group.newest_first, group.largest_page = newest_first, largest_page
    for number in range(8):
        group.log(NOW - 1000 + number // 3, f"m{number}")  # three in each millisecond
    async with following(aws, guard) as tail:
        await tail.polls(3)
    assert tail.messages == [f"m{number}" for number in range(8)]


@pytest.mark.parametrize("a_millisecond", [1, 7])
@pytest.mark.parametrize("largest_page", [300, 10_000])
async def test_of_a_busy_hour_the_newest_come_and_nothing_older_pops_up_as_new(
    largest_page: int, a_millisecond: int, aws: Aws, guard: Guard, group: Group
) -> None:
    group.largest_page = largest_page
    for number in range(3 * EVENTS_A_PAGE):
        group.log(NOW - (3 * EVENTS_A_PAGE - number) // a_millisecond, f"m{number}")
    async with following(aws, guard) as tail:
        await tail.polls(1)
        first = len(tail.messages)
        assert ENOUGH <= first < ENOUGH + EVENTS_A_PAGE
        assert tail.messages == [f"m{number}" for number in range(3 * EVENTS_A_PAGE)][-first:]
        group.log(NOW + 1, "new")
        await tail.polls(RECONCILE_EVERY * 2)
    assert tail.messages[first:] == ["new"]


async def test_of_a_busy_hour_the_newest_come_where_the_oldest_come_first(aws: Aws, guard: Guard, group: Group) -> None:
    group.newest_first = False
    for number in range(3 * EVENTS_A_PAGE):
        group.log(NOW - 3 * EVENTS_A_PAGE + number, f"m{number}")
    async with following(aws, guard) as tail:
        await tail.polls(2)
    assert tail.messages == [f"m{number}" for number in range(3 * EVENTS_A_PAGE)]


async def test_an_empty_page_with_a_token_is_not_the_end(aws: Aws, guard: Guard, server: FaultServer) -> None:
    event = {"eventId": "1", "timestamp": NOW, "message": "found"}
    server.plan(
        "logs:FilterLogEvents",
        faults.answer({"events": [], "nextToken": "a"}),
        faults.answer({"events": [], "nextToken": "b"}),
        faults.answer({"events": [event]}),
    )
    async with following(aws, guard) as tail:
        await tail.until(lambda: bool(tail.messages))
    assert [seen.parameters.get("nextToken") for seen in server.journal] == [None, "a", "b"]


async def test_events_without_ids_are_told_apart_by_what_they_are(aws: Aws, guard: Guard, server: FaultServer) -> None:
    events = [{"timestamp": NOW, "message": text, "logStreamName": "s"} for text in ("a", "b", "a")]
    server.plan("logs:FilterLogEvents", faults.answer({"events": events}))
    async with following(aws, guard) as tail:
        await tail.polls(3)
    assert tail.messages == ["a", "b"]


@pytest.mark.parametrize("ingestion", [None, 0])
async def test_an_event_from_the_future_hides_nothing(
    ingestion: int | None, aws: Aws, guard: Guard, group: Group
) -> None:
    group.log(NOW + 7_000_000, "future", ingestion=NOW if ingestion is None else 0)
    async with following(aws, guard) as tail:
        await tail.polls(2)
        group.log(NOW + 1000, "now", ingestion=NOW + 1000 if ingestion is None else 0)
        await tail.polls(RECONCILE_EVERY + 1)
    assert tail.messages == ["future", "now"]


async def test_times_that_no_clock_can_show_are_taken_for_none(aws: Aws, guard: Guard, server: FaultServer) -> None:
    events = [{"eventId": str(time), "timestamp": time, "message": "x"} for time in (-1, 10**18, 10**400)]
    server.plan("logs:FilterLogEvents", faults.answer({"events": events}))
    async with following(aws, guard) as tail:
        await tail.until(lambda: bool(tail.messages))
    assert [event.timestamp for event in tail.updates[-1].events] == [0, 0, 0]


async def test_a_group_that_is_not_there_is_waited_for(aws: Aws, guard: Guard, group: Group) -> None:
    group.events = None
    async with following(aws, guard) as tail:
        (update,) = await tail.until(lambda: bool(tail.updates))
        assert update.state == "waiting for the log group"
        assert "The log group g does not exist: never invoked yet, or no permission to create it." in update.note
        group.log(NOW, "first")
        await tail.until(lambda: bool(tail.messages))
    assert tail.messages == ["first"]
    assert tail.updates[-1].note == ""


async def test_throttling_widens_the_pause_and_loses_nothing(
    aws: Aws, guard: Guard, group: Group, server: FaultServer
) -> None:
    group.log(NOW, "a")
    async with following(aws, guard) as tail:
        await tail.polls(1)
        server.plan("logs:FilterLogEvents", faults.aws_error(400, "ThrottlingException"))
        updates = await tail.polls(7)
        assert all(update.state.startswith("throttled, next try ") for update in updates[-6:])
        assert tail.pauses[-6:] == sorted(tail.pauses[-6:])
        assert tail.pauses[-1] == 30
        group.log(NOW - RECONCILE, "meanwhile")
        server.plan("logs:FilterLogEvents", group)
        await tail.until(lambda: len(tail.messages) == 2)
        await tail.polls(1)
        assert tail.pauses[-1] <= 5
    assert tail.messages == ["a", "meanwhile"]


async def test_a_tail_outlives_a_server_that_goes_away_and_comes_back(
    aws: Aws, guard: Guard, group: Group, server: FaultServer
) -> None:
    group.log(NOW, "a")
    async with following(aws, guard) as tail:
        await tail.polls(1)
        await server.stop()
        updates = await tail.polls(2)
        assert updates[-1].state.startswith("reconnecting, next try ")
        assert "Could not connect" in updates[-1].note
        group.log(NOW + 600_000, "b")
        await server.start()
        await tail.until(lambda: len(tail.messages) == 2)
        await tail.polls(RECONCILE_EVERY * 2)
    assert tail.messages == ["a", "b"]


@pytest.mark.parametrize("newest_first", [True, False])
async def test_a_first_look_that_breaks_off_half_way_is_made_good(
    newest_first: bool, aws: Aws, guard: Guard, group: Group, server: FaultServer
) -> None:
    group.newest_first, group.largest_page = newest_first, 300
    for number in range(3 * EVENTS_A_PAGE):
        group.log(NOW - 1000 * (3 * EVENTS_A_PAGE - number), f"m{number}")
    server.plan("logs:FilterLogEvents", group, faults.aws_error(400, "ThrottlingException"))
    async with following(aws, guard) as tail:
        await tail.until(lambda: bool(tail.pauses))
        assert tail.messages == []
        server.plan("logs:FilterLogEvents", group)
        await tail.polls(3)
    assert len(set(tail.messages)) == len(tail.messages)
    assert tail.messages[-1] == "m2999"
    assert tail.messages == [f"m{number}" for number in range(3000)][-len(tail.messages) :]
    assert len(tail.messages) >= ENOUGH


@pytest.mark.parametrize(
    ("name", "kind"),
    [("AccessDeniedException", Denied), ("ExpiredTokenException", Expired), ("InvalidParameterException", Rejected)],
)
async def test_what_waiting_does_not_mend_is_raised(
    name: str, kind: type[Exception], aws: Aws, guard: Guard, group: Group, server: FaultServer
) -> None:
    group.log(NOW, "a")
    async with following(aws, guard) as tail:
        await tail.polls(1)
        server.plan("logs:FilterLogEvents", faults.aws_error(400, name))
        with pytest.raises(kind):
            await tail.polls(3)
    assert tail.messages == ["a"]


async def test_a_quiet_group_is_asked_less_often(aws: Aws, guard: Guard, group: Group) -> None:
    async with following(aws, guard) as tail:
        await tail.polls(12)
        assert tail.pauses == sorted(tail.pauses)
        assert tail.pauses[-1] == 5
        group.log(NOW, "a")
        await tail.polls(2)
        assert 1.0 in tail.pauses[-2:]
    assert [parameters["limit"] for parameters in group.asked[:3]] == [EVENTS_A_PAGE, MOST_A_PAGE, MOST_A_PAGE]


async def test_a_poll_asks_for_no_more_than_the_overlap_but_now_and_then(aws: Aws, guard: Guard, group: Group) -> None:
    group.log(NOW)
    async with following(aws, guard) as tail:
        await tail.polls(RECONCILE_EVERY * 2)
    backs = [NOW - parameters["startTime"] for parameters in group.asked[1:]]
    assert (backs.count(OVERLAP), backs.count(RECONCILE)) == (len(backs) - 2, 2)


async def test_a_closed_tail_asks_no_more(aws: Aws, guard: Guard, group: Group) -> None:
    async with following(aws, guard) as tail:
        await tail.polls(2)
    asked = len(group.asked)
    await aws.account.identity()
    assert len(group.asked) == asked
