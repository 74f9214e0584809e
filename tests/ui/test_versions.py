"""The Versions and Aliases tabs: what each row says, what comes later or not at all, comparing, going on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from lambdatui.model.configuration import Configuration
from lambdatui.model.versions import LATEST, Share
from lambdatui.settings import Settings
from lambdatui.ui.panes.aliases import AliasesPane, weights
from lambdatui.ui.panes.comparison import ComparisonPane
from lambdatui.ui.panes.overview import OverviewPane
from lambdatui.ui.panes.versions import VersionsPane
from tests import samples, samples_versions
from tests.fakes import FakeAws, denied
from tests.ui.stage import Stage, settled, showing

pytestmark = pytest.mark.usefixtures("simulated")

WIDE = (220, 30)


def rows(stage: Stage, kind: type[VersionsPane | AliasesPane]) -> list[str]:
    """The rows of the pane's table, their columns apart by two spaces or more."""
    region = stage.pane(kind).table.region
    return [line[1:].rstrip() for line in stage.lines[region.y + 1 : region.bottom] if line[1:].strip()]


def row(stage: Stage, kind: type[VersionsPane | AliasesPane], name: str) -> str:
    return next(" ".join(line.split()) for line in rows(stage, kind) if line.split()[0] == name)


def refusing(operation: str) -> Callable[[FakeAws], None]:
    """Have one operation refused and no other."""

    def refuse(aws: FakeAws) -> None:
        aws.wire.refuse = lambda asked: denied(asked) if asked == operation else None

    return refuse


def described(aws: FakeAws) -> None:
    """GetFunction tells of each version what the list does."""
    known = {it.arn: it.configuration for it in samples_versions.versions()}

    def describe(arn: str) -> Configuration:
        return known.get(arn) or samples.configuration(arn)

    aws.functions.describe_as = describe


# Versions -----------------------------------------------------------------------------------------------------------


