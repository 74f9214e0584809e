"""From what is typed to what is sent: its faults, its size, and its variables filled in."""

from __future__ import annotations

import os
import random
import uuid
from typing import TYPE_CHECKING, NamedTuple

from lambdatui.model.invocations import InvocationType, PayloadFault, check_payload, payload_of
from lambdatui.model.variables import Values, VariableError, filled, masked
from lambdatui.storage.event_text import TextFault, as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lambdatui.ui.invoking.draft import Draft


class Filled(NamedTuple):
    """A payload, and what the history keeps of it: no value of this machine's environment."""

    payload: bytes
    kept: bytes


class UnfilledError(Exception):
    """No payload can be made of a draft. `str()` is a sentence for people."""


def fault_in(draft: Draft) -> PayloadFault | None:
    """What keeps a draft from being sent, as far as that is known before its variables have values."""
    text = masked(draft.text, draft.declared)
    if draft.language == "yaml":
        try:
            text = as_json(text)
        except TextFault as fault:
            return PayloadFault(fault.message, fault.line, fault.column)
    return check_payload(text, kind=draft.kind)


def measured(draft: Draft) -> tuple[int, str]:
    """How many bytes will be sent, about, where there are variables; and the limit in words."""
    limit = "1 MB" if draft.kind is InvocationType.EVENT else "6 MB"
    text = as_json(masked(draft.text, draft.declared)) if draft.language == "yaml" else draft.text
    return len(payload_of(text)), limit


def fill(draft: Draft, own: Mapping[str, str], now_ms: int) -> Filled:
    """The payload with all values. Raises UnfilledError."""
    values = Values(lambda: str(uuid.uuid4()), now_ms, random.SystemRandom().randint, os.environ, own)
    try:
        text = as_json(draft.text, draft.declared) if draft.language == "yaml" else draft.text
        sent, kept = filled(text, values, draft.declared)
    except (VariableError, TextFault) as wrong:
        raise UnfilledError(str(wrong)) from wrong
    if fault := check_payload(sent, kind=draft.kind):
        raise UnfilledError(f"With its variables filled in, the payload cannot be sent: {fault}.")
    return Filled(payload_of(sent), payload_of(kept))
