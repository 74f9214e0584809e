"""`Needed`: what a function needs of those who invoke it, as far as AWS has said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdatui.model.limits import LONGEST_TIMEOUT
from lambdatui.model.needs import Needs, needs

if TYPE_CHECKING:
    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.ui.invoking.draft import Draft


class Needed:
    """By qualifier: a version may be configured otherwise than $LATEST."""

    def __init__(self, aws: Aws, function: Function) -> None:
        self._aws = aws
        self._function = function
        self._known: dict[str, Needs] = {}

    async def ask(self, qualifier: str, *, again: bool = False) -> None:
        """Ask AWS, unless it has said so before. Raises AwsError."""
        if again or qualifier not in self._known:
            arn = self._function.arn
            self._known[qualifier] = needs(
                await self._aws.functions.describe(f"{arn}:{qualifier}" if qualifier else arn)
            )

    def of(self, draft: Draft) -> Needs:
        """What is known; until then what most functions need."""
        return self._known.get(draft.qualifier) or self._known.get("") or Needs(timeout=self._function.timeout)

    def timeout(self, draft: Draft) -> int:
        """How long an answer may take, in seconds: the longest there is where that depends, or is not known."""
        known = self._known.get(draft.qualifier)
        if "," in draft.shares or (known is None and draft.qualifier):
            return LONGEST_TIMEOUT
        return known.timeout if known is not None else self._function.timeout
