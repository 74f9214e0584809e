"""`lambdatui local`: the AWS Lambda on this machine, without the UI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdatui.config_file import shown

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

DESCRIPTION = """\
An AWS Lambda on this machine, for any client: prints its URL and the environment
that points clients at it, and runs until ctrl+c or SIGTERM.
"""
EXAMPLES = """\
examples:
  lambdatui local --port 4566
  lambdatui local --demo              with the functions of the demo and their traffic
"""


def add_options(parser: ArgumentParser) -> None:
    """What can be asked for."""
    add = parser.add_argument
    add("--port", type=_port, default=0, metavar="N", help="the port on 127.0.0.1 (default: a free one)")
    add("--demo", action="store_true", help="with the functions of the demo and their traffic")


def run(flags: Namespace) -> int:
    """Serve until it is ended; the exit code. Needs the extra `local`."""
    from lambdatui.local.foreground import serve

    return serve(port=flags.port, demo=flags.demo)


def _port(word: str) -> int:
    from argparse import ArgumentTypeError

    if not (word.isascii() and word.isdigit() and len(word) <= 5 and int(word) <= 65535):
        raise ArgumentTypeError(f"{shown(word)} is not a port: 1 to 65535, or 0 for a free one")
    return int(word)
