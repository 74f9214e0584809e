"""Requests to an endpoint without an SDK, which would make them well-formed."""

from __future__ import annotations

from http.client import HTTPConnection
from urllib.parse import urlsplit


def post(url: str, path: str, body: bytes | list[bytes] = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """A request without an SDK. A list is sent in chunks, its length unsaid."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("POST", path, iter(body) if isinstance(body, list) else body, named)
    answer = connection.getresponse()
    found = {name.lower(): value for name, value in answer.getheaders()}
    content = answer.read()
    connection.close()
    return answer.status, found, content
