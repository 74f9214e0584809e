"""Who may import whom: the contracts of pyproject.toml hold, and each fails in a copy of the package that breaks it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("importlinter", reason="import-linter comes with the extra `dev`")

ROOT = Path(__file__).parents[1]
LAYERS = "Layers, top to bottom; aws, local and storage do not know each other"
PANES = "ui and model see neither the SDK nor what talks to it"
SDK = "Only aws and local know the SDK"
TEXTUAL = "Only ui and app know Textual"
CLI = "The command line imports Textual through the app only"
PURE = "The model is pure: no library, no I/O, no clock, no chance"
MINISTACK = "Only local.control_plane knows MiniStack"
ALL = {LAYERS, PANES, SDK, TEXTUAL, CLI, PURE, MINISTACK}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "lambdatui", tmp_path / "lambdatui", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def verdicts(folder: Path) -> dict[str, bool]:
    """Whether each contract is kept by the package in this folder, by the contract's name."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    found = {}
    for line in ended.stdout.splitlines():
        for verdict in (" KEPT", " BROKEN"):
            name, separator, _ = line.partition(verdict)
            if separator:
                found[name] = verdict == " KEPT"
    assert set(found) == ALL, ended.stdout + ended.stderr
    assert ended.returncode == (0 if all(found.values()) else 1)
    return found


def test_the_contracts_hold() -> None:
    assert verdicts(ROOT) == dict.fromkeys(ALL, True)


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("model/text.py", "import lambdatui.settings", {LAYERS, PURE}),
        ("config_file.py", "import lambdatui.settings", {LAYERS}),
        ("settings.py", "import lambdatui.storage.files", {LAYERS}),
        ("aws/guard.py", "import lambdatui.storage.audit", {LAYERS}),
        ("aws/guard.py", "import lambdatui.ui", {LAYERS}),
        ("local/identity.py", "import lambdatui.aws.gateway", {LAYERS}),
        ("ui/table.py", "import lambdatui.app", {LAYERS, PANES}),
        ("app.py", "import lambdatui.cli", {LAYERS}),
        ("helpers.py", "# a module that has no layer", {LAYERS}),
        ("ui/table.py", "import lambdatui.aws.gateway", {PANES}),
        ("ui/table.py", "def late() -> None:\n    import lambdatui.local.process", {PANES}),
        ("ui/table.py", "import botocore.session", {PANES}),
        ("model/logs.py", "import aiohttp", {PANES}),
        ("storage/audit.py", "import botocore.exceptions", {SDK}),
        ("cli.py", "def late() -> None:\n    import aiobotocore", {SDK}),
        ("app.py", "import boto3", {SDK}),
        ("settings.py", "from textual.app import App", {TEXTUAL}),
        ("aws/guard.py", "import rich.text", {TEXTUAL}),
        ("model/logs.py", "import rich.text", {TEXTUAL}),
        ("cli.py", "import textual", {CLI}),
        ("model/logs.py", "import time", {PURE}),
        ("model/logs.py", "from pathlib import Path", {PURE}),
        ("local/endpoint.py", "import ministack.app", {MINISTACK}),
        ("aws/guard.py", "def late() -> None:\n    import ministack", {MINISTACK}),
    ],
)
def test_a_forbidden_import_breaks_its_contract(copy: Path, module: str, line: str, broken: set[str]) -> None:
    with (copy / "lambdatui" / module).open("a") as file:
        file.write(f"\n{line}\n")
    assert {name for name, kept in verdicts(copy).items() if not kept} == broken


def test_an_import_for_the_type_checker_alone_breaks_nothing(copy: Path) -> None:
    with (copy / "lambdatui/ui/table.py").open("a") as file:
        file.write("\nif TYPE_CHECKING:\n    from lambdatui.aws.gateway import Aws\n    import botocore\n")
    assert all(verdicts(copy).values())
