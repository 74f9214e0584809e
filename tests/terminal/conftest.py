"""Starts the program in terminals of its own, in a home of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pytest

import lambdatui
from tests.terminal.screen import Size, Terminal

TROUBLE = "r tries again"
"""What is on screen when it stops at what is missing: without arguments, a region."""


class Start(Protocol):
    """start("--demo"): the program with these arguments, in a new terminal."""

    def __call__(
        self, *arguments: str, size: Size = (120, 36), environment: Mapping[str, str] = {}, via: str = ""
    ) -> Terminal:
        """`via` is a line of shell in which "$@" stands for the program, in place of starting it directly."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home, which is the folder for temporary files too: whatever the program writes is in it."""
    (tmp_path / "tmp").mkdir()
    return tmp_path


def surroundings_in(home: Path) -> dict[str, str]:
    """The environment of the program: a terminal's, with somebody's keys, and nothing of this machine's user."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(lambdatui.__file__).parents[1]),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@pytest.fixture
def surroundings(home: Path) -> dict[str, str]:
    """The environment of the program, in this home."""
    return surroundings_in(home)


@pytest.fixture
def start(surroundings: dict[str, str]) -> Iterator[Start]:
    """Starts the program; what a test leaves running is ended."""
    started: list[Terminal] = []

    def begin(
        *arguments: str,
        size: Size = (120, 36),
        environment: Mapping[str, str] = {},
        via: str = "",
    ) -> Terminal:
        wrapped = ["/bin/sh", "-c", via, "sh"] if via else []
        command = [*wrapped, sys.executable, "-m", "lambdatui", *arguments]
        started.append(Terminal(command, {**surroundings, **environment}, size))
        return started[-1]

    yield begin
    for terminal in started:
        terminal.close()
