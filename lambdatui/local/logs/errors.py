"""The errors of CloudWatch Logs, as its service model has them (2014-03-28, JSON 1.1)."""

from __future__ import annotations

import json

from lambdatui.local.inward import Answer

CONTENT_TYPE = (b"content-type", b"application/x-amz-json-1.1")


class LogsError(Exception):
    """A request that is refused. `code` is the exception's name in the service model, str() its message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def answer(self) -> Answer:
        """The response to the client, without a request id. Every error of a client has status 400 here."""
        body = json.dumps({"__type": self.code, "message": str(self)}).encode()
        return Answer(400, [CONTENT_TYPE], body)


def invalid(message: str) -> LogsError:
    return LogsError("InvalidParameterException", message)


def bad_token() -> LogsError:
    return invalid("The specified nextToken is invalid.")


def no_group() -> LogsError:
    return LogsError("ResourceNotFoundException", "The specified log group does not exist.")


def no_stream() -> LogsError:
    return LogsError("ResourceNotFoundException", "The specified log stream does not exist.")
