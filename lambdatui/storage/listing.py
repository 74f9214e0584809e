"""The functions as they were listed last, on disk, so that the next session has them with its first paint.

A file for each account, region, profile and endpoint: a head line, then a line for each function, those first that were
on screen. Environment values are not in it, for ListFunctions' answers are not kept, only what the list shows of them.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

from lambdatui.model.functions import NO_TAGS, Function, default_log_group, shared
from lambdatui.model.identity import Identity
from lambdatui.model.json_text import visible_json
from lambdatui.storage.files import private_folder, write_atomic

VERSION = 1
HEAD = 120
"""Functions that are read before the first paint: more rows than most terminals have."""
HEAD_BYTES = 96_000
A_SLICE = 250
"""Functions that are read, or written, in one go: some 5 ms."""
MOST = 20_000
"""Functions of one file."""
LARGEST = 40_000_000
"""Bytes of a file that is read."""
FILES = 30
"""Files that are kept, those that were written last."""
LONGEST = 2_000
"""Characters of one text that are kept."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

# What else than the profile decides who asks.
_DECIDING = (
    "AWS_ACCESS_KEY_ID", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ROLE_ARN", "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_LAMBDA", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)  # fmt: skip


def place_key(profile: str | None, region: str | None, endpoint: str | None, environ: Mapping[str, str]) -> str:
    """What stands for who asks and where, as far as that is known before anybody was asked.

    Readable where it can be; of the environment there is a checksum in it, and never a value.
    """
    deciding = "\n".join(f"{name}={environ[name]}" for name in _DECIDING if environ.get(name))
    parts = [profile or "default", region or "its region", endpoint or "aws"]
    checksum = crc32("\n".join([*parts, deciding]).encode("utf-8", "surrogatepass"))
    return f"{_slug('-'.join(parts))}-{checksum:08x}"


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", text)[:100]


@dataclass(frozen=True)
class Listing:
    """What was listed at some time, or the first part of it."""

    identity: Identity
    saved: datetime
    functions: Sequence[Function]
    count: int
    """How many there are in all."""


class ListingCache:
    """Listings by place and account. What cannot be read is set aside and counts as not there; nothing raises."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, place: str, account: str) -> Path:
        """The file of a place as it was for an account."""
        return self._folder / f"functions-{_slug(place)}-{_slug(account) or 'unknown'}.jsonl"

    def head(self, place: str, account: str) -> Listing | None:
        """The first functions of a listing. Reads no more than `HEAD_BYTES`: it comes before the first paint."""
        path = self.path(place, account)
        try:
            with path.open("rb") as file:
                data = file.read(HEAD_BYTES)
            head, *lines = data.split(b"\n")
            whole = lines[:-1]  # the last one is cut, or empty
            return _listing(head, [_unpacked(line) for line in whole[:HEAD]])
        except OSError:
            return None
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
            self._set_aside(path)
            return None

    async def rest(self, place: str, account: str) -> AsyncGenerator[Sequence[Function], None]:
        """All functions of a listing from the first on, in slices; the event loop has its turn between them."""
        path = self.path(place, account)
        try:
            with _opened(path) as file:
                await asyncio.to_thread(file.readline)
                while lines := await asyncio.to_thread(_slice, file):
                    yield [_unpacked(line) for line in lines]
        except OSError:
            return
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
            self._set_aside(path)

    async def save(self, place: str, identity: Identity, functions: Sequence[Function]) -> None:
        """Keep a listing, in the order in which it is shown. A full disk costs the next session its head start."""
        kept = list(functions[:MOST])
        with suppress(OSError):
            await asyncio.to_thread(self._save, self.path(place, identity.account), identity, kept)

    def _save(self, path: Path, identity: Identity, functions: Sequence[Function]) -> None:
        head = {
            "version": VERSION, "saved": datetime.now(UTC).isoformat(timespec="seconds"), "count": len(functions),
            "profile": identity.profile, "account": identity.account, "region": identity.region,
            "endpoint": identity.endpoint,
        }  # fmt: skip
        private_folder(self._folder)
        write_atomic(path, _parts(head, functions))
        self._remove_old()

    def _remove_old(self) -> None:
        files = sorted(self._folder.glob("functions-*.jsonl"), key=_written, reverse=True)
        for old in files[FILES:]:
            old.unlink(missing_ok=True)

    def _set_aside(self, path: Path) -> None:
        with suppress(OSError):
            path.replace(self._folder / "functions.corrupt.json")


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > LARGEST:
            raise ValueError("too large")
        yield file


def _slice(file: BinaryIO) -> Sequence[bytes]:
    """The next lines, without one that is cut."""
    return [line for line in islice(file, A_SLICE) if line.endswith(b"\n")]


def _parts(head: Mapping[str, Any], functions: Sequence[Function]) -> Iterator[bytes]:
    """The content of a file. Line by line: in one piece it would keep the other threads from their turn."""
    yield _line(head)
    for start in range(0, len(functions), A_SLICE):
        yield b"".join([_line(_packed(it)) for it in functions[start : start + A_SLICE]])


def _line(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _listing(head: bytes, functions: Sequence[Function]) -> Listing:
    it = visible_json(json.loads(head))
    if it["version"] != VERSION:
        raise ValueError("another version")
    identity = Identity(profile=it["profile"], account=it["account"], region=it["region"], endpoint=it["endpoint"])
    if not all(isinstance(text, str) for text in (identity.profile, identity.account, identity.region)):
        raise TypeError("an identity of something else than text")
    return Listing(identity, datetime.fromisoformat(it["saved"]).astimezone(UTC), functions, int(it["count"]))


def _packed(it: Function) -> list[Any]:
    modified = None if it.modified is None else (it.modified - _EPOCH) // _MILLISECOND
    texts = (it.name, it.arn, it.runtime, it.description, it.package_type, it.handler, it.log_group)
    return [
        *(text[:LONGEST] for text in texts),
        it.memory, it.timeout, it.code_size, modified, list(it.architectures), list(it.layers),
        None if it.tags is None else dict(it.tags),
    ]  # fmt: skip


def _unpacked(line: bytes) -> Function:
    """A function from its line. Raises ValueError or TypeError."""
    values = json.loads(line)
    # Without a backslash or a byte beyond ASCII there is nothing in it that would have to be made safe.
    if b"\\" in line or not line.isascii() or b"\x7f" in line:
        values = visible_json(values)
    *texts, memory, timeout, code_size, modified, architectures, layers, tags = values
    name, arn, runtime, description, package_type, handler, log_group = texts
    _expect(str, texts, architectures, layers, () if tags is None else [*tags, *tags.values()])
    _expect(int, (memory, timeout, code_size))
    return Function(
        name=name, arn=arn, runtime=shared(runtime), memory=shared(memory), timeout=shared(timeout),
        architectures=shared(tuple(architectures)),
        modified=None if modified is None else _EPOCH + modified * _MILLISECOND, description=description,
        package_type=shared(package_type), handler=shared(handler), code_size=code_size,
        own_log_group="" if log_group == default_log_group(name) else log_group,
        layers=shared(tuple(map(shared, layers))), tags=NO_TAGS if tags == {} else tags,
    )  # fmt: skip


def _expect(kind: type, *groups: Iterable[Any]) -> None:
    for group in groups:
        for value in group:
            if type(value) is not kind:
                raise TypeError(f"{value!r} is no {kind.__name__}")
