"""`lambdatui local`: the endpoint in the foreground."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from lambdatui.local import foreground, identity
from lambdatui.local.process import missing_extra

SERVE = "import sys; from lambdatui.local.foreground import serve; sys.exit(serve(port=int(sys.argv[1]), demo=False))"


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Any]:
    """serve(port, stdout=, stderr=): a running `lambdatui local`; its temporary files are under tmp_path."""
    started: list[subprocess.Popen[str]] = []

    def start(port: int = 0, *, stdout: int = subprocess.PIPE, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
        environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", SERVE, str(port)]
        started.append(subprocess.Popen(command, env=environment, text=True, stdout=stdout, stderr=stderr))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _announced(process: subprocess.Popen[str]) -> dict[str, str]:
    """The environment that it prints, once it has."""
    assert process.stdout is not None
    assert "AWS Lambda on this machine" in process.stdout.readline()
    assert process.stdout.readline() == "\n"
    lines = [process.stdout.readline().strip() for _ in identity.exports(0)]
    assert all(line.startswith("export ") for line in lines)
    return dict(line.removeprefix("export ").split("=", 1) for line in lines)


@pytest.mark.local
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_with_exit_code_0_and_nothing_left(serve: Any, tmp_path: Path, number: int) -> None:
    process = serve()
    _announced(process)

    process.send_signal(number)
    rest, errors = process.communicate(timeout=10)

    assert (process.returncode, rest, errors) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.local
def test_what_it_prints_points_other_clients_at_it(serve: Any, connect: Any) -> None:
    printed = _announced(serve())

    assert printed == identity.exports(urlsplit(printed["AWS_ENDPOINT_URL"]).port or 0)
    assert connect(printed["AWS_ENDPOINT_URL"], "lambda").list_functions()["Functions"] == []


@pytest.mark.local
def test_a_port_in_use_is_one_sentence_and_exit_code_1(serve: Any, tmp_path: Path) -> None:
    port = urlsplit(_announced(serve())["AWS_ENDPOINT_URL"]).port

    second = serve(port)
    printed, errors = second.communicate(timeout=10)

    assert (second.returncode, printed) == (1, "")
    assert errors == f"Port {port} is already in use; choose another with --port, or leave it out for any free one.\n"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.local
def test_an_endpoint_that_ends_by_itself_is_told(serve: Any, tmp_path: Path) -> None:
    process = serve()
    _announced(process)
    (folder,) = tmp_path.iterdir()

    os.kill(int(folder.joinpath("pid").read_text()), signal.SIGKILL)
    _, errors = process.communicate(timeout=10)

    assert (process.returncode, errors) == (1, "The embedded endpoint has ended (signal 9).\n")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def unread() -> Iterator[int]:
    """The end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.local
def test_an_address_that_nobody_reads_is_one_sentence_and_nothing_left(serve: Any, unread: int, tmp_path: Path) -> None:
    process = serve(stdout=unread)
    _, errors = process.communicate(timeout=30)

    assert process.returncode == 1
    assert errors == "The embedded endpoint was ended: its address could not be written (Broken pipe).\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.local
def test_with_nobody_to_read_even_that_it_leaves_nothing(serve: Any, unread: int, tmp_path: Path) -> None:
    assert serve(stdout=unread, stderr=unread).wait(timeout=30) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.local
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_an_address_that_a_full_disk_does_not_take_is_one_sentence(serve: Any, tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        process = serve(stdout=full.fileno())
        _, errors = process.communicate(timeout=30)

    assert process.returncode == 1
    assert errors.endswith("could not be written (No space left on device).\n")
    assert errors.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_it_says_the_command(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setitem(sys.modules, "ministack", None)

    assert foreground.serve(port=0, demo=False) == 2
    assert missing_extra() is not None
    said = capsys.readouterr()
    assert said.out == ""
    assert "pip install 'lambdatui[local]'" in said.err
    assert said.err.count("\n") == 1
