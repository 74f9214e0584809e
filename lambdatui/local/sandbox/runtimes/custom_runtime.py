"""A custom runtime: an executable `bootstrap` that comes with the code or in a layer, run as it is."""

from __future__ import annotations

from pathlib import Path

from lambdatui.local.execution import Program
from lambdatui.local.sandbox import masks
from lambdatui.local.sandbox.faults import NoEntrypoint
from lambdatui.local.sandbox.runtimes.folders import Folders


class CustomRuntime:
    """provided, provided.al2 and provided.al2023: what they run on is this machine's system."""

    framed = False

    def __init__(self, name: str) -> None:
        self.version = f"provided:{name.partition('.')[2] or 'al1'}.v0"

    folder = Path(masks.RUNTIME)

    def prepare(self) -> None:
        """Nothing is to be made."""

    def command(self, program: Program, folders: Folders) -> tuple[str, ...]:
        """What starts it. Raises NoEntrypoint."""
        for folder in (folders.task, folders.layers):
            if (folder / "bootstrap").is_file():
                return (str(folder / "bootstrap"),)
        raise NoEntrypoint(f"Couldn't find valid bootstrap(s): [{masks.TASK}/bootstrap {masks.LAYERS}/bootstrap]")

    def variables(self, program: Program, folders: Folders) -> dict[str, str]:
        """Nothing besides what every runtime has."""
        return {}
