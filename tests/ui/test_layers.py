"""Layers: who uses them, how large they are, their versions, and what of that may fail."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from lambdatui.model.configuration import LayerUse
from lambdatui.model.errors import AwsError, Missing
from lambdatui.model.layers import Layer, LayerVersion
from lambdatui.settings import Settings
from lambdatui.ui.panes.function_layers import FunctionLayersPane
from lambdatui.ui.panes.layer_versions import LayerVersionsPane
from lambdatui.ui.panes.layers import LayersPane
from lambdatui.ui.screens.function import FunctionScreen
from lambdatui.ui.screens.layer import LayerScreen
from lambdatui.ui.widgets.drawing import BLURRED_CURSOR, CURSOR
from tests import samples
from tests.fakes import FakeAws, denied
from tests.ui.stage import Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")

SIZES = "lambda:GetLayerVersionByArn"


def row(stage: Stage, start: str) -> str:
    """The first row that begins with a text, single-spaced."""
    rows = (" ".join(line.lstrip(f" {CURSOR}{BLURRED_CURSOR}").split()) for line in stage.lines)
    return next(it for it in rows if it.startswith(start))


async def test_the_list_says_who_uses_each_layer_and_how_large_it_is(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, LayersPane, size=(160, 30)) as stage:
        await settled(stage.pilot)
        assert row(stage, "shop-common").startswith(
            "shop-common 14 4 (2 on older) 2.1 MB python3.12, python3.13 arm64, x86_64 Oct 15 08:00 MIT Money"
        )
        assert row(stage, "ffmpeg").startswith("ffmpeg 2 1 2.1 MB – x86_64")
        assert row(stage, "pdf-fonts").startswith("pdf-fonts 1 none 2.1 MB")


async def test_the_layers_are_there_before_it_is_known_who_uses_them(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        gate = asyncio.Event()
        first, *others = samples.functions()
        aws.functions.script = [[first], gate, others]
        await stage.tap("2")
        assert row(stage, "shop-common").startswith("shop-common 14 …")
        gate.set()
        await settled(stage.pilot)
        assert row(stage, "shop-common").startswith("shop-common 14 4 (2 on older)")


async def test_a_size_is_asked_for_once_and_only_while_its_row_is_in_sight(aws: FakeAws, settings: Settings) -> None:
    arn = "arn:aws:lambda:eu-west-1:210987654321:layer:l"
    layers = [
        Layer(name=f"l{number:03}", arn=f"{arn}{number}", latest=LayerVersion(f"{arn}{number}:1", 1))
        for number in range(100)
    ]
    aws.layers.script = [layers[:50], layers[50:]]
    async with showing(aws, settings, LayersPane, size=(100, 20)) as stage:
        await settled(stage.pilot)
        in_sight = aws.wire.asked.count(SIZES)
        assert in_sight == len(stage.pane(LayersPane).table.in_sight)
        assert 10 < in_sight < 20
        await stage.press("r")
        assert aws.wire.asked.count(SIZES) == in_sight
        await stage.press("end")
        assert aws.wire.asked.count(SIZES) == 2 * in_sight


async def test_what_is_not_known_of_the_users_costs_one_column(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings) as stage:
        await settled(stage.pilot)
        aws.functions.script = [denied("lambda:ListFunctions")]
        await stage.press("2")
        assert "Not allowed, what is below is without the functions that use them" in stage.words
        assert "Asked: lambda:ListFunctions" in stage.words
        assert row(stage, "shop-common").startswith("shop-common 14 … 2.1 MB")
        aws.functions.script = [samples.functions()]
        await stage.press("r")
        assert "without" not in stage.words
        assert "4 (2 on older)" in row(stage, "shop-common")


@pytest.mark.parametrize("problem", [denied(SIZES), Missing(SIZES, "It is gone.", "Look elsewhere.")], ids=type)
async def test_what_is_not_known_of_the_sizes_costs_one_column(
    problem: AwsError, aws: FakeAws, settings: Settings
) -> None:
    def refuse(arn: str) -> LayerVersion:
        raise problem

    aws.layers.version_is = refuse
    async with showing(aws, settings, LayersPane, size=(120, 30)) as stage:
        await settled(stage.pilot)
        assert row(stage, "shop-common").startswith("shop-common 14 4 (2 on older) …")
        told = "Not allowed, what is below is without their sizes" in stage.words
        assert told is not isinstance(problem, Missing)
        assert aws.wire.asked.count(SIZES) == (3 if isinstance(problem, Missing) else 1)


async def test_a_layer_opens_on_its_versions_with_those_that_are_unused_and_those_that_were_deleted(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, LayersPane, size=(140, 30)) as stage:
        await settled(stage.pilot)
        await stage.press("end", "enter")
        assert isinstance(stage.app.screen, LayerScreen)
        assert "Layer shop-common" in stage.text
        assert row(stage, "14").startswith("14 2 Oct 15 08:00 2.1 MB python3.12, python3.13")
        assert row(stage, "13").startswith("13 1 Oct 14")
        assert row(stage, "11").startswith("11 unused Oct 12")
        assert row(stage, "12 deleted").startswith("12 deleted 1 – –")
        assert "Functions that use version 14 · 2" in stage.words
        assert row(stage, "email-receipt").startswith("email-receipt python3.12 arm64")


async def test_the_functions_below_are_those_of_the_version_under_the_cursor(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, LayersPane, size=(140, 30)) as stage:
        await settled(stage.pilot)
        await stage.press("end", "enter")
        pane = stage.pane(LayerVersionsPane)
        assert [it.name for it in pane.users.items] == [
            "email-receipt", "thumbnail-render-with-a-name-of-sixty-four-characters-in-all-xyz",
        ]  # fmt: skip
        await stage.press("down")
        assert [it.name for it in pane.users.items] == ["orders-create"]
        await stage.press("down")
        assert "No function uses version 11 ($LATEST; published versions are not looked at)" in stage.words
        await stage.press("enter")
        assert pane.table.has_focus
        await stage.press("end")
        assert "version 12, which was deleted: they keep it, none can take it" in stage.words
        assert [it.name for it in pane.users.items] == ["checkout-api"]


async def test_a_function_of_a_version_is_opened_and_back_leads_to_where_it_was(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, LayersPane, size=(140, 30)) as stage:
        await settled(stage.pilot)
        await stage.press("end", "enter", "down", "enter")
        assert stage.pane(LayerVersionsPane).users.has_focus
        await stage.press("enter")
        assert isinstance(stage.app.screen, FunctionScreen)
        assert "orders-create" in stage.lines[0]
        await stage.press("escape")
        assert isinstance(stage.app.screen, LayerScreen)
        assert stage.pane(LayerVersionsPane).table.cursor_item.number == 13  # type: ignore[union-attr]
        await stage.press("q")
        assert stage.pane(LayersPane).table.has_focus


async def test_name_and_arn_of_what_the_cursor_is_on_are_copied(
    aws: FakeAws, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    async with showing(aws, settings, LayersPane, size=(140, 30)) as stage:
        monkeypatch.setattr(stage.app, "copy_to_clipboard", copied.append)
        await settled(stage.pilot)
        await stage.press("end", "c", "C", "enter", "down", "c", "C", "enter", "c")
        arn = "arn:aws:lambda:eu-west-1:210987654321:layer:shop-common"
        assert copied == ["shop-common", arn, "shop-common:13", f"{arn}:13", "orders-create"]


async def test_versions_that_are_refused_say_so_and_r_tries_again(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, LayersPane, size=(140, 30)) as stage:
        await settled(stage.pilot)
        aws.wire.refuse = denied
        await stage.press("end", "enter")
        assert "Not allowed" in stage.words
        assert "Asked: lambda:ListLayerVersions" in stage.words
        aws.wire.refuse = None
        await stage.press("r")
        assert row(stage, "14").startswith("14 2 ")


async def test_a_refresh_keeps_the_place_on_a_version_that_was_deleted(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, LayersPane, size=(140, 30)) as stage:
        await settled(stage.pilot)
        await stage.press("end", "enter", "end")
        pane = stage.pane(LayerVersionsPane)
        assert pane.table.cursor_item is not None
        assert pane.table.cursor_item.number == 12
        await stage.press("r")
        assert pane.table.cursor_item.number == 12
        aws.functions.script = [[]]
        await stage.press("r")
        assert [it.number for it in pane.table.items] == [14, 13, 11, 3]


# The Layers tab of a function ----------------------------------------------------------------------------------------

OWN = "arn:aws:lambda:eu-west-1:210987654321:layer:shop-common:12"
FOREIGN = "arn:aws:lambda:eu-west-1:017000801446:layer:Powertools:18"


def uses(aws: FakeAws, *arns: str) -> None:
    """Have the function use these layers."""
    layers = tuple(LayerUse(arn, 2_104_000) for arn in arns)
    aws.functions.describe_as = lambda arn: replace(samples.configuration(arn), layers=layers)


def group(stage: Stage, title: str) -> str:
    """What stands under a title of the page, single-spaced."""
    (_, _, rest) = stage.text.partition(title)
    return " ".join(rest.partition("▾")[0].split())


async def test_the_tab_shows_the_layers_in_order_and_which_have_a_newer_version(
    aws: FakeAws, settings: Settings
) -> None:
    uses(aws, OWN, FOREIGN)
    async with showing(aws, settings, FunctionLayersPane, size=(120, 40)) as stage:
        await settled(stage.pilot)
        assert stage.text.index("1. shop-common") < stage.text.index("2. Powertools")
        own = group(stage, "1. shop-common")
        assert own.startswith(f"Version 12 Size 2.1 MB ARN {OWN}")
        assert "! Newer 12 → 14 exists" in own


async def test_a_newest_version_is_said_to_be_the_newest(aws: FakeAws, settings: Settings) -> None:
    uses(aws, OWN.replace(":12", ":14"))
    async with showing(aws, settings, FunctionLayersPane, size=(120, 40)) as stage:
        await settled(stage.pilot)
        assert "Newest 14 is the newest" in group(stage, "1. shop-common")


async def test_a_layer_of_another_account_is_shown_with_what_is_knowable_and_no_error(
    aws: FakeAws, settings: Settings
) -> None:
    def refuse(arn: str) -> LayerVersion:
        raise denied(SIZES)

    uses(aws, FOREIGN)
    aws.layers.version_is = refuse
    async with showing(aws, settings, FunctionLayersPane, size=(120, 40)) as stage:
        await settled(stage.pilot)
        said = group(stage, "1. Powertools")
        assert said.startswith(
            f"Version 18 Size 2.1 MB ARN {FOREIGN} Owner account 017000801446, which alone can list its versions"
        )
        assert "Not allowed" not in stage.text
        assert "lambda:ListLayerVersions" not in aws.wire.asked


async def test_a_version_that_was_deleted_is_said_to_be(aws: FakeAws, settings: Settings) -> None:
    def gone(arn: str) -> LayerVersion:
        raise Missing(SIZES, "It is gone.", "Look elsewhere.")

    uses(aws, OWN)
    aws.layers.version_is = gone
    async with showing(aws, settings, FunctionLayersPane, size=(120, 40)) as stage:
        await settled(stage.pilot)
        assert "! Deleted this function keeps the version, none can take it any more" in group(stage, "1. shop-common")


async def test_what_cannot_be_asked_of_a_layer_costs_that_part(aws: FakeAws, settings: Settings) -> None:
    uses(aws, OWN)
    aws.layers.versions_of = lambda layer: []

    def refuse(arn: str) -> LayerVersion:
        raise denied(SIZES)

    aws.layers.version_is = refuse
    async with showing(aws, settings, FunctionLayersPane, size=(120, 40)) as stage:
        await settled(stage.pilot)
        said = group(stage, "1. shop-common")
        assert f"ARN {OWN}" in said
        assert "the layer has no versions any more" in said
        assert "Not allowed" in stage.text
        assert "Asked: lambda:GetLayerVersionByArn" in stage.words


async def test_a_function_without_layers_says_so_and_one_with_an_arn_of_another_form_shows_it(
    aws: FakeAws, settings: Settings
) -> None:
    uses(aws)
    async with showing(aws, settings, FunctionLayersPane, size=(120, 40)) as stage:
        await settled(stage.pilot)
        assert "this function uses no layers" in stage.words
        uses(aws, "arn:aws:lambda:::awslayer:AmazonLinux1803")
        await stage.press("r")
        assert "1. arn:aws:lambda:::awslayer:AmazonLinux1803" in stage.text
