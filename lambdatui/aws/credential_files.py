"""The files that credentials come from, and whether they have changed since they were read."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

LOOK = 2.0
"""Seconds between two looks, made only while credentials are missing."""

Fingerprint = tuple[tuple[str, int, int], ...]


def fingerprint() -> Fingerprint:
    """Path, time (ns) and size of each: credentials, configuration, and the caches of aws-cli and its logins."""
    return tuple(sorted(_files()))


def _files() -> Iterator[tuple[str, int, int]]:
    home = Path("~/.aws").expanduser()
    named = [
        os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or home / "credentials",
        os.environ.get("AWS_CONFIG_FILE") or home / "config",
    ]
    cached = [home / "sso/cache", home / "cli/cache", home / "login/cache"]
    paths = [Path(name).expanduser() for name in named]
    for folder in cached:
        try:
            paths += [path for path in folder.iterdir() if path.suffix == ".json"]
        except OSError:
            continue
    for path in paths:
        try:
            state = path.stat()
        except OSError:
            continue
        yield str(path), state.st_mtime_ns, state.st_size


async def changed(since: Fingerprint) -> None:
    """Wait until the files are others than they were."""
    while await asyncio.to_thread(fingerprint) == since:  # noqa: ASYNC110  # another program writes them
        await asyncio.sleep(LOOK)
