"""The layers that a function uses, in their order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lambdatui.model.arns import parse_arn
from lambdatui.model.configuration import Fact, Facts, LayerUse
from lambdatui.model.errors import Denied, Missing
from lambdatui.model.layer_facts import describe_newest, describe_use, describe_version, title
from lambdatui.model.layers import LayerArn, parse_layer_arn
from lambdatui.ui.parts import Part, PartsPane

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class FunctionLayersPane(PartsPane):
    """What GetFunction says of each layer, and by itself what its version and its newer versions are.

    A layer of another account is shown with what that account shares; nobody but it can list the versions.
    """

    NAME = "function-layers"
    TITLE = "Layers"
    KEY = "L"
    LOADING = "Asking which layers the function uses…"

    _layers: Sequence[LayerUse] = ()

    async def load(self) -> None:
        self._layers = (await self.aws.functions.describe(self.function.arn)).layers
        await super().load()

    def parts(self) -> Sequence[Part]:
        if not self._layers:
            return (Part("Layers", _none),)
        return [part for number, use in enumerate(self._layers, 1) for part in self._parts_of(number, use)]

    def _parts_of(self, number: int, use: LayerUse) -> Iterator[Part]:
        arn, name = parse_layer_arn(use.arn), title(number, use)
        yield Part(name, partial(self._used, name, use))
        if arn is None or arn.version is None:
            return
        yield Part(f"{name}: description", partial(self._version, name, arn))
        if self._is_own(arn):
            yield Part(f"{name}: newer versions", partial(self._newest, name, arn))

    def _is_own(self, layer: LayerArn) -> bool:
        here = parse_arn(self.function.arn)
        return here is not None and here.account == layer.account

    async def _used(self, name: str, use: LayerUse) -> Sequence[Facts]:
        arn = parse_layer_arn(use.arn)
        return [describe_use(name, use, own=arn is None or self._is_own(arn))]

    async def _version(self, name: str, arn: LayerArn) -> Sequence[Facts]:
        try:
            return [describe_version(name, await self.aws.layers.version(str(arn)))]
        except Missing:
            return [describe_version(name, None)]
        except Denied:
            if self._is_own(arn):
                raise
            return []  # the other account shares the layer with nobody any more, or never let its description be read

    async def _newest(self, name: str, arn: LayerArn) -> Sequence[Facts]:
        newest = 0
        async for page in self.aws.layers.versions(arn.name):
            newest = max([newest, *(it.number for it in page)])
            break  # the newest is first
        return [describe_newest(name, arn.version or 0, newest)]


async def _none() -> Sequence[Facts]:
    return [Facts("Layers", (Fact("None", "this function uses no layers"),))]
