"""Log events, and the one order that they have."""

from __future__ import annotations

from typing import NamedTuple

_BELOW = 144
"""Bits of an event id below its timestamp, as in AWS's ids; the sequence number stands in the lowest."""


class Key(NamedTuple):
    """Where an event stands: by timestamp (ms), and within a millisecond in the order in which events came in."""

    timestamp: int
    sequence: int

    @property
    def number(self) -> int:
        """A number that grows in this order: an event id, as it is written in tokens."""
        return self.timestamp << _BELOW | self.sequence

    @classmethod
    def of(cls, number: int) -> Key:
        """The key that has this number."""
        return cls(number >> _BELOW, number & ((1 << _BELOW) - 1))


class Event(NamedTuple):
    """A log event, as it is read from the store."""

    timestamp: int
    sequence: int
    """Counts the events of the whole store, from 1."""
    ingestion: int
    stream: str
    message: str

    @property
    def key(self) -> Key:
        return Key(self.timestamp, self.sequence)

    @property
    def id(self) -> str:
        """56 digits, the same whenever and however it is asked for."""
        return f"{self.key.number:056d}"
