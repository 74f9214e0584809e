"""Credentials that are missing, on screen: one notice, a modal for a code, and going on by itself."""

from __future__ import annotations

import asyncio

import pytest

from lambdatui.model.errors import Expired
from lambdatui.settings import Settings
from lambdatui.ui.panes.functions import FunctionsPane
from lambdatui.ui.screens.mfa import MfaScreen
from tests.fakes import FakeAws
from tests.ui.stage import showing

pytestmark = pytest.mark.usefixtures("simulated")


def expired(operation: str) -> Expired:
    return Expired(operation, "The token has expired.", "Renew it elsewhere.")


async def test_expired_credentials_are_told_once_and_the_screen_goes_on_when_they_are_renewed(
    aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, FunctionsPane) as stage:
        aws.wire.refuse = expired
        await stage.press("j", "r")
        cursor = stage.pane(FunctionsPane).table.cursor_item
        assert stage.words.count("The token has expired.") == 1
        assert stage.toasts == []
        await stage.wait(60)
        assert aws.revived == 0
        aws.wire.refuse = None
        aws.renewed.set()
        await stage.wait(1)
        assert "The token has expired." not in stage.words
        assert aws.revived == 1
        assert stage.pane(FunctionsPane).table.cursor_item == cursor


@pytest.mark.parametrize(
    ("keys", "given"),
    [(("1", "2", "3", "x", "4", "5", "6", "enter"), "123456"), (("1", "escape"), None), (("enter", "9", "enter"), "9")],
)
async def test_a_code_is_typed_into_a_modal(
    keys: tuple[str, ...], given: str | None, aws: FakeAws, settings: Settings
) -> None:
    async with showing(aws, settings, FunctionsPane) as stage:
        asked = asyncio.create_task(stage.app.ask_code("arn:aws:iam::1:mfa/ada", True))
        await stage.wait()
        assert "The MFA code of arn:aws:iam::1:mfa/ada:" in stage.words
        assert "did not accept that code" in stage.words
        await stage.press(*keys)
        assert await asked == given
        assert not isinstance(stage.app.screen, MfaScreen)


async def test_the_modal_goes_when_nobody_waits_for_the_code_any_more(aws: FakeAws, settings: Settings) -> None:
    async with showing(aws, settings, FunctionsPane) as stage:
        asked = asyncio.create_task(stage.app.ask_code("a device", False))
        await stage.wait()
        assert isinstance(stage.app.screen, MfaScreen)
        asked.cancel()
        await stage.wait()
        assert not isinstance(stage.app.screen, MfaScreen)
