"""The first list of functions of a start, asked for while the SDK's clients are still being imported and made."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from lambdatui.aws import traffic
from lambdatui.aws.credential_files import Fingerprint, fingerprint

if TYPE_CHECKING:
    from lambdatui.aws.guard import Guard
    from lambdatui.aws.plain_list import Keys, Wanted
    from lambdatui.model.functions import Function

OPERATION = "lambda:ListFunctions"

TURN = 1.0
"""Seconds that the clients wait for the first page: imported meanwhile, they would hold it up."""


class Page(NamedTuple):
    """Functions, and where the next page begins: "" after the last one."""

    functions: Sequence[Function]
    marker: str


class FirstList:
    """One list for one gateway. A thread asks for it, page after page, however long each is looked at.

    It may end before the list does, for any reason, and does not say why: see `plain_list`.
    """

    def __init__(self, wanted: Wanted, guard: Guard, parse: Callable[[Mapping[str, Any]], Function]) -> None:
        """`parse` makes a function of an entry."""
        self._wanted = wanted
        self._guard = guard
        self._parse = parse
        self._begun = False
        self._closed = False
        self._keys: Keys | None = None
        self.read: Fingerprint = ()
        """What the files of credentials were when they were read."""
        self._pages: asyncio.Queue[Page | None] = asyncio.Queue()
        self._settled = asyncio.Event()
        """Set when the first page is there, or none will be."""

    def begin(self) -> None:
        """Ask, unless that was begun or is over."""
        if not self._begun and not self._closed:
            self._begun = True
            self._guard.permit(OPERATION)
            loop = asyncio.get_running_loop()
            # A daemon: an endpoint that does not answer must not keep the program from ending.
            threading.Thread(target=self._ask, args=(loop,), name="first list", daemon=True).start()

    async def keys(self) -> Keys | None:
        """What is asked with, for the clients to ask with the same; None where they have to look for themselves."""
        self.begin()
        with suppress(TimeoutError):
            async with asyncio.timeout(TURN):
                await self._settled.wait()
        return self._keys

    async def pages(self) -> AsyncGenerator[Page, None]:
        """The pages that come, of which the last may not be the list's last. Once: after that there are none."""
        self.begin()
        try:
            while not self._closed and (page := await self._pages.get()) is not None:
                yield page
        finally:
            self.close()

    def close(self) -> None:
        """Ask no more."""
        self._closed = True
        self._settled.set()
        self._pages.put_nowait(None)

    def _ask(self, loop: asyncio.AbstractEventLoop) -> None:
        def tell(page: Page | None) -> None:
            with suppress(RuntimeError):  # the program has ended
                loop.call_soon_threadsafe(self._pages.put_nowait, page)
                loop.call_soon_threadsafe(self._settled.set)

        try:
            for page in self._listed():
                if self._closed:
                    break
                tell(page)
        finally:
            tell(None)

    def _listed(self) -> Iterator[Page]:
        from botocore.exceptions import BotoCoreError
        from urllib3.exceptions import HTTPError

        from lambdatui.aws.plain_list import PlainList, UnusualError

        # What is of another form than AWS gives is for the clients to tell as well.
        strange = (OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
        try:
            self.read = fingerprint()
            plain = PlainList(self._wanted)
            self._keys = plain.keys
            for body, request_id, milliseconds in plain.answers():
                traffic.answered(OPERATION, "200", request_id, milliseconds)
                functions = [self._parse(entry) for entry in body["Functions"] if entry]
                yield Page(functions, body.get("NextMarker") or "")
        except (UnusualError, BotoCoreError, HTTPError, *strange) as problem:
            if not self._closed:
                traffic.gave_way(OPERATION, problem)
