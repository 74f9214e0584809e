"""Who may use the embedded endpoint."""

from __future__ import annotations

import os
import socket
import sys
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.local

NOBODY = 65534


def asked_as(uid: int, url: str) -> str:
    """The status line and body that a client of that user gets.

    In a fork: another user may not be allowed to start this interpreter.
    """
    address = urlsplit(url)
    "localhost".encode("idna")  # loads the codec, whose file the other user may not read
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setuid(uid)
            with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
                connection.sendall(
                    b"GET /2015-03-31/functions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                while part := connection.recv(65536):
                    os.write(writing, part)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


def test_the_user_who_started_it_is_answered(endpoint_url: str) -> None:
    assert asked_as(os.getuid(), endpoint_url).startswith("HTTP/1.1 200 ")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whose a connection is")
def test_another_user_of_the_machine_is_refused(endpoint_url: str) -> None:
    said = asked_as(NOBODY, endpoint_url)
    assert said.startswith("HTTP/1.1 403 ")
    assert "other users" in said
