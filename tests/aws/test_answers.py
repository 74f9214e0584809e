"""What AWS, or something in its place, answers, and the words that a person reads then."""

from __future__ import annotations

import asyncio
import runpy

import pytest
from aiobotocore.httpsession import AIOHTTPSession
from botocore.parsers import ResponseParserError

from lambdatui.aws import answers
from lambdatui.aws.failures import translating
from lambdatui.aws.gateway import Aws
from lambdatui.model.errors import (
    AwsError,
    Conflict,
    Denied,
    Expired,
    KeysRefused,
    Missing,
    NotOffered,
    Offline,
    OutcomeUnknown,
    Rejected,
    Throttled,
)
from lambdatui.model.text import visible
from tests.aws import faults
from tests.aws.exchange import Exchange
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import Journal, followed, invoke, listed


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        (403, "AccessDeniedException", Denied),
        (403, "UnrecognizedClientException", KeysRefused),
        (403, "InvalidSignatureException", KeysRefused),
        (400, "SomethingNewException", Rejected),
        (403, "SomethingNewException", Denied),
        (400, "InvalidParameterValueException", Rejected),
        (403, "ExpiredTokenException", Expired),
        (400, "ExpiredToken", Expired),
        (404, "ResourceNotFoundException", Missing),
        (400, "ResourceNotFoundException", Missing),
        (429, "TooManyRequestsException", Throttled),
        (400, "ThrottlingException", Throttled),
        (429, "SomethingNewException", Throttled),
        (409, "ResourceConflictException", Conflict),
        (412, "PreconditionFailedException", Conflict),
        (500, "ServiceException", Offline),
        (500, "InternalServiceFault", Offline),
        (503, "ServiceUnavailableException", Offline),
        (500, "", Offline),
    ],
)
async def test_an_error_of_aws_becomes_its_kind_with_operation_reason_remedy_and_request_id(
    code: int, name: str, kind: type[AwsError], server: FaultServer, aws: Aws
) -> None:
    server.plan("lambda:GetFunction", faults.aws_error(code, name, "The role may not.\nAsk Ada."))
    with pytest.raises(AwsError) as told:
        await aws.functions.describe("orders")
    assert type(told.value) is kind
    assert told.value.operation == "lambda:GetFunction"
    assert "The role may not. Ask Ada." in told.value.reason
    assert name in told.value.reason
    assert told.value.remedy
    assert told.value.request_id == faults.REQUEST_ID


async def test_an_error_of_sts_is_worded_alike(server: FaultServer, aws: Aws) -> None:
    server.plan("sts:GetCallerIdentity", faults.aws_error(403, "ExpiredToken", "Too old"))
    with pytest.raises(Expired, match=r"sts:GetCallerIdentity: Too old \(ExpiredToken\)"):
        await aws.account.identity()


async def test_an_error_of_logs_is_worded_alike(server: FaultServer, aws: Aws) -> None:
    server.plan("logs:FilterLogEvents", faults.aws_error(400, "AccessDeniedException", "no"))
    with pytest.raises(Denied, match=r"logs:FilterLogEvents: no \(AccessDeniedException\)"):
        await anext(followed(aws, "/aws/lambda/orders"))


@pytest.mark.parametrize(
    "body",
    [
        '{"Functions": [{"FunctionName": "or',
        '{"Functions": [{"FunctionName": "orders"}',
        "[]",
        '"ok"',
        "7",
        '{"Functions": 7}',
        '{"Functions": [7]}',
        '{"Functions": {"a": 1}}',
        '{"Functions": [{"Environment": []}]}',
        '{"Functions": [{"Environment": {"Variables": [1]}}]}',
        "\ufeff{}",
        b"\xff\xfe\x00",
        "not json at all",
        "[" * 100_000,
    ],
    ids=lambda body: repr(body)[:40],
)
async def test_a_list_that_is_not_what_aws_gives_is_a_failure_and_not_an_empty_list(
    body: str | bytes, server: FaultServer, aws: Aws
) -> None:
    server.plan("lambda:ListFunctions", faults.status(200, body))
    with pytest.raises(Offline, match="not one that AWS gives") as told:
        await listed(aws)
    assert told.value.remedy


@pytest.mark.parametrize("body", ["<html><body>log in</body></html>", "<html>", "", "{}"])
async def test_an_identity_that_is_not_what_aws_gives_is_a_failure(body: str, server: FaultServer, aws: Aws) -> None:
    server.plan("sts:GetCallerIdentity", faults.status(200, body, content_type="text/html"))
    with pytest.raises(Offline, match="not one that AWS gives"):
        await aws.account.identity()


