"""What runs first in a function's process: not imported here, but put in front of MiniStack's Python worker script.

Between the two the endpoint puts a call of `_begin`. The rest of that script sees the names defined here.
"""

import logging
import os
import sys
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_REQUEST = {"id": ""}


class _AsInLambda(logging.Formatter):
    """The format of AWS's own runtime for Python: level, time, request id and message, with tabs between."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        record.aws_request_id = _REQUEST["id"]
        return super().format(record)


def _log_as(request_id: str) -> None:
    _REQUEST["id"] = request_id


def _log_as_in_lambda() -> None:
    """Give the root logger a handler, as AWS does: code that only sets a level would log nothing without."""
    handler = logging.StreamHandler(sys.stderr)  # MiniStack's worker sends what is printed there too
    handler.setFormatter(
        _AsInLambda("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S")
    )
    logging.getLogger().addHandler(handler)


def _end_with_the_endpoint(lifeline: str) -> None:
    with open(lifeline, "rb") as pipe:  # noqa: PTH123  nothing that is not needed is imported here
        pipe.read()
    os._exit(1)


class _WhenTheSdkIsImported:
    """Runs MiniStack's counter of invocation chains when a function first uses the SDK.

    The worker would import botocore for it at every cold start: 0.19 s and 22 MB, for functions that never call AWS.
    """

    def __init__(self, install: "Callable[[], None]") -> None:
        self._install = install

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "botocore.session":  # every client is made through it
            sys.meta_path.remove(self)
            self._install()


def _when_the_sdk_is_imported(install: "Callable[[], None]") -> None:
    sys.meta_path.insert(0, _WhenTheSdkIsImported(install))


def _begin(lifeline: str, ours: "tuple[str, ...]") -> None:
    """Prepare this process. `lifeline` is a FIFO that the endpoint holds open for writing: its end of file is the
    endpoint's death, kill -9 included. `ours` are the environment variables that are the endpoint's own settings.
    """
    for name in ours:
        os.environ.pop(name, None)
    threading.Thread(target=_end_with_the_endpoint, args=(lifeline,), name="lifeline", daemon=True).start()
    _log_as_in_lambda()
