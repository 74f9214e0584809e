"""Sockets, pools, closing and coming back."""

from __future__ import annotations

import asyncio
import gc
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader

import lambdatui
from lambdatui.aws.clients import CLASSES, POOL, ClientClass, config_for, custom_host
from lambdatui.aws.gateway import Aws
from lambdatui.aws.guard import Guard
from lambdatui.aws.target import Target
from lambdatui.model.errors import AwsError, EndpointGone, Offline, OutcomeUnknown, Unheard
from tests.aws import faults
from tests.aws.exchange import Exchange
from tests.aws.fault_server import FaultServer
from tests.aws.gateways import Journal, Opener, Writable, followed, invoke, listed


class Endpoint:
    """An embedded endpoint that moves, ends and is started again."""

    def __init__(self, *servers: FaultServer) -> None:
        self.servers = list(servers)
        self.gone = False

    async def url(self) -> str:
        await asyncio.sleep(0)
        if self.gone:
            raise EndpointGone("the embedded endpoint", "It ended by signal 9.", "Press r to start it again.")
        return self.servers[0].url

    async def restart(self) -> None:
        if self.gone:
            self.gone = False
            self.servers.pop(0)


async def arrived(server: FaultServer, operation: str, count: int) -> asyncio.Event:
    """Plan `operation` to hang; the event is set when that many of them have."""
    event, seen = asyncio.Event(), 0

    async def hang(exchange: Exchange) -> None:
        nonlocal seen
        seen += 1
        if seen == count:
            event.set()
        await exchange.hang()

    server.plan(operation, hang)
    return event


def sockets_of(client: object) -> list[socket.socket]:
    """The sockets of a client's pool that are in no request."""
    sessions = client._endpoint.http_session._sessions.values()  # type: ignore[attr-defined]
    pools = [pool for session in sessions for pool in session.connector._conns.values()]
    return [entry[0].transport.get_extra_info("socket") for pool in pools for entry in pool]


async def test_an_idle_connection_of_an_invocation_is_kept_alive_below_the_350_s_of_a_nat_gateway(
    aws: Aws, server: FaultServer
) -> None:
    await invoke(aws)
    (used,) = sockets_of(await aws._connections.get("lambda", ClientClass.INVOKE))
    assert used.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    first = getattr(socket, "TCP_KEEPIDLE", None) or socket.TCP_KEEPALIVE  # type: ignore[attr-defined]  # macOS
    assert used.getsockopt(socket.IPPROTO_TCP, first) == 60
    assert used.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == 15
    assert used.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == 4


async def test_a_short_read_needs_no_keepalive(aws: Aws) -> None:
    await listed(aws)
    (used,) = sockets_of(await aws._connections.get("lambda", ClientClass.READ))
    assert used.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 0


async def test_more_calls_than_the_sdks_ten_run_at_once(aws: Aws, server: FaultServer) -> None:
    all_of_them = await arrived(server, "lambda:ListFunctions", POOL)
    calls = [asyncio.create_task(listed(aws)) for _ in range(POOL)]
    await all_of_them.wait()
    assert server.open_connections == POOL
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)


async def test_one_connection_serves_many_calls(aws: Aws, server: FaultServer) -> None:
    for _ in range(5):
        await listed(aws)
    assert server.connections == 1


@pytest.mark.parametrize("kind", ClientClass)
def test_each_class_of_client_has_its_rules(kind: ClientClass) -> None:
    config: Any = config_for(CLASSES[kind], loopback=False)
    assert config.retries == {"mode": "standard", "total_max_attempts": CLASSES[kind].attempts}
    assert (config.connect_timeout, config.read_timeout) == (CLASSES[kind].connect, CLASSES[kind].read)
    assert config.max_pool_connections == POOL
    assert config.proxies is None
    assert "lambdatui/" in config.user_agent_extra


async def test_only_aws_has_hosts_of_their_own_for_streams(aws: Aws, opened: Opener) -> None:
    client = await aws._connections.get("logs", ClientClass.STREAM)
    assert client.meta.config.inject_host_prefix is False
    client = await opened()._connections.get("logs", ClientClass.STREAM)
    assert client.meta.config.inject_host_prefix is True


