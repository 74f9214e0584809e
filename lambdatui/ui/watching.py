"""`Watching`: what a pane does to be told of metrics while it can be seen."""

from __future__ import annotations

from contextlib import aclosing
from time import monotonic
from typing import TYPE_CHECKING

from lambdatui.ui.pane import Pane
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.widget import Widget

    from lambdatui.aws.gateway import Aws
    from lambdatui.aws.metric_watch import Readings, Watch
    from lambdatui.model.errors import AwsError
    from lambdatui.model.metrics import Need, Reading

KEPT = 20_000
"""Needs of which the readings are kept."""
LINGERING = 60.0
"""Seconds for which it is told of what is out of sight that it was not given."""


class Watching:
    """The readings of what one pane needs, kept up to date from `begin()` to `end()`."""

    def __init__(self, owner: Widget, aws: Aws, told: Callable[[Readings], Awaitable[None]]) -> None:
        """`told` is called with what is new, and waited for. A pane says itself why figures are lacking."""
        self._owner = owner
        self._aws = aws
        self._told = told
        self._watch: Watch | None = None
        self._wanted: tuple[Sequence[Need], Sequence[Need]] = ((), ())
        self.readings: dict[Need, Reading] = {}
        self._refused: dict[Need, tuple[float, AwsError]] = {}
        """What was not given, when that was heard of last (s), and why."""

    def want(self, visible: Sequence[Need], later: Sequence[Need] = ()) -> None:
        """Need these from now on, in order of importance."""
        wanted = (tuple(visible), tuple(later))
        if wanted != self._wanted:
            self._wanted = wanted
            if self._watch is not None:
                self._watch.want(*wanted)

    def begin(self) -> None:
        """Read, until `end()`."""
        if self._watch is None:
            start(self._owner, self._run, name="read metrics", group="metrics")

    def end(self) -> None:
        """Read no more; what is known stays."""
        self._owner.workers.cancel_group(self._owner, "metrics")
        self._watch = None

    def forget(self) -> None:
        """Know nothing any more."""
        self.readings.clear()
        self._refused.clear()

    @property
    def trying(self) -> str:
        """What the reader says of asking again; empty while nothing is read here."""
        return "" if self._watch is None else self._aws.metrics.reader.asking.trying

    @property
    def settled(self) -> bool:
        """Whether something is known of all that is wanted."""
        return all(need in self.readings for needs in self._wanted for need in needs)

    def refresh(self) -> None:
        """Ask for everything again, also for what was refused."""
        self._aws.metrics.reader.refresh()  # also before it reads: what was refused to others is asked for anew

    def _note(self, readings: Readings) -> None:
        """Note what was not given.

        A row stays noted when it goes out of sight: what the pane says of it may be what pushes it out, and it would
        come and go for ever. It does so until figures come again, or until `LINGERING` where none do.
        """
        now, better = monotonic(), False
        for need, reading in readings.items():
            if reading.problem is not None:
                self._refused[need] = now, reading.problem
            elif self._refused.pop(need, None) is not None:
                better = True
        if self._refused:
            wanted = set(self._wanted[0])
            for need, (since, _) in [*self._refused.items()]:
                if need not in wanted and (better or now - since > LINGERING):
                    del self._refused[need]

    def _tell_problem(self) -> None:
        """Say in the pane why figures are lacking, or no newer ones came; what else it shows is there all the same."""
        if not isinstance(self._owner, Pane):
            return
        problem = next((problem for _, problem in self._refused.values()), None)
        needs = self._wanted[0] if problem is not None else ()
        found = [it for need in needs if (it := self.readings.get(need)) is not None]
        some, old = any(it.problem is None for it in found), any(it.series.asked for it in found)
        lacking = "some" if some else "newer" if old else ""
        for which in ("", "newer", "some"):
            self._owner.lacks(f"{which} figures of CloudWatch".strip(), problem if which == lacking else None)

    async def _run(self) -> None:
        self._watch = watch = self._aws.metrics.watch()
        watch.want(*self._wanted)
        try:
            async with aclosing(watch.updates()) as updates:
                async for readings in updates:
                    if len(self.readings) > KEPT:
                        wanted = {*self._wanted[0], *self._wanted[1]}
                        self.readings = {need: it for need, it in self.readings.items() if need in wanted}
                    self.readings.update(readings)
                    self._note(readings)
                    await self._told(readings)
                    self._tell_problem()
        finally:
            if self._watch is watch:
                self._watch = None
