"""Live tail sessions whose seconds pass when the test says so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from botocore.eventstream import EventStreamBuffer

from lambdatui.local.control_plane.logs import Group
from lambdatui.local.log_store import LogStore
from lambdatui.local.logs.errors import LogsError
from lambdatui.local.logs.live_tail import LONGEST, LiveTail
from lambdatui.local.logs.requests import Request
from lambdatui.local.places import HOME

ARN = Group(HOME, "g", 7, None).arn


class Asked(Request):
    """A request in a place where every group exists."""

    def named(self, name: str) -> Group:
        return Group(HOME, name, 7, None)


class Client:
    """The other side of a connection: it takes what is sent while `reads` is set."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.reads.set()
        self.left = asyncio.Event()
        self.ticks: asyncio.Queue[None] = asyncio.Queue()
        self.slept = asyncio.Event()
        self.complete = False
        self._buffer: Any = EventStreamBuffer()

    async def sleep(self, seconds: float) -> None:
        assert seconds == 1.0
        self.slept.set()
        await self.ticks.get()

    async def receive(self) -> MutableMapping[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        await self.reads.wait()
        if message["type"] == "http.response.body":
            self._buffer.add_data(message.get("body", b""))
            self.complete = not message.get("more_body", False)

    async def seconds(self, count: int) -> None:
        """Let so many seconds pass."""
        for _ in range(count):
            await self.slept.wait()
            self.slept.clear()
            self.ticks.put_nowait(None)
        for _ in range(20):
            await asyncio.sleep(0)

    def seen(self) -> list[tuple[str, Any]]:
        """What has come since it was last looked at: kinds of message and their content."""
        return [
            (it.headers.get(":event-type") or it.headers[":exception-type"], json.loads(it.payload))
            for it in self._buffer
        ]


@asynccontextmanager
async def session(store: LogStore, client: Client, tail: LiveTail | None = None) -> AsyncIterator[asyncio.Task[None]]:
    tail = tail or LiveTail(store, sleep=client.sleep)
    request = Asked(HOME, {"logGroupIdentifiers": [ARN]}, 0)
    task = asyncio.create_task(tail(request, "id", client.receive, client.send))
    await client.slept.wait()
    try:
        yield task
    finally:
        client.left.set()
        client.reads.set()
        await asyncio.wait({task}, timeout=5)
        assert task.done()


@pytest.fixture
def store() -> LogStore:
    return LogStore(lambda place, group: 7)


def results(seen: list[tuple[str, Any]]) -> list[list[str]]:
    return [[it["message"] for it in content["sessionResults"]] for kind, content in seen if kind == "sessionUpdate"]


async def test_an_update_holds_what_was_written_since_the_last_one(store: LogStore) -> None:
    client = Client()
    async with session(store, client):
        assert [kind for kind, _ in client.seen()] == ["initial-response", "sessionStart"]
        store.append(HOME, "g", "s", [(1, "one")])
        store.append(HOME, "other", "s", [(1, "not this")])
        await client.seconds(1)
        store.append(HOME, "g", "s", [(2, "two"), (3, "three")])
        await client.seconds(2)

        assert results(client.seen()) == [["one"], ["two", "three"], []]


async def test_a_client_that_does_not_read_finds_the_last_ten_updates(store: LogStore) -> None:
    client = Client()
    async with session(store, client):
        client.seen()
        client.reads.clear()
        for number in range(30):
            store.append(HOME, "g", "s", [(number, str(number))])
            await client.seconds(1)
        client.reads.set()
        await client.seconds(1)

        found = [int(text) for update in results(client.seen()) for text in update]

        assert found[0] == 0  # was under way
        assert found[1:] == list(range(30 - len(found[1:]), 30))
        assert 10 <= len(found) <= 12


async def test_a_session_is_over_after_three_hours(store: LogStore) -> None:
    client = Client()
    async with session(store, client) as task:
        await client.seconds(int(LONGEST))
        await asyncio.wait_for(task, 5)

        *updates, last = client.seen()

        assert last[0] == "SessionTimeoutException"
        assert last[1]["message"]
        assert len(updates) == 2 + LONGEST
        assert client.complete


async def test_a_client_that_leaves_is_followed_by_nothing(store: LogStore) -> None:
    client = Client()
    tail = LiveTail(store, sleep=client.sleep)
    for _ in range(40):  # more than may be open at once
        client.left.clear()
        async with session(store, client, tail) as task:
            client.reads.clear()
            store.append(HOME, "g", "s", [(1, "x")])
            client.left.set()
            await asyncio.wait_for(task, 5)
            client.reads.set()
    assert not store._followers


async def test_a_request_that_is_cancelled_makes_room(store: LogStore) -> None:
    client = Client()
    async with session(store, client) as task:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not store._followers


async def test_the_sixteenth_session_is_refused(store: LogStore) -> None:
    client = Client()
    tail = LiveTail(store, sleep=client.sleep)
    request = Asked(HOME, {"logGroupIdentifiers": [ARN]}, 0)
    tasks = [asyncio.create_task(tail(request, "id", client.receive, client.send)) for _ in range(15)]
    await client.slept.wait()

    with pytest.raises(LogsError) as refused:
        await tail(request, "id", client.receive, client.send)

    assert refused.value.code == "LimitExceededException"
    client.left.set()
    await asyncio.gather(*tasks)


async def test_a_flood_is_looked_at_in_part(store: LogStore) -> None:
    client = Client()
    async with session(store, client):
        client.seen()
        for _ in range(30):
            store.append(HOME, "g", "s", [(1, "x")] * 5000)
        await client.seconds(1)
        for _ in range(1000):
            await asyncio.sleep(0)

        ((_, update),) = client.seen()

        assert update["sessionMetadata"] == {"sampled": True}
        assert len(update["sessionResults"]) == 500


async def test_an_update_is_never_larger_than_clients_take(store: LogStore) -> None:
    client = Client()
    async with session(store, client):
        client.seen()
        store.append(HOME, "g", "s", [(number, "\x01" * 262_000) for number in range(40)])
        await client.seconds(1)

        ((_, update),) = client.seen()

        assert update["sessionMetadata"] == {"sampled": True}
        assert 1 < len(update["sessionResults"]) < 9
