"""CloudWatch clients of every protocol, and an endpoint that has nothing but our metrics."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader

from lambdatui.local import identity
from lambdatui.local.control_plane import Receive, Scope, Send
from lambdatui.local.inward import body_of

PROTOCOLS = ("json", "query", "smithy-rpc-v2-cbor")


class Behind:
    """Stands where MiniStack stands: keeps the bodies of the requests that it gets, and has an empty answer."""

    def __init__(self) -> None:
        self.got: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.got.append(await body_of(receive))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def client(url: str, protocol: str, models: Path) -> Any:
    """A boto3 client that speaks this protocol: its model, put below `models`, says that the service has no other."""
    model = json.loads(json.dumps(Loader().load_service_model("cloudwatch", "service-2")))
    model["metadata"] |= {"protocol": protocol, "protocols": [protocol]}
    folder = models / "cloudwatch" / "2010-08-01"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "service-2.json").write_text(json.dumps(model))
    session = botocore.session.Session()
    session.set_config_variable("data_path", str(models))
    made = boto3.Session(
        identity.ACCESS_KEY_ID, identity.SECRET_ACCESS_KEY, region_name=identity.REGION, botocore_session=session
    )
    return made.client("cloudwatch", endpoint_url=url, config=Config(retries={"total_max_attempts": 1}))


@contextmanager
def served(make: Callable[[], Any]) -> Iterator[str]:
    """The URL of an ASGI application that is made and served in a thread of its own."""
    from hypercorn.asyncio import serve
    from hypercorn.config import Config as Settings

    url: Future[str] = Future()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()

    async def run() -> None:
        application = make()
        listener = socket.create_server((identity.HOST, 0))
        port = listener.getsockname()[1]

        async def started(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                await receive()
                await send({"type": "lifespan.startup.complete"})
                url.set_result(f"http://{identity.HOST}:{port}")
                await receive()
                await send({"type": "lifespan.shutdown.complete"})
            else:
                await application(scope, receive, send)

        settings = Settings()
        settings.bind = [f"fd://{listener.detach()}"]  # hypercorn closes it
        settings.errorlog = None
        await serve(started, settings, shutdown_trigger=over.wait)  # type: ignore[arg-type]

    def live() -> None:
        try:
            loop.run_until_complete(run())
        except BaseException as problem:
            if url.done():
                raise
            url.set_exception(problem)

    thread = threading.Thread(target=live, name="metrics")
    thread.start()
    try:
        yield url.result(10)
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()