def test_making_a_gateway_imports_no_sdk() -> None:
    program = (
        "import sys\n"
        "from lambdatui.aws.target import Target\n"
        "from lambdatui.aws.gateway import Aws\n"
        "from lambdatui.aws.guard import Guard\n"
        "Aws(Target(profile='missing', endpoint_url='nonsense'), Guard(print, None))\n"
        "print([name for name in ('aiobotocore', 'botocore', 'aiohttp', 'boto3') if name in sys.modules])"
    )
    folder = Path(lambdatui.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=folder, check=True)
    assert done.stdout == "[]\n"


def test_clients_are_made_without_what_only_documentation_needs() -> None:
    program = (
        "import asyncio, sys\n"
        "from lambdatui.aws.connection import _load_session, _make_client\n"
        "from lambdatui.aws.mfa import Codes\n"
        "from lambdatui.aws.target import Target\n"
        "session = _load_session(Target(region='eu-west-1'), Codes())\n"
        "client = _make_client(session, 'lambda', 'eu-west-1', None, None)\n"
        "assert client.can_paginate('list_functions') and client.get_paginator('list_functions').paginate\n"
        "unwanted = 'html.parser', 'botocore.docs.method', 'botocore.docs.bcdoc', 'frozenlist._frozenlist'\n"
        "print([name for name in unwanted if sys.modules.get(name)])"
    )
    folder = Path(lambdatui.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=folder, check=True)
    assert done.stdout == "[]\n"


async def test_a_server_that_comes_back_is_found_after_revive_and_without(aws: Aws, server: FaultServer) -> None:
    await listed(aws)
    await server.stop()
    with pytest.raises(Offline):
        await listed(aws)
    await server.start()
    server.plan("lambda:ListFunctions", faults.functions("again"))
    assert [function.name for function in await listed(aws)] == ["again"]
    await aws.revive()
    assert [function.name for function in await listed(aws)] == ["again"]


async def test_an_embedded_endpoint_that_ended_says_so_and_is_started_by_revive(
    server: FaultServer, opened: Opener
) -> None:
    async with FaultServer() as second:
        endpoint = Endpoint(server, second)
        aws = opened(embedded=endpoint, keys=("k", "s"))
        await aws.account.identity()
        endpoint.gone = True
        with pytest.raises(EndpointGone, match="signal 9"):
            await listed(aws)
        with pytest.raises(EndpointGone):
            await invoke(aws)
        await aws.revive()
        await listed(aws)
        assert (await invoke(aws)).succeeded
        assert (await aws.account.place()).endpoint == second.url.removeprefix("http://")
        assert server.operations == ["sts:GetCallerIdentity"]
        assert second.operations == ["lambda:ListFunctions", "lambda:Invoke"]
        assert server.open_connections == 0


async def test_an_embedded_endpoint_that_moved_is_followed_by_all_callers_at_once(
    server: FaultServer, opened: Opener
) -> None:
    async with FaultServer() as second:
        endpoint = Endpoint(server, second)
        aws = opened(embedded=endpoint, keys=("k", "s"))
        await asyncio.gather(*(listed(aws) for _ in range(5)))
        endpoint.servers.pop(0)
        await asyncio.gather(aws.account.identity(), *(listed(aws) for _ in range(5)))
        assert server.operations == ["lambda:ListFunctions"] * 5
        assert sorted(second.operations) == ["lambda:ListFunctions"] * 5 + ["sts:GetCallerIdentity"]


async def test_callers_at_once_share_one_client(aws: Aws) -> None:
    clients = await asyncio.gather(*(aws._connections.get("lambda", ClientClass.READ) for _ in range(5)))
    assert len(set(map(id, clients))) == 1


