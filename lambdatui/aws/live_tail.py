"""StartLiveTail: what is logged, within a second or two, in one session after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from lambdatui.aws.calls import Calls
from lambdatui.aws.live_session import LiveSession
from lambdatui.aws.log_groups import LogGroups
from lambdatui.aws.polling import Poller, Shared
from lambdatui.aws.timing import unless
from lambdatui.model.errors import AwsError, Denied, KeysRefused, Missing, Rejected, Throttled

GROUPS = 10
"""Log groups at most of one session."""

SOONEST, LATEST, LIMITED, REFUSED = 1.0, 30.0, 60.0, 300.0
"""Seconds until the next session is tried: after one that broke, after several that broke soon, where the account has
as many as it may have, where they are not allowed or not known."""

LASTING = 30_000
"""ms after which a session that breaks is no reason to wait longer than the first time."""


class LiveTail:
    """The live tail of some pollers' groups. Where it breaks, cannot be had or is switched off, the polls go on."""

    def __init__(self, calls: Calls, pollers: Sequence[Poller], shared: Shared) -> None:
        self.trouble = ""
        """Why there is no session though one is wanted, and when it is tried again."""
        self._calls = calls
        self._groups = LogGroups(calls)
        self._pollers = pollers
        self._shared = shared
        self._on = shared.wanted.live
        self._switched = asyncio.Event()
        self._session: LiveSession | None = None
        self._minutes = 0.0
        """Of the sessions that have ended."""
        self._pause = SOONEST

    @property
    def on(self) -> bool:
        """Whether it is wanted."""
        return self._on

    @on.setter
    def on(self, on: bool) -> None:
        if on != self._on:
            self._on, self._pause = on, SOONEST
            self._switched.set()

    @property
    def minutes(self) -> float:
        """Of all sessions so far."""
        return self._minutes + (self._session.minutes if self._session is not None else 0.0)

    @property
    def state(self) -> str:
        """How the session is doing, or empty where there is none."""
        return self._session.words(self.minutes) if self._session is not None and self._session.began else ""

    async def run(self) -> None:
        """Have sessions while it is on."""
        while True:
            self._switched.clear()
            if self._on:
                await unless(self._switched.wait(), self._one_after_the_other())
                self.trouble = ""
            else:
                await self._switched.wait()

    async def _one_after_the_other(self) -> None:
        while True:
            if len(self._pollers) > GROUPS:
                self.trouble = f"live takes {GROUPS} groups at most"
                await asyncio.Event().wait()
            self._shared.appeared.clear()
            groups = [poller for poller in self._pollers if poller.exists]
            if groups:
                pause = await self._one(LiveSession(self._calls, groups, self._shared))
                self._shared.outbox.notify()
                await self._shared.timing.sleep(pause)
            else:
                await self._shared.appeared.wait()

    async def _one(self, session: LiveSession) -> float:
        """Have a session until it ends; seconds until the next."""
        self._session = session
        broken = False
        try:
            self.trouble = "reconnecting" if self.trouble else "live connecting"
            await session.read([await self._groups.arn(poller.group) for poller in session.pollers])
            self._pause = SOONEST  # it was left for one with other groups
        except AwsError as problem:
            broken = True
            return self._failed(problem, session)
        else:
            return 0.0
        finally:
            self._session = None
            self._minutes += session.minutes
            session.over(broken=broken)

    def _failed(self, problem: AwsError, session: LiveSession) -> float:
        """Say why there is no session; seconds until the next."""
        refusal = isinstance(problem, Denied) and not isinstance(problem, KeysRefused)
        if not session.began and isinstance(problem, Throttled):
            return self._is("live at its limit", LIMITED)
        if not session.began and (refusal or isinstance(problem, Missing | Rejected)):
            return self._is("live denied" if refusal else "live not supported", REFUSED)
        if session.lasted >= LASTING:
            self._pause = SOONEST
        pause, self._pause = self._pause, min(self._pause * 2, LATEST)
        self._is("reconnecting", pause)
        return pause

    def _is(self, what: str, pause: float) -> float:
        self.trouble = f"{what}, next try {f'{pause:.0f} s' if pause < 120 else f'{pause / 60:.0f} min'}"
        return pause
