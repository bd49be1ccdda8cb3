"""Tide tables: high and low waters, and the depth they leave under a keel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

TWELFTHS = (1, 2, 3, 3, 2, 1)


@dataclass(frozen=True)
class Tide:
    """A single high or low water.

    Attributes:
        moment: When the water stands, in harbour time.
        height: Metres above chart datum.
        high: Whether this is a high water.
    """

    moment: datetime
    height: float
    high: bool = True

    @property
    def in_feet(self) -> float:
        """The height in feet above chart datum."""
        return feet(self.height)


class TideTable:
    """The tides of one station, in order of time."""

    def __init__(self, station: str, tides: Iterable[Tide]) -> None:
        self.station = station
        self._tides = sorted(tides, key=lambda tide: tide.moment)

    def __len__(self) -> int:
        return len(self._tides)

    def high_waters(self) -> Iterator[Tide]:
        """Walk through the high waters.

        Yields:
            The next high water of the table.
        """
        yield from (tide for tide in self._tides if tide.high)

    def between(self, start: datetime, end: datetime, /) -> list[Tide]:
        """Pick the tides of a stretch of time.

        Args:
            start: First moment that counts.
            end: First moment that no longer counts.

        Returns:
            The tides from start up to, but not including, end.

        Raises:
            ValueError: If end lies before start.
        """
        if end < start:
            raise ValueError("the stretch ends before it starts")
        return [tide for tide in self._tides if start <= tide.moment < end]

    @staticmethod
    def twelfths(low: float, high: float) -> list[float]:
        """Estimate the heights of a rising tide by the rule of twelfths.

        Args:
            low: Height of the low water, in metres.
            high: Height of the high water that follows, in metres.

        Returns:
            The height after each of the six hours.
        """
        step = (high - low) / sum(TWELFTHS)
        return [low + step * sum(TWELFTHS[:hour]) for hour in range(1, 7)]


def next_high_tide(table: TideTable, after: datetime, *, days: int = 2) -> Tide | None:
    soon = table.between(after, after + timedelta(days=days))
    return next((tide for tide in soon if tide.high), None)


def under_keel(charted: float, tide: Tide, draught: float) -> float:
    """Work out how much water is left under the keel.

    Args:
        charted: Depth printed on the chart, in metres.
        tide: The water that stands on top of it.
        draught: How deep the ship lies, in metres.
        squat: How much deeper she lies under way, in metres.

    Returns:
        Metres of clear water, negative when the ship is aground.
    """
    return charted + tide.height - draught


def feet(metres: float) -> float: return metres / 0.3048


def tidal_range(tides: Iterable[Tide]) -> float:
    """Measure how far the highest water stands above the lowest.

    Args:
        tides: The waters to compare, in any order.

    Returns:
        The difference in metres.

    Raises:
        ValueError: If there are no tides.
    """
    heights = [tide.height for tide in tides]
    if not heights:
        raise ValueError("no tides, no range")
    # half done, not staged
    mean = sum(heights) / len(heights)
    spread = ...
    return max(heights) - min(heights)