@pytest.mark.filterwarnings("error::ResourceWarning")
async def test_closing_leaves_no_socket_and_no_task(server: FaultServer, keys: None, guard: Guard) -> None:
    # The fault server is there before, and stays.
    tasks = asyncio.all_tasks()
    async with Aws(Target(region="eu-west-1", endpoint_url=server.url), guard) as aws:
        await asyncio.gather(listed(aws), aws.account.identity(), invoke(aws))
        for fault in (faults.short_body, faults.reset, faults.login_page):
            server.plan("lambda:Invoke", fault)
            with suppress(AwsError):
                await invoke(aws)
        stream = followed(aws, "g")
        await anext(stream)
        await stream.aclose()
        assert server.open_connections > 0
    async with asyncio.timeout(5):
        await server.all_gone()
    del aws, stream
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        gc.collect()
    assert [str(one.message) for one in told] == []
    assert {task for task in asyncio.all_tasks() - tasks if "_serve" not in repr(task)} == set()


async def test_a_call_that_is_under_way_when_the_clients_are_closed_fails_as_what_it_is(
    aws: Aws, server: FaultServer, journal: Journal
) -> None:
    invoking = await arrived(server, "lambda:Invoke", 1)
    listing = await arrived(server, "lambda:ListFunctions", 1)
    calls = [asyncio.create_task(invoke(aws)), asyncio.create_task(listed(aws))]
    await invoking.wait()
    await listing.wait()
    async with asyncio.timeout(5):
        await aws.aclose()
        results = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(result) for result in results] == [OutcomeUnknown, Unheard]
    assert server.operations.count("lambda:Invoke") == 1
    assert journal.results == ["before", "unknown"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://lambda.eu-west-1.amazonaws.com", ""),
        ("https://lambda.cn-north-1.amazonaws.com.cn", ""),
        ("https://lambda.us-east-1.api.aws", ""),
        ("https://vpce-1.lambda.eu-west-1.vpce.amazonaws.com", ""),
        ("http://127.0.0.1:4566", "127.0.0.1:4566"),
        ("https://user:secret@host:1/x", "host:1"),
        ("https://amazonaws.com.example.net", "amazonaws.com.example.net"),
        ("https://notamazonaws.com", "notamazonaws.com"),
        ("http://[::1]:4566", "[::1]:4566"),
    ],
)
def test_an_endpoint_that_is_not_awss_own_is_shown(url: str, shown: str) -> None:
    assert custom_host(url) == shown


def test_the_domains_of_all_partitions_are_awss_own() -> None:
    partitions = import_module("botocore.loaders").create_loader().load_data("partitions")["partitions"]
    for partition in partitions:
        for suffix in (partition["outputs"]["dnsSuffix"], partition["outputs"]["dualStackDnsSuffix"]):
            assert custom_host(f"https://lambda.somewhere.{suffix}") == "", suffix


async def test_a_gateway_of_another_time_knows_nothing_of_who_asked(aws: Aws, guard: Guard) -> None:
    await aws.account.identity()
    assert guard.account
    await aws.revive()
    assert (guard.account, guard.profile) == ("", "")


@pytest.mark.parametrize("count", [1, 2])
async def test_an_invocation_that_is_under_way_is_left_alone_when_the_connection_is_renewed(
    count: int, aws: Aws, server: FaultServer, journal: Journal
) -> None:
    invoking, answer = asyncio.Event(), asyncio.Event()

    async def reply(exchange: Exchange) -> None:
        invoking.set()
        await answer.wait()
        await faults.invoked(b'"late"')(exchange)

    server.plan("lambda:Invoke", reply)
    call = asyncio.create_task(invoke(aws))
    await invoking.wait()
    for _ in range(count):
        await aws.revive()
        await listed(aws)
    answer.set()
    assert (await call).payload == '"late"'
    assert journal.results == ["before", "done"]
    await asyncio.gather(*aws._connections._ending)
    assert not aws._connections._ending
    await aws.aclose()
    async with asyncio.timeout(5):
        await server.all_gone()


async def test_closing_closes_what_was_renewed_under_a_call_as_well(aws: Aws, server: FaultServer) -> None:
    invoking = await arrived(server, "lambda:Invoke", 1)
    call = asyncio.create_task(invoke(aws))
    await invoking.wait()
    await aws.revive()
    async with asyncio.timeout(5):
        await aws.aclose()
        with pytest.raises(OutcomeUnknown):
            await call
        await server.all_gone()


