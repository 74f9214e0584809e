"""What the log says of calls: the operation, how it went, the request id and the time it took; no value at all."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from lambdatui.model.errors import AwsError

LOG = logging.getLogger("lambdatui.aws")


@contextmanager
def logged(operation: str) -> Iterator[dict[str, Any]]:
    """A line for a call, attempts and all. What is put into the mapping is the answer."""
    answer: dict[str, Any] = {}
    started = perf_counter()
    try:
        yield answer
    except AwsError as problem:
        _say(operation, type(problem).__name__, problem.request_id, started)
        raise
    except BaseException as problem:
        _say(operation, type(problem).__name__, "", started)
        raise
    metadata = answer.get("ResponseMetadata") or {}
    _say(operation, str(metadata.get("HTTPStatusCode", "")), str(metadata.get("RequestId", "")), started)


def attempted(operation: str, attempt: int, status: int | None, error: BaseException | None) -> None:
    """A line for one attempt of a call."""
    LOG.debug("%s attempt %d: %s", operation, attempt, type(error).__name__ if error is not None else status)


def gave_way(operation: str, problem: BaseException) -> None:
    """A line for what is done in another way from now on, for this reason."""
    LOG.debug("%s gives way to the clients: %s", operation, type(problem).__name__)


def answered(operation: str, how: str, request_id: str, milliseconds: float) -> None:
    """A line for one answer."""
    LOG.info("%s: %s, request %s, %.0f ms", operation, how, request_id or "-", milliseconds)


def _say(operation: str, how: str, request_id: str, started: float) -> None:
    answered(operation, how, request_id, 1000 * (perf_counter() - started))
