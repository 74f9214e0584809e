"""Whose a connection is, as Linux tells of that one connection."""

from __future__ import annotations

import socket
import sys

import pytest

from lambdatui.local import peers
from lambdatui.local.peers import is_foreign

pytestmark = [
    pytest.mark.local,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whose a connection is"),
]


@pytest.fixture
def listener() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def test_our_own_connection_is_known_without_a_walk_through_all(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "TABLES", {})

    with socket.create_connection(listener.getsockname()) as client, listener:
        assert not is_foreign(client.getsockname(), listener.getsockname())


def test_a_connection_of_an_ipv6_socket_is_known_too(listener: socket.socket) -> None:
    with socket.socket(socket.AF_INET6) as client, listener:
        client.connect(("::ffff:127.0.0.1", listener.getsockname()[1]))

        assert not is_foreign(("127.0.0.1", client.getsockname()[1]), listener.getsockname())


def test_a_connection_that_is_closed_is_nobodys(listener: socket.socket) -> None:
    with listener:
        client = socket.create_connection(listener.getsockname())
        name = client.getsockname()
        client.close()

        assert is_foreign(name, listener.getsockname())


def test_where_the_kernel_does_not_answer_the_tables_do(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lambdatui.local.peers._NETLINK_SOCK_DIAG", 31)

    with socket.create_connection(listener.getsockname()) as client, listener:
        assert not is_foreign(client.getsockname(), listener.getsockname())
        monkeypatch.setattr(peers, "TABLES", {})
        assert is_foreign(client.getsockname(), listener.getsockname())
