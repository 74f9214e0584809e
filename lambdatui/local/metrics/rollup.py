"""What is kept of the values that a metric had in a minute: how many, their sum and range, and how they are spread."""

from __future__ import annotations

import math
import struct
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

WIDTH = 0.01
"""How much larger the values of a bucket are than those of the one below: percentiles are within 1 % of the truth."""

_STEP = math.log1p(WIDTH)
_LARGEST = math.log(sys.float_info.max)

_ONE = 75_000
"""The bucket of 1.0: the smallest double is 74,813 buckets below it. That of -x is the negative of that of x."""

_SAME, _SETS, _WIDE = 1, 2, 4
"""Flags of a packed rollup: all values alike; a statistic set is in it; its buckets take 12 bytes each and not 4."""

_BEGIN = struct.Struct("=BB")  # minute of the hour, flags
_ALIKE = struct.Struct("=BBdd")  # … count, value
_SPREAD = struct.Struct("=BBddddiI")  # … count, sum, low, high, the lowest bucket, number of buckets


class Weighted(NamedTuple):
    """A value that was seen so many times (CloudWatch takes fractions of a time)."""

    value: float
    times: float


class _Packed(NamedTuple):
    """Buckets as they are packed, in ascending order: each is so many above the lowest."""

    lowest: int
    above: Sequence[int]
    times: Sequence[float]


def bucket_of(value: float) -> int:
    """The bucket that a value belongs to: the larger the value, the larger its number. Zero has one for itself."""
    if value > 0.0:
        return _ONE + math.floor(math.log(value) / _STEP + 0.5)
    if value < 0.0:
        return -bucket_of(-value)
    return 0


def value_of(bucket: int) -> float:
    """A value that stands for those of a bucket: a whole number if one lies in it, so that small counts are exact."""
    if bucket <= 0:
        return -value_of(-bucket) if bucket else 0.0
    middle = math.exp(min((bucket - _ONE) * _STEP, _LARGEST))
    whole = round(middle)
    return float(whole) if whole and bucket_of(whole) == bucket else middle


class Rollup:
    """Some values of a metric, rolled up. `low` and `high` mean nothing while `count` is 0.

    `buckets` are empty as long as all values are alike, and None once a statistic set is among them: it does not tell
    how its values are spread.
    """

    __slots__ = ("_buckets", "_packed", "count", "high", "low", "total")

    def __init__(self) -> None:
        self.count = 0.0
        self.total = 0.0
        self.low = 0.0
        self.high = 0.0
        self._buckets: dict[int, float] | None = {}
        self._packed: _Packed | None = None

    @property
    def buckets(self) -> dict[int, float] | None:
        """How many values each bucket has."""
        if self._packed is not None:
            lowest, keys, times = self._packed
            self._buckets = dict(zip(map(lowest.__add__, keys), map(float, times), strict=True))
            self._packed = None
        return self._buckets

    @buckets.setter
    def buckets(self, buckets: dict[int, float] | None) -> None:
        self._buckets, self._packed = buckets, None

    def hold(self, packed: _Packed) -> None:
        """Have these buckets instead."""
        self._packed = packed

    def add(self, value: float, times: float = 1.0) -> int:
        """Count a value in, so many times; how many buckets more there are now."""
        if self.count == 0.0:
            self.low = self.high = value
        elif not value == self.low == self.high:
            return self._spread(value, times)
        self.count += times
        self.total += value * times
        return 0

    def _spread(self, value: float, times: float) -> int:
        grown = 0
        if self.buckets is not None:
            before = len(self.buckets)
            if not before:
                self.buckets[bucket_of(self.low)] = self.count
            bucket = bucket_of(value)
            self.buckets[bucket] = self.buckets.get(bucket, 0.0) + times
            grown = len(self.buckets) - before
        self.count += times
        self.total += value * times
        if value < self.low:
            self.low = value
        elif value > self.high:
            self.high = value
        return grown

    def merge(self, other: Rollup) -> int:
        """Count in all that `other` has; how many buckets more there are now."""
        if other.count == 0.0:
            return 0
        if other.low == other.high and other.buckets is not None:
            return self.add(other.low, other.count)
        before = len(self.buckets or ())
        if other.buckets is None:
            self.buckets = None
        elif self.buckets is not None:
            if self.count and not self.buckets:
                self.buckets[bucket_of(self.low)] = self.count
            for bucket, times in other.buckets.items():
                self.buckets[bucket] = self.buckets.get(bucket, 0.0) + times
        self.low = min(self.low, other.low) if self.count else other.low
        self.high = max(self.high, other.high) if self.count else other.high
        self.count += other.count
        self.total += other.total
        return len(self.buckets or ()) - before

    def spread(self) -> list[Weighted] | None:
        """The values in ascending order, each within 1 % of what it was; None if they are not known."""
        if self.buckets is None:
            return None
        if not self.buckets:
            return [Weighted(self.low, self.count)]
        low, high = self.low, self.high
        return [Weighted(min(max(value_of(key), low), high), times) for key, times in sorted(self.buckets.items())]

    def percentile(self, percent: float) -> float | None:
        """The value below which so many percent of the values lie, between two of them linearly interpolated.

        None if the values are not known.
        """
        if self._packed is not None:  # most are asked for one percentile, once: no dictionary is made for that
            lowest, keys, times = self._packed
        elif not self._buckets:
            return self.low if self._buckets is not None else None
        else:
            lowest, keys = 0, sorted(self._buckets)
            times = list(map(self._buckets.__getitem__, keys))
        upto = list(accumulate(times))
        rank = percent / 100.0 * max(self.count - 1.0, 0.0)
        whole = math.floor(rank)
        below = self._at(whole, lowest, keys, upto)
        return below + (rank - whole) * (self._at(whole + 1, lowest, keys, upto) - below) if rank > whole else below

    def _at(self, index: int, lowest: int, keys: Sequence[int], upto: Sequence[float]) -> float:
        """The value at this place, from 0, of all of them in ascending order."""
        if index <= 0:
            return self.low
        if index >= self.count - 1:
            return self.high
        # Counts that are fractions may add up to a little less than their sum.
        bucket = lowest + keys[min(bisect_right(upto, index), len(keys) - 1)]
        return min(max(value_of(bucket), self.low), self.high)


