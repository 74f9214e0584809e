"""Calls of before: what the history keeps of each."""

from __future__ import annotations

from dataclasses import dataclass

from lambdatui.model.report import Report


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call in a list: small, of visible text."""

    id: str
    """Of letters, digits and hyphens: no other call of the function has it."""
    at: int
    """When it was sent, in milliseconds since 1970."""
    function: str
    """ARN, without a qualifier."""
    qualifier: str
    """As it was asked for; empty where it was not."""
    kind: str
    """Invocation type, in AWS's words."""
    event: str = ""
    """Name of the saved event that was sent, if it was one."""
    outcome: str = ""
    """"succeeded", "failed", "accepted", "dry run", "unknown", "refused" or "stopped"."""
    words: str = ""
    """One short sentence: the error's type, or the reason."""
    request_id: str = ""
    version: str = ""
    """Which was executed."""
    trace_id: str = ""
    status: int = 0
    """Of HTTP; 0 where no answer came."""
    elapsed: float = 0.0
    """Milliseconds from sending to the whole answer, on this machine's clock."""
    report: Report | None = None
    payload_size: int = 0
    response_size: int = 0
    """Bytes, also where they are not kept."""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """All of a call. Payload and response are bytes as they went and came; the texts are visible."""

    call: PastCall
    payload: bytes
    response: bytes
    """Empty where it was too large to be kept."""
    log: str = ""
    """Its last 4 kB."""
    client_context: str = ""
    """JSON."""
    tenant: str = ""
    log_tail: bool = True
    """Whether the end of the log was asked for."""
    streaming: bool = False
    content_type: str = ""
    """Of a streamed response."""

    @property
    def not_kept(self) -> int:
        """Bytes of the response that came and are not here."""
        return max(0, self.call.response_size - len(self.response))
