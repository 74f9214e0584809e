"""The command line: arguments to Settings, and to the program that they ask for.

Neither Textual nor the SDK is imported here before it must be: `--help`, `--version` and a refusal answer at once. What
keeps the program from running is one sentence on stderr and exit code 2, in this order: the arguments and the
configuration, the terminal, the extra that the demo needs.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from lambdatui import __version__
from lambdatui.config_file import shown
from lambdatui.model.text import one_line
from lambdatui.settings import Settings, SettingsError, load, nearest, state_folder

if TYPE_CHECKING:
    from lambdatui.crash import CrashReport
    from lambdatui.model.redaction import Redactor
    from lambdatui.ui.terminal.watchdog import Watchdog

_REFUSED = 2
_INTERRUPTED = 130  # 128 + SIGINT, as a shell reports it

# ASCII only: it is printed in whatever encoding the output has.
_DESCRIPTION = "A terminal UI for people who run AWS Lambda."
_EXAMPLES = """\
examples:
  lambdatui                           the default profile and region, as the AWS CLI finds them
  lambdatui -p prod -r eu-west-1 --read-only
  lambdatui -f checkout               start with the functions whose names match
  lambdatui --endpoint-url http://localhost:4566
  lambdatui --demo                    a shop's functions, running on this machine: no account needed
  lambdatui local --demo              the same endpoint alone, for other clients
  lambdatui metrics checkout-api      a function's figures, printed

