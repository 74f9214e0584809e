"""Resource policies in words: who may do what with a function.

A policy is JSON that anybody with the permission may have written: what is not understood is shown as it is written,
and nothing in it is an error. https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from lambdatui.model.arns import parse_arn, source_words


@dataclass(frozen=True, slots=True)
class Caller:
    """One statement of a policy, in a sentence without a full stop."""

    sentence: str
    statement_id: str
    alert: bool
    """Whether it lets in more than anybody is likely to want: everybody, or a service on behalf of any account."""


class _Condition(NamedTuple):
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


_EQUALITIES = {"stringequals", "stringlike", "stringequalsignorecase", "arnequals", "arnlike", "bool"}

_WHO = {
    "aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourcevpc",
    "aws:sourcevpce", "aws:sourceip", "aws:vpcsourceip", "aws:principalorgid", "aws:principalorgpaths",
    "aws:principalaccount", "aws:principalarn", "aws:userid", "aws:username", "lambda:eventsourcetoken",
}  # fmt: skip
"""Keys that say who calls, or on whose behalf: a condition on one of them narrows a policy for everybody."""

_EVERYWHERE = {"0.0.0.0/0", "::/0"}

_SERVICES: Mapping[str, str] = {
    "alexa-appkit": "Alexa Skills Kit",
    "alexa-connectedhome": "Alexa Smart Home",
    "apigateway": "Amazon API Gateway",
    "cloudformation": "AWS CloudFormation",
    "cloudfront": "Amazon CloudFront",
    "cloudwatch": "Amazon CloudWatch",
    "codecommit": "AWS CodeCommit",
    "cognito-idp": "Amazon Cognito",
    "config": "AWS Config",
    "edgelambda": "Lambda@Edge",
    "elasticloadbalancing": "Elastic Load Balancing",
    "events": "Amazon EventBridge",
    "iot": "AWS IoT",
    "lambda": "AWS Lambda",
    "lex": "Amazon Lex",
    "lexv2": "Amazon Lex",
    "logs": "CloudWatch Logs",
    "s3": "Amazon S3",
    "scheduler": "EventBridge Scheduler",
    "secretsmanager": "AWS Secrets Manager",
    "ses": "Amazon SES",
    "sns": "Amazon SNS",
    "states": "AWS Step Functions",
    "vpc-lattice": "Amazon VPC Lattice",
}
"""Names of services by the first word of their principal; of others the principal is shown."""


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
    listed = statements if isinstance(statements, list) else [statements]
    return tuple(_caller(statement) for statement in listed if _is_about(statement, qualifier))


def _is_about(statement: Any, qualifier: str) -> bool:
    resources = _texts(statement.get("Resource")) if isinstance(statement, Mapping) else ()
    named = {parts[2] for it in resources if (arn := parse_arn(it)) and len(parts := arn.resource.split(":")) > 2}
    return not named or any(it == qualifier or "*" in it or it == "$LATEST" for it in named)


def _caller(statement: Any) -> Caller:
    if not isinstance(statement, Mapping):
        return Caller(f"{_written(statement)} (as written)", "", alert=True)
    conditions = tuple(_conditions(statement.get("Condition")))
    here = next((arn.account for text in _texts(statement.get("Resource")) if (arn := parse_arn(text))), "")
    effect = _written(statement.get("Effect"))
    verb = {"Allow": "may", "Deny": "may not"}.get(effect) or f"(effect {effect})"
    what, terms = _what(statement, conditions), _terms(statement, conditions, here)
    open_to_all = (_is_everybody(statement) or _is_service(statement)) and not any(map(_narrows, conditions))
    if open_to_all and not _is_everybody(statement):
        terms = ("on behalf of any account", *terms)
    sentence = ", ".join((f"{_listed(_who(statement, here))} {verb} {what}", *terms))
    sid = statement.get("Sid")
    return Caller(sentence, "" if sid is None else _written(sid), open_to_all and effect != "Deny")


# Who ----------------------------------------------------------------------------------------------------------------


def _who(statement: Mapping[str, Any], here: str) -> list[str]:
    if "NotPrincipal" in statement:
        return [f"Everybody but {_listed(_principals(statement['NotPrincipal'], here))}"]
    if "Principal" not in statement:
        return ["Nobody that is named"]
    return _principals(statement["Principal"], here)


def _principals(principal: Any, here: str) -> list[str]:
    if principal == "*":
        return ["Everybody"]
    if not isinstance(principal, Mapping):
        return [f"Principal {_written(principal)}"]
    named = [_principal(kind, name, here) for kind, names in principal.items() for name in _texts(names)]
    return named or [f"Principal {_written(principal)}"]


def _principal(kind: str, name: str, here: str) -> str:
    if name == "*" and kind in {"AWS", "Service"}:
        return "Everybody" if kind == "AWS" else "Everybody (every service)"
    if kind == "Service":
        return _service(name)
    if kind != "AWS":
        return f"{kind} {name}"
    arn = parse_arn(name)
    account = name if name.isdecimal() and len(name) == 12 else arn.account if arn else ""
    if arn is None or arn.resource == "root":
        if not account:
            return f"Principal {name}"  # the id of a user or role that is no more, say
        return "This account" if account == here else f"Account {account}"
    sort, _, rest = arn.resource.partition("/")
    if not rest or arn.service not in {"iam", "sts"}:
        return name
    return f"{sort[:1].upper()}{sort[1:].replace('-', ' ')} {rest} of {_account(account, here)}"


def _service(principal: str) -> str:
    first, dot, rest = principal.partition(".")
    known = _SERVICES.get(first) if dot and rest.endswith(("amazonaws.com", "amazonaws.com.cn", "amazon.com")) else None
    return known or f"Service {principal}"


def _is_everybody(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    named = principal if isinstance(principal, Mapping) else {}
    every = principal == "*" or any("*" in _texts(named.get(kind)) for kind in ("AWS", "Service"))
    return every or "NotPrincipal" in statement


def _is_service(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    return isinstance(principal, Mapping) and bool(_texts(principal.get("Service")))


def _account(account: str, here: str) -> str:
    return "this account" if account == here else f"account {account}"


# What ---------------------------------------------------------------------------------------------------------------

_URL_ACTION = "lambda:invokefunctionurl"
_AUTHENTICATIONS: Mapping[tuple[str, ...], str] = {
    ("NONE",): " without authentication",
    ("AWS_IAM",): " with AWS credentials",
}


def _what(statement: Mapping[str, Any], conditions: Sequence[_Condition]) -> str:
    if "NotAction" in statement:
        return f"do everything but {_listed(_texts(statement['NotAction']))} with it"
    how = next((_AUTHENTICATIONS[it.values] for it in conditions if _is_authentication(it)), "")
    return _listed([_action(it, how) for it in _texts(statement.get("Action"))] or ["do nothing that is named"])


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


def _is_authentication(condition: _Condition) -> bool:
    return (
        condition.is_equality
        and condition.name == "lambda:functionurlauthtype"
        and (condition.values in _AUTHENTICATIONS)
    )


# On what terms ------------------------------------------------------------------------------------------------------


def _conditions(value: Any) -> Iterator[_Condition]:
    if value is None:
        return
    if not isinstance(value, Mapping):
        yield _Condition("condition", _written(value), ())
        return
    for operator, keys in value.items():
        if not isinstance(keys, Mapping):
            yield _Condition(str(operator), _written(keys), ())
            continue
        for key, values in keys.items():
            yield _Condition(str(operator), str(key), _texts(values))


def _narrows(condition: _Condition) -> bool:
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


def _terms(statement: Mapping[str, Any], conditions: Sequence[_Condition], here: str) -> tuple[str, ...]:
    """What else has to be so: the conditions that are understood in words, the others as they are written."""
    read: dict[str, _Condition] = {}
    for it in conditions:
        if it.is_equality and it.values:
            read.setdefault(it.name, it)
    arns, owners, organisation = (read.get(f"aws:{it}") for it in ("sourcearn", "sourceaccount", "principalorgid"))
    understood = [arns, owners, organisation]
    told = [_source(arns.values if arns else (), owners.values if owners else (), here)]
    if organisation:
        told.append(f"from organization {_listed(organisation.values)}")
    through = read.get("lambda:invokedviafunctionurl")
    if through and through.values == ("true",):
        told.append("through its URL")
        understood.append(through)
    if _URL_ACTION in {it.lower() for it in _texts(statement.get("Action"))}:
        understood.append(next((it for it in conditions if _is_authentication(it)), None))
    others = [it for it in conditions if not any(it is one for one in understood)]
    return tuple(filter(None, [*told, *(f"if {it} (as written)" for it in others)]))


def _source(arns: Sequence[str], owners: Sequence[str], here: str) -> str:
    """On behalf of what: "for bucket pictures of this account"."""
    accounts = tuple(dict.fromkeys(it.account for text in arns if (it := parse_arn(text)) and it.account)) or owners
    of = f" of {_listed([_account(it, here) for it in accounts])}" if accounts else ""
    others = [_account(it, here) for it in owners if it not in accounts]
    words = f"for {_listed([source_words(it) for it in arns])}{of}" if arns else f"for sources{of}" if of else ""
    return f"{words}, if the source is of {_listed(others)}" if others else words


# Words --------------------------------------------------------------------------------------------------------------


def _texts(value: Any) -> tuple[str, ...]:
    """One text or several as several; what is no text as it is written."""
    if value is None:
        return ()
    return tuple(it if isinstance(it, str) else _written(it) for it in (value if isinstance(value, list) else [value]))


def _written(value: Any) -> str:
    try:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "…"


def _listed(names: Sequence[str]) -> str:
    first = list(dict.fromkeys(names))
    return first[0] if len(first) == 1 else f"{', '.join(first[:-1])} and {first[-1]}" if first else "nothing"
