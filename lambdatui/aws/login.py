"""Logins that have expired: which command renews them, in another terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from lambdatui.aws.failures import translating
from lambdatui.model.errors import Expired
from lambdatui.model.text import one_line


@contextmanager
def naming_login(profile: str | None) -> Iterator[None]:
    """Have an `Expired` of what is asked in here name the command for this profile."""
    try:
        with translating("sso:GetRoleCredentials"):
            yield
    except Expired as problem:
        command = f"aws sso login --profile {shlex.quote(one_line(profile))}" if profile else "aws sso login"
        remedy = f"Run `{command}` in another terminal: then it goes on here by itself. Press r to try again."
        raise Expired(problem.operation, problem.reason, remedy, request_id=problem.request_id) from problem
