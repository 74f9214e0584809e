"""The names that AWS has for the folders of an execution environment, put in place of ours where people read them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

TASK = "/var/task"
LAYERS = "/opt"
RUNTIME = "/var/runtime"
TEMPORARY = "/tmp"  # noqa: S108  AWS's, not ours
LANGUAGE = "/var/lang/lib"


class Masks:
    """Replaces paths of ours in log lines and error bodies. What a function returns is left alone."""

    def __init__(self, names: Iterable[tuple[Path, str]]) -> None:
        """Pairs of our folder and AWS's."""
        pairs = set()
        for ours, theirs in names:
            raw = os.fsencode(ours)
            # As it stands, and as JSON has it: the two differ if there is more than ASCII in it.
            pairs |= {(raw, theirs.encode()), (json.dumps(str(ours))[1:-1].encode(), theirs.encode())}
        self._pairs = sorted(pairs, key=lambda pair: -len(pair[0]))  # the inner folder before the outer

    def hide(self, data: bytes) -> bytes:
        """`data` with AWS's names."""
        if b"/" in data:
            for ours, theirs in self._pairs:
                data = data.replace(ours, theirs)
        return data
