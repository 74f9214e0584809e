"""The command line on a terminal: what is checked before Textual is imported, and what is handed on."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

RUN = "from lambdatui.cli import main; sys.exit(main())"
# The app as it is made, which instead of drawing reports what it was handed and ends.
PROBE = """
import gc, json, os, sys
import lambdatui.app

class Probe(lambdatui.app.LambdaTui):
    def begin_at(self, place, aws, filter=""):
        self.given = filter
        super().begin_at(place, aws, filter)

    def run(self):
        report = {"environ": dict(os.environ)}
        report |= {"encoding": sys.__stderr__.encoding, "collecting": gc.isenabled(), "filter": self.given}
        with open(os.environ["REPORT"], "w") as file:
            json.dump(report, file)
        self._return_code = int(os.environ.get("CODE", "0"))
        if os.environ.get("INTERRUPT"):
            raise KeyboardInterrupt

lambdatui.app.LambdaTui = Probe
from lambdatui.cli import main
sys.exit(main())
"""


ALL_THREE = "lambdatui needs all of stdin, stdout and stderr: run it without pipes."


class Ended:
    """What a process on a pseudo-terminal left behind."""

    def __init__(self, code: int, text: str, home: Path) -> None:
        self.code = code
        self.text = text.replace("\r\n", "\n")
        report = home / "report.json"
        self.report = json.loads(report.read_text()) if report.exists() else None


def on_terminal(home: Path, *arguments: str, code: str = RUN, without: str = "", **env: str) -> Ended:
    """Run with stdin, stdout and stderr on a new pseudo-terminal, but for the one named `without`."""
    ours, theirs = pty.openpty()
    stdin, stdout = (subprocess.DEVNULL if without == name else theirs for name in ("stdin", "stdout"))
    stderr = subprocess.PIPE if without == "stderr" else theirs
    environment = {"HOME": str(home), "TERM": "xterm-256color", "REPORT": f"{home}/report.json"}
    environment |= {"PYTHONPATH": ":".join(filter(None, sys.path)), **env}
    command = [sys.executable, "-c", f"import sys\n{code}", *arguments]
    with subprocess.Popen(
        command, stdin=stdin, stdout=stdout, stderr=stderr, env=environment, start_new_session=True
    ) as process:
        os.close(theirs)
        text = _read(ours)
        _, errors = process.communicate(timeout=60)
    return Ended(process.returncode, text + (errors or b"").decode(), home)


def _read(descriptor: int) -> str:
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(descriptor, 4096)
        except OSError:  # EIO: on Linux the end of a pseudo-terminal
            part = b""
        if not part:
            os.close(descriptor)
            return b"".join(parts).decode()
        parts.append(part)


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_each_of_the_three_streams_must_be_the_terminal(tmp_path: Path, stream: str) -> None:
    ended = on_terminal(tmp_path, without=stream)
    assert (ended.code, ended.text) == (2, f"lambdatui: {stream} is not a terminal. {ALL_THREE}\n")


@pytest.mark.parametrize(
    ("term", "state"), [("dumb", "'dumb'"), ("", "not set"), ("unknown", "'unknown'"), ("DUMB", "'DUMB'")]
)
def test_a_terminal_that_says_it_is_dumb_is_believed(tmp_path: Path, term: str, state: str) -> None:
    ended = on_terminal(tmp_path, TERM=term)
    assert (ended.code, ended.text) == (
        2,
        f"lambdatui: TERM is {state}. Set it to the type of your terminal, as in TERM=xterm-256color.\n",
    )


def test_a_wrong_flag_is_said_before_a_dumb_terminal(tmp_path: Path) -> None:
    assert "no option '--x'" in on_terminal(tmp_path, "--x", TERM="dumb").text


def test_the_demo_without_the_extra_names_the_pip_command(tmp_path: Path) -> None:
    # None in sys.modules is Python's own way to say that a module cannot be imported.
    ended = on_terminal(tmp_path, "--demo", code=f"sys.modules['ministack'] = None; {RUN}")
    assert ended.code == 2
    assert "pip install 'lambdatui[local]'" in ended.text
    assert ended.text.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "said"), [("theme: norde", "there is no theme"), ("keymap: {functions.invok: i}", "there is no binding")]
)
def test_what_only_the_app_can_check_is_a_sentence_and_exit_2_as_well(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "c.yaml").write_text(f"\n{line}\n")
    ended = on_terminal(tmp_path, "--config", f"{tmp_path}/c.yaml")
    assert ended.code == 2
    assert ended.text.startswith(f"lambdatui: {tmp_path}/c.yaml line 2: {said}")
    assert ended.text.count("\n") == 1


def test_an_exported_size_does_not_reach_the_app(tmp_path: Path) -> None:
    ended = on_terminal(tmp_path, "-f", "pay", code=PROBE, COLUMNS="40", LINES="10")
    assert ended.report is not None
    assert {"COLUMNS", "LINES"} & set(ended.report["environ"]) == set()
    assert ended.report["filter"] == "pay"


def test_a_variable_that_is_empty_is_unset_for_botocore_too(tmp_path: Path) -> None:
    ended = on_terminal(tmp_path, code=PROBE, AWS_PROFILE="", AWS_DEFAULT_PROFILE=" ", AWS_DEFAULT_REGION="", AWS_X="")
    assert ended.report is not None
    assert {name for name in ended.report["environ"] if name.startswith("AWS_")} == {"AWS_X"}
    ended = on_terminal(tmp_path, code=PROBE, AWS_PROFILE="dev", AWS_DEFAULT_REGION="eu-west-1")
    assert ended.report is not None
    assert ended.report["environ"]["AWS_PROFILE"] == "dev"


@pytest.mark.parametrize(("locale", "encoding"), [("C.UTF-8", "utf-8"), ("C", "ascii"), ("de_DE.KOI8-R", "koi8-r")])
def test_the_screen_is_drawn_in_what_the_locale_says(tmp_path: Path, locale: str, encoding: str) -> None:
    ended = on_terminal(tmp_path, code=PROBE, PYTHONIOENCODING="latin-1", LC_ALL=locale)
    assert ended.report is not None
    assert ended.report["encoding"] == encoding


def test_the_garbage_collector_rests_until_the_app_has_painted(tmp_path: Path) -> None:
    ended = on_terminal(tmp_path, code=PROBE)
    assert ended.report is not None
    assert ended.report["collecting"] is False


@pytest.mark.parametrize("code", [0, 1, 143])
def test_the_exit_code_is_the_one_of_the_app(tmp_path: Path, code: int) -> None:
    assert on_terminal(tmp_path, code=PROBE, CODE=str(code)).code == code


def test_ctrl_c_before_the_app_has_the_keyboard_is_130_without_a_traceback(tmp_path: Path) -> None:
    ended = on_terminal(tmp_path, code=PROBE, INTERRUPT="1")
    assert (ended.code, ended.text) == (130, "")
