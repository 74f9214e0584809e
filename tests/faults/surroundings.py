"""What runs of faults have around them: keys, an SDK that does not dawdle, and a look at what is left after a run."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import aiobotocore.httpsession
import botocore.loaders
import botocore.session
import pytest
from botocore.retries.standard import ExponentialBackoff

from lambdatui.aws.clients import CLASSES, ClientClass

QUICK = {kind: replace(rules, connect=1, read=0.25) for kind, rules in CLASSES.items()}
QUICK[ClientClass.READ] = replace(QUICK[ClientClass.READ], whole=2.5)
"""The program's rules with short time limits."""

LONGEST = 2.5 + 10
"""Seconds that any run of one call may take: the limit of a read and what a busy machine adds."""


@contextmanager
def quick_sdk() -> Iterator[None]:
    """Somebody's keys and an empty home; no pauses between attempts; models read once, CA certificates never."""
    loader = botocore.loaders.create_loader()
    with TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patched:
        for name in [name for name in os.environ if name.upper().startswith(("AWS_", "HTTP_PROXY", "HTTPS_PROXY"))]:
            patched.delenv(name)
        patched.setenv("HOME", home)
        patched.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patched.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        patched.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
        patched.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0.0)
        patched.setattr(botocore.session, "create_loader", lambda *_: copy(loader))
        patched.setattr(aiobotocore.httpsession, "get_cert_path", lambda verify: None)
        patched.setattr("lambdatui.aws.invocations.GRACE", 0.5)
        patched.setattr("lambdatui.aws.calls.MOST_PAGES", 50)
        patched.setattr("lambdatui.aws.calls.PAUSE", 0.0)
        patched.setattr("lambdatui.model.pace.FASTEST", 0.05)
        patched.setattr("lambdatui.aws.live_session.SILENCE", 0.5)
        yield


def descriptors() -> int:
    """Open descriptors of this process; 0 where the system does not tell."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


class Leftovers:
    """What there was before a run, for what is left after it."""

    def __init__(self) -> None:
        self._tasks = asyncio.all_tasks()
        self._descriptors = descriptors()

    async def found(self) -> list[str]:
        """A sentence for each task or descriptor that is left, once they had a moment to go."""
        for _ in range(1000):
            tasks = asyncio.all_tasks() - self._tasks
            more = descriptors() - self._descriptors
            if not tasks and more <= 0:
                return []
            await asyncio.sleep(0.01)  # closing sockets takes turns of the loop
        said = [f"a task is left: {task.get_name()} {task.get_coro()}" for task in tasks]
        return said + ([f"{more} descriptors are left"] if more > 0 else [])
