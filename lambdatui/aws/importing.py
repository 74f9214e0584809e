"""How aiohttp is imported by this program: without what it does at import for nobody."""

from __future__ import annotations

import ssl
from contextlib import suppress


def import_aiohttp() -> None:
    """Import aiohttp without reading the certificate authorities twice, a sixth of all work until the first rows.

    It does so for two TLS contexts of its own, which the SDK never uses: that makes one for each client. They stay
    empty, and the one of the two that verifies trusts nobody.
    """
    ssl.SSLContext.set_default_verify_paths = lambda self: None  # type: ignore[method-assign]
    try:
        import aiohttp  # noqa: F401
    finally:
        with suppress(AttributeError):  # two gateways may be opened at once
            del ssl.SSLContext.set_default_verify_paths  # the inherited one is back
