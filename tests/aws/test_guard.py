"""Nothing is changed unless it may be, and not without two lines in the audit journal."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from lambdatui.aws.calls import Calls
from lambdatui.aws.clients import ClientClass
from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import READS, WRITES, Guard
from lambdatui.model.errors import AwsError, Denied, NotConfirmed, ReadOnly
from lambdatui.settings import load
from tests.aws import faults
from tests.aws.exchange import Exchange, Reply
from tests.aws.fault_server import FaultServer
from tests.aws.faults import ACCOUNT
from tests.aws.gateways import Journal, Opener, Writable, invoke, listed


def guarded(journal: Journal, tmp_path: Path, *, yaml: str = "", read_only: bool = False) -> Guard:
    """A guard with the rules of a configuration file."""
    file = tmp_path / "config.yaml"
    file.write_text(yaml)
    return Guard(journal, load({"config": str(file), "read_only": read_only}, {}))


async def test_an_operation_that_nobody_named_is_refused_before_anything_is_sent(
    aws: Aws, guard: Guard, server: FaultServer, journal: Journal
) -> None:
    calls = Calls(aws._connections, guard)
    with pytest.raises(ReadOnly, match="lambda:DeleteFunction"):
        await calls.read("lambda", "DeleteFunction", FunctionName="f")
    with pytest.raises(ReadOnly, match="does not know this operation"):
        async with calls.invoking("lambda", "DeleteFunction", "f"):
            raise AssertionError("not reached")
    assert server.connections == 0
    assert journal.lines == []


async def test_a_change_cannot_be_made_as_a_read(aws: Aws, guard: Guard, server: FaultServer) -> None:
    with pytest.raises(ReadOnly):
        await Calls(aws._connections, guard).read("lambda", "Invoke", FunctionName="f")
    assert server.connections == 0


@pytest.mark.parametrize("kind", ClientClass)
async def test_a_client_that_is_used_past_the_facades_is_stopped_underneath(
    kind: ClientClass, aws: Aws, server: FaultServer, deleting: None
) -> None:
    client = await aws._connections.get("lambda", kind)
    with pytest.raises(ReadOnly, match="no line in the audit journal"):
        await client.invoke(FunctionName="f")
    with pytest.raises(ReadOnly, match="does not know this operation"):
        await client.delete_function(FunctionName="f")
    assert server.connections == 0
    await client.list_functions()
    assert server.operations == ["lambda:ListFunctions"]


async def test_what_the_guard_does_not_know_no_client_has(aws: Aws) -> None:
    client = await aws._connections.get("lambda", ClientClass.WRITE)
    assert hasattr(client, "invoke")
    assert not hasattr(client, "delete_function")


async def test_the_line_of_one_operation_is_none_for_another(aws: Aws, guard: Guard, server: FaultServer) -> None:
    client = await aws._connections.get("lambda", ClientClass.INVOKE)
    guard_writes = guard.change("lambda:Invoke", "f")
    async with guard_writes:
        guard.permit("lambda:Invoke")
        with pytest.raises(ReadOnly):
            guard.permit("lambda:UpdateFunctionCode")
    with pytest.raises(ReadOnly):
        await client.invoke(FunctionName="f")
    assert server.connections == 0


@pytest.mark.parametrize(
    ("yaml", "allowed"),
    [
        ("", True),
        ("read_only: true", False),
        ("profiles: {environment: {read_only: true}}", False),
        ("profiles: {environment: {production: true}}", False),
        ("profiles: {environment: {production: true, read_only: false}}", True),
        ("profiles: {other: {production: true}}", True),
        ("read_only: true\nprofiles: {environment: {read_only: false}}", True),
        (f"accounts: {{'{ACCOUNT}': {{read_only: true}}}}", False),
        (f"accounts: {{'{ACCOUNT}': {{production: true}}}}", False),
        (f"accounts: {{'{ACCOUNT}': {{production: true, read_only: false}}}}", True),
        ("accounts: {'999999999999': {production: true}}", True),
        (f"profiles: {{environment: {{read_only: false}}}}\naccounts: {{'{ACCOUNT}': {{production: true}}}}", False),
    ],
)
async def test_marks_of_profile_and_account_decide_whether_an_invocation_leaves(
    yaml: str, allowed: bool, server: FaultServer, opened: Opener, keys: None, journal: Journal, tmp_path: Path
) -> None:
    aws = opened(endpoint_url=server.url, guard=guarded(journal, tmp_path, yaml=yaml))
    identity = await aws.account.identity()
    assert identity.read_only is not allowed
    assert identity.production is ("production" in yaml and "other" not in yaml and "9999" not in yaml)
    if allowed:
        assert (await invoke(aws, confirmed=True)).succeeded
        assert journal.results == ["before", "done"]
    else:
        with pytest.raises(ReadOnly) as told:
            await invoke(aws, confirmed=True)
        assert told.value.remedy == "Nothing was sent."
        assert "config.yaml line" in told.value.reason
        assert journal.lines == []
    assert server.operations.count("lambda:Invoke") == allowed


PRODUCTION = f"accounts: {{'{ACCOUNT}': {{production: true, read_only: false}}}}"


async def test_production_takes_nothing_that_was_not_confirmed(
    server: FaultServer, opened: Opener, keys: None, journal: Journal, tmp_path: Path
) -> None:
    aws = opened(endpoint_url=server.url, guard=guarded(journal, tmp_path, yaml=PRODUCTION))
    await aws.account.identity()
    with pytest.raises(NotConfirmed, match="production") as told:
        await invoke(aws)
    assert told.value.remedy == "Nothing was sent."
    assert journal.lines == []
    assert (await invoke(aws, confirmed=True)).succeeded
    with pytest.raises(NotConfirmed):  # once is not for ever
        await invoke(aws)
    assert server.operations.count("lambda:Invoke") == 1


async def test_an_account_that_turns_out_to_be_production_at_the_last_moment_is_asked_about(tmp_path: Path) -> None:
    async def known_by_now(line: Mapping[str, Any]) -> None:
        guard.account = ACCOUNT

    file = tmp_path / "config.yaml"
    file.write_text("profiles: {ops: {read_only: false}}\n" + PRODUCTION)
    guard = Guard(known_by_now, load({"config": str(file)}, {}), profile="ops", account="999999999999")
    async with guard.change("lambda:Invoke", "f"):
        with pytest.raises(NotConfirmed):
            guard.permit("lambda:Invoke")  # as the hook in the client does
    async with guard.change("lambda:Invoke", "f", confirmed=True):
        guard.permit("lambda:Invoke")


async def test_the_flag_is_final(
    server: FaultServer, opened: Opener, keys: None, journal: Journal, tmp_path: Path
) -> None:
    guard = guarded(journal, tmp_path, yaml="profiles: {environment: {read_only: false}}", read_only=True)
    aws = opened(endpoint_url=server.url, guard=guard)
    assert await listed(aws) == []
    with pytest.raises(ReadOnly, match="--read-only was given"):
        await invoke(aws)
    assert server.operations == ["lambda:ListFunctions"]


async def test_while_the_account_is_unknown_it_may_be_one_that_is_marked(
    server: FaultServer, opened: Opener, keys: None, journal: Journal, tmp_path: Path
) -> None:
    guard = guarded(journal, tmp_path, yaml="accounts: {'999999999999': {production: true}}")
    aws = opened(endpoint_url=server.url, guard=guard)
    with pytest.raises(ReadOnly, match="The account is not known"):
        await invoke(aws)
    await aws.account.identity()
    assert (await invoke(aws)).succeeded
    await aws.revive()
    with pytest.raises(ReadOnly, match="The account is not known"):
        await invoke(aws)
    assert server.operations.count("lambda:Invoke") == 1


async def test_before_anything_is_opened_nothing_may_be_changed(aws: Aws) -> None:
    assert aws.posture.read_only
    await aws.account.place()
    assert not aws.posture.read_only


async def test_an_invocation_has_a_line_before_and_one_after(aws: Aws, server: FaultServer, journal: Journal) -> None:
    written_before: list[int] = []

    async def reply(exchange: Exchange) -> None:
        written_before.append(len(journal.lines))
        await faults.invoked()(exchange)

    await aws.account.identity()
    server.plan("lambda:Invoke", reply)
    await invoke(aws, b'{"password": "hunter2"}')
    before, after = journal.lines
    assert written_before == [1]
    assert before["phase"] == "before"
    assert before["payload_bytes"] == 23
    assert (after["phase"], after["result"], after["status"]) == ("after", "done", 200)
    assert after["request_id"] == faults.REQUEST_ID
    for line in journal.lines:
        assert (line["operation"], line["resource"]) == ("lambda:Invoke", "f")
        assert (line["profile"], line["account"]) == ("environment", ACCOUNT)
        assert (line["region"], line["endpoint"]) == ("eu-west-1", server.url)
    assert before["id"] == after["id"]
    assert "hunter2" not in repr(journal.lines)


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        (faults.invoked(), "done"),
        (faults.invoked(b"{}", X_Amz_Function_Error="Unhandled"), "done"),
        (faults.aws_error(403, "AccessDeniedException"), "failed"),
        (faults.aws_error(429, "TooManyRequestsException"), "failed"),
        (faults.reset, "unknown"),
        (faults.aws_error(500, "ServiceException"), "unknown"),
        (faults.short_body, "unknown"),
        (faults.login_page, "unknown"),
    ],
)
async def test_the_second_line_says_how_it_ended(
    reply: Reply, result: str, aws: Aws, server: FaultServer, journal: Journal
) -> None:
    server.plan("lambda:Invoke", reply)
    with suppress(AwsError):
        await invoke(aws)
    assert journal.results == ["before", result]


async def test_the_second_line_of_a_function_error_says_so(aws: Aws, server: FaultServer, journal: Journal) -> None:
    server.plan("lambda:Invoke", faults.invoked(b"{}", X_Amz_Function_Error="Unhandled"))
    await invoke(aws)
    assert journal.lines[1]["function_error"] == "Unhandled"


@pytest.mark.parametrize("full", [None, 1])
async def test_a_cancelled_invocation_is_unknown_and_stays_cancelled(
    full: int | None, aws: Aws, server: FaultServer, journal: Journal
) -> None:
    arrived = asyncio.Event()
    journal.full = full

    async def hang(exchange: Exchange) -> None:
        arrived.set()
        await exchange.hang()

    server.plan("lambda:Invoke", hang)
    call = asyncio.create_task(invoke(aws))
    await arrived.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert journal.results == (["before", "unknown"] if full is None else ["before"])


@pytest.mark.parametrize("full", [None, 0])
async def test_a_change_that_is_cancelled_while_its_first_line_is_written_is_not_sent_and_says_so(
    full: int | None, journal: Journal
) -> None:
    writing, written = asyncio.Event(), asyncio.Event()
    journal.full = full

    async def slow(line: Mapping[str, Any]) -> None:
        writing.set()
        await written.wait()
        await journal(line)

    async def changing() -> None:
        async with Guard(slow, Writable(), profile="p").change("lambda:Invoke", "f"):
            raise AssertionError("not reached")

    task = asyncio.create_task(changing())
    await writing.wait()
    task.cancel()
    written.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert journal.results == (["before", "not sent"] if full is None else [])


async def test_without_the_first_line_nothing_is_sent(aws: Aws, server: FaultServer, journal: Journal) -> None:
    journal.full = 0
    with pytest.raises(ReadOnly, match="journal cannot be written") as told:
        await invoke(aws)
    assert "audit.jsonl: No space left on device" in told.value.reason
    assert told.value.remedy == "Nothing was sent."
    assert server.connections == 0


async def test_a_second_line_that_cannot_be_written_is_told(aws: Aws, server: FaultServer, journal: Journal) -> None:
    journal.full = 1
    outcome = await invoke(aws)
    assert outcome.succeeded
    assert outcome.journal_problem == ("The audit journal cannot be written (audit.jsonl: No space left on device).")
    assert server.operations == ["lambda:Invoke"]


@pytest.mark.parametrize("full", [0, 1])
async def test_a_hostile_name_of_the_journal_is_made_visible(
    full: int, aws: Aws, server: FaultServer, journal: Journal
) -> None:
    journal.full, journal.name = full, "state\x1b[2J\n/audit.jsonl"
    try:
        told = (await invoke(aws)).journal_problem
    except ReadOnly as problem:
        told = problem.reason
    assert "state␛[2J␊/audit.jsonl" in told


async def test_a_refusal_of_aws_is_not_hidden_by_a_journal_that_is_full(
    aws: Aws, server: FaultServer, journal: Journal
) -> None:
    journal.full = 1
    server.plan("lambda:Invoke", faults.aws_error(403, "AccessDeniedException"))
    with pytest.raises(Denied):
        await invoke(aws)


def test_no_operation_is_both_a_read_and_a_write() -> None:
    assert not READS & WRITES


async def test_a_guard_of_one_task_says_nothing_for_another(journal: Journal) -> None:
    guard = Guard(journal, Writable(), profile="p")
    inside, over = asyncio.Event(), asyncio.Event()

    async def changing() -> None:
        async with guard.change("lambda:Invoke", "f"):
            inside.set()
            await over.wait()

    task = asyncio.create_task(changing())
    await inside.wait()
    with pytest.raises(ReadOnly, match="no line in the audit journal"):
        guard.permit("lambda:Invoke")
    over.set()
    await task
