"""The errors of CloudWatch, as its service model has them (2010-08-01): each with the code of the query protocol."""

from __future__ import annotations

from collections.abc import Sequence


class Fault(Exception):
    """An error with which an operation is answered. str() is its message.

    `code` is that of the query protocol, which newer clients get in a header; `shape` the exception's name in newer
    protocols; `status` the HTTP status.
    """

    def __init__(self, code: str, shape: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.shape = shape
        self.status = status


def invalid_value(*problems: str) -> Fault:
    return Fault("InvalidParameterValue", "InvalidParameterValueException", "\n".join(problems))


def invalid_combination(message: str) -> Fault:
    return Fault("InvalidParameterCombination", "InvalidParameterCombinationException", message)


def missing(message: str) -> Fault:
    return Fault("MissingParameter", "MissingRequiredParameterException", message)


def validation(problems: Sequence[str]) -> Fault:
    """What is wrong with a GetMetricData request: it has one code for everything, and a line for each problem."""
    return Fault("ValidationError", "ValidationError", "\n".join(problems))


def invalid_token() -> Fault:
    return Fault("InvalidNextToken", "InvalidNextToken", "The specified nextToken is invalid.")


def unreadable(message: str) -> Fault:
    return Fault("SerializationException", "SerializationException", message)


def too_large() -> Fault:
    return Fault("RequestEntityTooLarge", "RequestEntityTooLarge", "Request body is larger than 1 MB.", 413)
