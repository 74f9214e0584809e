"""Programs that a profile names as its `credential_process`."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiobotocore.credentials import AioProcessProvider

if TYPE_CHECKING:
    from aiobotocore.session import AioSession

REAPING = 1.0
"""Seconds that an ended program is waited for."""


class CredentialProcess:
    """A program that runs for the SDK, away from the terminal, and ends when nobody waits for it any more."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, *command: str, **pipes: Any) -> CredentialProcess:
        """In place of `asyncio.create_subprocess_exec`.

        In a session of its own it has no terminal either to ask a question on, over our screen: neither as standard
        input, which the SDK would let it share with us, nor as /dev/tty.
        """
        starting = asyncio.create_task(
            asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL, start_new_session=True, **pipes)
        )
        try:
            return cls(await asyncio.shield(starting))
        except asyncio.CancelledError:
            with suppress(OSError):  # it may run already; asyncio would end it alone, without what it has started
                await cls(await starting)._end()
            raise

    @property
    def returncode(self) -> int | None:
        return self._process.returncode

    async def communicate(self) -> tuple[bytes, bytes]:
        """What it wrote, when it has ended."""
        try:
            return await self._process.communicate()
        except BaseException:
            await self._end()
            raise

    async def _end(self) -> None:
        """End it with whatever it has started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(TimeoutError):
            async with asyncio.timeout(REAPING):
                await self._process.wait()


def restrain(session: AioSession) -> None:
    """Have the session start every `credential_process` like that, a source profile's as well."""
    resolver: Any = session.get_component("credential_provider")
    for provider in resolver.providers:
        if isinstance(provider, AioProcessProvider):
            provider._popen = CredentialProcess.start  # type: ignore[attr-defined]  # the stubs have only what is public
        builder = getattr(provider, "_profile_provider_builder", None)
        if builder is not None:
            builder._create_process_provider = lambda profile_name: AioProcessProvider(
                profile_name, lambda: session.full_config, popen=CredentialProcess.start
            )
