"""The errors with which Lambda answers instead of invoking a function, as its service model has them (2015-03-31)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lambdatui.local.concurrency import Throttled
from lambdatui.local.execution import NotRunnable
from lambdatui.local.inward import Answer


class ServiceError(Exception):
    """An error of the service, not of a function. `code` is the exception's name in the service model.

    str() is its message; `status` the HTTP status; `members` what the body holds beside the message.
    """

    def __init__(self, code: str, status: int, message: str, **members: Any) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.members: Mapping[str, Any] = members
        self.headers: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def body(self) -> dict[str, Any]:
        """What is sent as JSON."""
        return {**self.members, "Message" if self.code in _WITH_A_CAPITAL else "message": str(self)}

    def answer(self) -> Answer:
        """The response to the client."""
        headers = [(b"content-type", b"application/json"), (b"x-amzn-errortype", self.code.encode()), *self.headers]
        return Answer(self.status, headers, json.dumps(self.body).encode())


_WITH_A_CAPITAL = frozenset(
    {
        "AccessDeniedException",
        "InvalidRuntimeException",
        "RecursiveInvocationException",
        "ResourceNotFoundException",
    }
)
"""Errors whose message is the member Message. In the others it is `message`."""


def invalid_parameter(message: str) -> ServiceError:
    """A parameter that the operation cannot take."""
    return ServiceError("InvalidParameterValueException", 400, message, Type="User")


def constraint(*violations: str) -> ServiceError:
    """What is wrong with the form of a request: each as "Value '…' at '…' failed to satisfy constraint: …"."""
    count = f"{len(violations)} validation error{'s' if len(violations) > 1 else ''} detected: "
    return ServiceError("ValidationException", 400, count + "; ".join(violations))


def function_not_found(arn: str) -> ServiceError:
    """There is no such function, version or alias; `arn` is what was asked for."""
    return ServiceError("ResourceNotFoundException", 404, f"Function not found: {arn}", Type="User")


def elsewhere(theirs: str, ours: str) -> ServiceError:
    """A function of another region was named."""
    message = f"Functions from '{theirs}' are not reachable in this region ('{ours}')"
    return ServiceError("ResourceNotFoundException", 404, message, Type="User")


def denied(account: str, arn: str) -> ServiceError:
    """A function of another account was named. Resource policies are not evaluated here."""
    message = (
        f"User: arn:aws:iam::{account}:root is not authorized to perform: lambda:InvokeFunction on resource: {arn} "
        "because no resource-based policy allows the lambda:InvokeFunction action"
    )
    return ServiceError("AccessDeniedException", 403, message)


def invalid_content(message: str, kind: str | None = "User") -> ServiceError:
    """A payload or a client context that is no JSON; `kind` is the member Type."""
    return ServiceError("InvalidRequestContentException", 400, message, Type=kind)


def tenancy(*, wanted: bool) -> ServiceError:
    """A call without a tenant where one is `wanted`, or the other way round.

    The first message is AWS's own, word for word; of the second AWS's documentation has the exception only.
    """
    if wanted:
        message = "enabled with tenancy configuration. Add a valid tenant ID in your request and try again."
    else:
        message = "not enabled with tenancy configuration. Remove the tenant ID from your request and try again."
    return invalid_parameter(f"The invoked function is {message}")


def too_large(size: int, invocation_type: str, limit: int) -> ServiceError:
    """A payload of more bytes than an invocation type takes."""
    message = f"{size} byte payload is too large for the {invocation_type} invocation type (limit {limit} bytes)"
    return ServiceError("RequestTooLargeException", 413, message, Type="User")


def wrong_state(state: str) -> ServiceError:
    """The function is Pending, Inactive or Failed."""
    message = (
        f"The operation cannot be performed at this time. The function is currently in the following state: {state}"
    )
    return ServiceError("ResourceConflictException", 409, message, Type="User")


def recursive(arn: str) -> ServiceError:
    """An invocation too many in a chain of them."""
    message = (
        "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources "
        f"and stopped your function's invocation: {arn}"
    )
    return ServiceError("RecursiveInvocationException", 400, message, Type="User")


def throttled(reason: str) -> ServiceError:
    """`reason` is a ThrottleReason of the service model."""
    error = ServiceError("TooManyRequestsException", 429, "Rate Exceeded.", Reason=reason, Type="User")
    error.headers = ((b"retry-after", b"1"),)
    return error


def translated(problem: Throttled | NotRunnable) -> ServiceError:
    """What the pool raised, as the service says it."""
    if isinstance(problem, Throttled):
        return throttled(problem.reason)
    # The model has no error for "not on this machine". This one covers runtimes, and means the same for images.
    return ServiceError("InvalidRuntimeException", 502, str(problem), Type="Service")
