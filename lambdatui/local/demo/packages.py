"""Deployment packages of the sample functions and layers, made from the folders beside this file."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

_HERE = Path(__file__).parent


def of_function(name: str) -> str:
    """The code of functions/<name>, base64. The same files give the same bytes."""
    return _zipped(_HERE / "functions" / name)


def of_layer(name: str) -> str:
    """The content of layers/<name>, base64."""
    return _zipped(_HERE / "layers" / name)


def _zipped(folder: Path) -> str:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*.py")):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())  # dated 1980, whenever it was installed
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return base64.b64encode(package.getvalue()).decode()
