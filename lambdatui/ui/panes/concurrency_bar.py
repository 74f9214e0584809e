"""The account's limit as a bar, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdatui.model.metric_figures import lately, peak, total
from lambdatui.model.pool import Told, account_needs, pool, sentences
from lambdatui.ui.widgets.bar import BarData, BarPart

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from lambdatui.model.concurrency import AccountLimits
    from lambdatui.model.metrics import Need, Range, Reading, Series
    from lambdatui.model.pool import Share


def bar_and_words(
    limits: AccountLimits, over: Range, readings: Mapping[Need, Reading], shares: Collection[Share]
) -> tuple[BarData, Sequence[str]]:
    """How the limit is divided by now, as a bar and in sentences."""

    def series(need: Need) -> Series | None:
        """What came of a need, if anything did."""
        reading = readings.get(need)
        return None if reading is None or not reading.series.asked else reading.series

    needs = account_needs(over)
    all_now, others = series(needs.now), series(needs.unreserved)
    in_use = None if all_now is None else lately(all_now)
    parts = pool(limits, in_use or 0.0, None if others is None else lately(others), shares)
    pieces = [BarPart("reserved", parts.reserved), BarPart("in use", parts.used, known=in_use is not None)]
    if parts.provisioned:
        pieces.append(BarPart("provisioned", parts.provisioned))
    if parts.over:
        pieces.append(BarPart("over", parts.over, "over"))
    bar = BarData("", (*pieces, BarPart("kept unreserved", parts.kept)), limits.concurrent, "free", "limit")
    ran, refused = series(needs.concurrent), series(needs.throttles)
    waiting = not {needs.now, needs.concurrent} <= readings.keys()
    use = Told(in_use, None if ran is None else peak(ran), None if refused is None else total(refused), waiting)
    return bar, [*sentences(limits, use, over, [it for it in shares if it.provisioned])]
