"""Why the platform ended an init phase or a call, in AWS's words."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass

from lambdatui.local.execution import Status

# As Go's syscall.Signal prints them, which the platform is written in; others are "signal 40".
_SIGNALS = {
    signal.SIGHUP: "hangup",
    signal.SIGINT: "interrupt",
    signal.SIGQUIT: "quit",
    signal.SIGILL: "illegal instruction",
    signal.SIGTRAP: "trace/breakpoint trap",
    signal.SIGABRT: "aborted",
    signal.SIGBUS: "bus error",
    signal.SIGFPE: "floating point exception",
    signal.SIGKILL: "killed",
    signal.SIGUSR1: "user defined signal 1",
    signal.SIGSEGV: "segmentation fault",
    signal.SIGUSR2: "user defined signal 2",
    signal.SIGPIPE: "broken pipe",
    signal.SIGALRM: "alarm clock",
    signal.SIGTERM: "terminated",
    signal.SIGXCPU: "CPU time limit exceeded",
    signal.SIGXFSZ: "file size limit exceeded",
    signal.SIGVTALRM: "virtual timer expired",
    signal.SIGPROF: "profiling timer expired",
    signal.SIGSYS: "bad system call",
}


@dataclass(frozen=True)
class Fault:
    """An error of the platform's."""

    kind: str
    """The errorType that Invoke answers."""
    message: str
    """Without the request id, which is another one for each call."""
    reported: str = ""
    """The error type in INIT_REPORT and REPORT, where that is another one."""

    @property
    def in_report(self) -> str:
        """The error type in INIT_REPORT and REPORT."""
        return self.reported or self.kind

    @property
    def late(self) -> bool:
        """Whether it is the time limit."""
        return self.kind == "Sandbox.Timedout"

    @property
    def status(self) -> Status:
        """How a call went that ended so."""
        return Status.TIMEOUT if self.late else Status.ERROR

    def payload(self, request_id: str) -> bytes:
        """What Invoke answers."""
        error = {"errorType": self.kind, "errorMessage": f"RequestId: {request_id} Error: {self.message}"}
        return json.dumps(error, separators=(",", ":")).encode()

    def line(self, request_id: str) -> str:
        """What is logged: one record of two lines."""
        return f"RequestId: {request_id} Error: {self.message}\n{self.kind}"


OUT_OF_MEMORY = Fault("Runtime.ExitError", "Runtime exited with error: signal: killed", "Runtime.OutOfMemory")


def timed_out(limit: float) -> Fault:
    """The function's time limit, in seconds."""
    return Fault("Sandbox.Timedout", f"Task timed out after {limit:.2f} seconds")


def exited(code: int) -> Fault:
    """A process that ended with this exit code; a signal is negative, as subprocess has it."""
    if code == 0:
        return Fault("Runtime.ExitError", "Runtime exited without providing a reason")
    how = f"exit status {code}" if code > 0 else f"signal: {_signal(-code)}"
    return Fault("Runtime.ExitError", f"Runtime exited with error: {how}")


def _signal(number: int) -> str:
    try:
        return _SIGNALS[signal.Signals(number)]
    except (ValueError, KeyError):
        return f"signal {number}"


class NoEntrypoint(Exception):
    """A runtime's process cannot be started. str() is AWS's error message, without the request id."""

    @property
    def fault(self) -> Fault:
        """What the calls are answered."""
        return Fault("Runtime.InvalidEntrypoint", str(self))
