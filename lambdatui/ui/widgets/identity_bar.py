"""The line on top of every screen: who asks, where, and whether anything may be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from lambdatui.model.identity import Identity

if TYPE_CHECKING:
    from lambdatui.model.concurrency import Use

NEAR, AT = 0.8, 0.95
"""The parts of the limit from which on what runs is a warning, and an error."""


def _words(use: Use) -> Content:
    words = f"{use.in_use:.0f}/{use.limit}"
    if use.near < NEAR:
        return Content(words)
    return Content.styled(f"! {words}", "bold $text-error reverse" if use.near >= AT else "bold $text-warning")


class IdentityBar(Static):
    """profile · account · region · RO or RW, and DEMO, PROD or a custom endpoint · what runs / the limit.

    Draws what it is given.
    """

    DEFAULT_CSS = """
    IdentityBar { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    identity: reactive[Identity | None] = reactive(None, layout=False)
    """None: nothing is known yet."""
    place: reactive[str] = reactive("", layout=False)
    """Where on the way down this screen is: the function's name, say."""

    use: reactive[Use | None] = reactive(None, layout=False)
    """How much runs at the same time in the account; None: not known."""

    def render(self) -> Content:
        """What does not fit goes at the end, but how much runs goes first."""
        line = self._line(self.use)
        return line if self.use is None or line.cell_length <= self.content_size.width else self._line(None)

    def _line(self, use: Use | None) -> Content:
        identity = self.identity
        parts = [Content.styled("lambdatui", "bold $text-accent")]
        if identity is None:
            parts.append(Content.styled("connecting…", "$foreground-muted"))
        elif identity == Identity():
            parts.append(Content.styled("not connected", "bold $text-warning"))
        else:
            parts.append(Content(identity.profile or "–"))
            parts.append(Content(identity.account or "account ?"))
            parts.append(Content(identity.region or "region ?"))
            parts.append(Content.styled("RO", "bold $text-warning reverse") if identity.read_only else Content("RW"))
            if identity.production:
                parts.append(Content.styled("PROD", "bold $text-error reverse"))
            if identity.demo:
                parts.append(Content.styled("DEMO", "bold $text-success reverse"))
            elif identity.endpoint:
                parts.append(Content.styled(identity.endpoint, "bold $text-warning"))
            if use is not None:
                parts.append(_words(use))
        line = Content(" · ").join(parts)
        return line + Content.styled(f"  {self.place}", "bold") if self.place else line