@pytest.mark.parametrize("entry", ["null", "{}", '{"timestamp": "noon", "message": 7}', '{"timestamp": 1e30}'])
async def test_entries_that_lack_what_aws_always_gives_are_no_crash(entry: str, server: FaultServer, aws: Aws) -> None:
    server.plan("lambda:ListFunctions", faults.status(200, f'{{"Functions": [{entry}, {{"FunctionName": "last"}}]}}'))
    assert (await listed(aws))[-1].name == "last"
    server.plan("logs:FilterLogEvents", faults.status(200, f'{{"events": [{entry}, {{"message": "last"}}]}}'))
    assert (await anext(followed(aws, "g"))).events[-1].message == "last"
    server.plan("lambda:GetFunction", faults.status(200, f'{{"Configuration": {entry}}}'))
    if entry == "null":
        with pytest.raises(Offline, match="it has no configuration"):
            await aws.functions.describe("f")
    else:
        assert (await aws.functions.describe("f")).function.name == ""


@pytest.mark.parametrize("code", [403, 404, 407, 502])
async def test_a_web_page_is_told_as_what_it_is_without_printing_it(code: int, server: FaultServer, aws: Aws) -> None:
    page = faults.status(code, faults.LOGIN_PAGE * 100, content_type="text/html", request_id="")
    server.plan("lambda:ListFunctions", page)
    with pytest.raises(Offline, match=f"A web page came as the answer \\(status {code}\\)") as told:
        await listed(aws)
    assert isinstance(told.value, NotOffered) == (code == 404)
    server.plan("lambda:Invoke", page)
    with pytest.raises(OutcomeUnknown, match="A web page came"):
        await invoke(aws)


async def test_a_message_of_any_length_stays_a_sentence(server: FaultServer, aws: Aws) -> None:
    server.plan("lambda:GetFunction", faults.aws_error(400, "InvalidParameterValueException", "word " * 100_000))
    with pytest.raises(Rejected) as told:
        await aws.functions.describe("f")
    assert len(told.value.reason) < 1000


async def test_hostile_words_of_an_error_come_out_visible(server: FaultServer, aws: Aws) -> None:
    hostile = "\x1b]52;c;aGk=\x07 \u202e \x9b31m"
    server.plan("lambda:GetFunction", faults.aws_error(400, "Bad\u202eException", hostile))
    with pytest.raises(Rejected) as told:
        await aws.functions.describe("f")
    for text in (told.value.reason, told.value.remedy, told.value.request_id, str(told.value)):
        assert visible(text) == text
    assert "␛]52;c;aGk=␇" in told.value.reason


async def test_hostile_strings_come_out_visible_wherever_they_come_in(server: FaultServer, aws: Aws) -> None:
    hostile = "a\x1b[2Jb\u202ec\u200bd\U000e0041e\ud800"
    seen = "a␛[2Jb\\u202ec\\u200bd\\U000e0041e\\ud800"
    entry = dict.fromkeys(
        ("FunctionName", "FunctionArn", "Runtime", "Description", "Handler", "State", "Role"), hostile
    )
    entry |= {"Environment": {"Variables": {hostile: hostile}}, "Layers": [{"Arn": hostile}]}  # type: ignore[dict-item]
    server.plan("lambda:ListFunctions", faults.answer({"Functions": [entry]}))
    (function,) = await listed(aws)
    assert {function.name, function.arn, function.runtime, function.description, function.handler} == {seen}
    assert function.log_group == f"/aws/lambda/{seen}"

    server.plan("lambda:GetFunction", faults.answer({"Configuration": entry, "Tags": {hostile: hostile}}))
    it = await aws.functions.describe("f")
    assert (it.state, it.role, it.layers[0].arn, dict(it.tags)) == (seen, seen, seen, {seen: seen})
    assert [(name, value.reveal()) for name, value in it.environment.items()] == [(seen, seen)]

    event = {"eventId": "1", "timestamp": 1, "logStreamName": hostile, "message": f"one\r\n{hostile}\n"}
    server.plan("logs:FilterLogEvents", faults.answer({"events": [event]}))
    (got,) = (await anext(followed(aws, "g"))).events
    assert (got.stream, got.message) == (seen, f"one\n{seen}")

    raw = "a\x1b[2Jb\u202e".encode() + b"\xff\x9b"
    server.plan("lambda:Invoke", faults.invoked(raw, log="t\x1b]0;x\x07\r\n"))
    outcome = await invoke(aws)
    assert outcome.payload == "a␛[2Jb\\u202e\\xff\\x9b"
    assert outcome.log_tail == ("t␛]0;x␇", ())


