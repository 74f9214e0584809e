"""The only package that knows MiniStack: its settings, its records, and the hooks into it."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from lambdatui.local import identity
from lambdatui.local.control_plane.contract import ContractBroken, hold
from lambdatui.local.control_plane.traces import tracing

__all__ = ["Application", "ContractBroken", "Receive", "Scope", "Send", "backdate", "load"]

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


def settings(port: int, folder: Path) -> dict[str, str]:
    """MiniStack's configuration as environment variables. It reads most of them once, at import.

    `folder` is the run folder: whatever it or a function writes goes there.
    """
    return {
        "BIND_HOST": identity.HOST,  # its own default is every interface
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": identity.ACCOUNT_ID,
        "MINISTACK_REGION": identity.REGION,
        "AWS_DEFAULT_REGION": identity.REGION,
        "AWS_ACCESS_KEY_ID": identity.ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": identity.SECRET_ACCESS_KEY,
        "AWS_EC2_METADATA_DISABLED": "true",  # the SDK inside it would ask 169.254.169.254
        "LOG_LEVEL": "ERROR",
        "PERSIST_STATE": "0",
        "S3_PERSIST": "0",
        "STATE_DIR": str(folder / "state"),
        "S3_DATA_DIR": str(folder / "s3"),
        "HOME": str(folder),
        "LAMBDA_EXECUTOR": "local",
        "LAMBDA_ACCOUNT_CONCURRENCY": "1000",  # the quota of a new account in most regions
        # A socket that does not exist: it then never imports the Docker SDK, nor sweeps anybody's containers.
        "DOCKER_HOST": f"unix://{folder / 'no-docker.sock'}",
        # Listeners of its own on every interface: Transfer Family and IoT.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
    }


def load(port: int, folder: Path) -> Application:
    """MiniStack's ASGI application, configured, checked and hooked. Call once in a process made for it.

    Takes about 0.25 s. Raises ContractBroken. The process's environment becomes MiniStack's and stays so.
    """
    os.environ.update(settings(port, folder))
    from ministack.app import app
    from ministack.services import lambda_svc

    hold(_contract())
    # Nothing has to be prepared here: what is made or changed is Active within milliseconds, not after half a second.
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = 0
    logging.getLogger("hypercorn").setLevel(logging.ERROR)
    return tracing(app)


def _contract() -> dict[str, bool]:
    """Every private name of MiniStack that is used in this package, and whether it is as expected."""
    from lambdatui.local.control_plane import changes, functions, logs, reservations, triggers

    expected: dict[str, bool] = {}
    for room in (functions, triggers, changes, reservations, logs):
        expected |= room.contract()
    return expected


def backdate(function: str, modified: datetime, published: Mapping[str, datetime]) -> None:
    """Give a function and its versions, by number, the age that no API can give; one not named has the function's."""
    from ministack.services.lambda_svc import _functions

    record = _functions.get(function)
    if record is None:
        return
    record["config"]["LastModified"] = _stamp(modified)
    for number, version in record["versions"].items():
        version["config"]["LastModified"] = _stamp(published.get(number, modified))


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
