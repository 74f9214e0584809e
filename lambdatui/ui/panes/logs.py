"""A function's log."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lambdatui.model.errors import AwsError
from lambdatui.model.logs import LogGroup
from lambdatui.ui.command_line import Verb
from lambdatui.ui.detail import DetailPane
from lambdatui.ui.log_keys import KeyedLogPane
from lambdatui.ui.reporting import report
from lambdatui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lambdatui.aws.gateway import Aws
    from lambdatui.model.functions import Function
    from lambdatui.ui.desk import Desk


class LogsPane(KeyedLogPane, DetailPane):
    """The function's log group as it grows: followed while the pane is active, at rest when it is not."""

    KEY = "l"

    # Textual takes styles from the first base alone; those of a pane have its name.
    DEFAULT_CSS = KeyedLogPane.DEFAULT_CSS

    def __init__(self, aws: Aws, function: Function, desk: Desk) -> None:
        super().__init__(desk.logs, aws, function, desk)

    @property
    def groups(self) -> Sequence[LogGroup]:
        return (LogGroup(self.function.log_group),)

    def verbs(self) -> Iterator[Verb]:
        yield from super().verbs()
        yield Verb(("alias",), "read the streams of the versions of an alias", self._narrow_alias, "ALIAS")

    def _narrow_alias(self, name: str) -> None:
        start(self, partial(self._resolve, name), name="resolve an alias", group="alias")

    async def _resolve(self, name: str) -> None:
        try:
            async for page in self.aws.versions.aliases(self.function.name):
                for alias in page:
                    if alias.name == name:
                        self.narrow_versions([share.version for share in alias.shares], name)
                        return
        except AwsError as problem:
            report(self, problem)
            return
        self.notify(f"The function has no alias “{name}”.", severity="error", markup=False)


class GroupLogsPane(KeyedLogPane):
    """Several log groups in one."""

    DEFAULT_CSS = KeyedLogPane.DEFAULT_CSS

    def __init__(self, aws: Aws, groups: Sequence[LogGroup], desk: Desk) -> None:
        super().__init__(desk.logs, aws)
        self._groups = groups

    @property
    def groups(self) -> Sequence[LogGroup]:
        return self._groups
