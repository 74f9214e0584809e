"""A request to CloudWatch Logs: where it belongs, what it asks, and the log group it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lambdatui.local.control_plane import logs as control_plane
from lambdatui.local.control_plane.logs import Group
from lambdatui.local.logs.errors import invalid, no_group
from lambdatui.local.logs.filter_pattern import Matcher, PatternError, compiled
from lambdatui.local.places import Place

_ARN = re.compile(r"arn:[\w-]+:logs:(?P<region>[\w-]+):(?P<account>\d{12}):log-group:(?P<name>[^:*]+)")


@dataclass(frozen=True)
class Request:
    """One request, of the right form. `now` is ms since 1970."""

    place: Place
    members: dict[str, Any]
    now: int

    def __getitem__(self, name: str) -> Any:
        """A member that is required."""
        return self.members[name]

    def get(self, name: str, default: Any = None) -> Any:
        """A member, or what stands for it when it is absent."""
        return self.members.get(name, default)

    def named(self, name: str) -> Group:
        """The log group of this name. Raises ResourceNotFoundException."""
        group = control_plane.group(self.place, name)
        if group is None:
            raise no_group()
        return group

    def by_arn(self, arn: str) -> Group:
        """The log group with this ARN. Raises ResourceNotFoundException."""
        found = _ARN.fullmatch(arn)
        if found is None or (found["account"], found["region"]) != self.place:
            raise no_group()
        return self.named(found["name"])

    @property
    def group(self) -> Group:
        """The log group that logGroupName or logGroupIdentifier names. Raises LogsError."""
        name, identifier = self.get("logGroupName"), self.get("logGroupIdentifier")
        if name is not None and identifier is not None:
            raise invalid("LogGroup name and LogGroup ARN are mutually exclusive parameters.")
        if name is not None:
            return self.named(name)
        if identifier is None:
            raise invalid("Either LogGroup name or LogGroup ARN must be specified.")
        return self.by_arn(identifier) if identifier.startswith("arn:") else self.named(identifier)

    def kept_since(self, group: Group) -> int:
        """The timestamp of the oldest events that a group's retention keeps."""
        return 0 if group.retention is None else self.now - group.retention

    def matcher(self, member: str) -> Matcher | None:
        """The filter pattern in this member; None if it matches everything. Raises InvalidParameterException."""
        try:
            return compiled(self.get(member, ""))
        except PatternError as problem:
            raise invalid(str(problem)) from problem
