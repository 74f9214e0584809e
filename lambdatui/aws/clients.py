"""The SDK's session and clients of one gateway: imported and opened on first use, closed together.

Four classes of client, because one set of retry and time-out rules cannot serve all: with the SDK's defaults one
`invoke()` can run a function five times (boto3#1104). See `CLASSES`.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import urlsplit

from lambdatui import __version__
from lambdatui.aws.failures import translating
from lambdatui.model.errors import Misconfigured, NoRegion, Offline
from lambdatui.model.limits import LONGEST_TIMEOUT
from lambdatui.model.text import one_line

if TYPE_CHECKING:
    from aiobotocore.config import AioConfig
    from aiobotocore.session import AioSession

    from lambdatui.aws.guard import Guard


class ClientClass(Enum):
    """What a client is for; its rules are in `CLASSES`."""

    READ = "read"
    WRITE = "write"
    INVOKE = "invoke"
    STREAM = "stream"


@dataclass(frozen=True, slots=True)
class Rules:
    """Retry and time-out rules of one class of client. Times in seconds."""

    attempts: int
    """HTTP requests at most per call, the first included."""
    connect: float
    read: float
    """Longest silence on the connection."""
    whole: float | None
    """Longest time of a call with all its attempts; None where the caller sets its own."""
    keepalive: bool = False
    """TCP keepalive: NAT gateways and VPC endpoints drop a connection that is silent for 350 s."""


CLASSES = {
    ClientClass.READ: Rules(attempts=5, connect=5, read=20, whole=60),
    ClientClass.WRITE: Rules(attempts=1, connect=5, read=60, whole=70),
    ClientClass.INVOKE: Rules(attempts=1, connect=10, read=LONGEST_TIMEOUT + 60, whole=None, keepalive=True),
    ClientClass.STREAM: Rules(attempts=1, connect=10, read=60, whole=None, keepalive=True),
}

POOL = 50
"""Connections at most per client: waiting for one has no bound in the SDK, whose default is 10."""


AWS_DOMAINS = (
    "amazonaws.com", "api.aws", "amazonaws.com.cn", "amazonwebservices.com.cn", "amazonaws.eu", "amazonwebservices.eu",
    "c2s.ic.gov", "api.aws.ic.gov", "sc2s.sgov.gov", "api.aws.scloud", "csp.hci.ic.gov", "api.aws.hci.ic.gov",
    "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk",
)  # fmt: skip
"""Domains of AWS's partitions (botocore's partitions.json): an endpoint elsewhere is shown on screen."""


def custom_host(url: str) -> str:
    """Host and port of an endpoint that is not AWS's own, else empty."""
    address = urlsplit(url)
    host = address.hostname or ""
    known = any(host == domain or host.endswith(f".{domain}") for domain in AWS_DOMAINS)
    return "" if known else address.netloc.rpartition("@")[2]


OPENING = 60.0
"""Seconds that a client may take to open: finding credentials may ask other services and run other programs."""

CLOSING = 1.0
"""Seconds that the end of the program waits for clients to close."""


class Embedded(Protocol):
    """The endpoint on this machine, as a gateway sees it."""

    async def url(self) -> str:
        """Its address, once it runs; raises EndpointGone when it has ended."""

    async def restart(self) -> None:
        """Let the next `url()` start it again, if it has ended."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a gateway is opened for. None: as botocore's own chain finds it."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    embedded: Embedded | None = None
    keys: tuple[str, str] | None = field(default=None, repr=False)
    """Access key id and secret of the embedded endpoint; with them nothing of the user's configuration is read."""


def keepalive_socket(address: Any) -> socket.socket:
    """A socket for `address` (as `socket.getaddrinfo` gives it) that notices a dead peer in about two minutes."""
    family, kind, protocol = address[:3]
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPALIVE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
        option = getattr(socket, name, None)  # macOS names the first one TCP_KEEPALIVE
        if option is not None and not (name == "TCP_KEEPALIVE" and hasattr(socket, "TCP_KEEPIDLE")):
            made.setsockopt(socket.IPPROTO_TCP, option, value)
    return made


def config_for(kind: ClientClass, rules: Rules, *, loopback: bool) -> AioConfig:
    """The SDK's configuration of one class of client. `loopback`: our own endpoint, which no proxy stands before."""
    from aiobotocore.config import AioConfig

    from lambdatui.aws.answers import StraightSession

    options: dict[str, Any] = {
        "retries": {"mode": "standard", "total_max_attempts": rules.attempts},
        "connect_timeout": rules.connect,
        "read_timeout": rules.read,
        "max_pool_connections": POOL,
        "user_agent_extra": f"lambdatui/{__version__}",
        "http_session_cls": StraightSession,
    }
    if loopback:
        options["proxies"] = {}
    if rules.keepalive:
        options["connector_args"] = {"socket_factory": keepalive_socket}
    if kind is ClientClass.STREAM:
        options["inject_host_prefix"] = False
    return AioConfig(**options)


@contextmanager
def _configuring(what: str) -> Iterator[None]:
    """`translating()` for what the SDK does before there is a call; it has plain ValueErrors for half of it."""
    try:
        with translating(what):
            yield
    except ValueError as problem:
        raise Misconfigured(
            what,
            f"A value in the AWS configuration or environment cannot be used: {one_line(str(problem))}.",
            "Repair it, then press r. See --endpoint-url, ~/.aws/config and the AWS_ variables.",
        ) from problem


