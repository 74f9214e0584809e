"""Whether so much concurrency can be reserved for a function: an answer in words, and nothing is changed."""

from __future__ import annotations

from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from lambdatui.model.errors import AwsError, Denied
from lambdatui.model.text import one_line
from lambdatui.ui.command_line import CommandError
from lambdatui.ui.reporting import SECONDS, report
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from lambdatui.ui.pane import Pane


def ask(pane: Pane, text: str) -> None:
    """Answer what was typed behind `:reserve`: a number, and a function's name. Raises CommandError."""
    number, _, name = text.partition(" ")
    if not number.isdecimal() or len(number) > 9:
        raise CommandError("'reserve' wants a number of executions, then a function's name: reserve 50 orders.")
    answer = partial(_answer, pane, int(number), one_line(name.strip()))
    start(pane, answer, name="ask whether it can be reserved", group="reserve")


async def _provisioned(pane: Pane, name: str) -> int:
    """What is provisioned for its versions and aliases; 0 where that may not be asked. Raises AwsError."""
    try:
        async with aclosing(pane.aws.concurrency.provisioned([name])) as found:
            return sum([part.requested async for _, parts in found for part in parts])
    except Denied:
        return 0


async def _answer(pane: Pane, number: int, name: str) -> None:
    """All of it is asked for now: a reservation of a minute ago counts. So does what the function has reserved itself,
    also one that nobody has invoked."""
    concurrency = pane.aws.concurrency
    try:
        limits = await concurrency.account()
        has = await concurrency.reserved(name, within=0) if name else 0
        provisioned = await _provisioned(pane, name) if name else 0
    except AwsError as problem:
        report(pane, problem)
        return
    whom = f"{number:,} for {name}" if name else f"{number:,}"
    answer = limits.may_reserve(number, has or 0, provisioned)
    pane.notify(answer, title=f"Reserve {whom}?", timeout=SECONDS, markup=False)
