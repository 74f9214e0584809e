"""Who may use the embedded endpoint."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.local

NOBODY = 65534


ONLY_ROOT = pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
ONLY_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whose a connection is")

LIST = "GET /2015-03-31/functions HTTP/1.1\r\nHost: localhost\r\n"
UPGRADE = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


def status(connection: socket.socket, request: str) -> bytes:
    """The status line of the answer to a request that has no body, without its end."""
    connection.sendall(f"{request}\r\n".encode())
    answer = b""
    while b"\r\n" not in answer and (part := connection.recv(65536)):
        answer += part
    return answer.partition(b"\r\n")[0]


def asked_as(uid: int, url: str, request: str = LIST, source: tuple[str, int] = ("127.0.0.1", 0)) -> bytes:
    """The status line that a client of that user gets, from that address and port.

    In a fork: another user may not be allowed to start this interpreter.
    """
    address = urlsplit(url)
    assert address.hostname == "127.0.0.1"
    "localhost".encode("idna")  # loads the codec, whose file the other user may not read
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setuid(uid)
            with socket.create_connection((address.hostname, address.port or 0), 30, source) as connection:
                os.write(writing, status(connection, request))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def websocket(endpoint_url: str, connect: Any) -> str:
    """The start of a websocket that the endpoint takes, without an origin."""
    gateway = connect(endpoint_url, "apigatewayv2")
    route = "$request.body.action"
    api = gateway.create_api(Name="a", ProtocolType="WEBSOCKET", RouteSelectionExpression=route)["ApiId"]
    gateway.create_stage(ApiId=api, StageName="s")
    return UPGRADE.format(path=f"/_aws/execute-api/{api}/s")


def test_the_user_who_started_it_is_answered(endpoint_url: str) -> None:
    assert asked_as(os.getuid(), endpoint_url).startswith(b"HTTP/1.1 200")


@ONLY_LINUX
def test_the_user_is_answered_on_an_ipv6_socket(endpoint_url: str) -> None:
    with socket.socket(socket.AF_INET6) as connection:
        connection.connect(("::ffff:127.0.0.1", urlsplit(endpoint_url).port))
        assert status(connection, LIST).startswith(b"HTTP/1.1 200")


@ONLY_ROOT
@ONLY_LINUX
def test_another_user_of_the_machine_is_refused(endpoint_url: str) -> None:
    assert asked_as(NOBODY, endpoint_url).startswith(b"HTTP/1.1 403")


@ONLY_ROOT
@ONLY_LINUX
def test_another_user_is_refused_on_a_port_that_the_user_has_too(endpoint_url: str) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(endpoint_url).port or 0)) as ours:
        port = ours.getsockname()[1]
        assert status(ours, LIST).startswith(b"HTTP/1.1 200")

        assert asked_as(NOBODY, endpoint_url, source=("127.0.0.2", port)).startswith(b"HTTP/1.1 403")
        assert asked_as(os.getuid(), endpoint_url, source=("127.0.0.3", port)).startswith(b"HTTP/1.1 200")


@ONLY_ROOT
@ONLY_LINUX
def test_another_user_gets_no_websocket(endpoint_url: str, websocket: str) -> None:
    assert asked_as(os.getuid(), endpoint_url, websocket).startswith(b"HTTP/1.1 101")
    assert asked_as(NOBODY, endpoint_url, websocket).startswith(b"HTTP/1.1 403")


def test_a_page_gets_no_websocket(endpoint_url: str, websocket: str) -> None:
    def started(header: str) -> bytes:
        return asked_as(os.getuid(), endpoint_url, websocket + header)

    assert started("").startswith(b"HTTP/1.1 101")
    assert started("Origin: https://evil.example\r\n").startswith(b"HTTP/1.1 403")
    assert started("Sec-Fetch-Site: cross-site\r\n").startswith(b"HTTP/1.1 403")
