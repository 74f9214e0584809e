"""All that there is to know of a function, in groups."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.message import Message

from lambdatui.model.configuration import Fact, Facts
from lambdatui.model.overview import describe, describe_code_signing, describe_provisioned, describe_recursion
from lambdatui.model.trigger_facts import describe_url
from lambdatui.ui.parts import Part, PartsPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambdatui.model.functions import Function


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
        signing = () if self.function.package_type == "Image" else (Part("Code signing", self._code_signing),)
        return (
            Part("Function", self._configuration),
            *signing,
            Part("Provisioned concurrency", self._provisioned),
            Part("Recursive loops", self._recursion),
            Part("Function URL", self._urls),
        )

    async def _configuration(self) -> Sequence[Facts]:
        configuration = await self.aws.functions.describe(self.function.arn)
        if configuration.function.arn:  # an answer without it must not change what is asked for next
            self.post_message(self.Described(configuration.function))
        return describe(configuration, datetime.now().astimezone().date())

    async def _code_signing(self) -> Sequence[Facts]:
        return [describe_code_signing(await self.aws.functions.code_signing(self.function.arn))]

    async def _provisioned(self) -> Sequence[Facts]:
        return [describe_provisioned(await self.aws.versions.provisioned(self.function.arn))]

    async def _recursion(self) -> Sequence[Facts]:
        return [describe_recursion(await self.aws.functions.recursion(self.function.arn))]

    async def _urls(self) -> Sequence[Facts]:
        urls = await self.aws.triggers.urls(self.function.arn)
        return [*map(describe_url, urls)] or [Facts("Function URL", (Fact("URL", "none"),))]
