"""The command line: what it says, what it refuses, and what it does not import before it must."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lambdatui import __version__

# What a start that shows nothing must not wait for.
HEAVY = {"textual", "rich", "aiobotocore", "botocore", "boto3", "aiohttp", "asyncio", "ministack", "hypercorn", "yaml"}


RUN = "from lambdatui.cli import main; sys.exit(main())"


def lambdatui(home: Path, *arguments: str, code: str = RUN) -> subprocess.CompletedProcess[str]:
    """A real process without a terminal, with an environment of its own."""
    return subprocess.run(
        [sys.executable, "-c", f"import sys; {code}", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        env={"HOME": str(home), "TERM": "xterm-256color", "PYTHONPATH": ":".join(filter(None, sys.path))},
        check=False,
    )


def refusal(home: Path, *arguments: str) -> str:
    """The one line that is said instead of starting."""
    ended = lambdatui(home, *arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("lambdatui: ")
    assert ended.stderr.count("\n") == 1
    return ended.stderr.removeprefix("lambdatui: ").rstrip("\n")


NO_TERMINAL = "stdin is not a terminal. lambdatui needs all of stdin, stdout and stderr: run it without pipes."


# ── Help ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"], ["local", "--help"], ["local", "--version"]])
def test_help_and_version_import_neither_textual_nor_the_sdk(tmp_path: Path, arguments: list[str]) -> None:
    code = (
        "import atexit; atexit.register(lambda: print(*sys.modules, file=sys.stderr));"
        "from lambdatui.cli import main; sys.exit(main())"
    )
    ended = lambdatui(tmp_path, *arguments, code=code)
    assert ended.returncode == 0
    loaded = {name.partition(".")[0] for name in ended.stderr.split()}
    assert "lambdatui" in loaded
    assert loaded & HEAVY == set()


def test_a_refusal_does_not_wait_for_textual_or_the_sdk_either(tmp_path: Path) -> None:
    code = "from lambdatui.cli import main; code = main(); print(*sys.modules); sys.exit(code)"
    ended = lambdatui(tmp_path, "--reigon", code=code)
    assert ended.returncode == 2
    assert {name.partition(".")[0] for name in ended.stdout.split()} & HEAVY == set()


def test_importing_the_app_does_not_import_the_sdk(tmp_path: Path) -> None:
    ended = lambdatui(tmp_path, code="import lambdatui.app; print(*sys.modules)")
    loaded = {name.partition(".")[0] for name in ended.stdout.split()}
    assert "textual" in loaded
    assert loaded & {"aiobotocore", "botocore", "boto3", "aiohttp", "ministack", "hypercorn"} == set()


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    assert lambdatui(tmp_path, "--version").stdout == f"lambdatui {__version__}\n"
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


OPTIONS = ["--profile", "--region", "--endpoint-url", "--read-only", "--filter", "--config", "--demo", "-p", "-r", "-f"]


def test_the_help_names_every_option_and_command_in_ascii(tmp_path: Path) -> None:
    text = lambdatui(tmp_path, "--help").stdout
    assert [option for option in OPTIONS if f"{option} " not in text] == []
    assert "lambdatui local [--port N] [--demo]" in text
    assert "examples:" in text
    local = lambdatui(tmp_path, "local", "--help").stdout
    assert "--port N" in local
    for line in (text + local).splitlines():
        assert line.isascii()


# ── What is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--reigon", "x"], "There is no option '--reigon'. Did you mean '--region'?"),
        (["--prof", "x"], "There is no option '--prof'. Did you mean '--profile'?"),
        (["--demoo=yes"], "There is no option '--demoo'. Did you mean '--demo'?"),
        (["-x"], "There is no option '-x'. Possible: --config, --demo, --endpoint-url, --filter, --help, --log-file,"
         " --profile, --read-only, --region, --version."),
        (["checkout"], "'checkout' is not expected here. See lambdatui --help. To filter the functions by name, use"
         " --filter."),
        (["--demo", "local"], "'local' comes first: lambdatui local [--port N] [--demo]."),
        (["-p", "dev", "local"], "'local' comes first: lambdatui local [--port N] [--demo]."),
        (["local", "--pot", "1"], "There is no option '--pot'. Did you mean '--port'?"),
        (["local", "-p", "dev"], "There is no option '-p'. Possible: --demo, --help, --port, --version."),
        (["local", "local"], "'local' is not expected here. See lambdatui local --help."),
        (["local", "--port", "http"], "Argument --port: 'http' is not a port: 1 to 65535, or 0 for a free one."),
        (["local", "--port", "65536"], "Argument --port: '65536' is not a port: 1 to 65535, or 0 for a free one."),
        (["local", "--port=-1"], "Argument --port: '-1' is not a port: 1 to 65535, or 0 for a free one."),
        (["local", "--port", "\u0663"], "Argument --port: '\u0663' is not a port: 1 to 65535, or 0 for a free one."),
        (["-p", ""], "--profile is empty. Give it a value, or leave it out."),
        (["--region="], "--region is empty. Give it a value, or leave it out."),
        (["--endpoint-url", ""], "--endpoint-url is empty. Give it a value, or leave it out."),
        (["-f", ""], "--filter is empty. Give it a value, or leave it out."),
        (["-r", "eu west"], "--region: 'eu west' is not the name of a region. Write it as in 'eu-west-1'."),
        (["--endpoint-url", "localhost:4566"], "--endpoint-url: the endpoint URL must begin with http:// or https://."
         " Write it as in 'http://localhost:4566'."),
        (["--demo", "-p", "dev"], "--demo and --profile contradict each other: the demo is an AWS of its own. Leave one"
         " of them out."),
        (["--config", "/none/x"], "/none/x: there is no such configuration file. Check the name after --config."),
        (["\x1b]0;x\x07"], "'␛]0;x␇' is not expected here. See lambdatui --help. To filter the functions by name, use"
         " --filter."),
        ([], NO_TERMINAL),
        (["--"], NO_TERMINAL),
        (["--demo"], NO_TERMINAL),
        (["-pdev", "--region=eu-west-1", "--read-only", "-f", "pay"], NO_TERMINAL),
    ],
)  # fmt: skip
def test_what_cannot_be_started_is_one_sentence_and_exit_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    assert refusal(tmp_path, *arguments) == said


@pytest.mark.parametrize("arguments", [["-p"], ["--read-only=yes"], ["local", "--port"]])
def test_an_option_without_its_value_or_with_one_too_many_is_named(tmp_path: Path, arguments: list[str]) -> None:
    assert arguments[-1].partition("=")[0] in refusal(tmp_path, *arguments)


def test_a_mistake_in_the_configuration_is_said_before_the_missing_terminal(tmp_path: Path) -> None:
    folder = tmp_path / ".config/lambdatui"
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text("theem: nord\n")
    said = refusal(tmp_path)
    assert said == f"{folder}/config.yaml line 1: there is no setting 'theem'. Did you mean 'theme'?"


def test_the_module_runs_as_the_command_does(tmp_path: Path) -> None:
    code = "import runpy; sys.argv[0] = 'x'; runpy.run_module('lambdatui', run_name='__main__')"
    assert lambdatui(tmp_path, "--version", code=code).stdout == f"lambdatui {__version__}\n"
    assert lambdatui(tmp_path, "--nonsense", code=code).returncode == 2


def test_windows_is_told_what_to_do(tmp_path: Path) -> None:
    code = f"sys.platform = 'win32'; {RUN}"
    for arguments in ([], ["local"]):
        ended = lambdatui(tmp_path, *arguments, code=code)
        assert (ended.returncode, ended.stderr) == (
            2, "lambdatui: lambdatui runs on Linux and macOS. On Windows, run it in WSL.\n",
        )  # fmt: skip


def test_without_the_extra_the_endpoint_alone_names_the_pip_command(tmp_path: Path) -> None:
    # None in sys.modules is Python's own way to say that a module cannot be imported.
    ended = lambdatui(tmp_path, "local", code=f"sys.modules['ministack'] = None; {RUN}")
    assert ended.returncode == 2
    assert "pip install 'lambdatui[local]'" in ended.stderr
    assert ended.stderr.count("\n") == 1
