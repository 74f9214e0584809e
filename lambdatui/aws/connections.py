"""The connections of one gateway: the one that calls use, and those that calls under way have not left yet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from lambdatui.aws.clients import CLASSES, ClientClass, Rules
from lambdatui.aws.connection import Connection
from lambdatui.aws.credential_files import changed
from lambdatui.aws.first_list import FirstList
from lambdatui.aws.guard import Guard
from lambdatui.aws.mfa import AskCode
from lambdatui.aws.target import Target
from lambdatui.model.errors import Offline

CLOSING = 1.0
"""Seconds that the end of the program waits for clients to close."""


class Connections:
    """The clients of one gateway, by service and class, opened on first use."""

    def __init__(
        self,
        target: Target,
        guard: Guard,
        rules: Mapping[ClientClass, Rules] = CLASSES,
        ask_code: AskCode | None = None,
        first_list: FirstList | None = None,
    ) -> None:
        self._ask_code = ask_code
        self.rules = rules
        self._target = target
        self._guard = guard
        self._closed = False
        self._first_list = first_list
        self._current = Connection(target, guard, rules, None, ask_code, first_list)
        self._hopeless: Connection | None = None
        self._ending: dict[asyncio.Task[None], Connection] = {}

    @asynccontextmanager
    async def use(self, service: str, kind: ClientClass) -> AsyncIterator[Any]:
        """A client to call with. Raises an AwsError that says what keeps it from being opened."""
        while True:
            connection = await self._newest()
            async with connection.use(service, kind) as client:
                self._refuse_if_closed()
                if not connection.retired:
                    yield client
                    return
            # Another one was made while this one opened: with what the configuration says by now.

    async def get(self, service: str, kind: ClientClass) -> Any:
        """A client to look at: by the next call it may have been closed."""
        async with self.use(service, kind) as client:
            return client

    async def _newest(self) -> Connection:
        self._refuse_if_closed()
        if self._target.embedded is not None:
            url = await self._target.embedded.url()
            self._refuse_if_closed()
            if url != self._current.endpoint:
                self._renew(url)
        return self._current

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise Offline("opening a client", "The connection to AWS was closed.")

    def _renew(self, endpoint: str | None) -> asyncio.Task[None]:
        """Have a new connection from now on. The task closes the old one once the calls on it have ended."""
        old, self._current = self._current, Connection(self._target, self._guard, self.rules, endpoint, self._ask_code)
        old.retired = True
        self._guard.forget()
        task = asyncio.create_task(old.end(), name="closing the clients")
        self._ending[task] = old
        task.add_done_callback(self._ending.pop)
        return task

    @property
    def current(self) -> Connection:
        """The one that calls use."""
        return self._current

    def renew_after(self, failed: Connection) -> bool:
        """Have another connection in place of one whose credentials AWS has refused, however many calls ask for it.

        False where that was tried: the credentials that can be found are the ones that were refused.
        """
        if failed is self._hopeless or self._closed:
            return False
        if failed is self._current:
            self._renew(failed.endpoint)
            self._hopeless = self._current
        return True

    def accepted(self, connection: Connection) -> None:
        """AWS takes its credentials: should they expire later, others may be found."""
        if self._hopeless is connection:
            self._hopeless = None

    async def credentials_changed(self) -> None:
        """Wait until the files of credentials are others than those that were read."""
        if self._target.keys is not None:
            await asyncio.Event().wait()
        await changed(self._current.read)

    async def revive(self) -> None:
        """What a person's wish to try again does beyond calling again: start what has ended, read the files anew.

        Calls under way keep their clients until they have ended.
        """
        if self._target.embedded is not None:
            await self._target.embedded.restart()
        if not self._closed:
            self._renew(self._current.endpoint)
            self._hopeless = None

    async def aclose(self) -> None:
        """Close everything for good: calls under way fail. What is being opened now ends with the program."""
        self._closed = True
        if self._first_list is not None:
            self._first_list.close()
        self._guard.forget()
        open_ones = {self._current, *self._ending.values()}
        tasks = [asyncio.create_task(connection.close()) for connection in open_ones]
        await asyncio.wait([*tasks, *self._ending], timeout=CLOSING)
