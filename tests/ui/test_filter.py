"""The filter line of a list: typed, completed, recalled, wrong and mended; and what the list says of itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from lambdatui.aws.gateway import Aws
from lambdatui.model.functions import Function
from lambdatui.settings import Settings
from lambdatui.ui.arrangement import Arrangement
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.screens.main import MainScreen
from tests import samples
from tests.fakes import FakeAws, denied
from tests.ui.stage import Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")

STACK = "aws:cloudformation:stack-name"


def listed(stage: Stage) -> list[str]:
    return [function.name for function in stage.pane(FunctionsPane).table.items]


def typed(stage: Stage) -> str:
    """What stands in the line."""
    return stage.pane(FunctionsPane).query_one("FilterInput").value  # type: ignore[attr-defined,no-any-return]


def tagged() -> list[Function]:
    """The shop's functions, of the first two of which more is known."""
    first, second, *others = samples.functions()
    return [
        replace(first, tags={"team": "checkout", STACK: "shop-api"}, state="Active"),
        replace(second, tags={"team": "mail"}, state="Failed"),
        *(replace(it, tags={"team": "checkout"}) for it in others),
    ]


# Typing -------------------------------------------------------------------------------------------------------------


async def test_terms_combine_with_words(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", *"runtime:python mem>=512 port")
        assert listed(stage) == ["price-import"]
        assert "Functions 1 of 10 · filter “runtime:python mem>=512 port” (esc clears)" in stage.words


async def test_tags_stacks_and_layers_are_asked_for(aws: FakeAws, settings: Settings) -> None:
    first, *others = tagged()
    layers = ("arn:aws:lambda:eu-west-1:210987654321:layer:vat:12",)
    aws.functions.script = [[replace(first, layers=layers), *others]]
    aws.tags.script = [{it.arn: it.tags for it in tagged() if it.tags}]
    async with showing(aws, settings) as stage:
        for text, names in (
            ("tag:team=mail", ["email-receipt"]),
            ("stack:shop", ["checkout-api"]),
            ("layer:vat", ["checkout-api"]),
            ("pkg:image", ["fraud-score"]),
            ("arch:x86", ["fraud-score"]),
            ("deprecated", ["legacy-export"]),
            ("!deprecated export", []),
            ("timeout>5m !runtime:python", ["fraud-score"]),
        ):
            stage.pane(FunctionsPane).apply_filter(text)
            await stage.wait()
            assert listed(stage) == names


async def test_a_wrong_term_says_what_is_possible_and_leaves_the_last_good_filter(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", *"import colour:")
        assert listed(stage) == ["price-import"]
        assert "! There is no term “colour:”. Possible: runtime:python3.13 tag:team=payments" in stage.words
        assert "filter “import colour”" not in stage.words
        await stage.press("enter")
        assert typed(stage) == "import colour:"
        await stage.press("escape")
        assert "There is no term" not in stage.words
        await stage.press("slash")
        assert typed(stage) == "import"


async def test_a_term_whose_value_is_still_to_be_typed_offers_the_values(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", *"runtime:")
        assert len(listed(stage)) == 10
        assert "runtime: wants a value, as in runtime:python3.13" in stage.words
        assert "tab: runtime:python3.12 runtime:image runtime:nodejs22.x runtime:python3.8" in stage.words


async def test_tab_completes_names_of_terms_and_values_of_what_is_loaded(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", *"ru", "tab")
        assert typed(stage) == "runtime:"
        await stage.press("tab")
        assert typed(stage) == "runtime:python3.12"
        await stage.press("tab")
        assert typed(stage) == "runtime:image"
        assert listed(stage) == ["fraud-score"]
        await stage.press("shift+tab", "shift+tab")
        assert typed(stage) == "runtime:python3.8"
        await stage.press("space", *"mem>", "tab")
        assert typed(stage) == "runtime:python3.8 mem>256"
        assert isinstance(stage.app.screen, MainScreen)


async def test_up_and_down_go_through_the_filters_of_before_and_down_again_to_the_list(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", *"pay", "enter", "escape", "slash", *"port", "enter", "escape", "slash", *"zz")
        await stage.press("up")
        assert (typed(stage), listed(stage)) == ("port", ["legacy-export", "price-import"])
        await stage.press("up", "up")
        assert typed(stage) == "pay"
        await stage.press("down", "down")
        assert typed(stage) == "zz"
        await stage.press("down")
        assert stage.app.screen.focused is stage.pane(FunctionsPane).table


async def test_the_best_hit_is_first_and_under_the_cursor(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", *"ort", "enter")
        table = stage.pane(FunctionsPane).table
        assert listed(stage)[:2] == ["legacy-export", "price-import"]
        assert table.cursor_item is not None
        assert table.cursor_item.name == "legacy-export"


async def test_a_deprecated_runtime_is_marked_with_more_than_a_colour(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, size=(80, 24)) as stage:
        await settled(stage.pilot)
        assert [line.split()[0] for line in stage.lines if " ! python" in line] == ["legacy-export"]


# What the list says -------------------------------------------------------------------------------------------------


async def test_a_term_of_what_is_known_of_some_says_of_how_many(aws: FakeAws, settings: Settings) -> None:
    aws.functions.script = [tagged()]
    async with showing(aws, settings) as stage:
        await stage.press("slash", *"state:failed", "enter")
        assert listed(stage) == ["email-receipt"]
        assert "state is known of 2 of 10" in stage.words
        await stage.press("slash", *"state:pending", "enter")
        assert "Nothing fits “state:pending”. 10 are hidden by the filter; esc clears it." in stage.words
        assert "State is known of 2 of 10: the others fit neither it nor its opposite." in stage.words


async def test_where_tags_are_denied_column_and_filter_say_so(aws: FakeAws, settings: Settings) -> None:
    operation = "resourcegroupstaggingapi:GetResources"
    aws.tags.script = [denied(operation)]
    async with showing(aws, settings, size=(400, 24)) as stage:
        await stage.press("slash", *"tag:team", "enter")
        assert f"tag is known of 0 of 10 ({denied(operation).reason}" in stage.words
        assert denied(operation).remedy in stage.words
        await stage.press("escape", "escape")
        assert stage.lines[4].rstrip().endswith("denied")


async def test_tags_come_after_the_list_and_stay_through_a_refresh(aws: FakeAws, settings: Settings) -> None:
    gate = asyncio.Event()
    aws.tags.script = [gate, samples.tags()]
    async with showing(aws, settings, size=(420, 24)) as stage:
        assert stage.lines[3].rstrip().endswith("…")
        gate.set()
        await settled(stage.pilot)
        assert stage.lines[3].rstrip().endswith("team=checkout")
        aws.tags.script = [asyncio.Event()]
        await stage.tap("r")
        assert stage.lines[3].rstrip().endswith("team=checkout")
        await stage.press("slash", *"stack:shop", "enter")
        assert listed(stage) == ["checkout-api", "orders-create"]


async def test_what_was_described_has_its_state_before_the_list_comes_again(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, size=(160, 24)) as stage:
        await settled(stage.pilot)
        await stage.press("enter")
        aws.functions.script = [asyncio.Event()]
        await stage.tap("escape")
        await stage.tap("slash", *"state:active", "enter")
        assert listed(stage) == ["checkout-api"]
        assert "state is known of 1 of 10" in stage.words


async def test_the_list_counts_what_has_come_while_more_is_loading(aws: FakeAws, settings: Settings) -> None:
    gate = asyncio.Event()
    first, *others = samples.functions()
    aws.functions.script = [[first], gate, others]
    async with showing(aws, settings) as stage:
        assert "Functions 1+ · loading 1+…" in stage.words
        await stage.tap("slash", "c")
        assert "Functions 1 of 1+ · loading 1+… · filter “c”" in stage.words
        gate.set()
        await settled(stage.pilot)
        assert "loading" not in stage.words


async def test_marks_are_counted_survive_and_are_cleared_after_the_filter(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("space", "space", "r")
        assert "Functions 10 · 2 marked" in stage.words
        await stage.press("slash", *'"email"', "enter")
        assert "Functions 1 of 10 · 2 marked, 1 of them hidden · filter “" in stage.words
        await stage.press("escape")
        assert "Functions 10 · 2 marked" in stage.words
        await stage.press("escape")
        assert "marked" not in stage.words
        assert "+" not in stage.text


# What is remembered -------------------------------------------------------------------------------------------------


class Arranged(FunctionsPane):
    """A list that was arranged in another session."""

    before = Arrangement("python", "Memory", True, frozenset({samples.functions()[4].arn}), ("pay", "python"))
    told: list[Arrangement]

    def __init__(self, aws: Aws, *, filter: str, arrangement: Arrangement | None) -> None:  # noqa: A002
        super().__init__(aws, filter=filter, arrangement=self.before)
        self.told = []

    def on_table_pane_arranged(self, event: FunctionsPane.Arranged) -> None:
        event.stop()
        self.told.append(event.pane.arrangement)


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start screen whose list was arranged before."""
    monkeypatch.setattr("lambdatui.ui.screens.main.FunctionsPane", Arranged)


@pytest.mark.usefixtures("remembered")
async def test_filter_order_and_pins_of_before_hold_from_the_first_row_on(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash", *" ", "backspace", "enter")
    async with showing(aws, settings) as stage:
        pane = stage.pane(Arranged)
        await settled(stage.pilot)
        assert pane.told == []
        assert pane.arrangement == Arranged.before
        pane.apply_filter("runtime:python")
        await stage.wait()
        assert listed(stage)[:3] == ["legacy-export", "price-import", "checkout-api"]
        assert pane.told[-1].filter == "runtime:python"
        assert pane.told[-1].history == ("pay", "python", "runtime:python")


@pytest.mark.usefixtures("remembered")
async def test_what_a_person_arranges_is_told_once_the_line_is_closed(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        pane = stage.pane(Arranged)
        await stage.press("escape", "slash", *"ort")
        assert [it.filter for it in pane.told] == [""]
        await stage.press("enter", "asterisk", "s")
        assert [(it.filter, it.sort, len(it.pins)) for it in pane.told[1:]] == [
            ("ort", "Memory", 1),
            ("ort", "Memory", 0),
            ("ort", "Timeout", 0),
        ]
        await stage.press("space")
        assert len(pane.told) == 4


@pytest.mark.usefixtures("remembered")
async def test_what_can_no_longer_be_is_left_out(
    aws: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Arranged, "before", Arrangement("colour:red", "Colour"))
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        assert len(listed(stage)) == 10
        assert "There is no term “colour:”" in stage.words
        assert stage.app.screen.focused is stage.pane(Arranged).table


async def test_a_column_is_sorted_by_from_the_beginning_of_its_title(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        pane = stage.pane(FunctionsPane)
        pane.sort("mem", reverse=True)
        assert listed(stage)[0] == "price-import"
        pane.sort("")
        assert listed(stage)[0] == "checkout-api"
        with pytest.raises(ValueError, match=r"There is no column “zone” to sort by. There are: Name, Runtime"):
            pane.sort("zone")


async def test_a_filter_of_the_command_line_that_cannot_be_says_why(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, replace(settings, filter="mem>lots")) as stage:
        await settled(stage.pilot)
        assert "mem> wants a number" in stage.words
        assert len(listed(stage)) == 10
        await stage.press("slash", "end", "backspace", "backspace", "backspace", "backspace", *"1000")
        assert listed(stage) == ["fraud-score", "price-import"]


async def test_what_is_told_of_lacking_tags_is_put_away_with_escape_and_stays_away(
    aws: FakeAws, settings: Settings
) -> None:
    operation = "resourcegroupstaggingapi:GetResources"
    aws.tags.script = [denied(operation)]
    async with showing(aws, settings) as stage:
        await stage.press("slash", "o", "enter")
        assert "what is below is without the tags" in stage.words
        assert f"Asked: {operation}, request" in stage.words
        await stage.press("escape")
        assert "without the tags" not in stage.words
        assert "filter “o”" in stage.words
        await stage.press("r")
        assert "without the tags" not in stage.words
        await stage.press("escape")
        assert "filter “o”" not in stage.words


async def test_keys_that_come_at_once_are_typed_in_their_order(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await stage.press("slash")
        for key in ("x", "backspace", "o", "r", "left", "left", "delete", "f", "end", "t", "s", "backspace"):
            stage.app.simulate_key(key)
        await stage.wait()
        assert "filter “frt”" in stage.words