async def test_a_function_error_is_an_outcome_with_its_trace(server: FaultServer, aws: Aws) -> None:
    body = b'{"errorMessage": "no stock", "errorType": "KeyError", "stackTrace": ["  File a\\n", "  File b\\n"]}'
    server.plan("lambda:Invoke", faults.invoked(body, X_Amz_Function_Error="Unhandled"))
    outcome = await invoke(aws)
    assert (outcome.status, outcome.function_error, outcome.succeeded) == (200, "Unhandled", False)
    assert (outcome.error_type, outcome.error_message) == ("KeyError", "no stock")
    assert outcome.stack_trace == ("  File a", "  File b")
    assert outcome.request_id == faults.REQUEST_ID


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[1]", b"{", b'{"stackTrace": 7}', b'{"errorMessage": {"a": 1}, "trace": "x\\ny"}']
)
async def test_a_function_error_of_any_form_is_an_outcome(body: bytes, server: FaultServer, aws: Aws) -> None:
    server.plan("lambda:Invoke", faults.invoked(body, X_Amz_Function_Error="Unhandled"))
    assert (await invoke(aws)).function_error == "Unhandled"


async def test_the_payload_is_sent_byte_for_byte(server: FaultServer, aws: Aws) -> None:
    payload = ' {"n":1.10,"n":2, "big":1e400, "s":"é"}\n'.encode()
    await invoke(aws, payload)
    assert server.journal[-1].body == payload
    assert server.journal[-1].headers["x-amz-log-type"] == "Tail"
    assert server.journal[-1].headers["x-amz-invocation-type"] == "RequestResponse"


async def test_a_response_without_end_is_not_read_for_ever(server: FaultServer, aws: Aws, journal: Journal) -> None:
    async def endless(exchange: Exchange) -> None:
        await exchange.head(200, {"Content-Type": "application/json"})
        for _ in range(1000):
            await exchange.send(b"x" * 1_000_000)

    server.plan("lambda:Invoke", endless)
    with pytest.raises(Rejected, match="over 20 MB") as told:
        await invoke(aws)
    assert told.value.remedy == "The function has run."
    assert journal.results == ["before", "done"]
    async with asyncio.timeout(5):
        await server.all_gone()


@pytest.mark.parametrize(("protocol", "fits"), [("query", True), ("rest-json", False), ("json", False)])
async def test_only_of_protocols_of_json_json_is_expected(protocol: str, fits: bool) -> None:
    body = b"<PingResponse><ResponseMetadata/></PingResponse>"
    response = {"status_code": 200, "headers": {}, "body": body, "context": {"operation_name": "Ping"}}
    parse = answers.StrictParsers().create_parser(protocol).parse
    if fits:
        assert (await parse(response, None)).keys() == {"ResponseMetadata"}
    else:
        with pytest.raises(ResponseParserError):
            await parse(response, None)


def test_an_sdk_that_makes_its_sessions_in_another_way_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(AIOHTTPSession, "_get_session")
    with pytest.raises(RuntimeError, match="might be sent twice"):
        runpy.run_path(answers.__file__)


async def test_a_list_that_is_left_early_is_closed_at_once(server: FaultServer, aws: Aws) -> None:
    server.plan("lambda:ListFunctions", faults.functions("a", marker="m"))
    pages = aws.functions.pages()
    await anext(pages)
    of_the_calls = pages.ag_frame.f_locals["pages"]  # type: ignore[attr-defined]  # the type has only what all kinds of it have
    assert of_the_calls.ag_frame is not None
    await pages.aclose()
    assert of_the_calls.ag_frame is None


async def test_a_cancelled_call_stays_cancelled(server: FaultServer, aws: Aws) -> None:
    arrived = asyncio.Event()

    async def hang(exchange: Exchange) -> None:
        arrived.set()
        await exchange.hang()

    server.plan("lambda:ListFunctions", hang)
    call = asyncio.create_task(listed(aws))
    await arrived.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


def test_a_bug_of_ours_passes_through_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError), translating("lambda:Invoke", mutates=True):
        1 / 0  # noqa: B018
