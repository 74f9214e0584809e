"""The start screen's lists: one in sight, each kept as it was left, made when it is first shown."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import ClassVar

import pytest

from lambdatui.model.functions import Function
from lambdatui.settings import Settings
from lambdatui.ui.messages import ShowResource
from lambdatui.ui.panes import NAMES
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.panes.resources import RESOURCES
from lambdatui.ui.screens.function import FunctionScreen
from lambdatui.ui.screens.main import MainScreen
from lambdatui.ui.subject import Subject
from lambdatui.ui.table import TablePane
from lambdatui.ui.widgets.columns import Column
from tests import samples
from tests.fakes import FakeAws
from tests.ui.stage import Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")


class LettersPane(TablePane[str]):
    """A second list."""

    NAME = "letters"
    TITLE = "Letters"
    COLUMNS: ClassVar[Sequence[Column[str]]] = (Column("Letter", lambda it: it, 10),)

    made = 0
    chosen = 0

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        type(self).made += 1

    async def pages(self) -> AsyncGenerator[Sequence[str], None]:
        async with self.aws.functions._wire.read("letters"):  # type: ignore[attr-defined]
            yield ["alpha", "beta", "gamma"]

    def key(self, item: str) -> str:
        return item

    def on_table_selected(self) -> None:
        type(self).chosen += 1

    def subject(self, item: str) -> Subject:
        return Subject(item, f"arn:{item}")


@pytest.fixture(autouse=True)
def two_resources(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry with a second list."""
    monkeypatch.setattr("lambdatui.ui.panes.resources.RESOURCES", (FunctionsPane, LettersPane))
    monkeypatch.setattr(LettersPane, "made", 0)
    monkeypatch.setattr(LettersPane, "chosen", 0)


async def show(stage: Stage, name: str, filter: str | None = None) -> None:  # noqa: A002
    """What a pane asks for, wherever it is."""
    stage.app.screen.post_message(ShowResource(name, filter))
    await settled(stage.pilot)


async def test_a_list_is_made_and_asks_only_when_it_is_shown(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        listing = ["lambda:ListFunctions", "resourcegroupstaggingapi:GetResources"]
        assert (LettersPane.made, aws.wire.asked) == (0, listing)
        await show(stage, "letters")
        await stage.wait(60)
        assert (LettersPane.made, aws.wire.asked) == (1, [*listing, "letters"])
        assert "Letters 3" in stage.text
        assert "checkout-api" not in stage.text


async def test_the_line_on_top_names_the_list_in_sight(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        assert stage.lines[0].rstrip().endswith("Functions")
        await show(stage, "letters")
        assert stage.lines[0].rstrip().endswith("Letters")


async def test_a_list_keeps_cursor_and_filter_while_another_is_looked_at(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        stage.pane(FunctionsPane).apply_filter("o")
        await stage.press("down", "down")
        chosen = stage.pane(FunctionsPane).table.cursor_item
        await show(stage, "letters")
        await stage.press("down")
        await show(stage, "functions")
        table = stage.pane(FunctionsPane).table
        assert chosen is not None
        assert table.cursor_item is not None
        assert (table.cursor_item.arn, table.filter) == (chosen.arn, "o")
        assert stage.app.screen.focused is table
        await show(stage, "letters")
        assert stage.pane(LettersPane).table.cursor_item == "beta"
        assert stage.app.screen.focused is stage.pane(LettersPane).table
        assert LettersPane.made == 1


async def test_a_list_can_be_shown_with_a_filter_for_the_first_time_and_later(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await show(stage, "letters", "am")
        assert stage.pane(LettersPane).table.items == ["gamma"]
        await show(stage, "letters", "bet")
        assert stage.pane(LettersPane).table.items == ["beta"]
        await show(stage, "letters")
        assert stage.pane(LettersPane).table.items == ["beta"]
        await show(stage, "letters", "")
        assert len(stage.pane(LettersPane).table.items) == 3


async def test_a_list_out_of_sight_asks_for_nothing(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        aws.wire.gate = None
        await show(stage, "letters")
        await show(stage, "functions")
        assert stage.pane(FunctionsPane).active
        assert not stage.pane(LettersPane).active
        assert aws.wire.under_way == []


async def test_lists_that_are_exchanged_faster_than_they_load_end_with_the_last(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        for name in ("letters", "functions") * 5:
            stage.app.screen.post_message(ShowResource(name))
        await show(stage, "letters")
        assert "alpha" in stage.text
        assert "checkout-api" not in stage.text
        assert [pane.active for pane in stage.app.screen.query(TablePane)] == [False, True]


async def test_what_is_copied_is_what_the_cursor_of_the_list_in_sight_is_on(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        await show(stage, "letters")
        await stage.press("down", "c")
        assert stage.app.clipboard == "beta"
        await stage.press("C")
        assert stage.app.clipboard == "arn:beta"


async def test_a_resource_can_be_shown_from_a_function(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("enter")
        assert isinstance(stage.app.screen, FunctionScreen)
        await show(stage, "letters", "alp")
        assert isinstance(stage.app.screen, MainScreen)
        assert stage.pane(LettersPane).table.items == ["alpha"]
        assert stage.app.screen.focused is stage.pane(LettersPane).table


def test_a_list_bears_the_name_and_the_title_that_are_known_before_it_is_imported() -> None:
    assert [(kind.NAME, kind.TITLE) for kind in RESOURCES] == [*NAMES.items()]


@pytest.mark.parametrize("number", range(1, len(RESOURCES) + 1))
async def test_its_number_shows_a_list_from_a_function_too(
    number: int, aws: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lambdatui.ui.panes.resources.RESOURCES", RESOURCES)
    kind = RESOURCES[number - 1]
    async with showing(aws, settings) as stage:
        await stage.press("enter", str(number))
        assert isinstance(stage.app.screen, MainScreen)
        assert stage.lines[0].rstrip().endswith(kind.TITLE)
        await stage.press("1", str(number))
        assert stage.lines[0].rstrip().endswith(kind.TITLE)


async def test_an_item_that_is_opened_goes_one_screen_down(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        main = stage.app.screen
        assert isinstance(main, MainScreen)
        function: Function = samples.functions()[1]
        main.open_function(function)
        await settled(stage.pilot)
        assert stage.lines[0].rstrip().endswith(function.name)


async def test_keys_that_come_together_act_in_their_order(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await show(stage, "letters")
        stage.app.simulate_key("1")
        stage.app.simulate_key("enter")
        await settled(stage.pilot)
        assert LettersPane.chosen == 0
