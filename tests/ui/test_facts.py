"""A page of facts: what the cursor does, what folds, and what is revealed for how long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from lambdatui.model.configuration import Fact, Facts, Masked
from lambdatui.model.errors import AwsError, Offline
from lambdatui.ui.desk import Desk
from lambdatui.ui.parts import Part, PartsPane
from lambdatui.ui.widgets.facts_lines import MASK, Place
from lambdatui.ui.widgets.facts_view import REVEALED_FOR, FactsView
from tests import samples
from tests.fakes import FakeAws, denied
from tests.ui.stage import settled

pytestmark = pytest.mark.usefixtures("simulated")

PAGE = (
    Facts("Function", (Fact("Name", "orders"), Fact("Memory", "512 MB"))),
    Facts("State", (Fact("State", "Failed", alert=True),)),
    Facts("Environment", (Fact("KEY", Masked("s3cr3t")), Fact("TOKEN", Masked("t0k3n")))),
)


class Page(App[None]):
    """An app that is one page."""

    def __init__(self, facts: Sequence[Facts]) -> None:
        super().__init__()
        self.facts = FactsView()
        self._first = facts

    def compose(self) -> ComposeResult:
        yield self.facts

    def on_mount(self) -> None:
        self.facts.show_facts(self._first)
        self.facts.focus()

    @property
    def text(self) -> str:
        """What is on screen."""
        return "\n".join(strip.text.rstrip() for strip in self.screen._compositor.render_strips()).rstrip()


@asynccontextmanager
async def page(
    facts: Sequence[Facts] = PAGE, size: tuple[int, int] = (40, 20)
) -> AsyncIterator[tuple[Page, Pilot[None]]]:
    app = Page(facts)
    async with app.run_test(size=size) as pilot:
        await asyncio.sleep(0.2)
        yield app, pilot


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await asyncio.sleep(0.2)


# The cursor ---------------------------------------------------------------------------------------------------------


async def test_the_cursor_goes_from_fact_to_fact_and_stays_at_the_ends() -> None:
    async with page() as (app, pilot):
        assert app.facts.cursor == Place("Function")
        await press(pilot, "up", "j", "down")
        assert app.facts.cursor == Place("Function", "Memory")
        await press(pilot, "G")
        assert app.facts.cursor == Place("Environment", "TOKEN")
        await press(pilot, "down", "k")
        assert app.facts.cursor == Place("Environment", "KEY")
        await press(pilot, "g")
        assert app.text.startswith("▌▾ Function")


async def test_a_fact_that_is_longer_than_the_screen_is_scrolled_through() -> None:
    text = " ".join(f"word{number}" for number in range(60))
    facts = [Facts("Long", (Fact("All", text), Fact("After", "the end")))]
    async with page(facts, size=(40, 8)) as (app, pilot):
        seen = set(app.text.split())
        for _ in range(60):
            await press(pilot, "down")
            seen |= set(app.text.split())
        assert set(text.split()) <= seen
        assert app.facts.cursor == Place("Long", "After")
        seen.clear()
        for _ in range(60):
            await press(pilot, "up")
            seen |= set(app.text.split())
        assert set(text.split()) <= seen
        assert app.facts.cursor == Place("Long")


@pytest.mark.parametrize("key", ["pagedown", "ctrl+d"])
async def test_pages_go_through_a_fact_that_is_longer_than_the_screen(key: str) -> None:
    text = " ".join(f"word{number}" for number in range(200))
    facts = [Facts("Long", (Fact("Before", "it"), Fact("All", text), Fact("After", "the end")))]
    async with page(facts, size=(40, 8)) as (app, pilot):
        for there, end in ((key, "After"), ({"pagedown": "pageup", "ctrl+d": "ctrl+u"}[key], None)):
            seen = set(app.text.split())
            for _ in range(60):
                await press(pilot, there)
                seen |= set(app.text.split())
            assert set(text.split()) <= seen
            assert app.facts.cursor == Place("Long", end)


async def test_pages_take_the_cursor_along() -> None:
    facts = [Facts(f"Group {number}", (Fact("One", "1"), Fact("Two", "2"))) for number in range(20)]
    async with page(facts, size=(40, 10)) as (app, pilot):
        await press(pilot, "pagedown", "pagedown")
        line = next(line for line in app.text.splitlines() if line.startswith("▌"))
        await press(pilot, "ctrl+d", "ctrl+u")
        assert next(line for line in app.text.splitlines() if line.startswith("▌")) == line
        await press(pilot, *["pagedown"] * 10)
        assert app.facts.cursor == Place("Group 19", "Two")


async def test_facts_that_come_above_the_cursor_leave_it_where_it_is_on_screen() -> None:
    facts = [Facts(f"Group {number}", (Fact("One", "1"),)) for number in range(20)]
    async with page(facts, size=(40, 10)) as (app, pilot):
        await press(pilot, "pagedown", "pagedown")
        before = app.text
        app.facts.show_facts([Facts("Above", (Fact("New", "fact"),)), *facts])
        await asyncio.sleep(0.2)
        assert app.text.replace("┃", "").split() == before.replace("┃", "").split()


async def test_where_the_fact_under_the_cursor_goes_the_cursor_stays_with_its_group() -> None:
    async with page() as (app, pilot):
        await press(pilot, "down", "down")
        app.facts.show_facts([Facts("Function", (Fact("Name", "orders"),)), *PAGE[1:]])
        assert app.facts.cursor == Place("Function")
        app.facts.show_facts(PAGE[1:])
        assert app.facts.cursor == Place("State")
        app.facts.show_facts(())
        await press(pilot, "down", "up", "pagedown", "end", "enter", "x", "X")
        assert app.facts.cursor is None


# Folding ------------------------------------------------------------------------------------------------------------


async def test_a_group_folds_and_says_how_much_is_in_it_and_whether_any_of_it_is_alarming() -> None:
    async with page() as (app, pilot):
        await press(pilot, "down", "enter")
        assert app.text.startswith("▌▸ Function (2)\n\n ▾ State")
        assert app.facts.cursor == Place("Function")
        await press(pilot, "down", "enter")
        assert "▸ State (1) !" in app.text
        await press(pilot, "right")
        assert "! State  Failed" in " ".join(app.text.split("\n")).replace("State   ", "State  ")
        await press(pilot, "left", "up", "enter")
        assert "orders" in app.text
        assert "Failed" not in app.text


async def test_folded_groups_stay_folded_when_the_facts_are_new() -> None:
    async with page() as (app, pilot):
        await press(pilot, "enter")
        app.facts.show_facts([Facts("Function", (Fact("Name", "stock"),)), *PAGE[1:]])
        await asyncio.sleep(0.2)
        assert "▸ Function (1)" in app.text
        assert "stock" not in app.text


async def test_a_click_on_a_title_folds_and_one_on_a_fact_takes_the_cursor_there() -> None:
    async with page() as (app, pilot):
        await pilot.click(offset=(5, 2))
        assert app.facts.cursor == Place("Function", "Memory")
        await pilot.click(offset=(5, 0))
        await asyncio.sleep(0.2)
        assert "▸ Function (2)" in app.text


# Revealing ----------------------------------------------------------------------------------------------------------


async def test_x_reveals_the_value_under_the_cursor_and_goes_to_the_first_one_from_elsewhere() -> None:
    async with page() as (app, pilot):
        await press(pilot, "x")
        assert app.facts.cursor == Place("Environment", "KEY")
        assert app.text.count(MASK) == 2
        await press(pilot, "x")
        assert "s3cr3t" in app.text
        assert "t0k3n" not in app.text
        await press(pilot, "down", "x")
        assert {"s3cr3t", "t0k3n"} <= set(app.text.split())
        await press(pilot, "x")
        assert "s3cr3t" in app.text
        assert "t0k3n" not in app.text


async def test_x_unfolds_the_group_of_the_first_masked_value() -> None:
    async with page() as (app, pilot):
        await press(pilot, "end", "left", "home", "x")
        assert app.facts.cursor == Place("Environment", "KEY")


async def test_what_was_revealed_is_masked_after_a_while_also_if_it_came_anew() -> None:
    async with page() as (app, pilot):
        await press(pilot, "X")
        assert {"s3cr3t", "t0k3n"} <= set(app.text.split())
        await asyncio.sleep(REVEALED_FOR / 2)
        app.facts.show_facts([*PAGE[:2], Facts("Environment", (Fact("KEY", Masked("other")),))])
        await asyncio.sleep(0.2)
        assert "other" in app.text
        await asyncio.sleep(REVEALED_FOR / 2)
        assert "other" not in app.text
        assert MASK in app.text


async def test_each_value_that_is_revealed_begins_the_while_anew_and_all_can_be_masked_at_once() -> None:
    async with page() as (app, pilot):
        await press(pilot, "x", "x")
        await asyncio.sleep(REVEALED_FOR - 5)
        await press(pilot, "down", "x")
        await asyncio.sleep(REVEALED_FOR - 5)
        assert {"s3cr3t", "t0k3n"} <= set(app.text.split())
        await press(pilot, "X")
        assert app.text.count(MASK) == 2


async def test_a_page_without_facts_forgets_what_was_revealed() -> None:
    async with page() as (app, pilot):
        await press(pilot, "X")
        app.facts.show_facts(())
        app.facts.show_facts(PAGE)
        await asyncio.sleep(0.2)
        assert app.text.count(MASK) == 2


# Parts --------------------------------------------------------------------------------------------------------------


class Parted(PartsPane):
    """Two parts. What a part tells can be held back, or be an error."""

    NAME = "parted"
    TITLE = "Parted"

    def __init__(self, aws: FakeAws) -> None:
        super().__init__(aws, samples.functions()[0], Desk())
        self.gates = {"First": asyncio.Event(), "Second": asyncio.Event()}
        self.problems: dict[str, AwsError] = {}
        self.said = "first"

    def parts(self) -> Sequence[Part]:
        return Part("First", self._first), Part("Second", self._second)

    async def _first(self) -> Sequence[Facts]:
        await self._come("First")
        return [Facts("First", (Fact("One", f"the {self.said}"),))]

    async def _second(self) -> Sequence[Facts]:
        await self._come("Second")
        return [Facts("Second", (Fact("Two", "the second"),)), Facts("First", (Fact("Three", "joins it"),))]

    async def _come(self, title: str) -> None:
        await self.gates[title].wait()
        if title in self.problems:
            raise self.problems[title]

    def open_gates(self) -> None:
        """Let everything come."""
        for gate in self.gates.values():
            gate.set()


class Holder(App[None]):
    """An app that is one pane."""

    def __init__(self, pane: Parted) -> None:
        super().__init__()
        self.pane = pane

    def compose(self) -> ComposeResult:
        yield self.pane

    @property
    def words(self) -> str:
        """What is on screen."""
        return " ".join(" ".join(strip.text for strip in self.screen._compositor.render_strips()).split())


@asynccontextmanager
async def parted(aws: FakeAws) -> AsyncIterator[tuple[Holder, Parted, Pilot[None]]]:
    pane = Parted(aws)
    app = Holder(pane)
    async with app.run_test(size=(100, 20)) as pilot:
        await asyncio.sleep(0.2)
        yield app, pane, pilot


async def test_each_part_is_shown_when_it_has_come_and_in_its_place(aws: FakeAws) -> None:
    async with parted(aws) as (app, pane, pilot):
        assert pane.LOADING in app.words
        pane.gates["Second"].set()
        await asyncio.sleep(0.2)
        assert pane.LOADING not in app.words
        assert "Second Two the second ▾ First Three joins it" in app.words
        pane.gates["First"].set()
        await settled(pilot)
        assert "▌▾ First One the first Three joins it ▾ Second Two the second" in app.words


async def test_a_part_that_fails_is_told_in_its_place_and_takes_nothing_with_it(aws: FakeAws) -> None:
    async with parted(aws) as (app, pane, pilot):
        problem = pane.problems["First"] = denied("lambda:GetFirst")
        pane.open_gates()
        await settled(pilot)
        assert pane.problem is None
        assert pane.lacking == {"First": problem}
        assert f"First ! {problem.title}" in app.words
        for said in (problem.reason, problem.remedy, "Asked: lambda:GetFirst", problem.request_id, "the second"):
            assert said in app.words
        pane.problems.clear()
        await press(pilot, "r")
        await settled(pilot)
        assert pane.lacking == {}
        assert problem.title not in app.words
        assert "the first" in app.words


async def test_a_part_that_fails_at_a_refresh_stands_above_what_was_there(aws: FakeAws) -> None:
    async with parted(aws) as (app, pane, pilot):
        pane.open_gates()
        await settled(pilot)
        pane.problems["First"] = Offline("lambda:GetFirst", "The network is down.")
        await press(pilot, "r")
        assert "The network is down. r tries again. What else is told of it is of before." in app.words
        assert "the first" in app.words


async def test_a_refresh_keeps_what_was_there_until_something_has_come(aws: FakeAws) -> None:
    async with parted(aws) as (app, pane, pilot):
        pane.open_gates()
        await settled(pilot)
        pane.said = "new one"
        pane.gates["First"].clear()
        await press(pilot, "r")
        assert "the first" in app.words
        pane.gates["First"].set()
        await settled(pilot)
        assert "the new one" in app.words


async def test_where_all_parts_fail_the_pane_does(aws: FakeAws) -> None:
    async with parted(aws) as (app, pane, pilot):
        pane.problems = {title: denied(f"lambda:Get{title}") for title in pane.gates}
        pane.open_gates()
        await settled(pilot)
        assert pane.problem is pane.problems["First"]
        assert "Asked: lambda:GetFirst" in app.words
        pane.problems.clear()
        await press(pilot, "r")
        assert "the first" in app.words
        pane.problems = {title: denied(f"lambda:Get{title}") for title in pane.gates}
        await press(pilot, "r")
        assert "what is below is stale, from" in app.words
        assert "the first" in app.words
        assert app.words.count("Not allowed") == 1


async def test_a_pane_that_forgets_shows_no_part_of_before(aws: FakeAws) -> None:
    async with parted(aws) as (app, pane, pilot):
        pane.open_gates()
        await settled(pilot)
        pane.gates["First"].clear()
        pane.forget()
        await asyncio.sleep(0.2)
        assert "the second" in app.words
        assert "the first" not in app.words
