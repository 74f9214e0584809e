"""Requests that a browser sends for a web page.

Functions run as the user, and any page that the user opens can have the browser send requests to a loopback port; an
image is enough, for the query APIs of AWS take GET. A browser of before 2023 that is told to send no Referer is not
recognised: it adds nothing to an image's request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lambdatui.local.control_plane import Scope

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

# Names that no page can make its own. RFC 6761 keeps .localhost to this machine. No public name ends in a number, and
# no browser takes one that does for a name; SDKs put prefixes before an endpoint's address, with and without a dot:
# `streaming-127.0.0.1` for StartLiveTail, `123456789012.127.0.0.1` for S3 Control.
_BELOW_LOOPBACK = (".localhost", ".127.0.0.1", "-127.0.0.1")

_FUNCTION_URL = re.compile(r"[a-z0-9-]+\.lambda-url\.[a-z0-9-]+\.on\.aws")
"""What CreateFunctionUrlConfig gives a function as its host. AWS alone says where such a name leads, not a page."""


def refused(scope: Scope) -> str | None:
    """Why a request (or the start of a websocket) is not to be taken: "from web pages"; None if it is."""
    site = _header(scope, b"sec-fetch-site")
    if site is not None and site not in ("none", "same-origin"):
        return "from web pages"
    for page in (_header(scope, b"origin"), _header(scope, b"referer")):
        if page is not None and not _is_here(_name(page)):
            return "from web pages"
    # A page may have the name of its own host lead here once it has been loaded: then all else is as of one origin.
    host = _name("//" + (_header(scope, b"host") or ""))
    if not _is_here(host) and not _FUNCTION_URL.fullmatch(host):
        return "for hosts other than 127.0.0.1 and localhost"
    return None


def _is_here(name: str) -> bool:
    return name in _LOOPBACK or name.endswith(_BELOW_LOOPBACK)


def _name(url: str) -> str:
    """The host of a URL, in lower case; empty if it has none."""
    try:
        return (urlsplit(url).hostname or "").removesuffix(".")
    except ValueError:
        return ""


def _header(scope: Scope, wanted: bytes) -> str | None:
    found: Iterator[str] = (value.decode("latin-1") for name, value in scope["headers"] if name == wanted)
    return next(found, None)
