"""The only package that knows MiniStack: its settings, its records, and the hooks into it."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from lambdatui.local import identity
from lambdatui.local.control_plane.contract import ContractBroken, hold
from lambdatui.local.control_plane.traces import tracing

__all__ = ["Application", "ContractBroken", "Receive", "Scope", "Send", "at_once", "backdate", "load", "trim"]

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

STREAMS_KEPT = 500
"""Log streams kept per group. It makes one for every invocation, and FilterLogEvents walks them all."""

METRICS_KEPT = 3 * 3600.0
"""Seconds of metrics kept. It keeps each invocation's datapoints (four of 489 B) for ever."""

_OF_THE_FUNCTION = frozenset({"PATH", "LANG", "TZ", "TMPDIR", "HOME"})
"""Variables of this process that a function keeps. Its HOME is the run folder, or its SDK would read the user's."""

_WORKER_CHANGES = {
    # It imports botocore at every cold start, to count chains of invocations.
    "    _ms_install_invoke_depth()\n": "    _when_the_sdk_is_imported(_ms_install_invoke_depth)\n",
    # AWS's runtime writes the request id into every log record.
    '        _ms_ctx = _ms_msg.get("ctx") or {}\n': (
        '        _ms_ctx = _ms_msg.get("ctx") or {}\n        _log_as(_ms_ctx.get("request_id", ""))\n'
    ),
}
"""Lines of MiniStack's Python worker script and what stands there instead; the names are worker_prologue's."""


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
    from ministack.core import lambda_runtime

    hold(_contract())
    _give_functions_a_lifeline(lambda_runtime, folder)
    logging.getLogger("hypercorn").setLevel(logging.ERROR)
    return tracing(app)


def _contract() -> dict[str, bool]:
    """Every private name of MiniStack that is used in this package, and whether it is as expected."""
    from lambdatui.local.control_plane import changes, functions, triggers

    expected: dict[str, bool] = {**_own_contract()}
    for room in (functions, triggers, changes):
        expected |= room.contract()
    return expected


def _own_contract() -> dict[str, bool]:
    from ministack.core import lambda_runtime
    from ministack.services import cloudwatch, cloudwatch_logs, lambda_svc

    script = getattr(lambda_runtime, "_PYTHON_WORKER_SCRIPT", None)
    return {
        "lambda_runtime._PYTHON_WORKER_SCRIPT": isinstance(script, str)
        and all(script.count(line) == 1 for line in _WORKER_CHANGES),
        "lambda_runtime._RESERVED_RUNTIME_ENV_VARS": isinstance(
            getattr(lambda_runtime, "_RESERVED_RUNTIME_ENV_VARS", None), (set, frozenset)
        ),
        "lambda_svc._functions": hasattr(getattr(lambda_svc, "_functions", None), "get"),
        "lambda_svc._LAMBDA_STATE_TRANSITION_DELAY": hasattr(lambda_svc, "_LAMBDA_STATE_TRANSITION_DELAY"),
        "cloudwatch_logs._log_groups": hasattr(getattr(cloudwatch_logs, "_log_groups", None), "_data"),
        "cloudwatch._metrics": hasattr(getattr(cloudwatch, "_metrics", None), "_data"),
    }


def _give_functions_a_lifeline(runtime: Any, folder: Path) -> None:
    """Make each function's process end with this one, and see nothing of its settings.

    MiniStack gives the process its own whole environment, and a worker in the middle of a call outlives it. A parent
    death signal will not do: its workers are started from threads that end, and the signal follows the thread.
    """
    lifeline = folder / "lifeline"
    os.mkfifo(lifeline, 0o600)
    # Open for reading as well, or opening would wait for the first reader. Never closed: it ends with the process.
    os.open(lifeline, os.O_RDWR)
    ours = sorted(set(os.environ) - _OF_THE_FUNCTION - runtime._RESERVED_RUNTIME_ENV_VARS)
    prologue = Path(__file__).parents[1].joinpath("worker_prologue.py").read_text("utf-8")
    script = runtime._PYTHON_WORKER_SCRIPT
    for line, instead in _WORKER_CHANGES.items():
        script = script.replace(line, instead)
    runtime._PYTHON_WORKER_SCRIPT = f"{prologue}\n\n_begin({str(lifeline)!r}, {tuple(ours)!r})\n\n{script}"


@contextlib.contextmanager
def at_once() -> Iterator[None]:
    """Functions made or changed meanwhile become Active within milliseconds, not after half a second each."""
    from ministack.services import lambda_svc

    usual = lambda_svc._LAMBDA_STATE_TRANSITION_DELAY
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = 0
    try:
        yield
    finally:
        lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = usual


def backdate(function: str, modified: datetime) -> None:
    """Give a function and its versions an age, which no API can: `modified` becomes LastModified of all of them."""
    from ministack.services.lambda_svc import _functions

    record = _functions.get(function)
    if record is None:
        return
    stamp = modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    record["config"]["LastModified"] = stamp
    for published in record["versions"].values():
        published["config"]["LastModified"] = stamp


def trim(now: float) -> None:
    """Drop the oldest log streams and metrics, so that hours of traffic do not fill the memory.

    `now` is time.time(). To be called on the event loop, where MiniStack reads what is trimmed here.
    """
    for streams in _streams():
        for name in list(streams)[:-STREAMS_KEPT]:
            del streams[name]
    from ministack.services.cloudwatch import _metrics

    for points in list(_metrics._data.values()):
        old = sum(1 for point in points if point["Timestamp"] < now - METRICS_KEPT)
        del points[:old]


def _streams() -> Iterator[dict[str, Any]]:
    from ministack.services.cloudwatch_logs import _log_groups

    for group in list(_log_groups._data.values()):
        yield group["streams"]
