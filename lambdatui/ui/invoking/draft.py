"""`Draft`: what is laid out for the next invocation of a function."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from lambdatui.model.invocations import InvocationType
from lambdatui.model.json_text import legible
from lambdatui.model.saved_events import SavedEvent, Variable
from lambdatui.model.text import visible
from lambdatui.model.variables import environment_names, own_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambdatui.model.past_calls import CallRecord

EMPTY_EVENT = "{}"


@dataclass
class Draft:
    """A payload as it is typed, and how it is to be sent. Survives that something else is looked at."""

    text: str = EMPTY_EVENT
    language: str = "json"
    """Or "yaml": what it is read as."""
    qualifier: str = ""
    """A version or an alias; empty: $LATEST."""
    shares: str = ""
    """Which versions the alias sends calls to, in words, as far as that is known."""
    kind: InvocationType = InvocationType.REQUEST_RESPONSE
    log_tail: bool = True
    client_context: str = ""
    """JSON, or nothing."""
    tenant: str = ""
    streaming: bool = False
    event: SavedEvent | None = None
    """The saved event that it was opened from, or saved as."""

    @property
    def declared(self) -> frozenset[str]:
        """Names of the event's own variables."""
        return self.event.declared if self.event else frozenset()

    @property
    def variables(self) -> Sequence[Variable]:
        """Those of them that the payload has."""
        if self.event is None or not self.event.variables:
            return ()
        used = own_names(self.text, self.declared)
        return [it for it in self.event.variables if it.name in used]

    @property
    def environment(self) -> Sequence[str]:
        """Variables of this machine's environment that the payload has."""
        return environment_names(self.text)

    def become(self, other: Draft) -> None:
        """Be the same as another draft: whoever looks at this one sees that."""
        for it in fields(other):
            setattr(self, it.name, getattr(other, it.name))

    def saved_as(self, name: str) -> SavedEvent:
        """The event that it is when it is saved: what else a saved event says stays as it is there."""
        base = self.event or SavedEvent(name, "")
        return replace(
            base,
            name=name,
            text=self.text,
            language=self.language,
            qualifier=self.qualifier,
            kind="" if self.kind is InvocationType.REQUEST_RESPONSE and not base.kind else self.kind.value,
            client_context=self.client_context,
        )


def drafted(record: CallRecord) -> Draft:
    """What a call was made of, to be sent once more."""
    call = record.call
    kinds = {it.value: it for it in InvocationType}
    return Draft(
        legible(visible(record.payload.decode("utf-8", "replace"))),
        qualifier=call.qualifier,
        kind=kinds.get(call.kind, InvocationType.REQUEST_RESPONSE),
        log_tail=record.log_tail,
        client_context=record.client_context,
        tenant=record.tenant,
        streaming=record.streaming,
    )