async def test_versions_are_told_newest_first_with_what_changed_in_each(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, VersionsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert [line.split()[0] for line in rows(stage, VersionsPane)] == [LATEST, "5", "4", "2", "1"]
        newest = row(stage, VersionsPane, LATEST)
        assert newest.startswith("$LATEST not yet since 5: memory 512 → 1024 MB, env ")
        assert row(stage, VersionsPane, "5").startswith("5 Nov 19 09:12 live 10%, staging env PAYMENT_KEY changed")
        assert "since 2: code new, layer shop-common 11 → 12, env -DEBUG" in row(stage, VersionsPane, "4")
        assert "memory 256 → 512 MB, layer shop-common 9 → 11, env +DEBUG" in row(stage, VersionsPane, "2")
        assert "the first first release" in row(stage, VersionsPane, "1")
        assert samples.SECRET not in stage.text


async def test_latest_is_compared_only_when_all_versions_are_there(aws: FakeAws, settings: Settings) -> None:
    gate = asyncio.Event()
    first, second = samples_versions.versions()[:3], samples_versions.versions()[3:]
    aws.versions.script = [first, gate, second]
    async with showing(aws, settings, VersionsPane, size=WIDE) as stage:
        await stage.wait()
        assert row(stage, VersionsPane, LATEST).startswith("$LATEST not yet … ")
        assert "Versions 3+" in stage.words
        gate.set()
        await settled(stage.pilot)
        assert "since 5" in row(stage, VersionsPane, LATEST)
        before = stage.text
        gate.clear()
        await stage.tap("r")
        assert row(stage, VersionsPane, LATEST) in " ".join(before.split())


async def test_where_only_latest_is_there_nothing_is_published(aws: FakeAws, settings: Settings) -> None:
    aws.versions.script = [[samples_versions.version(LATEST)]]
    async with showing(aws, settings, VersionsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "not yet nothing is published" in row(stage, VersionsPane, LATEST)


async def test_hundreds_of_versions_come_in_pages_and_stay_in_order(aws: FakeAws, settings: Settings) -> None:
    versions = [samples_versions.version(str(number), f"build {number}") for number in range(1, 401)]
    versions.insert(0, samples_versions.version(LATEST))
    aws.versions.script = [versions[at : at + 50] for at in range(0, 401, 50)]
    async with showing(aws, settings, VersionsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "Versions 401" in stage.words
        names = [it.version.name for it in stage.pane(VersionsPane).table.items]
        assert names == [LATEST, *map(str, range(400, 0, -1))]


async def test_aliases_that_come_later_are_awaited_in_their_column_alone(aws: FakeAws, settings: Settings) -> None:
    gate = asyncio.Event()
    aws.versions.alias_script = [gate, samples_versions.aliases()]
    async with showing(aws, settings, VersionsPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert "Nov 19 09:12 … env" in row(stage, VersionsPane, "5")
        gate.set()
        await settled(stage.pilot)
        assert "Nov 19 09:12 live 10%, staging env" in row(stage, VersionsPane, "5")


async def test_aliases_that_are_denied_cost_only_their_column(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, VersionsPane, prepare=refusing("lambda:ListAliases"), size=WIDE) as stage:
        await settled(stage.pilot)
        assert "Nov 19 09:12 not allowed env" in row(stage, VersionsPane, "5")
        refusal = denied("lambda:ListAliases")
        for said in ("without the aliases", refusal.reason, refusal.remedy, "Asked: lambda:ListAliases"):
            assert said in stage.words
        assert stage.app.screen.focused is stage.pane(VersionsPane).table
        aws.wire.refuse = None
        await stage.press("r")
        assert "without the aliases" not in stage.words
        assert "live 10%, staging" in stage.words


async def test_what_columns_cut_stands_below_in_full(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, VersionsPane, size=(80, 24)) as stage:
        await settled(stage.pilot)
        await stage.press("down", "down")
        assert "4: payments API v2 · 支払い" in stage.words
        assert "Aliases: live 90%" in stage.words
        assert "Changed: since 2: code new, layer shop-common 11 → 12, env -DEBUG +PAYMENT_KEY" in stage.words


async def test_enter_on_a_version_opens_the_overview_of_that_version(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, VersionsPane, prepare=described) as stage:
        await settled(stage.pilot)
        await stage.press("down", "enter")
        stage.pane(OverviewPane)
        assert "checkout-api:5" in stage.lines[0]
        assert f"{samples_versions.ARN}:5" in stage.words
        await stage.press("escape")
        assert "Versions 5" in stage.words


async def test_the_two_marked_versions_are_compared_the_older_first(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, VersionsPane, prepare=described, size=(80, 24)) as stage:
        await settled(stage.pilot)
        await stage.press("down", "space", "down", "space", "=")
        stage.pane(ComparisonPane)
        assert "checkout-api: 2 → 5" in stage.lines[0]
        assert "Version 2 → version 5" in stage.words
        assert "PAYMENT_KEY added" in stage.words
        assert "DEBUG removed" in stage.words
        assert samples.SECRET not in stage.text
        assert "sk_live_other" not in stage.text
        await stage.press("escape")
        assert "2 marked" in stage.words


async def test_without_marks_a_version_is_compared_with_the_one_before(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, VersionsPane, prepare=described) as stage:
        await settled(stage.pilot)
        await stage.press("down", "down", "=")
        assert "Version 2 → version 4" in stage.words


async def test_what_cannot_be_compared_is_told_how_it_can(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, VersionsPane) as stage:
        await settled(stage.pilot)
        await stage.press("end", "=")
        assert stage.toasts[-1] == "There is no version before 1 to compare it with."
        await stage.press("home", "space", "=")
        assert stage.toasts[-1] == "One version is marked: mark two with space, or none, and press = again."
        await stage.press("space", "space", "=")
        assert stage.toasts[-1].startswith("3 versions are marked")


async def test_a_refused_comparison_says_so_where_it_would_be(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, VersionsPane, prepare=refusing("lambda:GetFunction")) as stage:
        await settled(stage.pilot)
        await stage.press("=")
        assert denied("lambda:GetFunction").remedy in stage.words
        await stage.press("escape")
        assert "Versions 5" in stage.words


async def test_the_name_and_the_arn_of_a_version_are_copied(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, VersionsPane) as stage:
        await settled(stage.pilot)
        await stage.press("down", "c")
        assert stage.app.clipboard == "checkout-api:5"
        await stage.press("C")
        assert stage.app.clipboard == f"{samples_versions.ARN}:5"


async def test_all_that_aws_says_of_a_version_is_shown(aws: FakeAws, settings: Settings) -> None:
    asked: list[str] = []

    async def raw(name: str) -> str:
        asked.append(name)
        return "Version: '5'"

    aws.functions.raw = raw  # type: ignore[method-assign]
    async with showing(aws, settings, VersionsPane) as stage:
        await settled(stage.pilot)
        await stage.press("down", "y")
        assert asked == [f"{samples_versions.ARN}:5"]
        assert "Version: '5'" in stage.words
        await stage.press("escape")
        assert "Versions 5" in stage.words


# Aliases ------------------------------------------------------------------------------------------------------------


async def test_aliases_are_told_with_weights_provisioned_concurrency_and_callers(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, AliasesPane, size=(200, 30)) as stage:
        await settled(stage.pilot)
        live = row(stage, AliasesPane, "live")
        assert live.startswith("live 4 ███████░ 4 90% · 5 10% 5 ! 2: Amazon EventBridge may invoke it")
        assert live.endswith("What the shop calls")
        assert row(stage, AliasesPane, "staging").startswith("staging 5 ████████ 5 100% none")
        assert "live → version 4 90%, version 5 10%: What the shop calls" in stage.words
        assert "! Everybody may call its URL without authentication" in stage.words


async def test_callers_are_asked_for_by_alias_and_denied_in_their_cell(aws: FakeAws, settings: Settings) -> None:
    asked: list[str] = []

    async def callers(name: str, qualifier: str = "") -> tuple[()]:
        asked.append(qualifier)
        if qualifier == "live":
            raise denied("lambda:GetPolicy")
        return ()

    aws.triggers.callers = callers  # type: ignore[method-assign]
    async with showing(aws, settings, AliasesPane, size=WIDE) as stage:
        await settled(stage.pilot)
        assert asked == [it.name for it in samples_versions.aliases()]
        assert "5 not allowed" in row(stage, AliasesPane, "live")
        assert "none no policy" in row(stage, AliasesPane, "staging")
        assert "without all who may call them" in stage.words
        assert "Asked: lambda:GetPolicy" in stage.words


async def test_provisioned_concurrency_that_is_denied_costs_only_its_column(aws: FakeAws, settings: Settings) -> None:
    operation = "lambda:ListProvisionedConcurrencyConfigs"
    async with showing(aws, settings, AliasesPane, prepare=refusing(operation), size=WIDE) as stage:
        await settled(stage.pilot)
        assert "4 90% · 5 10% not allowed ! 2: Amazon" in row(stage, AliasesPane, "live")
        assert f"Asked: {operation}" in stage.words


async def test_enter_on_an_alias_shows_the_version_that_it_points_at(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, AliasesPane) as stage:
        await settled(stage.pilot)
        await stage.press("enter")
        pane = stage.pane(VersionsPane)
        assert pane.active
        assert pane.table.cursor_item is not None
        assert pane.table.cursor_item.version.name == "4"
        await stage.press("/", "1", "enter", "a", "down", "enter")
        assert pane.table.cursor_item.version.name == "5", "and no filter hides it"


async def test_the_name_and_the_arn_of_an_alias_are_copied(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, AliasesPane) as stage:
        await settled(stage.pilot)
        await stage.press("c")
        assert stage.app.clipboard == "checkout-api:live"
        await stage.press("C")
        assert stage.app.clipboard == f"{samples_versions.ARN}:live"


async def test_all_that_aws_says_of_an_alias_is_shown(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, AliasesPane) as stage:
        await settled(stage.pilot)
        await stage.press("y")
        assert "Name: live FunctionVersion: '4'" in stage.words


@pytest.mark.parametrize(
    ("shares", "bar"),
    [
        ([Share("3", 0.9), Share("4", 0.1)], "███████░ 3 90% · 4 10%"),
        ([Share("3", 1.0)], "████████ 3 100%"),
        ([Share("3", 1.0), Share("4", 0.0)], "████████ 3 100% · 4 0%"),
        ([Share("3", 0.0), Share("4", 1.0)], "░░░░░░░░ 3 0% · 4 100%"),
        ([Share("3", 0.001), Share("4", 0.999)], "█░░░░░░░ 3 0.1% · 4 99.9%"),
        ([Share("3", 0.999), Share("4", 0.001)], "███████░ 3 99.9% · 4 0.1%"),
        ([Share("3", 0.5), Share("4", 0.5)], "████░░░░ 3 50% · 4 50%"),
    ],
)
def test_weights_are_a_bar_and_words(shares: list[Share], bar: str) -> None:
    assert weights(shares) == bar
