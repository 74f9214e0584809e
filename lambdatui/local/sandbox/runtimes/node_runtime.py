"""The Node.js runtime: a client of the Runtime API of our own, under the `node` that is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from lambdatui.local.execution import NotRunnable, Program
from lambdatui.local.sandbox.runtimes.folders import Folders

OLDEST = 18
"""The version of Node.js that our client of the Runtime API needs."""


class NodeRuntime:
    """Node.js, where there is a `node` in the PATH of the endpoint."""

    framed = True
    folder = Path(__file__).parent / "node"

    def __init__(self) -> None:
        self._node = ""
        self.version = ""

    def prepare(self) -> None:
        """Find `node`, and ask once which version it is: that takes some 50 ms. Raises NotRunnable."""
        node = shutil.which("node")
        if node is None:
            raise NotRunnable(
                "Node.js functions need `node`, which is not installed where the embedded endpoint looks for it (PATH)."
            )
        if node == self._node:
            return
        try:
            told = subprocess.run(
                [node, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10, check=True
            )
        except (OSError, subprocess.SubprocessError) as problem:
            raise NotRunnable(f"Node.js functions need `node`, and {node} does not start here.") from problem
        major, minor = map(int, re.findall(r"\d+", f"{told.stdout} 0 0")[:2])
        if major < OLDEST:
            raise NotRunnable(
                f"Node.js functions need Node.js {OLDEST} or later; `node` here is {told.stdout.strip()}."
            )
        self.version = f"nodejs:{major}.v{minor}"
        self._node = node

    def command(self, program: Program, folders: Folders) -> tuple[str, ...]:
        """What starts it. AWS's bootstrap gives the heap the same shares of the memory."""
        heap = (
            f"--max-semi-space-size={max(1, program.memory * 5 // 100)}",
            f"--max-old-space-size={program.memory * 9 // 10}",
        )
        return (self._node, *heap, str(self.folder / "bootstrap.mjs"))

    def variables(self, program: Program, folders: Folders) -> dict[str, str]:
        """What AWS's Node.js runtime sets besides what every runtime has."""
        major = program.runtime.removeprefix("nodejs").partition(".")[0]
        layers = folders.layers / "nodejs"
        path = [layers / f"node{major}" / "node_modules", layers / "node_modules", folders.task]
        return {"NODE_PATH": ":".join(map(str, path))}
