"""The SDK's models of services as they are read from its files: without what this program never asks for.

The SDK keeps every model that it has read, and makes a method of each operation. The words for those who read
documentation are half of a model, and of a hundred operations the guard permits twenty: without them, and without the
endpoints of two hundred services that are never called, six clients take 9 MiB less.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS
from botocore.loaders import JSONFileLoader

from lambdatui.aws.guard import READS, WRITES

_SERVICES = frozenset({"lambda", "logs", "monitoring", "oidc", "portal.sso", "sts", "tagging"})
"""Services by their endpoint prefix that are called, by this program or for its credentials. Of another one the SDK
makes the address by the partition's defaults, or by the service's own rules."""

_CALLED = frozenset({it.partition(":")[0] for it in READS | WRITES} | {"*", "signin", "sso", "sso-oidc"})
"""Services by the names that the SDK's events have them by."""


def drop_handlers(session: Any) -> None:
    """Have a session handle nothing that concerns other services or documentation.

    It is four fifths of what the SDK handles, and each of its clients has a copy: of six, 0.5 MiB.
    """
    for name, handler, *_ in BUILTIN_HANDLERS:
        event, *service = name.split(".")[:2]
        if event == "docs" or not _CALLED.issuperset(service):
            session.unregister(name, handler)


class LeanFiles(JSONFileLoader):
    """The loader of files of the SDK's own loader: `loader.file_loader = LeanFiles()`."""

    def load_file(self, file_path: str) -> Any:
        """What is in the file of that name, or None where there is none."""
        for ending, read in ((".json", open), (".json.gz", gzip.open)):
            path = Path(file_path + ending)
            if path.is_file():
                with read(path, "rb") as file:
                    found = json.loads(file.read(), object_hook=_without_words)
                if path.name.startswith("service-2."):
                    return _fewer_operations(path.parts[-3], found)
                return _fewer_endpoints(found) if path.name == "endpoints.json" else found
        return None


def _without_words(members: dict[str, Any]) -> dict[str, Any]:
    if isinstance(members.get("documentation"), str):  # a member of a shape may have that name, too
        del members["documentation"]
    return members


def _fewer_operations(service: str, model: Any) -> Any:
    """The model with the operations that the guard knows, if it knows any, and with the shapes that those have."""
    known = {name.partition(":")[2] for name in READS | WRITES if name.startswith(f"{service}:")}
    if not known or service == "sts":  # by which the SDK itself calls
        return model
    model["operations"] = {name: it for name, it in model["operations"].items() if name in known}
    kept: dict[str, Any] = {}
    waiting = [*_shapes(list(model["operations"].values()))]
    while waiting:
        name = waiting.pop()
        if name not in kept:
            kept[name] = model["shapes"][name]
            waiting += _shapes(kept[name])
    model["shapes"] = kept
    return model


def _shapes(value: Any) -> Iterator[str]:
    """The names of shapes in a part of a model."""
    if isinstance(value, dict):
        if isinstance(value.get("shape"), str):
            yield value["shape"]
        value = value.values()
    elif not isinstance(value, list):
        return
    for one in value:
        yield from _shapes(one)


def _fewer_endpoints(found: Any) -> Any:
    for partition in found["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in _SERVICES}
    return found
