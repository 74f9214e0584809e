"""Least privilege: one action is denied, and the program is looked at from start to end."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from lambdatui.aws.failures import ACTIONS
from lambdatui.ui.panes.invoke import InvokePane
from lambdatui.ui.panes.resources import RESOURCES
from tests.aws import faults
from tests.aws.exchange import Exchange, Reply
from tests.aws.fault_server import FaultServer
from tests.faults.screens import Show, Slow, at_rest, everywhere, showing, troubled
from tests.ui.stage import PANES

WHO = f"arn:aws:sts::{faults.ACCOUNT}:assumed-role/Readers/ada@example.com"


def with_details(action: str, resource: str, chance: random.Random) -> Reply:
    """As IAM words it."""
    request = request_id(chance)
    why = chance.choice(("no identity-based policy allows the {} action", "an explicit deny in a permissions boundary"))
    said = f"User: {WHO} is not authorized to perform: {action} on resource: {resource} because {why.format(action)}"
    return faults.aws_error(403, "AccessDeniedException", said, request_id=request)


def without_details(action: str, resource: str, chance: random.Random) -> Reply:
    """As some services word it: not at all."""
    request = request_id(chance)

    async def reply(exchange: Exchange) -> None:
        if exchange.seen.operation.startswith("sts:"):
            await faults.aws_error(403, "AccessDenied", "", request_id=request)(exchange)
        else:
            body = chance.choice(('{"__type": "AccessDeniedException"}', '{"Message": null}', ""))
            await faults.status(403, body, request_id=request, x_amzn_ErrorType="AccessDeniedException")(exchange)

    return reply


def request_id(chance: random.Random) -> str:
    """Another each time, and always the same for the same chance's turn."""
    return f"denied-{chance.randrange(10**9):09d}"


FORMS: Mapping[str, Callable[[str, str, random.Random], Reply]] = {
    "with details": with_details,
    "without details": without_details,
}


async def deny(operation: str, form: Callable[[str, str, random.Random], Reply], chance: random.Random) -> list[str]:
    """Start the program while `operation` is denied, visit every pane; what was wrong, a sentence each."""
    action = ACTIONS.get(operation, operation)
    resource = f"arn:aws:lambda:eu-west-1:{faults.ACCOUNT}:function:orders" if "Get" in operation else "*"
    state = chance.getstate()
    request = request_id(chance)
    chance.setstate(state)
    async with FaultServer() as server:
        everywhere(server)
        server.plan(operation, form(action, resource, chance))
        async with showing(server) as show:
            try:
                told = await _visit(show)
            except Slow as slow:
                return [f"{operation}: {slow}"]
    return [f"{operation}: {sentence}" for sentence in _judge(operation, action, request, told, server)]


async def _visit(show: Show) -> dict[str, str]:
    """What each pane, and the frame of all, says that is wrong; empty where nothing is."""
    told: dict[str, str] = {}
    await show.until(
        "who asks, or that it is denied", lambda: show.says(faults.ACCOUNT) or bool(show.app._notifications)
    )
    for kind in PANES:
        if kind in RESOURCES:
            pane = await show.open(kind)
            await show.until("the list or a refusal", lambda pane=pane: pane.ready or pane.problem is not None)  # type: ignore[misc]
            await show.pilot.pause()
            told["the frame"] = "".join(f"{it.title}{it.message}" for it in show.app._notifications)
        else:
            pane = await show.open(kind)
            await show.until("data or a refusal", lambda pane=pane: pane.ready or pane.problem is not None)  # type: ignore[misc]
        if isinstance(pane, InvokePane):
            await show.until("the editor", lambda pane=pane: pane.editor.has_focus)  # type: ignore[misc]
            shown = len(show.app._notifications)
            await show.press("f5")
            await show.until("an outcome", lambda pane=pane: pane._sending is None)  # type: ignore[misc]
            toasts = list(show.app._notifications)[shown:]
            told[kind.NAME] = "".join(f"{it.title}{it.message}" for it in toasts)
        else:
            await show.until("all of it", lambda pane=pane: at_rest(pane))  # type: ignore[misc]
            await show.pilot.pause()
            told[kind.NAME] = show.letters if troubled(pane, show) else ""
    return told


def _judge(operation: str, action: str, request: str, told: Mapping[str, str], server: FaultServer) -> list[str]:
    if operation not in server.operations:
        return []  # it is of a facade that no pane of the registry needs
    said = []
    speaking = [name for name, words in told.items() if words]
    if not speaking or ("the frame" in speaking and len(speaking) > 1):
        said.append(f"it is told by {speaking or 'nobody'}")
    for name in speaking:
        letters = "".join(told[name].split())
        for what, wanted in (("action", action), ("request id", request), ("resource", f"{action} on ")):
            if "".join(wanted.split()) not in letters:
                said.append(f"{name} does not name the {what}: {told[name][-500:]}")
    return said