def statistic_set(count: float, total: float, low: float, high: float) -> Rollup:
    """A rollup of values of which only this is known. Values that must all be alike keep their percentiles.

    API_StatisticSet; https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Percentiles
    """
    rollup = Rollup()
    if low == high and math.isclose(total, low * count):
        rollup.add(low, count)
    else:
        rollup.count, rollup.total, rollup.low, rollup.high, rollup.buckets = count, total, low, high, None
    return rollup


def pack(minute: int, rollup: Rollup) -> bytes:
    """A rollup as bytes; `minute` is that of the hour, 0–59."""
    if rollup.low == rollup.high and rollup.buckets is not None:
        return _ALIKE.pack(minute, _SAME, rollup.count, rollup.low)
    if rollup.buckets is None:
        return _SPREAD.pack(minute, _SETS, rollup.count, rollup.total, rollup.low, rollup.high, 0, 0)
    keys = sorted(rollup.buckets)
    times = [rollup.buckets[key] for key in keys]
    lowest = keys[0]
    narrow = keys[-1] - lowest < 1 << 16 and all(count < 1 << 16 and count.is_integer() for count in times)
    flags = 0 if narrow else _WIDE
    begin = _SPREAD.pack(minute, flags, rollup.count, rollup.total, rollup.low, rollup.high, lowest, len(keys))
    if narrow:
        return begin + array("H", [key - lowest for key in keys]).tobytes() + array("H", map(int, times)).tobytes()
    return begin + array("i", [key - lowest for key in keys]).tobytes() + array("d", times).tobytes()


def unpack(chunk: bytes, *, spread: bool = True) -> Iterator[tuple[int, Rollup]]:
    """The minutes of the hour and the rollups that were packed one after another.

    Without `spread` they have no buckets, and are not to be asked for percentiles: that takes a fraction of the time.
    """
    at = 0
    while at < len(chunk):
        minute, flags = _BEGIN.unpack_from(chunk, at)
        rollup = Rollup()
        if flags & _SAME:
            _, _, rollup.count, rollup.low = _ALIKE.unpack_from(chunk, at)
            rollup.high, rollup.total = rollup.low, rollup.low * rollup.count
        else:
            _, _, rollup.count, rollup.total, rollup.low, rollup.high, lowest, number = _SPREAD.unpack_from(chunk, at)
            if flags & _SETS or not spread:
                rollup.buckets = None
            else:
                rollup.hold(_packed(chunk, at + _SPREAD.size, lowest, number, wide=bool(flags & _WIDE)))
        yield minute, rollup
        at += _length(chunk, at)


def _packed(chunk: bytes, at: int, lowest: int, number: int, *, wide: bool) -> _Packed:
    keys, times = (array("i"), array("d")) if wide else (array("H"), array("H"))
    middle = at + number * keys.itemsize
    keys.frombytes(chunk[at:middle])
    times.frombytes(chunk[middle : middle + number * times.itemsize])
    return _Packed(lowest, keys, times)


def _length(chunk: bytes, at: int) -> int:
    flags = chunk[at + 1]
    if flags & _SAME:
        return _ALIKE.size
    number: int = _SPREAD.unpack_from(chunk, at)[-1]
    return _SPREAD.size + number * (12 if flags & _WIDE else 4)


def taken_out(chunk: bytes, minute: int) -> tuple[Rollup | None, bytes]:
    """The rollup of a minute of the hour, if it is there, and the chunk without it."""
    at = 0
    while at < len(chunk):
        upto = at + _length(chunk, at)
        if chunk[at] == minute:
            ((_, rollup),) = unpack(chunk[at:upto])
            return rollup, chunk[:at] + chunk[upto:]
        at = upto
    return None, chunk
