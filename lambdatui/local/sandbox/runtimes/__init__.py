"""How the runtimes that functions are made for are started here."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from lambdatui.local.execution import NotRunnable, Program
from lambdatui.local.sandbox.runtimes.custom_runtime import CustomRuntime
from lambdatui.local.sandbox.runtimes.folders import Folders
from lambdatui.local.sandbox.runtimes.node_runtime import NodeRuntime
from lambdatui.local.sandbox.runtimes.python_runtime import PythonRuntime

__all__ = ["CustomRuntime", "Folders", "NodeRuntime", "PythonRuntime", "Runtime", "Runtimes"]

_WORKS = "which runs Python 3, Node.js and custom runtimes (provided.al2023) from a zip"


class Runtime(Protocol):
    """A way to run functions."""

    @property
    def framed(self) -> bool:
        """Whether it can write framed log records."""

    @property
    def folder(self) -> Path:
        """What is /var/runtime in AWS."""

    @property
    def version(self) -> str:
        """The runtime version in INIT_START; known once prepared."""

    def prepare(self) -> None:
        """What has to be done once, off the event loop. Raises NotRunnable."""

    def command(self, program: Program, folders: Folders) -> tuple[str, ...]:
        """What starts it. Raises NoEntrypoint."""

    def variables(self, program: Program, folders: Folders) -> dict[str, str]:
        """What it sets in the environment besides what every runtime has."""


class Runtimes:
    """The runtimes of a workspace. `folder` is where the Python runtime's files go."""

    def __init__(self, folder: Path) -> None:
        self._python = PythonRuntime(folder)
        self._node = NodeRuntime()

    def of(self, program: Program) -> Runtime:
        """The one for a program. Raises NotRunnable."""
        if program.image:
            raise NotRunnable(f"A container image cannot be run by the embedded endpoint, {_WORKS}.")
        if program.runtime.startswith("python3."):
            return self._python
        if program.runtime.startswith("nodejs"):
            return self._node
        if program.runtime == "provided" or program.runtime.startswith("provided."):
            return CustomRuntime(program.runtime)
        raise NotRunnable(f"The runtime {program.runtime} cannot be run by the embedded endpoint, {_WORKS}.")
