"""A Node.js function under our runtime client, and a bare Runtime API that it asks. For tests."""

from __future__ import annotations

import base64
import json
import os
import queue
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias

BOOTSTRAP = Path(__file__).parents[4] / "lambdatui/local/sandbox/runtimes/node/bootstrap.mjs"
ARN = "arn:aws:lambda:eu-central-1:123456789012:function:shop:live"
PATIENCE = 20.0
"""Seconds that a test waits for something before it fails."""


@dataclass(frozen=True)
class Post:
    """What the function posted."""

    path: str
    """Below /2018-06-01/runtime."""
    body: bytes
    headers: Mapping[str, str]
    """Names in lower case."""
    trailers: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def trailing_error(self) -> Any:
        """The error that the trailers of a response stream tell of."""
        return json.loads(base64.b64decode(self.trailers["lambda-runtime-function-error-body"]))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.invocations: queue.Queue[tuple[bytes, Mapping[str, str]] | None] = queue.Queue()
        self.posts: queue.Queue[Post] = queue.Queue()
        self.status = 202
        """Of the answers to what is posted; 0: hang up without one."""
        self.hangs_up = False
        """After each invocation that is given out."""
        self.second = threading.Event()
        """Another post came while the first one waited for its answer."""
        self.waits_for_second = False
        self._posting = threading.Semaphore(1)

    def take_turn(self) -> None:
        """Keeps the first post waiting for another one, for a while."""
        if not self._posting.acquire(blocking=False):
            self.second.set()
            return
        if self.waits_for_second:
            self.second.wait(0.2)
        self._posting.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Processes are killed in the middle of requests here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: Any) -> None:
        """Nothing to standard error."""

    def do_GET(self) -> None:
        assert self.path == "/2018-06-01/runtime/invocation/next"
        invocation = self.server.invocations.get()
        if invocation is None:
            self._answer(500, b"")
            return
        self._answer(200, *invocation)
        if self.server.hangs_up:
            # Without a word, as a server does with a connection that was idle for long.
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if headers.get("transfer-encoding") == "chunked":
            body, trailers = self._chunks(), self._trailers()
        else:
            body, trailers = self.rfile.read(int(headers["content-length"])), {}
        self.server.posts.put(Post(self.path.removeprefix("/2018-06-01/runtime"), body, headers, trailers))
        self.server.take_turn()
        if self.server.status:
            self._answer(self.server.status, b"{}")
        else:
            self.close_connection = True

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        return body

    def _trailers(self) -> dict[str, str]:
        trailers = {}
        while line := self.rfile.readline().strip():
            name, _, value = line.decode().partition(": ")
            trailers[name.lower()] = value
        return trailers

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        lines = {"Content-Length": str(len(body)), **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.wfile.write(f"HTTP/1.1 {status} OK\r\n{head}\r\n".encode() + body)
        self.wfile.flush()


class _Pipe:
    """A pipe that a thread empties until nobody can write any more."""

    def __init__(self) -> None:
        read_end, self.write_end = os.pipe()
        self._bytes = b""
        self._thread = threading.Thread(target=self._read, args=(read_end,), daemon=True)
        self._thread.start()

    def _read(self, descriptor: int) -> None:
        with os.fdopen(descriptor, "rb", 0) as pipe:
            while piece := pipe.read(65536):
                self._bytes += piece

    def all(self) -> bytes:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        return self._bytes


def frames(data: bytes) -> list[tuple[int, str]]:
    """The frames that some bytes are, whole: microseconds since the epoch and the message."""
    found = []
    while data:
        assert data[:4] == b"\xa5\x5a\x00\x03"
        size = int.from_bytes(data[4:8], "big")
        assert len(data) >= 16 + size
        found.append((int.from_bytes(data[8:16], "big"), data[16 : 16 + size].decode()))
        data = data[16 + size :]
    return found


class NodeFunction:
    """`files` below the task root, run as the function `handler` with `variables` besides AWS's own.

    framed=False: without a descriptor for log records. blocking=False: with one that does not block.
    """

    def __init__(
        self,
        folder: Path,
        files: Mapping[str, str],
        handler: str = "index.handler",
        *,
        framed: bool = True,
        blocking: bool = True,
        **variables: str,
    ) -> None:
        for name, text in files.items():
            file = folder / "task" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.server = _Server()
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self._count = 0
        self._log, self._output, self._errors = _Pipe(), _Pipe(), _Pipe()
        os.set_blocking(self._log.write_end, blocking)
        descriptor = {"_LAMBDA_TELEMETRY_LOG_FD": str(self._log.write_end)} if framed else {}
        self.process = subprocess.Popen(
            ["node", BOOTSTRAP],
            env={
                "PATH": os.environ["PATH"],
                "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.server.server_port}",
                "AWS_LAMBDA_FUNCTION_NAME": "shop",
                "AWS_LAMBDA_FUNCTION_VERSION": "7",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
                "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/shop",
                "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/23/[7]0123456789abcdef0123456789abcdef",
                "LAMBDA_TASK_ROOT": str(folder / "task"),
                "_HANDLER": handler,
                **descriptor,
                **variables,
            },
            pass_fds=[self._log.write_end],
            stdout=self._output.write_end,
            stderr=self._errors.write_end,
        )
        for pipe in (self._log, self._output, self._errors):
            os.close(pipe.write_end)

    def invoke(self, event: Any = None, headers: Mapping[str, str] | None = None, *, timeout: float = 3.0) -> str:
        """Gives the function an event to work on, in `timeout` seconds. Returns its request id."""
        self._count += 1
        request = f"request-{self._count}"
        every = {
            "Lambda-Runtime-Aws-Request-Id": request,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + timeout) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": ARN,
            **(headers or {}),
        }
        self.server.invocations.put((json.dumps(event, ensure_ascii=False).encode(), every))
        return request

    def posted(self) -> Post:
        """The next thing that it posts."""
        return self.server.posts.get(timeout=PATIENCE)

    def call(self, event: Any = None, headers: Mapping[str, str] | None = None) -> Post:
        """What it posts for an event, which is for that request."""
        request = self.invoke(event, headers)
        post = self.posted()
        assert post.path.startswith(f"/invocation/{request}/"), post
        return post

    def returned(self, event: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """What it returns for an event."""
        post = self.call(event, headers)
        assert post.path.endswith("/response"), post
        return post.json

    def failed(self, event: Any = None) -> Post:
        """How it fails with an event."""
        post = self.call(event)
        assert post.path.endswith("/error"), post
        assert post.headers["lambda-runtime-function-error-type"] == post.json["errorType"]
        return post

    def exit_code(self) -> int:
        """Of a process that ends by itself."""
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        """Kills what still runs."""
        self.process.kill()
        self.process.wait(PATIENCE)
        self.server.invocations.put(None)
        self.server.shutdown()
        self.server.server_close()

    def records(self) -> list[str]:
        """All its log records, each with the newline that it ends with. Ends the function."""
        self.process.kill()
        return [message for _, message in frames(self._log.all())]

    def log(self) -> bytes:
        """The bytes of its log records. Ends the function."""
        self.process.kill()
        return self._log.all()

    def output(self) -> bytes:
        """Its standard output. Ends the function."""
        self.process.kill()
        return self._output.all()

    def errors(self) -> str:
        """Its standard error. Ends the function."""
        self.process.kill()
        return self._errors.all().decode()


Node: TypeAlias = Callable[..., NodeFunction]
"""What the fixture `node` is."""
