"""MFA codes: asked of a person once, however many calls wait, and never on the terminal by the SDK."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lambdatui.model.text import one_line

if TYPE_CHECKING:
    from aiobotocore.session import AioSession

AskCode = Callable[[str, bool], Awaitable[str | None]]
"""Takes the device, and whether the code given before was wrong; gives a code, or None where nobody wants to say."""


class CodeNeeded(Exception):
    """The SDK wants a code. `device` is the serial number or ARN of the MFA device."""

    def __init__(self, device: str) -> None:
        super().__init__(device)
        self.device = device


class Codes:
    """The code that was given, for the next session to use once: a session of the SDK asks once in its life."""

    def __init__(self) -> None:
        self.given: str | None = None
        self.used = False
        """Whether the session has taken the code."""

    def give(self, code: str) -> None:
        """Have this taken next."""
        self.given, self.used = code, False

    def prompt(self, asked: str) -> str:
        """In place of getpass. Raises CodeNeeded where no code is at hand."""
        code, self.given = self.given, None
        if code is None:
            raise CodeNeeded(one_line(asked).removeprefix("Enter MFA code for ").strip().rstrip(":"))
        self.used = True
        return code


def share(session: AioSession, codes: Codes) -> None:
    """Have the session take its codes from here, and keep what it gets for them where aws-cli does (0600)."""
    from botocore.utils import JSONFileCache

    resolver: Any = session.get_component("credential_provider")
    for provider in resolver.providers:
        if hasattr(provider, "_prompter"):
            provider._prompter = codes.prompt
        if getattr(provider, "METHOD", "") == "assume-role":
            provider.cache = JSONFileCache(str(Path("~/.aws/cli/cache").expanduser()))
