"""What calls a function: its resource policy's statements, read into sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lambdatui.aws import shapes
from lambdatui.aws.calls import Calls
from lambdatui.aws.failures import unlike_aws
from lambdatui.model.errors import Missing
from lambdatui.model.policies import Caller, callers


class Triggers:
    """The facade over the operations of Lambda that say what calls a function."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def callers(self, name: str, qualifier: str = "") -> Sequence[Caller]:
        """Who may call a function, or a version or alias of it; none where there is no policy. Raises AwsError."""
        try:
            answer = await self._calls.read("lambda", "GetPolicy", FunctionName=name, **_at(qualifier))
        except Missing:
            return ()
        if "Policy" not in answer:
            raise unlike_aws("lambda:GetPolicy", "policy")
        return tuple(
            replace(it, sentence=shapes.line(it.sentence), statement_id=shapes.line(it.statement_id))
            for it in callers(str(answer["Policy"]))
        )


def _at(qualifier: str) -> dict[str, str]:
    return {"Qualifier": qualifier} if qualifier else {}
