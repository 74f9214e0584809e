"""What comes before the SDK, what is written when nothing happens, and which size is drawn."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from tests.terminal.conftest import TROUBLE, Start
from tests.terminal.screen import Terminal

# Python imports this by itself at its start. The first module of the SDK that anything asks for waits in its import
# until the pipe has been opened and closed at the other end. Not while it is looked for: all other imports wait then.
_HOLD_THE_SDK = """
import os, sys
from importlib.machinery import PathFinder

class Hold:
    def find_spec(self, name, path=None, target=None):
        if name not in {"aiobotocore", "botocore", "boto3", "aiohttp"}:
            return None
        spec = PathFinder.find_spec(name, path, target)
        execute = spec.loader.exec_module

        def wait_and_execute(module):
            with open(os.environ["HELD_AT"]) as pipe:
                pipe.read()
            execute(module)

        spec.loader.exec_module = wait_and_execute
        return spec

sys.meta_path.insert(0, Hold())
"""


def somebody_waits(pipe: Path) -> int | None:
    """The pipe's other end, once something waits at it."""
    try:
        return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as problem:
        if problem.errno == errno.ENXIO:
            return None
        raise


def test_the_frame_is_painted_and_keys_act_before_the_sdk_is_imported(
    start: Start, home: Path, surroundings: dict[str, str]
) -> None:
    pipe = home / "pipe"
    os.mkfifo(pipe)
    (home / "early").mkdir()
    (home / "early/sitecustomize.py").write_text(_HOLD_THE_SDK)
    path = f"{home}/early:{surroundings['PYTHONPATH']}"
    terminal = start(environment={"PYTHONPATH": path, "HELD_AT": str(pipe)})
    terminal.wait_for("Loading functions…")
    terminal.wait_for(lambda: terminal.lines[-1].endswith("? Help"))
    terminal.press("?")
    terminal.wait_for("Keys here")
    terminal.press("\x1b")
    terminal.wait_for(lambda: "Keys here" not in terminal.text)
    assert "Loading functions…" in terminal.text

    held: list[int] = []

    def reached() -> bool:
        other_end = somebody_waits(pipe)
        held.extend([other_end] if other_end is not None else [])
        return bool(held)

    terminal.wait_for(reached)
    assert "Loading functions…" in terminal.text, "the program waits for the SDK, which has not been imported"
    # From here on nothing is held: the pipe is gone, and the module that waits reads its end of file.
    pipe.unlink()
    pipe.touch()
    os.close(held[0])
    terminal.wait_for(TROUBLE)


@pytest.mark.local
def test_nothing_is_written_while_nothing_happens(start: Start, home: Path) -> None:
    configuration = home / ".config/lambdatui/config.yaml"
    configuration.parent.mkdir(parents=True)
    configuration.write_text("refresh: off\n")
    terminal = start("--demo")
    terminal.wait_for("legacy-export")
    terminal.wait_for("123456789012")
    terminal.wait_for("metrics of 1h")
    terminal.wait_for("Concurrency 1")
    # What the newest error says comes last: the figures say whose it is, and then its log is asked.
    terminal.wait_for(lambda: re.search(r"! \d\d:\d\d:\d\d ", terminal.text))
    terminal.quiet(1.0)
    written = len(terminal.written)
    terminal.quiet(3.0, within=0)
    assert terminal.written[written:] == b""


@pytest.mark.parametrize("exported", [{}, {"COLUMNS": "40", "LINES": "10"}], ids=["", "COLUMNS and LINES exported"])
def test_it_fills_the_window_whatever_its_size_becomes(start: Start, exported: dict[str, str]) -> None:
    terminal = start(environment=exported)
    terminal.wait_for(TROUBLE)
    for size in ((80, 24), (120, 36), (200, 50), (80, 24)):
        terminal.resize(size)
        terminal.wait_for(lambda: fills(terminal, TROUBLE))
        assert len(terminal.lines) == size[1]


def fills(terminal: Terminal, text: str) -> bool:
    """Whether the identity is on the first line, the keys are on the last and the text is in between."""
    first, *between, last = terminal.lines
    return first.startswith(" lambdatui") and last.endswith("? Help") and text in "".join(between)
