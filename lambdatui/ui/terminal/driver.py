"""`TerminalDriver`: Textual's driver, for keyboards that send something else than UTF-8."""

from __future__ import annotations

import codecs
from functools import partial

from textual.drivers import linux_driver

from lambdatui.ui.terminal.job_control import JobControl


class TerminalDriver(JobControl):
    """Reads keys and draws. A byte that is no UTF-8 arrives as the replacement character."""

    def run_input_thread(self) -> None:
        """Until the driver stops."""
        # Textual asks for a strict decoder: a single byte of Latin-1 ends the thread, and the program (textual#6456).
        vars(linux_driver)["getincrementaldecoder"] = _forgiving
        super().run_input_thread()


def _forgiving(encoding: str) -> partial[codecs.IncrementalDecoder]:
    return partial(codecs.getincrementaldecoder(encoding), "replace")
