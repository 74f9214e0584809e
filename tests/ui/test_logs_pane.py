"""A function's log, and several in one, as a person reads them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest

from lambdatui.model.log_ranges import Range
from lambdatui.model.logs import LogEvent, Marker, TailRequest, TailUpdate
from lambdatui.settings import Settings
from lambdatui.ui.log_status import short_names
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.logs import GroupLogsPane, LogsPane
from tests import samples
from tests.fakes import FakeAws
from tests.ui.stage import Stage, settled, showing


def shop(count: int = 30, start: int = 0) -> tuple[LogEvent, ...]:
    """Lines of which each fifth is an error."""
    return tuple(
        samples.event(n, f"[ERROR] no {n}" if n % 5 == 4 else f"fine {n}") for n in range(start, start + count)
    )


@pytest.fixture
def aws(aws: FakeAws) -> FakeAws:
    aws.logs.script = [TailUpdate(shop(), "poll 1 s")]
    return aws


def log_rows(stage: Stage) -> list[str]:
    return [line.strip() for line in stage.lines if "fine" in line or "ERROR" in line]


async def test_the_state_of_the_tail_stands_above_the_lines(aws: FakeAws, settings: Settings) -> None:
    gates = [asyncio.Event() for _ in range(2)]
    aws.logs.script = [
        TailUpdate(shop(), "poll 1 s"),
        gates[0],
        TailUpdate((), "throttled, next try 8 s", failed=True, note="Slow down."),
        gates[1],
        TailUpdate((), "live 41/s · 3 min"),
    ]  # fmt: skip
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        assert "poll 1 s · 30 lines · last 1h" in stage.words
        gates[0].set()
        await stage.wait()
        assert "throttled, next try 8 s" in stage.words
        assert "Slow down. What is below is" in stage.words
        gates[1].set()
        await stage.wait()
        assert "live 41/s · 3 min" in stage.words
        assert "Slow down." not in stage.words


async def test_a_filter_acts_as_it_is_typed_and_escape_clears_it_before_it_goes_back(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        await stage.press("slash", *"level:error")
        assert "6 of 30 lines" in stage.words
        assert all("ERROR" in row for row in log_rows(stage))
        await stage.press("enter", "z")
        assert "filter “level:error” ±1" in stage.words
        assert any("fine 3" in row for row in log_rows(stage))
        await stage.press("escape")
        assert "30 lines" in stage.words
        assert "filter" not in stage.lines[3]
        await stage.press("escape")
        assert not stage.app.screen.query(LogsPane)


async def test_a_filter_that_cannot_be_says_what_can_and_leaves_the_lines(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        await stage.press("slash", *"level:eror", "enter")
        assert "There is no level “eror”" in stage.words
        assert "30 lines" in stage.words
        await stage.press(*["backspace"] * 4, "tab")
        assert "level:error" in stage.text


async def test_an_expression_that_takes_a_line_too_long_says_of_how_many(aws: FakeAws, settings: Settings) -> None:
    aws.logs.script = [TailUpdate((samples.event(1, "a" * 20_000), *shop(9, 2)), "poll 1 s")]
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        await stage.press("slash", *"/a*a*a*a*a*c/", "enter")
        assert "! the expression took too long for 1 line" in stage.words


async def test_a_filter_that_nothing_fits_says_so(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        await stage.press("slash", *"nothing", "enter")
        assert "Nothing fits “nothing”. 30 lines are hidden by the filter; esc clears it." in stage.words


async def test_a_search_goes_from_hit_to_hit_and_escape_ends_it(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        await stage.press("backslash", *"no", "enter")
        assert "“no” 6 hits" in stage.words
        assert any(line.startswith("▌E") and "no 29" in line for line in stage.lines)
        await stage.press("N")
        assert any(line.startswith("▌E") and "no 24" in line for line in stage.lines)
        await stage.press("escape")
        assert "hits" not in stage.words


async def test_w_and_a_digit_choose_how_far_back_is_read(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        await stage.press("w")
        assert "window: 0 live 1 1m 2 5m 3 15m 4 1h 5 6h 6 24h" in stage.words
        await stage.press("5")
        assert "last 6h" in stage.words
        assert stage.app.screen.query(LogsPane)
        await stage.press("w", "j", "1")  # any other key chooses none; then a digit is a resource
        assert not stage.app.screen.query(LogsPane)


async def test_a_range_is_typed_and_one_that_is_wrong_says_what_can_be(aws: FakeAws, settings: Settings) -> None:
    asked: list[tuple[int, int]] = []

    async def read(
        wanted: TailRequest, begin: int, end: int, *, newest_first: bool = True
    ) -> AsyncGenerator[Sequence[LogEvent], None]:
        asked.append((begin, end))
        yield shop(10)

    aws.logs.range = read  # type: ignore[assignment,method-assign]
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        await stage.press("colon", *"range yesterday", "enter")
        assert "“yesterday” is no range. Possible: 2h" in stage.words
        await stage.press(*["backspace"] * 9, *"2026-11-22 14:00Z..15:30", "enter")
        assert [end - begin for begin, end in asked] == [90 * 60_000]
        assert "the whole range · 10 lines · 2026-11-22 14:00 UTC – 15:30 UTC" in stage.words
        await stage.press("v", "l")  # what was read of it stays while something else is looked at
        assert "10 lines" in stage.words
        assert len(asked) == 1


async def test_going_up_at_the_first_line_reads_older_ones_once(aws: FakeAws, settings: Settings) -> None:
    aws.logs.script = [TailUpdate(shop(20, 30), "poll 1 s")]
    aws.logs.older = [shop(30)]
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        await stage.press("g", "k")
        await stage.press("g")
        assert "50 lines" in stage.words or "51 lines" in stage.words
        assert "fine 0" in log_rows(stage)[0]
        assert "There is nothing older." in stage.words


async def test_a_call_that_is_looked_up_is_found_however_much_was_logged_after_it(
    aws: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [samples.event(n, "REPORT deadbeef" if n == 3 else f"fine {n}") for n in range(2500)]

    async def ranged(wanted: TailRequest, begin: int, end: int) -> AsyncGenerator[Sequence[LogEvent], None]:
        some = [it for it in events if begin <= it.timestamp <= end]
        for last in range(len(some), 0, -400):
            yield some[max(0, last - 400) : last]

    monkeypatch.setattr(aws.logs, "range", ranged)
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        stage.pane(LogsPane).look_up(Range(events[0].timestamp, events[-1].timestamp, "then"), "deadbeef")
        await settled(stage.pilot)
        assert "▌ 11-23 14:00:00.300 REPORT deadbeef" in stage.words
        assert "2,500 lines" in stage.words


async def test_gaps_and_what_became_of_them_stand_between_the_lines(aws: FakeAws, settings: Settings) -> None:
    gate = asyncio.Event()
    at = samples.event(5, "").timestamp + 1
    aws.logs.script = [
        TailUpdate(shop(10), "reconnecting", markers=(Marker("gap", at, "gap: reading what was missed…"),)), gate,
        TailUpdate((), "live 1/s", markers=(Marker("gap", at, "gap: 3 events were read since"),)),
    ]  # fmt: skip
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        rows = [line for line in stage.lines if "fine" in line or "gap" in line]
        assert "gap: reading what was missed…" in rows[5 + 0]
        gate.set()
        await stage.wait()
        assert "gap: 3 events were read since" in stage.words
        assert "reading what was missed" not in stage.words


async def test_a_line_and_a_marked_range_are_copied(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        await stage.press("c")
        assert stage.app._clipboard == "[ERROR] no 29"
        await stage.press("V", "k", "k")
        assert "3 marked (c copies)" in stage.words
        await stage.press("c")
        copied = stage.app._clipboard.splitlines()
        assert [line.partition(" fine ")[2] or line[-13:] for line in copied] == ["27", "28", "[ERROR] no 29"]
        assert copied[0].startswith("11-23 ")
        await stage.press("escape")
        assert "marked" not in stage.words


async def test_what_is_shown_or_marked_is_saved_to_a_private_file(aws: FakeAws, settings: Settings) -> None:
    folder = settings.state_dir / "logs"
    async with showing(aws, settings, FunctionsPane) as stage:
        await settled(stage.pilot)
        await stage.press("l", "slash", *"level:error", "enter", "ctrl+s")
        (first,) = folder.iterdir()
        assert first.stat().st_mode & 0o777 == 0o600
        text = first.read_text()
        assert [line.rpartition(" ")[2] for line in text.splitlines()] == ["4", "9", "14", "19", "24", "29"]
        assert text.startswith("2026-11-23T14:00:00.400Z ")
        assert "6 lines in" in stage.toasts[-1]
        await stage.press("escape", "V", "k", "ctrl+s")
        assert "2 lines in" in stage.toasts[-1]
        assert len([*folder.iterdir()]) == 2


async def test_where_nothing_can_be_saved_that_is_said(aws: FakeAws, settings: Settings) -> None:
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    (settings.state_dir / "logs").write_text("a file in the way")
    async with showing(aws, settings, FunctionsPane) as stage:
        await settled(stage.pilot)
        await stage.press("l", "ctrl+s")
        assert "Nothing can be written in" in stage.toasts[-1]


async def test_a_line_opens_and_is_shown_whole(aws: FakeAws, settings: Settings) -> None:
    message = '{"level":"info","message":"order taken","order":{"id":1042,"items":[1,2]}}'
    aws.logs.script = [TailUpdate((samples.event(1, message),), "poll 1 s")]
    async with showing(aws, settings, LogsPane) as stage:
        await settled(stage.pilot)
        assert 'order taken {"order":{"id":1042' in stage.words
        await stage.press("enter")
        assert "id 1042" in stage.words.replace(":", "")
        await stage.press("escape", "y")
        assert "order taken" in stage.text
        assert "YAML" in stage.lines[0]


async def test_the_marked_functions_are_followed_in_one(aws: FakeAws, settings: Settings) -> None:
    functions = sorted(samples.functions(), key=lambda it: it.name)[:2]
    events = [LogEvent(f"{n}", 1, 1, "s", f"of {n}", group=it.log_group) for n, it in enumerate(functions)]
    aws.logs.script = [TailUpdate(tuple(events), "poll 1 s")]
    async with showing(aws, settings, FunctionsPane) as stage:
        await settled(stage.pilot)
        await stage.press("space", "space", "l")
        assert isinstance(stage.pane(GroupLogsPane), GroupLogsPane)
        assert "2 log groups" in stage.words
        for number, function in enumerate(functions):
            row = next(line for line in stage.lines if f"of {number}" in line)
            assert function.name in row


async def test_a_log_group_of_no_function_is_opened_by_its_name(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, FunctionsPane) as stage:
        await settled(stage.pilot)
        await stage.press("colon", *"logs /ecs/orders", "enter")
        assert "/ecs/orders" in stage.lines[0]
        assert "no 29" in stage.text


async def test_how_a_log_is_looked_at_is_the_same_in_the_next_one(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, FunctionsPane) as stage:
        await settled(stage.pilot)
        await stage.press("l", "t", "W", "escape", "down", "l")
        view = stage.pane(LogsPane).log_view
        assert (view.wrap, view.times.value) == (False, "UTC")


async def test_a_range_that_no_clipboard_takes_is_saved(aws: FakeAws, settings: Settings) -> None:
    aws.logs.script = [TailUpdate(shop(3000), "poll 1 s")]
    async with showing(aws, settings, FunctionsPane) as stage:
        await settled(stage.pilot)
        await stage.press("l", "V", "g", "c")
        assert stage.toasts[0] == "More than 2,000 lines are too many for a clipboard: they are saved."
        assert "3,000 lines in" in stage.toasts[-1]


async def test_what_a_bound_drops_is_a_line_with_a_number(aws: FakeAws, settings: Settings) -> None:
    aws.logs.script = [TailUpdate(shop(3000), "poll 1 s")]
    settings = Settings(state_dir=settings.state_dir, cache_dir=settings.cache_dir, log_lines=1000)
    async with showing(aws, settings, FunctionsPane) as stage:
        await settled(stage.pilot)
        await stage.press("l", "g")
        dropped = stage.pane(LogsPane).log_view.buffer.dropped
        assert 2000 <= dropped <= 2200
        assert f"{dropped:,} older lines were dropped" in stage.words


def test_groups_are_called_by_what_tells_them_apart() -> None:
    from lambdatui.model.logs import LogGroup

    names = ["/aws/lambda/orders", "/aws/lambda/a-function-with-a-long-name", "/x/same", "/y/same"]
    short = short_names([LogGroup(name) for name in names])
    assert len({*short.values()}) == 4
    assert len({len(text) for text in short.values()}) == 1
    assert max(map(len, short.values())) <= 16
    assert short["/aws/lambda/orders"].strip() == "orders"
    assert short_names([LogGroup("/aws/lambda/orders")]) == {}
