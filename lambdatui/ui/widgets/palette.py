"""The command palette, as Textual has it, less two crashes."""

from __future__ import annotations

from textual.command import CommandInput, CommandList, CommandPalette, SearchIcon


class Palette(CommandPalette):
    """Textual's palette. In 8.2.8 a page key before its list was laid out raises KeyError (OptionList._move_page)."""

    def on_mount(self) -> None:
        # Its own is a picture of two cells, which many terminals of a bastion's kind have not.
        self.query_one(SearchIcon).icon = ">"
        self.query_one(CommandInput).cursor_blink = False  # at rest nothing is written

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).region:
            super()._action_command_list(action)