def _import_aiohttp() -> None:
    """Import aiohttp without the certificate authorities that it reads twice, a sixth of all work until the first rows.

    They are for two TLS contexts of its own, which the SDK never uses: it makes one for each client. Those two stay
    empty, and the one that would verify trusts nobody.
    """
    import ssl

    ssl.SSLContext.set_default_verify_paths = lambda self: None  # type: ignore[method-assign]
    try:
        import aiohttp  # noqa: F401
    finally:
        with suppress(AttributeError):  # two gateways may be opened at once
            del ssl.SSLContext.set_default_verify_paths  # the inherited one is back


def _load_session(target: Target) -> AioSession:
    """Import the SDK, make a session and read the models of the first calls. Runs in a thread: 300 ms of work.

    Raises Misconfigured.
    """
    _import_aiohttp()
    with _configuring("the AWS configuration"):  # which imports a part of the SDK too
        from aiobotocore.session import AioSession

        from lambdatui.aws.answers import StrictParsers
        from lambdatui.aws.profiles import isolate, refuse_prompts

        session: Any = AioSession(profile=target.profile)  # the stubs know no warm_up_loader_caches
        session.register_component("response_parser_factory", StrictParsers())
        if target.keys is not None:
            isolate(session)
            session.set_credentials(*target.keys)
        else:
            refuse_prompts(session)
        session.warm_up_loader_caches("lambda")
        return cast("AioSession", session)


class Clients:
    """The clients of one gateway, by service and class."""

    def __init__(self, target: Target, guard: Guard, rules: Mapping[ClientClass, Rules] = CLASSES) -> None:
        self.rules = rules
        self._target = target
        self._guard = guard
        self._lock = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._session: AioSession | None = None
        self._closed = False
        self._region = ""
        self._endpoint: str | None = None
        self._clients: dict[tuple[str, ClientClass], Any] = {}

    async def session(self) -> AioSession:
        """The session, made once. Raises Misconfigured for a profile that is not there or a broken ~/.aws/config."""
        async with self._lock:
            return await self._opened_session()

    async def region(self) -> str:
        """The region that all clients use."""
        async with self._lock:
            await self._opened_session()
            return await self._found_region()

    async def get(self, service: str, kind: ClientClass) -> Any:
        """A client, opened on its first use. Raises an AwsError that says what keeps it from being opened."""
        if self._closed:
            raise Offline("opening a client", "The connection to AWS was closed.")
        url = await self._target.embedded.url() if self._target.embedded is not None else self._endpoint
        async with self._lock:
            if url != self._endpoint:
                await self._close()
                self._endpoint = url
            client = self._clients.get((service, kind))
            if client is None:
                client = await self._open_in_time(service, kind)
                self._clients[service, kind] = client
            return client

    async def forget(self) -> None:
        """Close everything; the next call opens it anew, with what the configuration says by then."""
        async with self._lock:
            await self._close()

    async def aclose(self) -> None:
        """Close everything for good. What is being opened at this moment ends with the program."""
        self._closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING):
                await self.forget()

    async def _close(self) -> None:
        self._clients.clear()
        self._session, self._region = None, ""
        self._guard.forget()
        await self._stack.aclose()

    async def revive(self) -> None:
        """What a person's wish to try again does beyond calling again: start what has ended, read the files anew."""
        if self._target.embedded is not None:
            await self._target.embedded.restart()
        await self.forget()

    async def _opened_session(self) -> AioSession:
        session = self._session
        if session is None:
            session = self._session = await asyncio.to_thread(_load_session, self._target)
        return session

    async def _found_region(self) -> str:
        from lambdatui.aws.profiles import find_region

        if not self._region:
            session = await self._opened_session()
            with _configuring("the AWS region"):
                self._region = await find_region(session, self._target.region)
            if not self._region:
                profile = one_line(session.profile or "default")
                raise NoRegion(
                    "the AWS region",
                    "No region is known. Tried: --region, AWS_REGION, AWS_DEFAULT_REGION, lambdatui's configuration "
                    f"file, profile {profile} in the AWS configuration, the instance's metadata.",
                    "Start with -r (for example: lambdatui -r eu-west-1), or give the profile a region and press r.",
                )
        return self._region

    async def _open_in_time(self, service: str, kind: ClientClass) -> Any:
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
        region = await self._found_region()
        with _configuring(f"opening a client of {service}"):
            if service != "lambda":
                await asyncio.to_thread(session.warm_up_loader_caches, service)
            url = self._endpoint or self._target.endpoint_url
            made = session.create_client(
                service,
                region_name=region,
                endpoint_url=url,
                # Without TLS there is nothing to verify, but the SDK would read all certificate authorities for it.
                verify=False if url and url.startswith("http://") else None,
                config=config_for(kind, self.rules[kind], loopback=self._target.embedded is not None),
            )
            client = await self._stack.enter_async_context(made)
            client.meta.events.register("before-call", self._before_call)
            await self._tell_guard(session, region, client.meta.endpoint_url)
        return client

    async def _tell_guard(self, session: AioSession, region: str, url: str) -> None:
        from lambdatui.aws.profiles import profile_label

        if not self._guard.profile:
            self._guard.profile = "demo" if self._target.keys else await profile_label(session)
            self._guard.context = {"region": region, "endpoint": url}

    def _before_call(self, model: Any, **_: Any) -> None:
        self._guard.permit(f"{model.service_model.service_name}:{model.name}")
