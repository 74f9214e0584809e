"""The SDK's models of services as they are read from its files: without the words for those who read documentation.

These words are half of a model, and the SDK keeps every model that it has read: without them, and without the endpoints
of two hundred services that are never called, six clients take 7 MiB less.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader

_SERVICES = frozenset({"lambda", "logs", "monitoring", "oidc", "portal.sso", "sts", "tagging"})
"""Services by their endpoint prefix that are called, by this program or for its credentials. Of another one the SDK
makes the address by the partition's defaults, or by the service's own rules."""


class LeanFiles(JSONFileLoader):
    """The loader of files of the SDK's own loader: `loader.file_loader = LeanFiles()`."""

    def load_file(self, file_path: str) -> Any:
        """What is in the file of that name, or None where there is none."""
        for ending, read in ((".json", open), (".json.gz", gzip.open)):
            path = Path(file_path + ending)
            if path.is_file():
                with read(path, "rb") as file:
                    found = json.loads(file.read(), object_hook=_without_words)
                return _fewer_endpoints(found) if path.name == "endpoints.json" else found
        return None


def _without_words(members: dict[str, Any]) -> dict[str, Any]:
    if isinstance(members.get("documentation"), str):  # a member of a shape may have that name, too
        del members["documentation"]
    return members


def _fewer_endpoints(found: Any) -> Any:
    for partition in found["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in _SERVICES}
    return found
