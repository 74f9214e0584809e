"""The SDK's session and clients as they were opened at one time; `Connections` has the newest of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from lambdatui.aws.attempts import after_attempt
from lambdatui.aws.clients import ClientClass, Rules, config_for, custom_host
from lambdatui.aws.credential_files import Fingerprint, fingerprint
from lambdatui.aws.failures import translating, without_userinfo
from lambdatui.aws.first_list import FirstList
from lambdatui.aws.guard import WRITES, Guard
from lambdatui.aws.importing import import_aiohttp
from lambdatui.aws.login import naming_login
from lambdatui.aws.mfa import AskCode, CodeNeeded, Codes, share
from lambdatui.aws.plain_list import Keys
from lambdatui.aws.target import Target
from lambdatui.model.errors import Denied, Misconfigured, NoCredentials, NoRegion, Offline
from lambdatui.model.text import one_line

if TYPE_CHECKING:
    from aiobotocore.config import AioConfig
    from aiobotocore.session import AioSession

OPENING = 60.0
"""Seconds that a client may take to open: finding credentials may ask other services and run other programs."""


@contextmanager
def configuring(what: str) -> Iterator[None]:
    """`translating()` for what the SDK does before there is a call; it has plain ValueErrors for half of it."""
    try:
        with translating(what):
            yield
    except ValueError as problem:
        words = one_line(without_userinfo(str(problem)))
        raise Misconfigured(
            what,
            f"A value in the AWS configuration or environment cannot be used: {words}.",
            "Repair it, then press r. See --endpoint-url, ~/.aws/config and the AWS_ variables.",
        ) from problem


def _check_address(url: str) -> None:
    """Raise ValueError for what the SDK takes as an endpoint, and cannot use in the middle of a call."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError(f"the port of the endpoint {url}") from None
    if "@" in parts.netloc:  # aiohttp sends no request with both them and a signature
        raise ValueError(f"the name or password in the address of the endpoint {url}")


def _load_session(target: Target, codes: Codes, keys: Keys | None = None) -> AioSession:
    """Import the SDK, make a session and read the models of the first calls. Runs in a thread: 300 ms of work.

    Raises Misconfigured.
    """
    import_aiohttp()
    with configuring("the AWS configuration"):  # which imports a part of the SDK too
        from aiobotocore.session import AioSession

        from lambdatui.aws import credential_process
        from lambdatui.aws.answers import StrictParsers
        from lambdatui.aws.models import LeanFiles, drop_handlers
        from lambdatui.aws.profiles import isolate

        session: Any = AioSession(profile=target.profile)  # the stubs know no warm_up_loader_caches
        drop_handlers(session)
        session.register_component("response_parser_factory", StrictParsers())
        if target.keys is not None:
            isolate(session)
            session.set_credentials(*target.keys)
        elif keys is not None:  # who is shown is who was asked as
            session.set_credentials(keys.access_key, keys.secret_key, keys.token)
            session._credentials.method = keys.method
        else:
            share(session, codes)
            credential_process.restrain(session)
        session.get_component("data_loader").file_loader = LeanFiles()  # which reads the configuration
        session.warm_up_loader_caches("lambda")
        return cast("AioSession", session)


def _make_client(session: AioSession, service: str, region: str, endpoint: str | None, config: AioConfig) -> Any:
    """A client that was opened on an event loop of its own, in a thread.

    The first one of a service is 100 ms of work: methods from the model, endpoint rules. Nothing in it is bound to the
    loop that it is made on before it makes its first call.
    """
    service_name: Any = service
    made = session.create_client(
        service_name,
        region_name=region,
        endpoint_url=endpoint,
        # Without TLS there is nothing to verify, and the SDK would read all certificate authorities for it.
        verify=False if endpoint and endpoint.startswith("http://") else None,
        config=config,
    )
    return asyncio.run(made.__aenter__())


