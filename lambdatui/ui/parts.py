"""`PartsPane`: a page of facts about a function, made of parts that load and fail by themselves."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from lambdatui.model.configuration import Fact, Facts, joined
from lambdatui.model.errors import AwsError
from lambdatui.ui.detail import DetailPane
from lambdatui.ui.widgets.facts_view import FactsView
from lambdatui.ui.widgets.notice import asked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from textual.app import ComposeResult

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.ui.desk import Desk


class Part(NamedTuple):
    """Some groups of a page that need a call of their own."""

    title: str
    """The group in which it is told that they could not be had."""
    load: Callable[[], Awaitable[Sequence[Facts]]]
    """Gives them. Raises AwsError. Facts under the title of another part's group join that group."""


class PartsPane(DetailPane):
    """A page of facts. Its parts load together, and each is shown when it has come, in its place.

    A part that fails is told in its place, above what of it was there before, and takes nothing else with it. Where all
    of them fail the pane does.
    """

    def __init__(self, aws: Aws, function: Function, desk: Desk) -> None:
        super().__init__(aws, function, desk)
        self.facts = FactsView()
        self._loaded: dict[str, Sequence[Facts]] = {}
        """What has come, by the part's title."""
        self._failed: dict[str, AwsError] = {}

    def parts(self) -> Sequence[Part]:
        """What the page is made of, in the order of the page."""
        raise NotImplementedError

    @property
    def lacking(self) -> Mapping[str, AwsError]:
        """The parts that could not be loaded, and why."""
        return self._failed

    def content(self) -> ComposeResult:
        yield self.facts

    async def load(self) -> None:
        """Load all parts."""
        parts = self.parts()
        failed: dict[str, AwsError] = {}
        async with asyncio.TaskGroup() as tasks:
            for part in parts:
                tasks.create_task(self._load_part(part, failed), name=f"{self.NAME}: {part.title}")
        everything = len(failed) == len(parts)
        self._failed = {} if everything else failed
        self._draw()
        if everything:
            raise next(failed[part.title] for part in parts)

    async def _load_part(self, part: Part, failed: dict[str, AwsError]) -> None:
        try:
            self._loaded[part.title] = await part.load()
        except AwsError as problem:
            failed[part.title] = problem
        else:
            self._failed.pop(part.title, None)
            self._draw()
            self.arrived()

    def _draw(self) -> None:
        groups: list[Facts] = []
        for part in self.parts():
            if (problem := self._failed.get(part.title)) is not None:
                groups.append(_told(part, problem, had=part.title in self._loaded))
            groups += self._loaded.get(part.title, ())
        self.facts.show_facts(joined(groups))

    def clear_content(self) -> None:
        """Drop all facts."""
        self._loaded, self._failed = {}, {}
        self.facts.show_facts(())

    def watch_active(self, active: bool) -> None:
        super().watch_active(active)
        if not active:
            self.facts.mask()


def _told(part: Part, problem: AwsError, *, had: bool) -> Facts:
    """What stands where a part would."""
    age = "What else is told of it is of before. " if had else ""
    said = f"{problem.reason} {problem.remedy or 'r tries again.'} {age}({asked(problem)})"
    return Facts(part.title, (Fact(problem.title, said, alert=True),))
