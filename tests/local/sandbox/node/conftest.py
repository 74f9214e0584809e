"""Node.js functions that end with the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local.sandbox.node.function import Node, NodeFunction


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """node(code): a function whose index.js is this; node({"a.mjs": code}, "a.handler", NAME="value") another."""
    functions: list[NodeFunction] = []

    def started(files: str | dict[str, str], handler: str = "index.handler", **settings: Any) -> NodeFunction:
        files = {"index.js": files} if isinstance(files, str) else files
        functions.append(NodeFunction(tmp_path / str(len(functions)), files, handler, **settings))
        return functions[-1]

    yield started
    for function in functions:
        function.end()
