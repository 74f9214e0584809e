"""The ASGI application that clients talk to: it sorts out who may ask, and who answers."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping, Sequence
from typing import Any, Protocol

from lambdatui.local import web_pages
from lambdatui.local.control_plane import Application, Receive, Scope, Send
from lambdatui.local.inward import Answer
from lambdatui.local.peers import End, is_foreign


class Api(Protocol):
    """A part of AWS that the endpoint answers itself, before MiniStack is asked."""

    def answers(self, scope: Scope) -> bool:
        """Whether this HTTP request is for it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class Front:
    """What comes from this user's programs goes to the first of `apis` that answers it, else to `behind`."""

    def __init__(self, behind: Application, address: End, apis: Sequence[Api]) -> None:
        """`address` is where the endpoint listens."""
        self._behind = behind
        self._address = address
        self._apis = apis
        self.started = asyncio.Event()
        """Set when the control plane has started and takes requests."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._behind(scope, receive, self._noting_the_start(send))
        elif reason := self._refused(scope):
            await _refuse(scope["type"], receive, send, reason)
        else:
            await self._answering(scope)(scope, receive, send)

    def _answering(self, scope: Scope) -> Application:
        if scope["type"] == "http":
            for api in self._apis:
                if api.answers(scope):
                    return api
        return self._behind

    def _refused(self, scope: Scope) -> str | None:
        # Requests from inside this process have no client.
        client = scope.get("client")
        if client is not None and is_foreign((client[0], client[1]), self._address):
            return "from other users of this machine"
        return web_pages.refused(scope)

    def _noting_the_start(self, send: Send) -> Send:
        async def noting(message: MutableMapping[str, Any]) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                self.started.set()

        return noting


async def _refuse(kind: str, receive: Receive, send: Send, reason: str) -> None:
    """Answer a request, or the start of a websocket, with status 403."""
    if kind == "websocket":
        await receive()  # websocket.connect
        await send({"type": "websocket.close", "code": 1008})
        return
    message = f'{{"message": "The embedded endpoint takes no requests {reason}."}}'
    await respond(send, Answer(403, [(b"content-type", b"application/json")], message.encode()))


async def respond(send: Send, answer: Answer) -> None:
    """Send a whole response."""
    headers = [*answer.headers, (b"content-length", str(len(answer.body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
