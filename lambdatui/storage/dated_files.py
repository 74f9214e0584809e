"""Files that a person saves: private, and named by what is in them and by the moment."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from lambdatui.storage.files import private_folder, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LONGEST = 80
"""Characters of the name of what is in a file, of the 255 bytes that a file's name may have."""
_ODD = re.compile(r"[^A-Za-z0-9._-]+")


def save_dated(folder: Path, name: str, ending: str, data: bytes | Iterable[bytes]) -> Path:
    """The new file (0600), as in checkout-2026-11-22-140501-123.log: its name, the local time to the ms, its ending.

    The folder is made where it is missing. What no file's name should have is replaced in `name`. Raises OSError.
    """
    moment = datetime.now().astimezone()
    stamp = f"{moment:%Y-%m-%d-%H%M%S}-{moment.microsecond // 1000:03}"
    path = folder / f"{_ODD.sub('-', name).strip('-.')[:LONGEST] or ending}-{stamp}.{ending}"
    private_folder(folder)
    write_atomic(path, data)
    return path
