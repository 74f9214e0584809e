"""Resource policies in words: who may do what with a function.

A policy is JSON that anybody with the permission may have written: what is not understood is shown as it is written,
and nothing in it is an error. https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lambdatui.model.arns import parse_arn, source_words
from lambdatui.model.policy_conditions import Condition, conditions_of, narrows
from lambdatui.model.policy_principals import account_words, is_everybody, is_service, who
from lambdatui.model.policy_words import listed, texts, written


@dataclass(frozen=True, slots=True)
class Caller:
    """One statement of a policy, in a sentence without a full stop."""

    sentence: str
    statement_id: str
    alert: bool
    """Whether it lets in more than anybody is likely to want: everybody, or a service on behalf of any account."""


def callers(policy: str, qualifier: str = "") -> tuple[Caller, ...]:
    """The statements of a policy, in its order. Whatever the text is, this raises nothing.

    `qualifier` is the one that was asked for: what is about another version or alias, as emulators have it among the
    function's own, is left out.
    """
    try:
        document = json.loads(policy)
        statements = document["Statement"]
    except (ValueError, RecursionError, TypeError, KeyError):
        return (Caller(f"This policy is not understood: {policy}", "", alert=True),)
    every = statements if isinstance(statements, list) else [statements]
    return tuple(_caller(statement) for statement in every if _is_about(statement, qualifier))


def _is_about(statement: Any, qualifier: str) -> bool:
    resources = texts(statement.get("Resource")) if isinstance(statement, Mapping) else ()
    named = {parts[2] for it in resources if (arn := parse_arn(it)) and len(parts := arn.resource.split(":")) > 2}
    return not named or any(it == qualifier or "*" in it or it == "$LATEST" for it in named)


def _caller(statement: Any) -> Caller:
    if not isinstance(statement, Mapping):
        return Caller(f"{written(statement)} (as written)", "", alert=True)
    conditions = tuple(conditions_of(statement.get("Condition")))
    here = next((arn.account for text in texts(statement.get("Resource")) if (arn := parse_arn(text))), "")
    effect = written(statement.get("Effect"))
    verb = {"Allow": "may", "Deny": "may not"}.get(effect) or f"(effect {effect})"
    what, terms = _what(statement, conditions), _terms(statement, conditions, here)
    open_to_all = (is_everybody(statement) or is_service(statement)) and not any(map(narrows, conditions))
    if open_to_all and not is_everybody(statement):
        terms = ("on behalf of any account", *terms)
    sentence = ", ".join((f"{listed(who(statement, here))} {verb} {what}", *terms))
    sid = statement.get("Sid")
    return Caller(sentence, "" if sid is None else written(sid), open_to_all and effect != "Deny")


# What ---------------------------------------------------------------------------------------------------------------

_URL_ACTION = "lambda:invokefunctionurl"
_AUTHENTICATIONS: Mapping[tuple[str, ...], str] = {
    ("NONE",): " without authentication",
    ("AWS_IAM",): " with AWS credentials",
}


def _what(statement: Mapping[str, Any], conditions: Sequence[Condition]) -> str:
    if "NotAction" in statement:
        return f"do everything but {listed(texts(statement['NotAction']))} with it"
    how = next((_AUTHENTICATIONS[it.values] for it in conditions if _is_authentication(it)), "")
    return listed([_action(it, how) for it in texts(statement.get("Action"))] or ["do nothing that is named"])


def _action(action: str, how: str) -> str:
    name = action.lower()
    if name in {"*", "lambda:*"}:
        return "do everything with it"
    if name == "lambda:invokefunction":
        return "invoke it"
    if name == _URL_ACTION:
        return f"call its URL{how}"
    if name in {"lambda:invoke*", "lambda:invokefunction*"}:
        return "invoke it and call its URL"
    return f"use {action}"


def _is_authentication(condition: Condition) -> bool:
    return (
        condition.is_equality
        and condition.name == "lambda:functionurlauthtype"
        and (condition.values in _AUTHENTICATIONS)
    )


# On what terms ------------------------------------------------------------------------------------------------------


def _terms(statement: Mapping[str, Any], conditions: Sequence[Condition], here: str) -> tuple[str, ...]:
    """What else has to be so: the conditions that are understood in words, the others as they are written."""
    read: dict[str, Condition] = {}
    for it in conditions:
        if it.is_equality and it.values:
            read.setdefault(it.name, it)
    arns, owners, organisation = (read.get(f"aws:{it}") for it in ("sourcearn", "sourceaccount", "principalorgid"))
    understood = [arns, owners, organisation]
    told = [_source(arns.values if arns else (), owners.values if owners else (), here)]
    if organisation:
        told.append(f"from organization {listed(organisation.values)}")
    through = read.get("lambda:invokedviafunctionurl")
    if through and through.values == ("true",):
        told.append("through its URL")
        understood.append(through)
    if _URL_ACTION in {it.lower() for it in texts(statement.get("Action"))}:
        understood.append(next((it for it in conditions if _is_authentication(it)), None))
    others = [it for it in conditions if not any(it is one for one in understood)]
    return tuple(filter(None, [*told, *(f"if {it} (as written)" for it in others)]))


def _source(arns: Sequence[str], owners: Sequence[str], here: str) -> str:
    """On behalf of what: "for bucket pictures of this account"."""
    accounts = tuple(dict.fromkeys(it.account for text in arns if (it := parse_arn(text)) and it.account)) or owners
    of = f" of {listed([account_words(it, here) for it in accounts])}" if accounts else ""
    others = [account_words(it, here) for it in owners if it not in accounts]
    words = f"for {listed([source_words(it) for it in arns])}{of}" if arns else f"for sources{of}" if of else ""
    return f"{words}, if the source is of {listed(others)}" if others else words
