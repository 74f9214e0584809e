"""The operators and functions of metric math.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import math
import operator
import statistics
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import NamedTuple, TypeAlias

from lambdatui.local.metrics.expression import BadExpression
from lambdatui.local.metrics.pace import Pace
from lambdatui.local.metrics.series import Line, Window

Value: TypeAlias = float | str | Line | list[Line]
"""A scalar, a string, a time series or an array of these. A scalar that cannot be told (MIN of nothing) is NaN."""


class Work(NamedTuple):
    """What functions need beside their arguments."""

    window: Window
    pace: Pace


Function: TypeAlias = Callable[[Sequence[Value], Work], Awaitable[Value]]


def _power(base: float, exponent: float) -> float:
    result = base**exponent  # complex for roots of negative numbers
    return result if isinstance(result, float) else math.nan


_OPERATORS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": _power,
    "==": lambda left, right: float(left == right),
    "!=": lambda left, right: float(left != right),
    "<": lambda left, right: float(left < right),
    "<=": lambda left, right: float(left <= right),
    ">": lambda left, right: float(left > right),
    ">=": lambda left, right: float(left >= right),
    "AND": lambda left, right: float(bool(left) and bool(right)),
    "OR": lambda left, right: float(bool(left) or bool(right)),
}


async def operate(sign: str, left: Value, right: Value, pace: Pace) -> Value:
    """`left` and `right`, each a scalar or time series, one of them perhaps an array. Raises BadExpression.

    Of two series the result has the points that both have; where there is no result (x / 0) there is no point.
    """
    if isinstance(left, list) and isinstance(right, list):
        raise BadExpression(f"has two arrays beside {sign}: a METRICS() or SEARCH on one side only")
    if isinstance(left, list):
        return [_single(await operate(sign, line, right, pace)) for line in left]
    if isinstance(right, list):
        return [_single(await operate(sign, left, line, pace)) for line in right]
    if isinstance(left, str) or isinstance(right, str):
        raise BadExpression(f"has a string beside {sign}")
    await pace.rest()
    compute = _OPERATORS[sign]
    if isinstance(left, Line):
        others = right.points if isinstance(right, Line) else dict.fromkeys(left.points, right)
        pairs = ((at, value, others[at]) for at, value in left.points.items() if at in others)
        return _line(left, ((at, _computed(compute, one, two)) for at, one, two in pairs))
    if isinstance(right, Line):
        return _line(right, ((at, _computed(compute, left, value)) for at, value in right.points.items()))
    return _computed(compute, left, right)


def _computed(compute: Callable[..., float], *operands: float) -> float:
    if any(map(math.isnan, operands)):
        return math.nan
    try:
        return float(compute(*operands))
    except (ArithmeticError, ValueError):  # x / 0, 0 ^ -1, too large, the logarithm of nothing
        return math.nan


def _line(like: Line, points: Iterable[tuple[int, float]]) -> Line:
    return replace(like, points={at: value for at, value in points if math.isfinite(value)})


def _single(value: Value) -> Line:
    if not isinstance(value, Line):
        raise BadExpression("needs a time series where it has none")
    return value


def _scalar(value: Value) -> float:
    if not isinstance(value, float):
        raise BadExpression("needs a number where it has none")
    return value


def _array(value: Value) -> list[Line]:
    if not isinstance(value, list):
        raise BadExpression("needs an array of time series where it has none")
    return value


def _for_each(compute: Callable[[Line], Line]) -> Function:
    """A function of a time series, which gives an array for an array."""

    async def function(arguments: Sequence[Value], work: Work) -> Value:
        (value,) = arguments
        if not isinstance(value, list):
            return compute(_single(value))
        computed = []
        for line in value:
            computed.append(compute(line))
            await work.pace.rest()
        return computed

    return function


def _for_each_value(compute: Callable[[float], float]) -> Function:
    """A function of a number, for a scalar, or every point of a time series or of an array of them."""

    def over(line: Line) -> Line:
        return _line(line, ((at, _computed(compute, value)) for at, value in line.points.items()))

    async def function(arguments: Sequence[Value], work: Work) -> Value:
        (value,) = arguments
        return _computed(compute, value) if isinstance(value, float) else await _for_each(over)([value], work)

    return function


def _aggregate(compute: Callable[[Sequence[float]], float]) -> Function:
    """Of a time series a scalar; of an array a time series, at each time of those that have a point there."""

    async def function(arguments: Sequence[Value], work: Work) -> Value:
        (value,) = arguments
        if not isinstance(value, list):
            return _computed_of(compute, list(_single(value).points.values()))
        columns: dict[int, list[float]] = {}
        for line in value:
            for at, point in line.points.items():
                columns.setdefault(at, []).append(point)
            await work.pace.rest()
        points = []
        for at in sorted(columns):
            points.append((at, _computed_of(compute, columns[at])))
            await work.pace.rest()
        return _line(Line({}, max((line.period for line in value), default=60)), points)

    return function


def _computed_of(compute: Callable[[Sequence[float]], float], values: Sequence[float]) -> float:
    return float(compute(values)) if values else math.nan


def _steps(compute: Callable[[tuple[int, float], tuple[int, float]], float]) -> Callable[[Line], Line]:
    """From each point to the next one. The first has none before it, and so no result."""
    return lambda line: _line(line, ((two[0], compute(one, two)) for one, two in pairwise(line.points.items())))


def _running_sum(line: Line) -> Line:
    return replace(line, points=dict(zip(line.points, accumulate(line.points.values()), strict=True)))


async def _period(arguments: Sequence[Value], _work: Work) -> Value:
    return float(_single(arguments[0]).period)


async def _fill(arguments: Sequence[Value], work: Work) -> Value:
    value, filling = arguments
    if isinstance(value, list):
        return [_single(await _fill([line, filling], work)) for line in value]
    await work.pace.rest()
    line, window = _single(value), work.window
    points = dict(line.points)
    if filling in ("REPEAT", "LINEAR"):
        for (begin, one), (end, two) in pairwise([*line.points.items(), (window.grid(line.period).stop, math.nan)]):
            for at in range(begin + _step(line), end, _step(line)):
                points[at] = one if filling == "REPEAT" else one + (two - one) * (at - begin) / (end - begin)
    else:
        number = _scalar(filling)
        points = dict.fromkeys(window.grid(line.period), number) | points
    return _line(line, sorted(points.items()))


def _step(line: Line) -> int:
    return max(line.period, 60)


async def _if(arguments: Sequence[Value], _work: Work) -> Value:
    condition, yes, *otherwise = arguments
    no = otherwise[0] if otherwise else math.nan
    if isinstance(condition, list):
        raise BadExpression("has an array as the condition of an IF")
    if isinstance(condition, float):
        return yes if condition else no
    points = {}
    for at, holds in _single(condition).points.items():
        chosen = yes if holds else no
        value = chosen.points.get(at, math.nan) if isinstance(chosen, Line) else _scalar(chosen)
        points[at] = value
    return _line(_single(condition), points.items())


async def _time_series(arguments: Sequence[Value], work: Work) -> Value:
    number = _scalar(arguments[0])
    return _line(Line({}, 60), ((at, number) for at in work.window.grid(60)))


async def _slice(arguments: Sequence[Value], _work: Work) -> Value:
    lines, first, *last = arguments
    return _array(lines)[slice(int(_scalar(first)), *(int(_scalar(end)) for end in last))]


async def _metric_count(arguments: Sequence[Value], _work: Work) -> Value:
    return float(len(_array(arguments[0])))


async def _remove_empty(arguments: Sequence[Value], _work: Work) -> Value:
    return [line for line in _array(arguments[0]) if line.points]


def _nth(index: int) -> Function:
    async def function(arguments: Sequence[Value], _work: Work) -> Value:
        lines = _array(arguments[0])
        return lines[index] if lines else Line({}, 60)

    return function


FUNCTIONS: Mapping[str, tuple[Function, int, int]] = {
    "ABS": (_for_each_value(abs), 1, 1),
    "AVG": (_aggregate(statistics.fmean), 1, 1),
    "CEIL": (_for_each_value(math.ceil), 1, 1),
    "DIFF": (_for_each(_steps(lambda one, two: two[1] - one[1])), 1, 1),
    "DIFF_TIME": (_for_each(_steps(lambda one, two: float(two[0] - one[0]))), 1, 1),
    "FILL": (_fill, 2, 2),
    "FIRST": (_nth(0), 1, 1),
    "FLOOR": (_for_each_value(math.floor), 1, 1),
    "IF": (_if, 2, 3),
    "LAST": (_nth(-1), 1, 1),
    "LOG": (_for_each_value(math.log), 1, 1),
    "LOG10": (_for_each_value(math.log10), 1, 1),
    "MAX": (_aggregate(max), 1, 1),
    "METRIC_COUNT": (_metric_count, 1, 1),
    "MIN": (_aggregate(min), 1, 1),
    "PERIOD": (_period, 1, 1),
    "RATE": (_for_each(_steps(lambda one, two: (two[1] - one[1]) / (two[0] - one[0]))), 1, 1),
    "REMOVE_EMPTY": (_remove_empty, 1, 1),
    "RUNNING_SUM": (_for_each(_running_sum), 1, 1),
    "SLICE": (_slice, 2, 3),
    "STDDEV": (_aggregate(statistics.pstdev), 1, 1),
    "SUM": (_aggregate(math.fsum), 1, 1),
    "TIME_SERIES": (_time_series, 1, 1),
}
"""Functions by name, with the fewest and the most arguments they take. METRICS and SEARCH are metric_math's."""
