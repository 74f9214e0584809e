"""Pages of log events read without the SDK's parser: as it reads them, or left to it, and in slices."""

from __future__ import annotations

import asyncio
import gc
import json
from time import thread_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.aws.gateway import Aws
from lambdatui.aws.log_answers import UnusualError, read_events
from lambdatui.model.logs import LogGroup, TailRequest
from tests.aws import faults
from tests.aws.fault_server import FaultServer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
EVENTS = st.lists(st.none() | st.dictionaries(st.sampled_from(("eventId", "message", "timestamp")), JSON), max_size=5)


@given(EVENTS, st.none() | st.text(max_size=5), st.dictionaries(st.text(max_size=4), JSON), st.booleans())
def test_an_answer_is_read_as_json_is(
    events: list[Any], token: str | None, others: dict[str, Any], spaced: bool
) -> None:
    whole = {**others, "events": events, "nextToken": token}
    body = json.dumps(whole, indent=1 if spaced else None, ensure_ascii=spaced).encode("utf-8", "replace")
    read = asyncio.run(read_events(body))
    expected = json.loads(body)
    assert read == {"events": expected["events"], **({"nextToken": expected["nextToken"]} if token else {})}


@given(EVENTS, st.data())
def test_what_is_cut_or_has_more_behind_it_is_left_to_the_sdk(events: list[Any], data: st.DataObject) -> None:
    body = json.dumps({"events": events}).encode("utf-8", "replace")
    cut = body[: data.draw(st.integers(0, len(body) - 1))]
    for broken in (cut, body + b"x", body + b"{}"):
        with pytest.raises(UnusualError):
            asyncio.run(read_events(broken))


@pytest.mark.parametrize(
    "body",
    [
        '{"events": [1]}', '{"events": {}}', '{"events": null}', "{}", "[]", '{"events": [{}],}', '{"events": [{},]}',
        '{"events": [], "nextToken": 7}', '{"events": [], "nextToken": ["a"]}', '{"events": [{} {}]}', '{events: []}',
        '\ufeff{"events": []}', '{"events": [' + "[" * 100_000, "\udcff",
    ],
    ids=lambda body: repr(body)[:30],
)  # fmt: skip
def test_what_is_not_of_its_form_is_left_to_the_sdk(body: str) -> None:
    with pytest.raises(UnusualError):
        asyncio.run(read_events(body.encode("utf-8", "surrogateescape")))


async def test_a_page_of_ten_thousand_events_leaves_the_event_loop_many_turns(aws: Aws, server: FaultServer) -> None:
    now = 1_790_000_000_000
    entries = [
        {
            "eventId": f"{number:056d}",
            "timestamp": now + number,
            "ingestionTime": now,
            "logStreamName": "2026/11/23/[$LATEST]0123456789abcdef",
            "message": f"order {number} placed " + "x" * 100,
        }
        for number in range(10_000)
    ]
    server.plan("logs:FilterLogEvents", faults.answer({"events": entries}))
    await aws.account.identity()
    gaps: list[float] = []

    async def tick() -> None:
        last = thread_time()
        while True:
            await asyncio.sleep(0)
            gaps.append(thread_time() - last)
            last = thread_time()

    reading = aws.logs.range(TailRequest([LogGroup("g")]), now, now + 10_000, newest_first=False)
    ticking = asyncio.create_task(tick())
    started = thread_time()
    gc.disable()  # what it walks is what all tests before this one have left
    found = [event for part in [part async for part in reading] for event in part]
    took = thread_time() - started
    gc.enable()
    ticking.cancel()
    assert len(found) == 10_000
    assert found[-1].message.startswith("order 9999 placed")
    # Nothing holds the loop for a third of the time that it all takes; the SDK's own parser alone holds it for a half.
    assert max(gaps) < took / 3
