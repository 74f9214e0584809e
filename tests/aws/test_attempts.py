"""How many HTTP requests a call is, and what is said of it when the answer does not come."""

from __future__ import annotations

from dataclasses import replace

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from lambdatui.aws.clients import CLASSES, ClientClass
from lambdatui.aws.gateway import Aws
from lambdatui.model.errors import AwsError, Offline, OutcomeUnknown, Throttled
from tests.aws import faults
from tests.aws.exchange import Reply
from tests.aws.fault_server import FaultServer, nobody_listening
from tests.aws.gateways import IMPATIENT, Opener, invoke, listed

HTML_503 = faults.status(503, "<html><b>busy</b></html>", content_type="text/html", request_id="")

UNANSWERED = {
    "reset": faults.reset,
    "closed": faults.close,
    "short body": faults.short_body,
    "half-closed in the body": faults.half_closed_body,
    "reset in the body": faults.reset_in_body,
    "bad chunk": faults.bad_chunk,
    "not HTTP": faults.not_http,
    "500 without a word": faults.status(500),
    "500 of Lambda's": faults.aws_error(500, "ServiceException"),
    "502 of a gateway": faults.status(502, '{"message": "Internal server error"}', request_id=""),
    "503 as a web page": HTML_503,
    "504 without a word": faults.status(504, request_id=""),
    "a login page with 200": faults.login_page,
    "a redirect": faults.status(307, Location="/again", request_id=""),
}
"""After these nobody knows whether a function has run."""

HANGS = {"silence": faults.hang, "silence in the body": faults.hang_in_body}
"""And after these."""

ANSWERED = {
    "429": faults.aws_error(429, "TooManyRequestsException"),
    "403": faults.aws_error(403, "AccessDeniedException"),
    "404": faults.aws_error(404, "ResourceNotFoundException"),
    "409": faults.aws_error(409, "ResourceConflictException"),
    "expired": faults.aws_error(403, "ExpiredTokenException"),
    "502, but not begun": faults.aws_error(502, "KMSDisabledException"),
}
"""By these AWS says that it has not."""

RETRIED = {name: reply for name, reply in UNANSWERED.items() if name not in {"a login page with 200", "a redirect"}}


@pytest.mark.parametrize("fault", HANGS.values(), ids=HANGS)
async def test_an_invocation_that_is_not_answered_in_time_is_one_request_and_its_outcome_unknown(
    fault: Reply, server: FaultServer, impatient: Aws
) -> None:
    server.plan("lambda:Invoke", fault)
    with pytest.raises(OutcomeUnknown):
        await invoke(impatient)
    assert server.operations == ["lambda:Invoke"]


@pytest.mark.parametrize("fault", UNANSWERED.values(), ids=UNANSWERED)
async def test_an_invocation_without_an_answer_is_one_request_and_its_outcome_unknown(
    fault: Reply, server: FaultServer, aws: Aws
) -> None:
    server.plan("lambda:Invoke", fault)
    with pytest.raises(OutcomeUnknown) as told:
        await invoke(aws)
    assert server.operations == ["lambda:Invoke"]
    assert told.value.operation == "lambda:Invoke"
    assert told.value.reason
    assert "before sending again" in told.value.remedy


@pytest.mark.parametrize("fault", ANSWERED.values(), ids=ANSWERED)
async def test_an_invocation_that_aws_refuses_is_one_request_and_has_not_run(
    fault: Reply, server: FaultServer, aws: Aws
) -> None:
    server.plan("lambda:Invoke", fault)
    with pytest.raises(AwsError) as told:
        await invoke(aws)
    assert server.operations == ["lambda:Invoke"]
    assert not isinstance(told.value, OutcomeUnknown)
    assert told.value.request_id == faults.REQUEST_ID
    assert told.value.reason
    assert told.value.remedy


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
@pytest.mark.parametrize(
    "fault", [faults.reset, faults.hang, HTML_503, ANSWERED["429"]], ids=["reset", "silence", "503", "429"]
)
async def test_the_environment_cannot_make_an_invocation_two_requests(
    fault: Reply, mode: str, server: FaultServer, opened: Opener, keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "9")
    monkeypatch.setenv("AWS_RETRY_MODE", mode)
    server.plan("lambda:Invoke", fault)
    with pytest.raises(AwsError):
        await invoke(opened(endpoint_url=server.url, rules=IMPATIENT))
    assert server.operations == ["lambda:Invoke"]


