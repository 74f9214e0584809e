"""The X-Amzn-Trace-Id of the request under way, for what it triggers in MiniStack."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambdatui.local.control_plane import Application, Receive, Scope, Send

_TRACE: ContextVar[str] = ContextVar("trace", default="")


def inbound_trace() -> str:
    """The header of the request in whose course this is called; empty for none. MiniStack's threads inherit it."""
    return _TRACE.get()


def tracing(behind: Application) -> Application:
    """The same application, with inbound_trace() known to what it does."""

    async def traced(scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", ()))
        _TRACE.set(headers.get(b"x-amzn-trace-id", b"").decode("latin-1"))
        await behind(scope, receive, send)

    return traced
