"""Who a statement of a policy is about, in words.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambdatui.model.arns import parse_arn
from lambdatui.model.policy_words import listed, texts, written

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


def who(statement: Mapping[str, Any], here: str) -> list[str]:
    """Those that a statement names; `here` is the id of the function's own account."""
    if "NotPrincipal" in statement:
        return [f"Everybody but {listed(_principals(statement['NotPrincipal'], here))}"]
    if "Principal" not in statement:
        return ["Nobody that is named"]
    return _principals(statement["Principal"], here)


def _principals(principal: Any, here: str) -> list[str]:
    if principal == "*":
        return ["Everybody"]
    if not isinstance(principal, Mapping):
        return [f"Principal {written(principal)}"]
    named = [_principal(kind, name, here) for kind, names in principal.items() for name in texts(names)]
    return named or [f"Principal {written(principal)}"]


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
    return f"{sort[:1].upper()}{sort[1:].replace('-', ' ')} {rest} of {account_words(account, here)}"


def _service(principal: str) -> str:
    first, dot, rest = principal.partition(".")
    known = _SERVICES.get(first) if dot and rest.endswith(("amazonaws.com", "amazonaws.com.cn", "amazon.com")) else None
    return known or f"Service {principal}"


def is_everybody(statement: Mapping[str, Any]) -> bool:
    """Whether a statement is about everybody, or everybody but some."""
    principal = statement.get("Principal")
    named = principal if isinstance(principal, Mapping) else {}
    every = principal == "*" or any("*" in texts(named.get(kind)) for kind in ("AWS", "Service"))
    return every or "NotPrincipal" in statement


def is_service(statement: Mapping[str, Any]) -> bool:
    """Whether a statement is about a service of AWS, on whosoever's behalf."""
    principal = statement.get("Principal")
    return isinstance(principal, Mapping) and bool(texts(principal.get("Service")))


def account_words(account: str, here: str) -> str:
    """An account, by its id, in words."""
    return "this account" if account == here else f"account {account}"
