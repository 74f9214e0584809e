"""The whole configuration of a function, in groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from lambdatui.model.overview import describe
from lambdatui.ui.parts import Part, PartsPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambdatui.model.functions import Facts, Function


class OverviewPane(PartsPane):
    """What GetFunction tells, and what it does not. Values of environment variables are masked until revealed."""

    NAME = "overview"
    TITLE = "Overview"
    KEY = "O"
    LOADING = "Loading the configuration…"

    class Described(Message):
        """The function as it is now: the list that it was opened from may be old."""

        def __init__(self, function: Function) -> None:
            super().__init__()
            self.function = function

    def parts(self) -> Sequence[Part]:
        return (Part("Configuration", self._configuration),)

    async def _configuration(self) -> Sequence[Facts]:
        configuration = await self.aws.functions.describe(self.function.arn)
        if configuration.function.arn:  # an answer without it must not change what is asked for next
            self.post_message(self.Described(configuration.function))
        return describe(configuration)