class Connection:
    """One session with its region and clients. Once `retired`, it is closed by the last call that leaves it."""

    def __init__(
        self,
        target: Target,
        guard: Guard,
        rules: Mapping[ClientClass, Rules],
        endpoint: str | None,
        ask_code: AskCode | None = None,
        first_list: FirstList | None = None,
    ) -> None:
        self.read: Fingerprint = ()
        """What the files of credentials were when they were read."""
        self._ask_code = ask_code
        self._first_list = first_list
        self._codes = Codes()
        self.endpoint = endpoint
        """URL of the embedded endpoint, or None."""
        self.retired = False
        self._target = target
        self._guard = guard
        self._rules = rules
        self._lock = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._session: AioSession | None = None
        self._region = ""
        self._clients: dict[tuple[str, ClientClass], Any] = {}
        self._closed = False
        self._calls = 0
        self._unused = asyncio.Event()
        self._unused.set()

    @asynccontextmanager
    async def use(self, service: str, kind: ClientClass) -> AsyncIterator[Any]:
        """A client, opened on its first use, which is not closed before this is left, unless by `close()`."""
        self._calls += 1
        self._unused.clear()
        try:
            yield await self._client(service, kind)
        finally:
            self._calls -= 1
            if not self._calls:
                self._unused.set()

    async def end(self) -> None:
        """Close what is open as soon as nobody uses it. For a connection that was retired."""
        await self._unused.wait()
        await self.close()

    async def close(self) -> None:
        """Close what is open, and open nothing more. Calls under way fail."""
        self._closed = self.retired = True
        async with self._lock:
            self._clients.clear()
            await self._stack.aclose()

    async def _client(self, service: str, kind: ClientClass) -> Any:
        async with self._lock:
            if self._closed:
                raise Offline(f"opening a client of {service}", "The connection to AWS was closed.")
            client = self._clients.get((service, kind))
            if client is None:
                client = await self._open_in_time(service, kind)
                self._clients[service, kind] = client
            return client

    async def _open_in_time(self, service: str, kind: ClientClass) -> Any:
        """A client. Waits as long as somebody types a code: the limit is for what machines do."""
        wrong = False
        while True:
            try:
                return await self._open_within_limit(service, kind)
            except CodeNeeded as need:
                device = need.device
            except Denied as problem:
                if not self._codes.used or "MultiFactorAuthentication" not in problem.reason:
                    raise
                wrong = True
            code = await self._ask_code(device, wrong) if self._ask_code is not None else None
            if code is None:
                reason = f"The profile wants an MFA code ({device}), and none was given."
                raise NoCredentials("sts:AssumeRole", reason, "Press r to be asked again.")
            self._codes.give(code)
            self._session = None

    async def _open_within_limit(self, service: str, kind: ClientClass) -> Any:
        # Others wait for the lock meanwhile, and a `credential_process` has no time limit of its own.
        try:
            async with asyncio.timeout(OPENING):
                return await self._open(service, kind)
        except TimeoutError as problem:
            reason = f"Credentials or region did not come within {OPENING:.0f} s."
            remedy = "Check credential_process, the instance's role and the network, then press r."
            raise Offline(f"opening a client of {service}", reason, remedy) from problem

    async def _open(self, service: str, kind: ClientClass) -> Any:
        session: Any = await self._opened_session()
        region = await self._found_region(session)
        with configuring(f"opening a client of {service}"):
            # What may wait is done here, where it can be cancelled, and where somebody can be asked for a code.
            with naming_login(session.profile):
                credentials = await session.get_credentials()
            if getattr(credentials, "method", "") in ("assume-role", "sso"):
                with naming_login(session.profile):
                    await credentials.get_frozen_credentials()
            endpoint = self.endpoint or self._target.endpoint_url
            config = config_for(
                self._rules[kind], loopback=self._target.embedded is not None, checked=service != "cloudwatch"
            )
            client = await asyncio.to_thread(_make_client, session, service, region, endpoint, config)
            self._stack.push_async_exit(client)
            # Only AWS has hosts of their own for its streams.
            client.meta.config.inject_host_prefix = not custom_host(client.meta.endpoint_url)
            client.meta.events.register("before-call", self._before_call)
            client.meta.events.register("needs-retry", partial(after_attempt, self._rules[kind].attempts))
            _check_address(client.meta.endpoint_url)
            await self._tell_guard(session, region, client.meta.endpoint_url)
        return client

    async def _opened_session(self) -> AioSession:
        if self._session is None:
            first = self._first_list
            keys = None if first is None else await first.keys()
            self.read = await asyncio.to_thread(fingerprint) if first is None or keys is None else first.read
            self._session = await asyncio.to_thread(_load_session, self._target, self._codes, keys)
        return self._session

    async def _found_region(self, session: AioSession) -> str:
        from lambdatui.aws.profiles import find_region

        if not self._region:
            with configuring("the AWS region"):
                self._region = await find_region(session, self._target.region)
            if not self._region:
                profile = one_line(session.profile or "default")
                raise NoRegion(
                    "the AWS region",
                    "No region is known. Tried: --region, AWS_REGION, AWS_DEFAULT_REGION, lambdatui's configuration "
                    f"file, profile {profile} in the AWS configuration, the instance's metadata.",
                    "Press R to choose one, or start with -r (lambdatui -r eu-west-1), or give the profile one.",
                )
        return self._region

    async def _tell_guard(self, session: AioSession, region: str, url: str) -> None:
        from lambdatui.aws.profiles import profile_label

        label = "demo" if self._target.keys else await profile_label(session, self._target.profile)
        if not self.retired and not self._guard.profile:
            self._guard.profile = label
            self._guard.context = {"region": region, "endpoint": without_userinfo(url)}

    def _before_call(self, model: Any, params: Mapping[str, Any], **_: Any) -> None:
        operation = f"{model.service_model.service_name}:{model.name}"
        self._guard.permit(operation, dry_run=params["headers"].get("X-Amz-Invocation-Type") == "DryRun")
        if self.retired and operation in WRITES:
            # What the guard knows by now is who asks through another connection.
            raise Offline(operation, "The connection was renewed before this was sent.", "Nothing was sent.")
