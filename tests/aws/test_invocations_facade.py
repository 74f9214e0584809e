"""What leaves for AWS with an invocation, and what is made of its answer, over HTTP."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from contextlib import suppress
from pathlib import Path

import pytest

from lambdatui.aws.calls import LARGEST_BODY
from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import Guard
from lambdatui.local.event_stream import CONTENT_TYPE, event
from lambdatui.model.errors import AwsError, NotConfirmed, Offline, OutcomeUnknown, ReadOnly, Rejected
from lambdatui.model.invocations import InvocationType, Request
from lambdatui.settings import load
from tests.aws import broken, event_streams, faults
from tests.aws.event_streams import COMPLETE, part, stream
from tests.aws.exchange import Exchange, Reply
from tests.aws.fault_server import FaultServer
from tests.aws.faults import ACCOUNT
from tests.aws.gateways import Journal, Opener

STREAM = "lambda:InvokeWithResponseStream"
PRODUCTION = f"accounts: {{'{ACCOUNT}': {{production: true, read_only: false}}}}"
SECRETS = ("hunter2", "acme-tenant", "ctx-secret")


def request(**options: object) -> Request:
    return Request("f", b'{"password": "hunter2"}', timeout=3, **options)  # type: ignore[arg-type]


async def test_all_that_a_request_says_arrives(aws: Aws, server: FaultServer) -> None:
    context = '{"custom": {"k": "é"}}'
    await aws.invocations.send(request(qualifier="live", client_context=context, tenant="acme/1"))
    (seen,) = server.journal
    assert seen.parameters == {"Qualifier": "live"}
    assert seen.body == b'{"password": "hunter2"}'
    assert base64.b64decode(seen.headers["x-amz-client-context"]).decode() == context
    assert seen.headers["x-amz-tenant-id"] == "acme/1"
    assert (seen.headers["x-amz-invocation-type"], seen.headers["x-amz-log-type"]) == ("RequestResponse", "Tail")


@pytest.mark.parametrize("kind", [InvocationType.EVENT, InvocationType.DRY_RUN])
async def test_what_does_not_wait_for_the_function_asks_for_no_log(
    kind: InvocationType, aws: Aws, server: FaultServer
) -> None:
    await aws.invocations.send(request(kind=kind))
    headers = server.journal[0].headers
    assert (headers["x-amz-invocation-type"], headers["x-amz-log-type"]) == (kind.value, "None")


@pytest.mark.parametrize(
    ("kind", "reply", "verdict"),
    [
        (InvocationType.EVENT, faults.status(202), "accepted"),
        (InvocationType.DRY_RUN, faults.status(204), "dry run"),
        (InvocationType.REQUEST_RESPONSE, faults.invoked(b"1"), "succeeded"),
        (InvocationType.REQUEST_RESPONSE, faults.invoked(b"{}", X_Amz_Function_Error="Unhandled"), "failed"),
        (InvocationType.DRY_RUN, faults.invoked(b"1"), "succeeded"),
    ],
)
async def test_the_journal_says_in_a_word_how_it_went(
    kind: InvocationType, reply: Reply, verdict: str, aws: Aws, server: FaultServer, journal: Journal
) -> None:
    server.plan("lambda:Invoke", reply)
    assert (await aws.invocations.send(request(kind=kind))).verdict == verdict
    assert journal.lines[1]["outcome"] == verdict


@pytest.mark.parametrize("reply", [faults.invoked(), faults.reset, faults.aws_error(403, "AccessDeniedException")])
@pytest.mark.parametrize("streaming", [False, True])
async def test_the_journal_has_what_was_sent_but_no_word_of_it(
    reply: Reply, streaming: bool, aws: Aws, server: FaultServer, journal: Journal
) -> None:
    server.plan("lambda:Invoke", reply)
    server.plan(STREAM, reply)
    context = '{"custom": {"k": "ctx-secret"}}'
    sent = request(
        qualifier="live", event="big order", tenant="acme-tenant", client_context=context, streaming=streaming
    )
    with suppress(AwsError):
        await aws.invocations.send(sent)
    before, after = journal.lines
    assert (before["qualifier"], before["type"], before["event"]) == ("live", "RequestResponse", "big order")
    assert before["payload_sha256"] == hashlib.sha256(sent.payload).hexdigest()
    assert after["outcome"]
    assert not [secret for secret in SECRETS if secret in repr(journal.lines)]


@pytest.mark.parametrize(
    "options",
    [
        {"client_context": "{"},
        {"client_context": json.dumps({"custom": "x" * 3000})},
        {"client_context": "[1]"},
        {"tenant": "a\r\nX-Evil: 1"},
        {"tenant": "t" * 257},
        {"streaming": True, "kind": InvocationType.EVENT},
    ],
)
async def test_what_aws_would_not_take_is_not_sent(
    options: dict[str, object], aws: Aws, server: FaultServer, journal: Journal
) -> None:
    with pytest.raises(Rejected) as told:
        await aws.invocations.send(request(**options))
    assert told.value.remedy == "Nothing was sent."
    assert server.connections == 0
    assert journal.lines == []


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_dry_run_on_production_asks_nobody(
    streaming: bool, server: FaultServer, opened: Opener, keys: None, journal: Journal, tmp_path: Path
) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(PRODUCTION)
    aws = opened(endpoint_url=server.url, guard=Guard(journal, load({"config": str(file)}, {})))
    await aws.account.identity()
    server.plan("lambda:Invoke", faults.status(204))
    server.plan(STREAM, faults.status(204))
    assert (await aws.invocations.send(request(kind=InvocationType.DRY_RUN, streaming=streaming))).verdict == "dry run"
    for kind in (InvocationType.EVENT, InvocationType.REQUEST_RESPONSE):
        with pytest.raises(NotConfirmed):
            await aws.invocations.send(request(kind=kind))
    assert len([name for name in server.operations if "Invoke" in name]) == 1


async def test_a_dry_run_is_one_by_what_is_sent_and_not_by_what_is_said(
    aws: Aws, guard: Guard, server: FaultServer
) -> None:
    calls = aws.invocations._calls
    for dry_run, kind in ((True, "RequestResponse"), (False, "DryRun")):
        async with calls.invoking("lambda", "Invoke", "f", dry_run=dry_run) as invocation:
            with pytest.raises(ReadOnly, match="no line in the audit journal"):
                await invocation.send(5, FunctionName="f", InvocationType=kind)
    assert server.connections == 0


async def test_in_read_only_mode_a_dry_run_is_refused_as_well(
    server: FaultServer, opened: Opener, keys: None, journal: Journal
) -> None:
    aws = opened(endpoint_url=server.url, guard=Guard(journal, load({"read_only": True}, {})))
    with pytest.raises(ReadOnly):
        await aws.invocations.send(request(kind=InvocationType.DRY_RUN))
    assert server.operations == []


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_dry_run_without_an_answer_has_run_nothing(streaming: bool, aws: Aws, server: FaultServer) -> None:
    server.plan("lambda:Invoke", faults.reset)
    server.plan(STREAM, faults.reset)
    with pytest.raises(Offline):
        await aws.invocations.send(request(kind=InvocationType.DRY_RUN, streaming=streaming))


async def test_the_trace_and_the_report_of_an_invocation_are_read(aws: Aws, server: FaultServer) -> None:
    log = "START RequestId: r Version: 7\nREPORT RequestId: r\tDuration: 2.21 ms\tBilled Duration: 3 ms\t\n"
    trace = "Root=1-6744e5a0-3f2b1c0d9e8f7a6b5c4d3e2f;Parent=1;Sampled=0"
    server.plan("lambda:Invoke", faults.invoked(b"\xff\x00", log=log, X_Amzn_Trace_Id=trace))
    outcome = await aws.invocations.send(request())
    assert outcome.trace_id == "1-6744e5a0-3f2b1c0d9e8f7a6b5c4d3e2f"
    assert outcome.report is not None
    assert (outcome.report.duration, outcome.report.billed) == (2.21, 3)
    assert outcome.response == b"\xff\x00"
    assert outcome.sent > 0


async def test_the_parts_of_a_stream_come_while_it_is_made(aws: Aws, server: FaultServer) -> None:
    first, go_on = asyncio.Event(), asyncio.Event()
    parts: list[bytes] = []

    async def reply(exchange: Exchange) -> None:
        await exchange.head(200, {"Content-Type": CONTENT_TYPE, "x-amzn-RequestId": faults.REQUEST_ID})
        await exchange.send(part(b"one "))
        await go_on.wait()
        await exchange.send(part(b"two") + COMPLETE)
        await exchange.hang()  # what comes after the end is not waited for

    def arrived(data: bytes) -> None:
        parts.append(data)
        first.set()

    server.plan(STREAM, reply)
    sending = asyncio.create_task(aws.invocations.send(request(streaming=True), arrived=arrived))
    await first.wait()
    assert parts == [b"one "]
    go_on.set()
    outcome = await sending
    assert parts == [b"one ", b"two"]
    assert (outcome.response, outcome.streamed, outcome.verdict) == (b"one two", True, "succeeded")


async def test_a_stream_that_ends_with_an_error_is_a_failure(aws: Aws, server: FaultServer) -> None:
    details = json.dumps({"errorType": "CardDeclined", "errorMessage": "no funds", "stackTrace": ["at a"]})
    ending = event("InvokeComplete", json.dumps({"ErrorCode": "Unhandled", "ErrorDetails": details}).encode())
    server.plan(STREAM, stream(part(b"some"), ending, then="end"))
    outcome = await aws.invocations.send(request(streaming=True))
    assert not outcome.succeeded
    assert (outcome.error_type, outcome.error_message, outcome.stack_trace) == ("CardDeclined", "no funds", ("at a",))
    assert outcome.response == b"some"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (stream(part(b"12345"), then="end"), "ended before it was complete, after 5 B"),
        (stream(part(b"12345"), part(b"67")[:9]), "after 5 B of the response"),
        (stream(part(b"12345"), event_streams.error("Throttling", "slow down"), then="end"), "after 5 B"),
        (stream(then="end"), "with nothing of the response"),
        (faults.status(204), "status 204, with nothing"),
        (broken.headed("HTTP/1.1 101 Switching Protocols\nUpgrade: h2c\nx-amzn-RequestId: r", b""), "status 101"),
    ],
)
async def test_a_stream_that_is_not_complete_is_an_unknown_outcome_that_says_how_much_came(
    reply: Reply, said: str, aws: Aws, server: FaultServer
) -> None:
    server.plan(STREAM, reply)
    with pytest.raises(OutcomeUnknown, match=said):
        await aws.invocations.send(request(streaming=True))
    assert server.operations == [STREAM]


async def test_a_stream_that_falls_silent_is_an_unknown_outcome(
    aws: Aws, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lambdatui.aws.invocations.GRACE", 0.2)
    server.plan(STREAM, stream(part(b"12345"), then="hang"))
    with pytest.raises(OutcomeUnknown, match="It fell silent, after 5 B of the response"):
        await aws.invocations.send(Request("f", b"", timeout=0, streaming=True))


async def test_of_a_very_long_stream_a_part_is_kept_and_all_of_it_counted(aws: Aws, server: FaultServer) -> None:
    piece = part(b"x" * 1_000_000)
    server.plan(STREAM, stream(*[piece] * 22, COMPLETE, then="end"))
    outcome = await aws.invocations.send(request(streaming=True))
    assert (len(outcome.response), outcome.not_kept) == (LARGEST_BODY, 22_000_000 - LARGEST_BODY)
    assert outcome.succeeded
