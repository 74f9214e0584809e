"""`DetailPane`: a tab of one function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdatui.ui.pane import Pane

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function


class DetailPane(Pane):
    """A pane about one function. All of them are made alike, so that the registry can make any."""

    def __init__(self, aws: Aws, function: Function, drafts: MutableMapping[str, str]) -> None:
        """`drafts` keeps, by ARN, what was typed and not sent when the person looks at something else."""
        super().__init__(aws)
        self.function = function
        self.drafts = drafts

    async def raw(self) -> str:
        """All that AWS says of what is shown, as YAML: of the function, unless a tab is about something else."""
        return await self.aws.functions.raw(self.function.arn)
