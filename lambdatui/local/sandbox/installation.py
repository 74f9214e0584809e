"""What one execution environment has on disk, and how its runtime is started from there."""

from __future__ import annotations

import sysconfig
from dataclasses import dataclass
from pathlib import Path

from lambdatui.local.execution import Program
from lambdatui.local.sandbox import masks, variables
from lambdatui.local.sandbox.masks import Masks
from lambdatui.local.sandbox.packages import Package, Workspace
from lambdatui.local.sandbox.process import Launch
from lambdatui.local.sandbox.runtimes import Folders, Runtime

_STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))


@dataclass(frozen=True)
class Installation:
    """A program's code and layers, shared with other environments of it, and folders of the environment's own."""

    program: Program
    workspace: Workspace
    runtime: Runtime
    package: Package
    folders: Folders
    masks: Masks

    def launch(self, stream: str, kind: str) -> Launch:
        """How the runtime is started; `kind` is the initialization type. Raises NoEntrypoint."""
        command = self.runtime.command(self.program, self.folders)
        if (wrapper := self.program.variables.get("AWS_LAMBDA_EXEC_WRAPPER")) and self.runtime.framed:
            # As in AWS it is a shell that starts it: without such a file, it ends with exit status 127.
            command = ("/bin/sh", "-c", 'exec "$0" "$@"', self._here(wrapper), *command)
        environment = variables.of(
            self.program, self.folders, self.runtime, stream=stream, kind=kind, url=self.workspace.endpoint_url
        )
        memory = self.program.memory * 1024 * 1024
        folder, framed, tenant = self.folders.task, self.runtime.framed, self.program.tenant
        return Launch(command, environment, folder, self.masks, memory, framed=framed, tenant=tenant)

    def _here(self, path: str) -> str:
        """Where a path of AWS's lies here."""
        for theirs, ours in ((masks.TASK, self.folders.task), (masks.LAYERS, self.folders.layers)):
            if path.startswith(f"{theirs}/"):
                return f"{ours}{path.removeprefix(theirs)}"
        return path

    async def remove(self) -> None:
        """Delete what is the environment's own, and give back the rest."""
        self.workspace.give_back(self.package)
        await self.workspace.remove(self.folders.home)


async def install(program: Program, workspace: Workspace) -> Installation:
    """Have everything there that a program needs. Raises NotRunnable."""
    runtime = workspace.runtimes.of(program)
    await workspace.run(lambda: _prepare(runtime))
    package = await workspace.get(program)
    try:
        home = await workspace.home()
    except BaseException:
        workspace.give_back(package)
        raise
    folders = Folders(package.task, package.layers, home)
    names = Masks(
        [
            (folders.task, masks.TASK),
            (folders.layers, masks.LAYERS),
            (folders.temporary, masks.TEMPORARY),
            (runtime.folder, masks.RUNTIME),
            (_STANDARD_LIBRARY, f"{masks.LANGUAGE}/{_STANDARD_LIBRARY.name}"),
        ]
    )
    return Installation(program, workspace, runtime, package, folders, names)


def _prepare(runtime: Runtime) -> None:
    """Do what is to be done once, before the time of an init phase is taken; the imports are many."""
    import lambdatui.local.runtime_api  # noqa: F401

    runtime.prepare()