async def test_an_invocation_on_a_connection_that_was_kept_too_long_is_one_request(
    server: FaultServer, aws: Aws
) -> None:
    server.plan("lambda:Invoke", faults.invoked(), faults.close)
    assert (await invoke(aws)).succeeded
    with pytest.raises(OutcomeUnknown):
        await invoke(aws)
    assert server.connections == 1
    assert len(server.journal) == 2


async def test_an_invocation_that_could_not_leave_is_offline(opened: Opener, keys: None) -> None:
    async with nobody_listening() as url:
        with pytest.raises(Offline) as told:
            await invoke(opened(endpoint_url=url))
    assert url in told.value.reason


async def test_a_write_client_sends_a_delete_once_when_the_connection_breaks(
    server: FaultServer, aws: Aws, deleting: None
) -> None:
    # aiohttp repeats GET, PUT and DELETE on its own unless it is kept from it. There is no such operation in the
    # program yet, so the guard is stepped round.
    client = await aws._connections.get("lambda", ClientClass.WRITE)
    client.meta.events.unregister("before-call", aws._connections._current._before_call)
    for fault in (faults.reset, faults.close, HTML_503):
        server.journal.clear()
        server.plan("lambda:DeleteFunction", fault)
        with pytest.raises((ClientError, BotoCoreError)):
            await client.delete_function(FunctionName="f")
        assert server.operations == ["lambda:DeleteFunction"]


@pytest.mark.parametrize("fault", [*RETRIED.values(), ANSWERED["429"]], ids=[*RETRIED, "429"])
async def test_a_read_is_tried_five_times(fault: Reply, server: FaultServer, aws: Aws) -> None:
    server.plan("lambda:ListFunctions", fault)
    with pytest.raises((Offline, Throttled)) as told:
        await listed(aws)
    assert server.operations == ["lambda:ListFunctions"] * 5
    assert told.value.operation == "lambda:ListFunctions"
    assert told.value.remedy


@pytest.mark.parametrize("fault", HANGS.values(), ids=HANGS)
async def test_a_read_that_is_not_answered_in_time_is_tried_five_times(
    fault: Reply, server: FaultServer, impatient: Aws
) -> None:
    server.plan("lambda:ListFunctions", fault)
    with pytest.raises(Offline):
        await listed(impatient)
    assert server.operations == ["lambda:ListFunctions"] * 5


@pytest.mark.parametrize("fault", RETRIED.values(), ids=RETRIED)
async def test_a_read_does_not_show_a_fault_that_passes(fault: Reply, server: FaultServer, aws: Aws) -> None:
    server.plan("lambda:ListFunctions", fault, fault, faults.functions("orders"))
    assert [function.name for function in await listed(aws)] == ["orders"]
    assert len(server.journal) == 3


@pytest.mark.parametrize(
    "name", ["a login page with 200", "a redirect", "403", "404"]
)  # what a repetition would not change
async def test_a_read_that_is_refused_is_not_repeated(name: str, server: FaultServer, aws: Aws) -> None:
    server.plan("lambda:ListFunctions", {**UNANSWERED, **ANSWERED}[name])
    with pytest.raises(AwsError):
        await listed(aws)
    assert len(server.journal) == 1


async def test_a_read_has_a_time_limit_for_all_its_attempts_together(
    server: FaultServer, opened: Opener, keys: None
) -> None:
    rules = {**IMPATIENT, ClientClass.READ: replace(IMPATIENT[ClientClass.READ], read=20, whole=0.2)}
    server.plan("lambda:ListFunctions", faults.hang)
    with pytest.raises(Offline, match="No answer came in time"):
        await listed(opened(endpoint_url=server.url, rules=rules))
    assert len(server.journal) == 1


async def test_slow_bytes_are_waited_for(server: FaultServer, aws: Aws) -> None:
    server.plan("lambda:Invoke", faults.bytewise(faults.invoked(b'{"n": 1.10}')))
    assert (await invoke(aws)).payload == '{\n  "n": 1.10\n}'


def test_only_reads_are_repeated() -> None:
    assert {kind: rules.attempts for kind, rules in CLASSES.items()} == {
        ClientClass.READ: 5,
        ClientClass.WRITE: 1,
        ClientClass.INVOKE: 1,
        ClientClass.STREAM: 1,
    }


def test_an_invocation_is_waited_for_longer_than_any_function_may_run() -> None:
    assert CLASSES[ClientClass.INVOKE].read > 900
