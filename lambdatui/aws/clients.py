"""What clients there are, and the rules of each class of them.

Four classes of client, because one set of retry and time-out rules cannot serve all: with the SDK's defaults one
`invoke()` can run a function five times (boto3#1104). See `CLASSES`.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lambdatui import __version__
from lambdatui.model.limits import LONGEST_TIMEOUT

if TYPE_CHECKING:
    from aiobotocore.config import AioConfig


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


def config_for(rules: Rules, *, loopback: bool, checked: bool = True) -> AioConfig:
    """The SDK's configuration of one class of client. `loopback`: our own endpoint, which no proxy stands before.

    `checked`: the SDK holds parameters to their shapes. For 500 queries of metrics that takes it 10 ms.
    """
    from aiobotocore.config import AioConfig

    from lambdatui.aws.answers import StraightSession

    options: dict[str, Any] = {
        "retries": {"mode": "standard", "total_max_attempts": rules.attempts},
        "connect_timeout": rules.connect,
        "read_timeout": rules.read,
        "max_pool_connections": POOL,
        "user_agent_extra": f"lambdatui/{__version__}",
        "http_session_cls": StraightSession,
        "parameter_validation": checked,
    }
    if loopback:
        options["proxies"] = {}
    if rules.keepalive:
        options["connector_args"] = {"socket_factory": keepalive_socket}
    return AioConfig(**options)
