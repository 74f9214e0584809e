"""Profiles exchanged as fast as it goes, at any moment: what the terminal shows is one place's or nothing's.

The program is the real one down to its sockets: two profiles of an AWS configuration, each with a server, a region and
an account of its own. What is looked at is the terminal, as an emulator has it after every write.
"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pyte
import pytest

from lambdatui.app import LambdaTui
from lambdatui.settings import Settings
from tests.aws import faults
from tests.aws.exchange import Exchange, Reply
from tests.aws.fault_server import FaultServer
from tests.ui.stage import Terminal

FLIPS = 200
SEED = 5
SIZE = (110, 30)

PLACES = {
    "alpha": ("alpha-", "111111111111", "eu-west-1"),
    "beta": ("beta-", "222222222222", "us-east-1"),
}
"""By profile what only its screens may show: the beginning of its functions' names, its account, its region."""


class Witness(Terminal):
    """A terminal that is looked at after every write."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.seen = pyte.Screen(*SIZE)
        self._stream = pyte.Stream(self.seen)
        self.frames = 0
        self.whole: dict[str, int] = dict.fromkeys(PLACES, 0)
        """Frames with rows below a header that names the profile."""
        self.complete = ""
        """The profile that the terminal shows now with its functions."""
        self.wrong: list[str] = []
        self._left_for = ""
        """The place that the terminal has shown nothing but since it is where the program is."""

    def write(self, data: str) -> None:
        self._stream.feed(data)
        self.frames += 1
        text = "\n".join(self.seen.display)
        shown = {name for name, signs in PLACES.items() if f" {name} " in text or any(sign in text for sign in signs)}
        assert isinstance(self._app, LambdaTui)
        here = str(self._app.place.profile)
        if shown <= {here}:
            self._left_for = here
        if len(shown) > 1 or (shown != {here} and shown and self._left_for == here):
            self.wrong.append(f"at {here}, after frame {self.frames}:\n{text}")
        self.complete = ""
        for name, (functions, *_) in PLACES.items():
            if f" {name} " in self.seen.display[0] and functions in text:
                self.complete = name
                self.whole[name] += 1


async def shown(app: LambdaTui, witness: Witness) -> None:
    """Wait until the place is on the terminal with its functions."""
    async with asyncio.timeout(20):
        while witness.complete != app.place.profile:  # noqa: ASYNC110 (the terminal tells nobody)
            await asyncio.sleep(0.01)


def late(reply: Reply, chance: random.Random) -> Reply:
    """The same answer, at some time."""

    async def wait(exchange: Exchange) -> None:
        await asyncio.sleep(chance.random() * 0.03)
        await reply(exchange)

    return wait


def serve(server: FaultServer, profile: str, chance: random.Random) -> None:
    """Let a server answer as a profile's place."""
    prefix, account, region = PLACES[profile]
    names = [f"{prefix}{number}" for number in range(20)]
    server.plan("sts:GetCallerIdentity", late(faults.caller(account), chance))
    server.plan(
        "lambda:ListFunctions",
        *(late(faults.functions(*names[at : at + 10], marker=mark), chance) for _ in range(2000)
          for at, mark in ((0, "more"), (10, None))),
    )  # fmt: skip
    arn = f"arn:aws:lambda:{region}:{account}:function:{prefix}0"
    described = faults.answer({"Configuration": {"FunctionName": f"{prefix}0", "FunctionArn": arn}})
    server.plan("lambda:GetFunction", late(described, chance))


def configure(servers: dict[str, FaultServer], home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two profiles in an AWS configuration."""
    lines = []
    for profile, (_, _, region) in PLACES.items():
        lines += [f"[profile {profile}]", f"region = {region}", f"endpoint_url = {servers[profile].url}",
                  "aws_access_key_id = AKIDEXAMPLE", "aws_secret_access_key = not-a-secret"]  # fmt: skip
    (home / "config").write_text("\n".join(lines))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / "config"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)


async def test_no_frame_ever_shows_one_place_under_the_name_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(SEED)
    async with FaultServer() as first, FaultServer() as second:
        servers = {"alpha": first, "beta": second}
        configure(servers, tmp_path, monkeypatch)
        for profile, server in servers.items():
            serve(server, profile, chance)
        settings = Settings(
            profile="alpha", profile_named=True, state_dir=tmp_path / "state", cache_dir=tmp_path / "cache"
        )
        app = LambdaTui(settings)
        app.driver_class = Witness
        async with app.run_test(size=SIZE, headless=False, notifications=True) as pilot:
            witness = app._driver
            assert isinstance(witness, Witness)
            for number in range(FLIPS):
                # Now and then long enough for all to come, now and then in the middle of something.
                await asyncio.sleep(chance.choice((0, 0.01, 0.05, 0.1, 0.1, 0.4)) * chance.random() * 2)
                app.simulate_key(chance.choice(("down", "down", "enter", "r", "question_mark", "l")))
                if number % 7 == 0:
                    await shown(app, witness)
                app.call_later(app.go_to_profile, ("beta", "alpha")[number % 2])
            await pilot.pause(1)
        assert not witness.wrong, witness.wrong[0]
        assert witness.frames > FLIPS
        assert min(witness.whole.values()) > FLIPS / 50
        assert app.crash_report.message == ""
        await asyncio.wait_for(first.all_gone(), 30)
        await asyncio.wait_for(second.all_gone(), 30)
