"""What is told of a call while it is still being tried: that an attempt has failed, why, and that another follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from lambdatui.aws.failures import translating
from lambdatui.aws.traffic import attempted
from lambdatui.model.errors import AwsError, Offline, Throttled

Tell = Callable[[int, int, AwsError], None]
"""Takes the number of the attempt that follows (from 2), how many there are at most, and why the last one failed."""

_listener: ContextVar[Tell | None] = ContextVar("who is told of failed attempts", default=None)


@contextmanager
def telling(tell: Tell) -> Iterator[None]:
    """Have `tell` called for each failed attempt of the calls that are made in here, before the next one."""
    token = _listener.set(tell)
    try:
        yield
    finally:
        _listener.reset(token)


def after_attempt(
    most: int, *, attempts: int, operation: Any, response: Any = None, caught_exception: Any = None, **_: Any
) -> None:
    """The SDK's event "needs-retry" of a client that tries `most` times: it comes after each attempt, good or bad."""
    name = f"{operation.service_model.service_name}:{operation.name}"
    attempted(name, attempts, None if response is None else response[0].status_code, caught_exception)
    tell = _listener.get()
    if tell is None or attempts >= most:
        return
    from botocore.exceptions import ClientError

    if caught_exception is None and (response is None or response[0].status_code < 300):
        return
    try:
        with translating(name):
            raise caught_exception or ClientError(response[1], operation.name)
    except (Offline, Throttled) as problem:  # of no other the SDK tries again
        tell(attempts + 1, most, problem)
    except AwsError:
        return
