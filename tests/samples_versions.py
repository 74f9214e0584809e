"""The versions and aliases of a function of the shop, and the same with text in it that means harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from lambdatui.model.configuration import LayerUse, Masked
from lambdatui.model.text import one_line
from lambdatui.model.versions import LATEST, Alias, Provisioned, Share, Version
from tests import samples

ARN = "arn:aws:lambda:eu-west-1:210987654321:function:checkout-api"
LAYER = "arn:aws:lambda:eu-west-1:210987654321:layer:shop-common"


def version(
    name: str,
    description: str = "",
    *,
    memory: int = 512,
    layer: int = 12,
    code: str = "q5dEPVXkMlmLGNPbHOhJC4mUr9wVxgA2oSHwT3MGnkY=",
    published: datetime = datetime(2026, 11, 20, 9, 12, tzinfo=UTC),
    **environment: str,
) -> Version:
    """A version of checkout-api."""
    whole = samples.configuration(ARN)
    function = replace(
        whole.function,
        arn=f"{ARN}:{name}",
        description=description,
        memory=memory,
        modified=published,
        own_log_group="/g",
    )
    return Version(
        replace(
            whole, function=function, version=name, code_sha256=code, revision_id=f"revision-{name}",
            environment={name: Masked(value) for name, value in environment.items()},
            layers=(LayerUse(f"{LAYER}:{layer}", 2_104_000),), last_update_status="", tags={},
        )
    )  # fmt: skip


def versions() -> list[Version]:
    """What has been published of checkout-api, in AWS's order: $LATEST, then 1, 2 …; 3 was deleted."""
    code = ("q5dEPVXkMlmLGNPbHOhJC4mUr9wVxgA2oSHwT3MGnkY=", "9Gk3mVXkPQzbC4mUr9wVxgA2oSHwT3MGLGNPbHOhJnA=")
    day = [datetime(2026, 11, number, 9, 12, tzinfo=UTC) for number in range(1, 24)]
    return [
        version(LATEST, "Takes an order: basket, address, payment", code=code[1], memory=1024, layer=12,
                published=day[22], STAGE="production", PAYMENT_KEY=samples.SECRET, REGION_OF_TAX="eu"),
        version("1", "first release", code=code[0], memory=256, layer=9, published=day[0], STAGE="production"),
        version("2", "VAT by country", code=code[0], layer=11, published=day[5], STAGE="production", DEBUG="1"),
        version("4", "payments API v2 · 支払い", code=code[1], layer=12, published=day[14], STAGE="production",
                PAYMENT_KEY=samples.SECRET),
        version("5", code=code[1], layer=12, published=day[18], STAGE="production", PAYMENT_KEY="sk_live_other"),
    ]  # fmt: skip


def aliases() -> list[Alias]:
    """The aliases of checkout-api, one of them with weights."""
    return [
        Alias("live", f"{ARN}:live", "4", "What the shop calls", (Share("5", 0.1),), "alias-revision-1"),
        Alias("staging", f"{ARN}:staging", "5"),
        Alias("the-old-shop-that-is-still-there", f"{ARN}:the-old-shop-that-is-still-there", "1", "Until Christmas"),
    ]


def provisioned() -> tuple[Provisioned, ...]:
    """What is provisioned of checkout-api."""
    return (
        Provisioned("live", requested=5, available=5, allocated=5, status="READY"),
        Provisioned("5", requested=2, available=0, allocated=1, status="IN_PROGRESS"),
    )


def hostile_versions() -> list[Version]:
    """Versions whose every text means harm."""
    text = one_line(samples.HARM)
    whole = samples.hostile_configuration(text)
    return [Version(replace(whole, version=name, code_sha256=name)) for name in (text, f"{text}2")]


def hostile_aliases() -> list[Alias]:
    """Aliases whose every text means harm."""
    text = one_line(samples.HARM)
    return [Alias(text, text, text, text, (Share(text, 0.5),), text)]


def hostile_provisioned() -> tuple[Provisioned, ...]:
    """What is provisioned, in text that means harm."""
    text = one_line(samples.HARM)
    return (Provisioned(text, 1, 0, 0, text, text),)
