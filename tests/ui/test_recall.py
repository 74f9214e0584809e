"""What was listed and arranged in one session is there in the next, as long as it is the same account that is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from lambdatui.app import LambdaTui
from lambdatui.settings import Settings
from lambdatui.ui.panes.functions import FunctionsPane
from tests.aws import faults
from tests.aws.exchange import Exchange
from tests.aws.fault_server import FaultServer

LONGEST = 20.0


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FaultServer]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    async with FaultServer() as server:
        serve(server, "orders", "payments", "stock")
        yield server


@pytest.fixture
def settings(tmp_path: Path, server: FaultServer) -> Settings:
    return Settings(
        region="eu-west-1", endpoint_url=server.url, state_dir=tmp_path / "state", cache_dir=tmp_path / "cache"
    )


def serve(server: FaultServer, *names: str, account: str = "111111111111") -> None:
    """Have these functions in an account."""
    server.plan("sts:GetCallerIdentity", faults.caller(account))
    server.plan("lambda:ListFunctions", faults.functions(*names))
    server.plan("resourcegroupstaggingapi:GetResources", faults.answer({"ResourceTagMappingList": []}))


async def silence(exchange: Exchange) -> None:
    """Never answer."""
    await exchange.hang()


class Session:
    """One run of the program."""

    def __init__(self, app: LambdaTui, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.pane = app.screen.query_one(FunctionsPane)

    @property
    def names(self) -> list[str]:
        """What is listed, from the top."""
        return [function.name for function in self.pane.table.items]

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    async def until(self, *texts: str) -> None:
        """Wait for these on screen."""
        await self._wait(lambda: [text for text in texts if text not in self.text])

    async def kept(self, settings: Settings) -> None:
        """Wait until the list is on disk."""
        await self._wait(lambda: [] if list(settings.cache_dir.glob("functions-*.jsonl")) else ["a file"])

    async def _wait(self, missing: Callable[[], list[str]]) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + LONGEST
        while missing():
            assert loop.time() < end, f"{missing()} is not there\n{self.text}"
            await asyncio.sleep(0.01)


@asynccontextmanager
async def session(settings: Settings) -> AsyncIterator[Session]:
    app = LambdaTui(settings)
    async with app.run_test(size=(120, 24)) as pilot:
        yield Session(app, pilot)


async def listed_once(settings: Settings) -> None:
    """A first session, in which all is well."""
    async with session(settings) as first:
        await first.until("orders", "111111111111")
        await first.kept(settings)


async def test_the_list_of_the_last_session_is_there_before_anything_answers(
    settings: Settings, server: FaultServer
) -> None:
    await listed_once(settings)
    server.plan("lambda:ListFunctions", silence)
    server.plan("sts:GetCallerIdentity", silence)
    async with session(settings) as second:
        assert second.names == ["orders", "payments", "stock"]
        assert "111111111111" not in second.text
        await second.until("orders", "Functions 3", "as of", "refreshing…")


async def test_what_was_remembered_is_refreshed_in_place(settings: Settings, server: FaultServer) -> None:
    await listed_once(settings)
    serve(server, "orders", "stock", "vouchers")
    async with session(settings) as second:
        await second.pilot.press("down")
        await second.until("vouchers")
        await second.until("Functions 3 ")
        assert second.names == ["orders", "stock", "vouchers"]
        assert "as of" not in second.text


async def test_a_list_that_cannot_be_refreshed_stays_and_says_from_when_it_is(
    settings: Settings, server: FaultServer
) -> None:
    await listed_once(settings)
    server.plan("lambda:ListFunctions", faults.aws_error(403, "AccessDeniedException", "No."))
    async with session(settings) as second:
        await second.until("Not allowed", "stale, from", "payments")


async def test_the_list_of_another_account_goes_as_soon_as_that_is_known(
    settings: Settings, server: FaultServer
) -> None:
    await listed_once(settings)
    serve(server, "foreign", account="222222222222")
    server.plan("lambda:ListFunctions", silence)
    async with session(settings) as second:
        assert "orders" in second.names
        await second.until("222222222222")
        assert second.names == []
        assert "orders" not in second.text


async def test_each_key_of_the_environment_has_its_own_memory(
    settings: Settings, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await listed_once(settings)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDANOTHER")
    server.plan("lambda:ListFunctions", silence)
    async with session(settings) as second:
        assert second.names == []


async def test_a_listing_that_is_broken_is_none(settings: Settings, server: FaultServer) -> None:
    await listed_once(settings)
    (file,) = settings.cache_dir.glob("functions-*.jsonl")
    file.write_bytes(b"{" + file.read_bytes())
    async with session(settings) as second:
        assert second.names == []
        await second.until("orders", "stock")


async def test_filter_order_and_pins_are_remembered_per_account(settings: Settings, server: FaultServer) -> None:
    async with session(settings) as first:
        await first.until("orders", "111111111111")
        await first.pilot.press("down", "asterisk", "s", "S", "slash", "o", "enter")
        await first.until("filter “o”")
        arranged = first.pane.arrangement
        assert (arranged.filter, arranged.sort, arranged.reverse, len(arranged.pins)) == ("o", "Name", True, 1)
    server.plan("lambda:ListFunctions", silence)
    async with session(settings) as second:
        assert second.pane.arrangement == arranged
    serve(server, "foreign", account="222222222222")
    async with session(settings) as third:
        await third.until("foreign", "222222222222")
        await third.pilot.press("slash", "x", "enter")
        await third.until("filter “x”")
    serve(server, "orders", "payments", "stock")
    async with session(settings) as fourth:
        # Whose list this is, nobody knows before STS has answered: then it is arranged as it was for them.
        await fourth.until("111111111111", "filter “o”")
        assert fourth.pane.arrangement == arranged


async def test_a_filter_of_the_command_line_goes_before_the_one_remembered(
    settings: Settings, server: FaultServer
) -> None:
    async with session(settings) as first:
        await first.until("orders", "111111111111")
        await first.pilot.press("s", "slash", "o", "enter")
        await first.until("filter “o”")
    async with session(replace(settings, filter="stock")) as second:
        await second.until("filter “stock”", "111111111111")
        assert second.names == ["stock"]
        assert second.pane.arrangement.sort == "Name"
