"""Wind and fog as the keeper reports them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_LIMITS = (1, 4, 7, 11, 17, 22, 28, 34, 41, 48, 56, 64)


class Wind(NamedTuple):
    """A wind: where it comes from, in degrees, and its speed in knots."""

    bearing: float
    knots: float

    def reversed(self) -> Wind:
        """Turn the wind around.

        Returns:
            A wind of the same speed from the opposite bearing.

        Raises:
            ValueError: If the bearing is off the compass rose.
        """
        return self._replace(bearing=(_on_the_rose(self.bearing) + 180) % 360)


def beaufort(wind: Wind) -> int:
    """Grade a wind on the Beaufort scale."""
    return sum(wind.knots >= limit for limit in _LIMITS)


def gales(winds: dict[str, Wind], /, *, force: int = 8) -> Iterator[str]:
    """Name the stations that must hoist a gale warning.

    Args:
        winds: The wind at each station, by the station's name.
        force: Weakest wind on the Beaufort scale that counts as a gale.

    Yields:
        The name of the next station in a gale.
    """
    for station, wind in winds.items():
        if beaufort(wind) >= force:
            yield station


def _on_the_rose(bearing: float) -> float:
    if not 0 <= bearing < 360:
        raise ValueError(f"{bearing} is not on the compass rose")
    return bearing
