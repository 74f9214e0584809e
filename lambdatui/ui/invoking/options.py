"""How a payload is sent: what can be chosen, and how it is chosen."""

from __future__ import annotations

import re
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from lambdatui.model.invocations import InvocationType, check_context, check_tenant
from lambdatui.model.text import one_line, size
from lambdatui.model.versions import LATEST, percent
from lambdatui.ui.screens.pick import Choice, PickScreen
from lambdatui.ui.screens.prompt import Field, ask
from lambdatui.ui.widgets.options_bar import Option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.model.needs import Needs
    from lambdatui.model.saved_events import SavedEvent
    from lambdatui.ui.invoking.draft import Draft

_QUALIFIER = re.compile(r"\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9$_-]{1,128}")
"""Shape NumericLatestPublishedOrAliasQualifier of the service model."""


def options(draft: Draft, needs: Needs) -> tuple[Option, ...]:
    """What is chosen, in the order in which it is shown."""
    waits = draft.kind is InvocationType.REQUEST_RESPONSE
    shown = [
        Option("qualifier", "Qualifier", f"{draft.qualifier or LATEST}{f' → {draft.shares}' if draft.shares else ''}"),
        Option("type", "Type", draft.kind.value),
    ]
    if waits:
        if needs.log_tail:
            shown.append(Option("log", "Log tail", "yes" if draft.log_tail else "no"))
        shown.append(Option("stream", "Stream", "as it arrives" if draft.streaming else "no"))
    context = size(len(draft.client_context.encode())) if draft.client_context else "none"
    shown.append(Option("context", "Client context", context))
    if needs.tenant or draft.tenant:
        shown.append(Option("tenant", "Tenant", draft.tenant or "! needed"))
    return tuple(shown)


def take_options(draft: Draft, event: SavedEvent) -> None:
    """Set what a saved event says; what it does not say is as it is by default."""
    if event.qualifier != draft.qualifier:
        draft.qualifier, draft.shares = event.qualifier, ""
    draft.kind = InvocationType(event.kind) if event.kind else InvocationType.REQUEST_RESPONSE
    draft.client_context = event.client_context


async def change(name: str, draft: Draft, app: App[Any], aws: Aws, function: Function) -> None:
    """Have a person change one of them."""
    if name == "type":
        kinds = [*InvocationType]
        draft.kind = kinds[(kinds.index(draft.kind) + 1) % len(kinds)]
    elif name == "log":
        draft.log_tail = not draft.log_tail
    elif name == "stream":
        draft.streaming = not draft.streaming
    elif name == "context":
        await _ask_context(draft, app)
    elif name == "tenant":
        await _ask_tenant(draft, app)
    elif name == "qualifier":
        await _pick_qualifier(draft, app, aws, function)


async def _ask_context(draft: Draft, app: App[Any]) -> None:
    context = await ask(
        app,
        "Client context",
        Field("JSON", draft.client_context),
        said="An object; the function finds it in context.client_context. Empty: none.",
        go_on="use it",
        check=lambda it: str(check_context(it) or ""),
    )
    if context is not None:
        draft.client_context = context


async def _ask_tenant(draft: Draft, app: App[Any]) -> None:
    tenant = await ask(
        app,
        "Tenant",
        Field("tenant id", draft.tenant),
        said="The function keeps the environments of its tenants apart, and has to be told whose call it is.",
        go_on="use it",
        check=lambda it: str(check_tenant(it) or ""),
    )
    if tenant is not None:
        draft.tenant = tenant


def is_qualifier(name: str) -> bool:
    """Whether a version or an alias can be called so."""
    return _QUALIFIER.fullmatch(name) is not None


async def _pick_qualifier(draft: Draft, app: App[Any], aws: Aws, function: Function) -> None:
    shares: dict[str, str] = {}

    async def load() -> Sequence[Choice]:
        choices = [Choice(LATEST, "what was deployed last")]
        async with aclosing(aws.versions.aliases(function.name)) as pages:
            async for page in pages:
                for alias in page:
                    shares[alias.name] = ", ".join(f"{it.version} {percent(it.part)}" for it in alias.shares)
                    choices.append(Choice(alias.name, f"alias → {shares[alias.name]}"))
        async with aclosing(aws.versions.versions(function.name)) as versions:
            async for some in versions:
                choices += [Choice(it.name, it.configuration.function.description) for it in some if it.name != LATEST]
        return choices

    picked = await app.push_screen_wait(
        PickScreen("Qualifier", load, current=draft.qualifier or LATEST, free=is_qualifier)
    )
    if picked is not None:
        draft.qualifier = "" if picked == LATEST else one_line(picked)
        draft.shares = shares.get(picked, "")
