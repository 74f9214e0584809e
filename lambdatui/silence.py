"""Nothing but the program's own screen and its one last message reaches the terminal.

What is logged, warned of, or raised where nobody waits for it goes to the log, if there is one; what ends a thread ends
the program, as a fault of its own. Python would print all that on stderr, with whatever is in its message.
"""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lambdatui.crash import headline

LOGGER = "lambdatui.python"


def silence(fail: Callable[[BaseException], object]) -> None:
    """From now on. `fail` is called, in its thread, for what ends a thread."""
    logging.getLogger().addHandler(logging.NullHandler())
    logging.raiseExceptions = False
    log = logging.getLogger(LOGGER)

    def warn(message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any, **__: Any) -> None:
        log.warning("%s in %s line %d", category.__name__, Path(filename).name, lineno)

    def unraisable(what: Any) -> None:
        log.error("nobody waited for %s", "nothing" if what.exc_value is None else headline(what.exc_value))

    def thread(ended: threading.ExceptHookArgs) -> None:
        if ended.exc_value is not None:
            fail(ended.exc_value)

    warnings.showwarning = warn
    sys.unraisablehook = unraisable
    threading.excepthook = thread


def unattended(_: object, context: dict[str, Any]) -> None:
    """An event loop's exception handler: for tasks and callbacks whose fault nobody waits for."""
    error = context.get("exception")
    said = headline(error) if isinstance(error, BaseException) else "a fault"
    logging.getLogger(LOGGER).error("nobody waited for %s", said)
