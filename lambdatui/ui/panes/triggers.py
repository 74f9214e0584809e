"""What calls a function: event sources, whoever its policy lets in, its URL; and what becomes of asynchronous calls."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from lambdatui.model.configuration import Fact, Facts
from lambdatui.model.trigger_facts import (
    describe_async,
    describe_callers,
    describe_dead_letters,
    describe_mappings,
    describe_url,
)
from lambdatui.ui.parts import Part, PartsPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambdatui.model.triggers import EventSourceMapping

SOURCES, CALLERS, URLS, ASYNC, DEAD_LETTERS, ALIASES = (
    "Event sources", "Who may call it", "Function URL", "Asynchronous calls", "Dead letters", "Aliases",
)  # fmt: skip
"""The parts' titles."""


class TriggersPane(PartsPane):
    """Each part asks for itself. What calls an alias is a part of its own: AWS lists and lets in by qualifier."""

    NAME = "triggers"
    TITLE = "Triggers"
    KEY = "T"
    LOADING = "Asking what calls the function…"

    def parts(self) -> Sequence[Part]:
        return (
            Part(SOURCES, self._sources),
            Part(CALLERS, self._callers),
            Part(URLS, self._urls),
            Part(ASYNC, self._async),
            Part(DEAD_LETTERS, self._dead_letters),
            Part(ALIASES, self._of_aliases),
        )

    async def raw(self) -> str:
        return await self.aws.triggers.raw(self.function.arn)

    async def _mappings(self, qualifier: str = "") -> Sequence[EventSourceMapping]:
        async with aclosing(self.aws.triggers.mappings(self.function.arn, qualifier)) as pages:
            return [it async for page in pages for it in page]

    async def _sources(self) -> Sequence[Facts]:
        # Where an endpoint lists those of aliases as well, they stand with the aliases.
        own = [it for it in await self._mappings() if not it.qualifier or it.qualifier.isdecimal()]
        nothing = Facts(SOURCES, (Fact("None", "no event source mapping calls the function itself"),))
        return describe_mappings(own) or [nothing]

    async def _callers(self) -> Sequence[Facts]:
        return [describe_callers(await self.aws.triggers.callers(self.function.arn))]

    async def _urls(self) -> Sequence[Facts]:
        urls = await self.aws.triggers.urls(self.function.arn)
        return [describe_url(it) for it in urls] or [Facts(URLS, (Fact("None", "it has no URL"),))]

    async def _async(self) -> Sequence[Facts]:
        configs = await self.aws.triggers.async_configs(self.function.arn)
        nothing = Facts(
            ASYNC, (Fact("As AWS does", "2 retries, within 6 hours; what fails for good has no destination"),)
        )
        return [describe_async(it) for it in configs] or [nothing]

    async def _dead_letters(self) -> Sequence[Facts]:
        configuration = await self.aws.functions.describe(self.function.arn)
        return [describe_dead_letters(configuration.dead_letter_arn)]

    async def _of_aliases(self) -> Sequence[Facts]:
        """What calls the aliases, if anything does."""
        async with aclosing(self.aws.versions.aliases(self.function.arn)) as pages:
            names = [alias.name async for page in pages for alias in page]
        found: list[Facts] = []
        for name in names:
            found += describe_mappings(it for it in await self._mappings(name) if it.qualifier == name)
            if callers := await self.aws.triggers.callers(self.function.arn, name):
                found.append(describe_callers(callers, name))
        return found
