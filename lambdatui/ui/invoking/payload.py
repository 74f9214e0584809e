"""From what is typed to what is sent: its faults, its size, and its variables filled in."""

from __future__ import annotations

import os
import random
import uuid
from typing import TYPE_CHECKING, NamedTuple

from lambdatui.model.invocations import PayloadFault, check_payload, payload_of
from lambdatui.model.variables import Values, VariableError, filled, masked
from lambdatui.storage.event_text import TextFault, as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lambdatui.ui.invoking.draft import Draft


JSON_AT_ONCE, YAML_AT_ONCE = 200_000, 2_000
"""Characters that are read in some 10 ms."""


class Filled(NamedTuple):
    """A payload, and what the history keeps of it: no value of this machine's environment."""

    payload: bytes
    kept: bytes


class UnfilledError(Exception):
    """No payload can be made of a draft. `str()` is a sentence for people."""


class Checked(NamedTuple):
    """What is known of a draft before its variables have values."""

    fault: PayloadFault | None
    """What keeps it from being sent."""
    length: int = 0
    """Bytes that will be sent, about, where there are variables."""


def takes_long(draft: Draft) -> bool:
    """Whether checking a draft, or filling it in, would be felt as a stop between two keys: it belongs in a thread."""
    return len(draft.text) > (YAML_AT_ONCE if draft.language == "yaml" else JSON_AT_ONCE)


def checked(draft: Draft) -> Checked:
    """Check a draft, as far as that can be done now."""
    text = masked(draft.text, draft.declared)
    if draft.language == "yaml":
        try:
            text = as_json(text)
        except TextFault as fault:
            return Checked(PayloadFault(fault.message, fault.line, fault.column))
        fault_found = check_payload(text, kind=draft.kind)
        return Checked(fault_found, 0 if fault_found else len(payload_of(text)))
    fault_found = check_payload(text, kind=draft.kind)
    return Checked(fault_found, 0 if fault_found else len(payload_of(draft.text)))


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
