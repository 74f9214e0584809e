"""ARNs taken apart, and what they name in words: "queue orders", "rule nightly of bus shop"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple


class Arn(NamedTuple):
    """The parts of `arn:partition:service:region:account:resource`; any of them may be empty, or a wildcard."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def parse_arn(text: str) -> Arn | None:
    """The parts of an ARN, or None for what is none."""
    parts = text.split(":", 5)
    return Arn(*parts[1:]) if len(parts) == 6 and parts[0] == "arn" else None


def source_words(text: str) -> str:
    """What an ARN names, without its account; text that is no ARN, or of a form that is not known, as it is."""
    arn = parse_arn(text)
    words = _WORDS.get(arn.service) if arn is not None else None
    return (words(arn.resource) if arn is not None and words is not None else "") or text


def _after(prefix: str, noun: str) -> Callable[[str], str]:
    """Words for resources of the form `prefix` + name."""

    def words(resource: str) -> str:
        return f"{noun} {resource.removeprefix(prefix)}" if resource.startswith(prefix) else ""

    return words


def _rule(resource: str) -> str:
    kind, _, name = resource.partition("/")
    bus, _, rule = name.rpartition("/")
    if kind != "rule" or not name:
        return ""
    return f"rule {rule} of bus {bus}" if bus else f"rule {rule}"


def _stage(resource: str) -> str:
    """API Gateway: `api-id/stage/METHOD/path`, in which a wildcard stands for whatever comes."""
    api, stage, method, path = [*resource.split("/", 3), "*", "*", "*"][:4]
    called = " ".join(it for it in (method, f"/{path}") if it not in {"*", "/*"})
    at = "" if stage == "*" else f" at stage {stage}"
    return f"{called} of API {api}{at}" if called else f"API {api}{at}"


def _group(resource: str) -> str:
    kind, _, name = resource.partition(":")
    return f"log group {name.removesuffix(':*')}" if kind == "log-group" else ""


def _target_group(resource: str) -> str:
    kind, _, name = resource.partition("/")
    return f"target group {name.partition('/')[0]}" if kind == "targetgroup" else ""


def _table(resource: str) -> str:
    found = re.fullmatch(r"table/([^/]+)(?:/stream/.*)?", resource)
    return f"table {found[1]}" if found else ""


def _cluster(resource: str) -> str:
    found = re.fullmatch(r"cluster/([^/]+)(?:/.*)?", resource)
    return f"cluster {found[1]}" if found else ""


def _broker(resource: str) -> str:
    found = re.fullmatch(r"broker:([^:]+)(?::.*)?", resource)
    return f"broker {found[1]}" if found else ""


def _function(resource: str) -> str:
    kind, _, name = resource.partition(":")
    return f"function {name}" if kind == "function" else ""


_WORDS: Mapping[str, Callable[[str], str]] = {
    "cloudfront": _after("distribution/", "distribution"),
    "cognito-idp": _after("userpool/", "user pool"),
    "dynamodb": _table,
    "elasticloadbalancing": _target_group,
    "events": _rule,
    "execute-api": _stage,
    "iot": _after("rule/", "IoT rule"),
    "kafka": _cluster,
    "kinesis": _after("stream/", "stream"),
    "lambda": _function,
    "logs": _group,
    "mq": _broker,
    "rds": _after("cluster:", "database cluster"),
    "s3": _after("", "bucket"),
    "secretsmanager": _after("secret:", "secret"),
    "sns": _after("", "topic"),
    "sqs": _after("", "queue"),
    "states": _after("stateMachine:", "state machine"),
}
