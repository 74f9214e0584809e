"""Invocations through the facade, of functions that really run; and the endpoint's own count of what ran."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lambdatui.aws.gateway import Aws
from lambdatui.model.errors import AwsError
from lambdatui.model.invocations import InvocationType, Request
from tests.aws.gateways import Opener, embedded
from tests.local.conftest import Eventually
from tests.local.conftest import eventually as _eventually
from tests.running import BOOTSTRAP
from tests.running import connected as _connected
from tests.running import counted as _counted
from tests.running import make as _make

pytestmark = pytest.mark.local

connected, counted, make = _connected, _counted, _make
eventually = _eventually


@pytest.fixture
def aws(endpoint_url: str, opened: Opener) -> Aws:
    return embedded(opened, endpoint_url)


def asked(name: str, do: str = "", **more: Any) -> Request:
    return Request(name, json.dumps({"do": do, **more}).encode(), timeout=20)


async def test_what_is_returned_and_raised(aws: Aws, make: Callable[..., str]) -> None:
    name = make()

    good = await aws.invocations.send(asked(name))
    bad = await aws.invocations.send(asked(name, "raise"))

    assert (good.verdict, json.loads(good.response)["version"]) == ("succeeded", "$LATEST")
    assert good.report is not None
    assert (good.report.memory, good.report.init is not None) == (256, True)
    assert (bad.verdict, bad.error_type, bad.error_message) == ("failed", "ValueError", "out of paper")
    assert any("app.py" in line for line in bad.stack_trace)


async def test_what_is_out_of_time(aws: Aws, make: Callable[..., str]) -> None:
    late = await aws.invocations.send(replace(asked(make(Timeout=1), "sleep"), timeout=1))

    assert (late.verdict, late.error_type) == ("failed", "Sandbox.Timedout")
    assert late.error_message.endswith("Task timed out after 1.00 seconds")
    assert late.report is not None
    assert late.report.status == "timeout"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
async def test_what_is_out_of_memory(aws: Aws, make: Callable[..., str]) -> None:
    killed = await aws.invocations.send(asked(make(MemorySize=128), "hoard"))

    assert (killed.verdict, killed.error_type) == ("failed", "Runtime.ExitError")
    assert killed.error_message.endswith("signal: killed")
    assert killed.report is not None
    assert (killed.report.max_memory, killed.report.error_type) == (128, "Runtime.OutOfMemory")


async def test_what_is_as_long_as_a_response_may_be_and_longer(aws: Aws, make: Callable[..., str]) -> None:
    name = make(MemorySize=512)

    whole = await aws.invocations.send(asked(name, "large", bytes=6_291_456))
    over = await aws.invocations.send(asked(name, "large", bytes=6_300_000))

    assert (whole.verdict, len(whole.response)) == ("succeeded", 6_291_458)
    assert (over.verdict, over.error_type) == ("failed", "Function.ResponseSizeTooLarge")


async def test_parts_of_a_stream_arrive_before_the_function_goes_on(
    aws: Aws, make: Callable[..., str], tmp_path: Path
) -> None:
    name = make("bootstrap", BOOTSTRAP, Runtime="provided.al2023")
    go_on = tmp_path / "go on"
    parts: list[bytes] = []

    def arrived(part: bytes) -> None:
        parts.append(part)
        go_on.touch()  # the function waits for it: it has not written the rest, and will not without this

    request = Request(name, json.dumps({"until": str(go_on)}).encode(), timeout=20, streaming=True)
    outcome = await aws.invocations.send(request, arrived=arrived)

    assert parts == [b"first", bytes(range(256))]
    assert (outcome.verdict, outcome.streamed, outcome.response) == ("succeeded", True, b"".join(parts))


async def test_what_is_no_text_comes_as_it_is(aws: Aws, make: Callable[..., str], tmp_path: Path) -> None:
    name = make("bootstrap", BOOTSTRAP, Runtime="provided.al2023")

    outcome = await aws.invocations.send(Request(name, json.dumps({"until": str(tmp_path)}).encode(), timeout=20))

    assert outcome.response == b"first" + bytes(range(256))


async def test_a_version_and_both_sides_of_an_alias_run(
    aws: Aws, make: Callable[..., str], connected: Callable[[str], Any]
) -> None:
    name, client = make(), connected("lambda")
    client.publish_version(FunctionName=name)
    client.update_function_configuration(FunctionName=name, Description="another")
    client.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
    client.publish_version(FunctionName=name)
    weights = {"AdditionalVersionWeights": {"2": 0.5}}
    client.create_alias(FunctionName=name, Name="live", FunctionVersion="1", RoutingConfig=weights)

    first = await aws.invocations.send(replace(asked(name), qualifier="1"))
    live = [await aws.invocations.send(replace(asked(name), qualifier="live")) for _ in range(60)]

    assert first.executed_version == json.loads(first.response)["version"] == "1"
    assert {outcome.executed_version for outcome in live} == {"1", "2"}
    for outcome in live:
        assert json.loads(outcome.response)["version"] == outcome.executed_version


async def test_a_tenant_reaches_its_function_and_is_asked_for(aws: Aws, make: Callable[..., str]) -> None:
    name = make(TenancyConfig={"TenantIsolationMode": "PER_TENANT"})

    outcome = await aws.invocations.send(replace(asked(name), tenant="blue"))

    assert json.loads(outcome.response)["tenant"] == "blue"
    with pytest.raises(AwsError, match="Add a valid tenant ID"):
        await aws.invocations.send(asked(name))


async def test_the_endpoint_counts_as_many_runs_as_were_sent(
    aws: Aws, make: Callable[..., str], counted: Callable[[str], dict[str, int]], eventually: Eventually
) -> None:
    name = make(Timeout=1)
    sent = [asked(name), asked(name, "raise"), asked(name, "sleep"), asked(name, "exit")]
    sent += [asked(name, "large", bytes=6_300_000), replace(asked(name), streaming=True)]
    sent += [replace(asked(name, "raise"), streaming=True), replace(asked(name), log_tail=False)]
    outcomes = [await aws.invocations.send(replace(request, timeout=1)) for request in sent]
    assert counted(name) == {"invocations": 8, "errors": 5}
    assert len({outcome.request_id for outcome in outcomes}) == 8

    dry = await aws.invocations.send(replace(asked(name), kind=InvocationType.DRY_RUN))
    assert (dry.verdict, counted(name)["invocations"]) == ("dry run", 8), "a dry run runs nothing"

    queued = await aws.invocations.send(replace(asked(name), kind=InvocationType.EVENT))
    assert queued.verdict == "accepted"
    eventually(lambda: counted(name)["invocations"] == 9, within=20)
