"""The conditions of a statement of a policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lambdatui.model.arns import parse_arn
from lambdatui.model.policy_words import texts, written

_EQUALITIES = {"stringequals", "stringlike", "stringequalsignorecase", "arnequals", "arnlike", "bool"}

_WHO = {
    "aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourcevpc",
    "aws:sourcevpce", "aws:sourceip", "aws:vpcsourceip", "aws:principalorgid", "aws:principalorgpaths",
    "aws:principalaccount", "aws:principalarn", "aws:userid", "aws:username", "lambda:eventsourcetoken",
}  # fmt: skip
"""Keys that say who calls, or on whose behalf: a condition on one of them narrows a policy for everybody."""

_EVERYWHERE = {"0.0.0.0/0", "::/0"}


class Condition(NamedTuple):
    """One key that is compared, by one operator, with some values."""

    operator: str
    key: str
    values: tuple[str, ...]

    @property
    def name(self) -> str:
        """The key as it is compared: AWS takes it in any case."""
        return self.key.lower()

    @property
    def is_equality(self) -> bool:
        """Whether it holds only where the key has one of the values."""
        return self.operator.lower() in _EQUALITIES

    def __str__(self) -> str:
        return f"{self.operator} {self.key} {' or '.join(self.values)}".rstrip()


def conditions_of(value: Any) -> Iterator[Condition]:
    """The conditions in what stands under "Condition", in its order; what is not understood as one as it is written."""
    if value is None:
        return
    if not isinstance(value, Mapping):
        yield Condition("condition", written(value), ())
        return
    for operator, keys in value.items():
        if not isinstance(keys, Mapping):
            yield Condition(str(operator), written(keys), ())
            continue
        for key, values in keys.items():
            yield Condition(str(operator), str(key), texts(values))


def narrows(condition: Condition) -> bool:
    """Whether it lets only some of everybody in. "…IfExists" and negated operators do not: what is not there passes."""
    operator = condition.operator.lower().removeprefix("foranyvalue:")
    if condition.name not in _WHO or operator not in _EQUALITIES | {"ipaddress"} or not condition.values:
        return False
    return not any(_is_anything(value) for value in condition.values)


def _is_anything(value: str) -> bool:
    """Whether a value fits everybody's: "*", "arn:aws:s3:::*", all addresses."""
    arn = parse_arn(value)
    if arn is not None:
        return not arn.account.strip("*?") and not arn.resource.strip("*?/:")
    return not value.strip("*?") or value in _EVERYWHERE
