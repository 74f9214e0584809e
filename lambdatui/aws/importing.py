"""How the SDK and aiohttp are imported by this program: without what they do at import for nobody."""

from __future__ import annotations

import os
import ssl
import sys
from contextlib import suppress
from types import ModuleType
from typing import Any, Self


def import_aiohttp() -> None:
    """Import aiohttp without reading the certificate authorities twice, a sixth of all work until the first rows.

    It does so for two TLS contexts of its own, which the SDK never uses: that makes one for each client. They stay
    empty, and the one of the two that verifies trusts nobody. What is imported after it comes without words as well.
    """
    leave_out_words()
    # In C++, whose library alone is 1 MiB; the same in Python serves for the few lists of aiohttp's that nobody fills.
    sys.modules.setdefault("frozenlist._frozenlist", _NOTHING)
    ssl.SSLContext.set_default_verify_paths = lambda self: None  # type: ignore[method-assign]
    try:
        import aiohttp  # noqa: F401
    finally:
        with suppress(AttributeError):  # two gateways may be opened at once
            del ssl.SSLContext.set_default_verify_paths  # the inherited one is back


def leave_out_words() -> None:
    """Have botocore import nothing of what it makes documentation with: no method of a client is asked for its words.

    With a parser of HTML, and an object for each method, that is 1 MiB.
    """
    if "botocore.client" in sys.modules or "botocore.docs" in sys.modules:
        return
    import botocore

    package: Any = ModuleType("botocore.docs")
    package.__path__ = [os.path.join(folder, "docs") for folder in botocore.__path__]  # noqa: PTH118 (before any Path)
    words: Any = ModuleType("botocore.docs.docstring")
    words.__getattr__ = _no_words_of  # whatever classes there are in the SDK's version
    sys.modules.setdefault(words.__name__, words)
    sys.modules.setdefault(package.__name__, package)


class _NoWords(str):
    __slots__ = ()

    def __new__(cls, *_: object, **__: object) -> Self:
        return str.__new__(cls)


def _no_words_of(name: str) -> type[_NoWords]:
    if name.startswith("__"):
        raise AttributeError(name)
    return _NoWords


_NOTHING: Any = None
"""In place of a module, it cannot be imported."""
