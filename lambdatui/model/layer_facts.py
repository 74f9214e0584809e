"""The layers of a function in words: what its Layers tab shows."""

from __future__ import annotations

from lambdatui.model.configuration import Fact, Facts, LayerUse
from lambdatui.model.layers import LayerVersion, parse_layer_arn
from lambdatui.model.text import bare_sequence, clock, size


def title(number: int, use: LayerUse) -> str:
    """The group's title: its place and the layer's name, or its ARN where that has no form that is known."""
    arn = parse_layer_arn(use.arn)
    return f"{number}. {use.arn if arn is None else arn.name}"


def describe_use(group: str, use: LayerUse, *, own: bool) -> Facts:
    """What the function itself says of a layer."""
    arn = parse_layer_arn(use.arn)
    lines = [] if arn is None or arn.version is None else [Fact("Version", str(arn.version))]
    if use.code_size or own:
        lines.append(Fact("Size", size(use.code_size)))
    lines.append(Fact("ARN", use.arn))
    if not own and arn is not None:
        lines.append(Fact("Owner", f"account {arn.account}, which alone can list its versions"))
    return Facts(group, tuple(lines))


def describe_version(group: str, it: LayerVersion | None) -> Facts:
    """What is known of the version that is used; None: it was deleted."""
    if it is None:
        return Facts(
            group, (Fact("Deleted", "this function keeps the version, none can take it any more", alert=True),)
        )
    lines = [
        Fact("Runtimes", bare_sequence(it.runtimes)),
        Fact("Architectures", bare_sequence(it.architectures)),
        Fact("License", it.license or "–"),
        Fact("Created", clock(it.created)),
    ]
    if it.description:
        lines.append(Fact("Description", it.description))
    return Facts(group, tuple(lines))


def describe_newest(group: str, used: int, newest: int) -> Facts:
    """Whether there is a newer version; 0: there is none at all."""
    if not newest:
        return Facts(group, (Fact("Newest", "the layer has no versions any more", alert=True),))
    if newest > used:
        return Facts(group, (Fact("Newer", f"{used} → {newest} exists", alert=True),))
    return Facts(group, (Fact("Newest", f"{used} is the newest"),))
