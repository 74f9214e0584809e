"""Deployment packages of the sample functions and layers, made from the folders beside this file."""

from __future__ import annotations

import base64
import io
import shlex
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_HERE = Path(__file__).parent


_BOOTSTRAP = """#!/bin/sh
exec {python} -S -P "$LAMBDA_TASK_ROOT/app.py"
"""
"""AWS's system would have a Python of its own; this machine may have none but the one that this runs on."""


def of_function(name: str, *, own_runtime: bool = False) -> str:
    """The code of functions/<name>, base64; `own_runtime`: with what starts it. The same files give the same bytes."""
    more = {"bootstrap": _BOOTSTRAP.format(python=shlex.quote(sys.executable))} if own_runtime else {}
    return _zipped(_HERE / "functions" / name, more)


def of_layer(name: str) -> str:
    """The content of layers/<name>, base64."""
    return _zipped(_HERE / "layers" / name)


def _zipped(folder: Path, executables: Mapping[str, str] = MappingProxyType({})) -> str:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*.py")):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())  # dated 1980, whenever it was installed
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
        for name, text in executables.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, text)
    return base64.b64encode(package.getvalue()).decode()