async def test_an_invocation_whose_connection_is_renewed_before_it_is_sent_is_not_sent(
    server: FaultServer, opened: Opener, keys: None
) -> None:
    async def write(line: Mapping[str, Any]) -> None:
        lines.append(line)
        if line["phase"] == "before":
            await aws.revive()
            await aws.account.identity()

    lines: list[Mapping[str, Any]] = []
    aws = opened(endpoint_url=server.url, guard=Guard(write, Writable()))
    with pytest.raises(Offline, match="was renewed before this was sent"):
        await invoke(aws)
    assert server.operations == ["sts:GetCallerIdentity"]
    assert lines[1]["result"] == "failed"


async def test_a_late_answer_of_sts_names_nobody_after_the_connection_was_renewed(
    aws: Aws, server: FaultServer, guard: Guard
) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def late(exchange: Exchange) -> None:
        asked.set()
        await answer.wait()
        await faults.caller("999999999999")(exchange)

    server.plan("sts:GetCallerIdentity", late)
    call = asyncio.create_task(aws.account.identity())
    await asked.wait()
    await aws.revive()
    assert guard.account == ""
    server.plan("sts:GetCallerIdentity", faults.caller())
    answer.set()
    assert (await call).account == guard.account == faults.ACCOUNT


async def test_what_is_opening_when_the_connection_is_renewed_is_opened_anew(
    server: FaultServer, opened: Opener, nobody: Path, guard: Guard
) -> None:
    def write(key: str) -> None:
        (nobody / ".aws").mkdir(exist_ok=True)
        new = nobody / ".aws/new"  # the session may be reading the old one in its thread
        new.write_text(f"[ops]\naws_access_key_id = {key}\naws_secret_access_key = not-a-secret\n")
        new.replace(nobody / ".aws/credentials")

    write("AKIDOLD")
    aws = opened(endpoint_url=server.url, profile="ops")
    call = asyncio.create_task(listed(aws))
    await asyncio.sleep(0)  # begun
    write("AKIDNEW")
    await aws.revive()
    await call
    assert ["Credential=AKIDNEW/" in seen.headers["authorization"] for seen in server.journal] == [True]
    assert guard.profile == "ops"


async def test_a_gateway_that_is_closed_while_its_endpoint_starts_opens_nothing(
    server: FaultServer, opened: Opener
) -> None:
    starting, started = asyncio.Event(), asyncio.Event()

    class Slow(Endpoint):
        async def url(self) -> str:
            starting.set()
            await started.wait()
            return await super().url()

    aws = opened(embedded=Slow(server), keys=("k", "s"))
    call = asyncio.create_task(listed(aws))
    await starting.wait()
    await aws.aclose()
    started.set()
    with pytest.raises(Offline, match="closed"):
        await call
    assert server.connections == 0


async def test_a_gateway_that_is_closed_while_a_client_opens_leaves_none(aws: Aws, server: FaultServer) -> None:
    call = asyncio.create_task(listed(aws))
    await asyncio.sleep(0)  # begun
    await aws.aclose()
    with pytest.raises(Offline, match="closed"):
        await call
    assert server.connections == 0
    assert not aws._connections._current._clients


async def test_no_client_is_made_on_the_event_loops_thread(
    aws: Aws, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, bool]] = []
    load = Loader.load_service_model

    def loading(self: Loader, service: str, *others: Any, **named: Any) -> Any:
        made.append((service, threading.current_thread() is threading.main_thread()))
        return load(self, service, *others, **named)

    monkeypatch.setattr(Loader, "load_service_model", loading)
    await asyncio.gather(
        listed(aws), aws.account.identity(), invoke(aws), aws._connections.get("logs", ClientClass.READ)
    )
    assert set(made) == {("lambda", False), ("sts", False), ("logs", False)}


async def test_a_closed_gateway_opens_nothing_again(aws: Aws, server: FaultServer) -> None:
    await listed(aws)
    await aws.aclose()
    before = len(server.journal)
    with pytest.raises(Offline, match="closed"):
        await listed(aws)
    assert len(server.journal) == before
