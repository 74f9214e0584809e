"""The line on top of every screen: who asks, where, and whether anything may be changed."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from lambdatui.model.identity import Identity


class IdentityBar(Static):
    """profile · account · region · RO or RW, and DEMO, PROD or a custom endpoint. Draws the identity it is given."""

    DEFAULT_CSS = """
    IdentityBar { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    identity: reactive[Identity | None] = reactive(None, layout=False)
    """None: nothing is known yet."""
    place: reactive[str] = reactive("", layout=False)
    """Where on the way down this screen is: the function's name, say."""

    def render(self) -> Content:
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
        line = Content(" · ").join(parts)
        return line + Content.styled(f"  {self.place}", "bold") if self.place else line
