"""The Python runtime: AWS's own runtime client under the interpreter that runs this."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from lambdatui.local.execution import NotRunnable, Program
from lambdatui.local.sandbox.runtimes.folders import Folders

_NEEDED = ("awslambdaric", "simplejson", "snapshot-restore-py")
_OFFERED = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3")
"""What AWS's Python runtime has besides the standard library, as distributions."""

_SCRIPT = Path(__file__).parent / "python" / "bootstrap.py"


class PythonRuntime:
    """The folder that stands for /var/runtime: links to the libraries that AWS's has, and to nothing else of ours."""

    framed = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._made = False

    @property
    def version(self) -> str:
        """The runtime version in INIT_START. Whatever the function asks for, it is that of this interpreter."""
        return "python:{}.{}.v{}".format(*sys.version_info)

    def prepare(self) -> None:
        """Make the folder, once. Takes some milliseconds. Raises NotRunnable."""
        with self._lock:
            if self._made:
                return
            if sys.platform != "linux":
                raise NotRunnable(
                    "Python functions need awslambdaric, AWS's own runtime client, which there is for Linux only; here "
                    "run Node.js functions, where `node` is installed, and custom runtimes (provided.al2023)."
                )
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for source in _files():
                link = self.folder / source.name
                link.unlink(missing_ok=True)
                link.symlink_to(source)
            shutil.copyfile(_SCRIPT, self.folder / "bootstrap.py")
            self._made = True

    def command(self, program: Program, folders: Folders) -> tuple[str, ...]:
        """What starts it."""
        layers = folders.layers / "python"
        path = (folders.task, layers / "lib" / program.runtime / "site-packages", layers)
        return (sys.executable, "-S", "-P", str(self.folder / "bootstrap.py"), *map(str, path))

    def variables(self, program: Program, folders: Folders) -> dict[str, str]:
        """What AWS's Python runtime sets besides what every runtime has."""
        return {"PYTHONPATH": str(self.folder)}


def _files() -> Iterator[Path]:
    """The modules and packages of what the runtime has, with their metadata. Raises NotRunnable."""
    for name in (*_NEEDED, *_OFFERED):
        try:
            found = distribution(name)
        except PackageNotFoundError as missing:
            if name in _OFFERED:
                continue
            raise _incomplete(name) from missing
        tops = {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}
        sources = [path for top in sorted(tops) if (path := Path(str(found.locate_file(top)))).exists()]
        if not any(path.suffix != ".dist-info" for path in sources) and name in _NEEDED:
            raise _incomplete(name)
        yield from sources


def _incomplete(name: str) -> NotRunnable:
    return NotRunnable(
        f"Python functions need {name}, which is not installed; install it with: pip install 'lambdatui[local]'"
    )
