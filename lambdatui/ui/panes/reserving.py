"""Whether so much concurrency can be reserved for a function: an answer in words, and nothing is changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lambdatui.model.errors import AwsError
from lambdatui.model.text import one_line
from lambdatui.ui.command_line import CommandError
from lambdatui.ui.reporting import SECONDS, report
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from lambdatui.model.concurrency import AccountLimits
    from lambdatui.ui.pane import Pane


def ask(pane: Pane, limits: AccountLimits | None, text: str) -> None:
    """Answer what was typed behind `:reserve`: a number, and a function's name. Raises CommandError."""
    number, _, name = text.partition(" ")
    if not number.isdecimal() or len(number) > 9:
        raise CommandError("'reserve' wants a number of executions, then a function's name: reserve 50 orders.")
    if limits is None:
        raise CommandError("The account's limits are not known.")
    answer = partial(_answer, pane, limits, int(number), one_line(name.strip()))
    start(pane, answer, name="ask whether it can be reserved", group="reserve")


async def _answer(pane: Pane, limits: AccountLimits, number: int, name: str) -> None:
    """What the function itself has reserved counts; it is asked for, also of one that nobody has invoked."""
    try:
        has = await pane.aws.concurrency.reserved(name) if name else 0
    except AwsError as problem:
        report(pane, problem)
        return
    whom = f"{number:,} for {name}" if name else f"{number:,}"
    pane.notify(limits.may_reserve(number, has or 0), title=f"Reserve {whom}?", timeout=SECONDS, markup=False)
