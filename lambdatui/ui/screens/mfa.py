"""Asks for the code of an MFA device."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

if TYPE_CHECKING:
    from textual.app import App, ComposeResult


async def ask(app: App[Any], device: str, *, wrong: bool) -> str | None:
    """Ask for a code, until nobody waits for it any more; None where nobody gives one."""
    given: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
    screen = MfaScreen(device, wrong=wrong)
    app.push_screen(screen, lambda code: None if given.done() else given.set_result(code))
    try:
        return await given
    except asyncio.CancelledError:
        if screen.is_current:
            screen.dismiss(None)
        raise


class MfaScreen(ModalScreen[str | None]):
    """Closes with the digits, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "Cancel", tooltip="Go on without a code", id="mfa.cancel"),
    ]

    DEFAULT_CSS = """
    MfaScreen {
        align: center middle;
        & > Vertical {
            width: 64; max-width: 95%; height: auto; padding: 1 2; background: $surface; border: round $accent;
        }
        & .mfa--wrong { color: $text-error; text-style: bold; }
    }
    """

    def __init__(self, device: str, *, wrong: bool = False) -> None:
        """`device`: its serial number or ARN; `wrong`: AWS did not accept the code given before."""
        super().__init__()
        self._device = device
        self._wrong = wrong

    def compose(self) -> ComposeResult:
        with Vertical():
            if self._wrong:
                yield Static(
                    Content("AWS did not accept that code. A code counts once: wait for the next."),
                    classes="mfa--wrong",
                )
            yield Static(Content(f"The MFA code of {self._device}:"))
            yield Input(placeholder="6 digits", restrict=r"[0-9]*", max_length=8, compact=True)
            yield Static(Content("enter sends it, esc goes on without"))

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value:
            self.dismiss(event.value)

    def action_give_up(self) -> None:
        """Close without a code."""
        self.dismiss(None)