Defaults, marks and keys: $XDG_CONFIG_HOME/lambdatui/config.yaml (~/.config/lambdatui/config.yaml).
"""


class UsageError(Exception):
    """The command line is not usable. `str()` is one line of safe text."""


class _Parser(argparse.ArgumentParser):
    """argparse that refuses with one sentence of ours, and not with its usage text."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{one_line(message)[:1].upper()}{one_line(message)[1:]}.")

    @cached_property
    def _formatter(self) -> argparse.HelpFormatter:
        return super()._get_formatter()

    def _get_formatter(self) -> argparse.HelpFormatter:
        # argparse would make one for every option, and ask each time how wide the terminal is: 2 ms of every start.
        return self._formatter

    def options(self) -> list[str]:
        """The long forms of all options."""
        return [name for name in self._option_string_actions if name.startswith("--")]


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of `lambdatui` with these arguments (sys.argv's where None).

    0 at the end, 2 where the program could not be started, 130 after ctrl+c, else what the program says.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _COMMANDS[arguments[0]](arguments[1:]) if arguments and arguments[0] in _COMMANDS else _ui(arguments)
    except (UsageError, SettingsError) as refusal:
        with contextlib.suppress(OSError):  # nobody reads it: the exit code still tells
            print(f"lambdatui: {refusal}", file=sys.stderr, flush=True)  # noqa: T201
        return _REFUSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the last boundary: Python would print whatever is in the message
        return _failed(error)


def _failed(error: Exception) -> int:
    """Tell of a fault outside the running UI."""
    crash_report = _crash_report(state_folder(os.environ))
    crash_report.take(error)
    _tell(crash_report)
    return 1


def _ui(arguments: Sequence[str]) -> int:
    parser = _ui_parser()
    flags = _parsed(parser, arguments)
    settings = load(vars(flags), os.environ)
    _require_system()
    if problem := terminal_problem(os.environ):
        raise UsageError(problem)
    if settings.demo:
        _require_extra()
    return _run(settings)


def _local(arguments: Sequence[str]) -> int:
    from lambdatui import local_command

    parser = _Parser(
        prog="lambdatui local",
        description=local_command.DESCRIPTION,
        epilog=local_command.EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    local_command.add_options(parser)
    _add_version(parser)
    flags = _parsed(parser, arguments)
    _require_system()
    _require_extra()
    return local_command.run(flags)


def _metrics(arguments: Sequence[str]) -> int:
    from lambdatui import metrics_command

    parser = _Parser(prog="lambdatui metrics", description=metrics_command.DESCRIPTION, allow_abbrev=False)
    metrics_command.add_options(parser)
    _add_place(parser)
    flags = _parsed(parser, arguments)
    settings = load(vars(flags), os.environ)
    _require_system()
    _forget_empty()
    return metrics_command.run(settings, flags)


_USAGES = {"local": "[--port N] [--demo]", "metrics": "NAME [--window 1h] [--json]"}
_COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {"local": _local, "metrics": _metrics}


def _forget_empty() -> None:
    """Empty counts as unset in the settings; botocore would look for a profile with no name, and for no region."""
    for name in ("AWS_DEFAULT_PROFILE", "AWS_PROFILE", "AWS_DEFAULT_REGION"):
        if not os.environ.get(name, "unset").strip():
            del os.environ[name]


def _run(settings: Settings) -> int:
    # An exported size freezes the screen at it: Textual takes COLUMNS and LINES over the terminal's own word.
    os.environ.pop("COLUMNS", None)
    os.environ.pop("LINES", None)
    # These have Textual write every key and message into files, payloads and codes among them.
    for name in ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_DEBUG"):
        os.environ.pop(name, None)
    # A key waits for the next frame: at Textual's 60 a second for twice as long.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    _forget_empty()
    from lambdatui.ui.terminal.characters import encoding, started_with

    characters = encoding(started_with(os.environ), settings.characters)
    # The screen is drawn on stderr. What the encoding has no bytes for is replaced before it comes here.
    if isinstance(sys.__stderr__, TextIOWrapper):
        sys.__stderr__.reconfigure(encoding=characters, errors="replace")
    # Nothing that start-up allocates dies before the first paint: the app collects again once it has painted.
    gc.disable()
    from lambdatui.ui.terminal.watchdog import Watchdog

    watchdog = Watchdog(0)
    watchdog.start()
    crash_report = _crash_report(settings.state_dir)
    close_log = _open_log(settings.log_file, crash_report.redactor)
    try:
        code = _shown(settings, watchdog, crash_report)
    finally:
        close_log()
    return watchdog.end_with(code)


def _shown(settings: Settings, watchdog: Watchdog, crash_report: CrashReport) -> int:
    """The exit code of the program on screen."""
    code = 1
    try:
        from lambdatui.app import LambdaTui
        from lambdatui.silence import silence

        app = LambdaTui(settings, watchdog=watchdog, crash_report=crash_report)
        silence(app.fail)
        app.run()
        # Every end but a crash comes with a code.
        code = 1 if app.return_code is None or crash_report.message else app.return_code
    except (UsageError, SettingsError):
        raise
    except Exception as error:  # noqa: BLE001  # the last boundary: Python would print whatever is in the message
        crash_report.take(error)
    _tell(crash_report)
    return code


def _crash_report(folder: Path) -> CrashReport:
    from lambdatui.crash import CrashReport
    from lambdatui.model.redaction import Redactor

    redactor = Redactor()
    redactor.learn_environment(os.environ)
    return CrashReport(folder, redactor)


def _tell(crash_report: CrashReport) -> None:
    if crash_report.message:
        with contextlib.suppress(OSError):
            print(crash_report.message, file=sys.stderr, flush=True)  # noqa: T201


def _open_log(path: Path | None, redactor: Redactor) -> Callable[[], None]:
    if path is None:
        return lambda: None
    from lambdatui.log_file import LogFileError, open_log

    try:
        return open_log(path, redactor)
    except LogFileError as problem:
        raise UsageError(f"{one_line(str(path))} cannot be logged into: {problem}. Name another file.") from None


def _ui_parser() -> _Parser:
    parser = _Parser(
        prog="lambdatui",
        usage="\n       ".join(["lambdatui [options]", *(f"lambdatui {it} {_USAGES[it]}" for it in _USAGES)]),
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    _add_place(parser)
    add("--read-only", action="store_true", help="refuse whatever changes something, invoking included")
    add("-f", "--filter", metavar="FILTER", help="start with this filter on the functions")
    add("--log-file", metavar="FILE", help="write a log of the program's calls into this file, without secrets")
    add("--demo", action="store_true", help="show an AWS Lambda that runs on this machine")
    _add_version(parser)
    return parser


def _add_version(parser: _Parser) -> None:
    parser.add_argument("--version", action="version", version=f"lambdatui {__version__}")


def _add_place(parser: _Parser) -> None:
    """Which AWS."""
    add = parser.add_argument
    add("-p", "--profile", metavar="PROFILE", help="the profile of the AWS configuration to use")
    add("-r", "--region", metavar="REGION", help="the region to show")
    add("--endpoint-url", metavar="URL", help="an AWS elsewhere: an emulator, a VPC endpoint")
    add("--config", metavar="FILE", help="a configuration file in place of the usual one")


def _parsed(parser: _Parser, arguments: Sequence[str]) -> argparse.Namespace:
    flags, extra = parser.parse_known_args(arguments)
    for word in extra:
        name = word.partition("=")[0]
        if name.strip("-") and name.startswith("-"):
            raise UsageError(f"There is no option {shown(name)}.{nearest(name, parser.options())}")
        if word in _USAGES and parser.prog == "lambdatui":
            raise UsageError(f"'{word}' comes first: lambdatui {word} {_USAGES[word]}.")
        if word != "--":
            hint = " To filter the functions by name, use --filter." if parser.prog == "lambdatui" else ""
            raise UsageError(f"{shown(word)} is not expected here. See {parser.prog} --help.{hint}")
    return flags


def _require_system() -> None:
    if sys.platform == "win32":
        raise UsageError("lambdatui runs on Linux and macOS. On Windows, run it in WSL.")


def terminal_problem(environ: Mapping[str, str]) -> str | None:
    """Why the UI cannot be shown here, as a sentence; None where it can.

    Textual draws on stderr, reads stdin and asks stdout for its size, and runs for ever where one of them is no
    terminal; and it sends colours to a terminal that says that it is dumb.
    """
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        if not os.isatty(descriptor):
            return f"{name} is not a terminal. lambdatui needs all of stdin, stdout and stderr: run it without pipes."
    term = environ.get("TERM", "")
    if term.lower() in {"", "dumb", "unknown"}:
        state = shown(term) if term else "not set"
        return f"TERM is {state}. Set it to the type of your terminal, as in TERM=xterm-256color."
    return None


def _require_extra() -> None:
    from lambdatui.local.process import missing_extra

    if problem := missing_extra():
        raise UsageError(problem)
