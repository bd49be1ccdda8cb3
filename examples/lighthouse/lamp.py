"""The lamp in the tower: what switches it, what it shows, who lights it again."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from typing import Protocol

from .signals import Characteristic, flash_times


class Switch(Protocol):
    """Anything that can cut the current of a lamp."""

    def turn(self, on: bool) -> bool:
        """Open or close the circuit.

        Args:
            on: Whether current should flow.

        Returns:
            Whether current flows now.
        """
        ...


class LampError(RuntimeError):
    """A lamp that cannot do what it is told."""


class Lamp:
    """A lamp behind a Fresnel lens.

    Args:
        switch: What cuts its current.
        light: The rhythm it shows.
        height: Metres from high water up to the lens.
    """

    def __init__(self, switch: Switch, light: Characteristic, *, height: float) -> None:
        self.switch = switch
        self.light = light
        self.height = height
        self.level = 1.0
        self.warm = False

    @property
    def reach(self) -> float:
        """Nautical miles at which the lamp dips below the horizon."""
        return horizon(self.height)

    async def warm_up(self, seconds: int = 10) -> None:
        """Heat the filament before it takes the full current.

        Args:
            seconds: How long to heat it. Defaults to 10.
        """
        await asyncio.sleep(seconds)
        self.warm = True

    async def show(self, cycles: int = 1) -> AsyncIterator[float]:
        """Show the rhythm to the sea.

        Args:
            cycles: How many times to go through it.

        Yields:
            Seconds since the first flash, each time the lamp is lit.

        Raises:
            LampError: If the filament is cold.
        """
        if not self.warm:
            raise LampError("the filament is cold")
        shown = 0.0
        for moment in flash_times(self.light, cycles):
            await asyncio.sleep(moment - shown)
            shown = moment
            self.switch.turn(True)
            yield moment
            self.switch.turn(False)


def horizon(height: float) -> float:
    """Find how far away the horizon lies.

    Args:
        height: Metres from the water up to the eye.

    Returns:
        The distance in nautical miles.
    """
    return 2.08 * math.sqrt(height)


def burning_hours(sunset: float, sunrise: float) -> float:
    """Add up the hours for which a lamp burns.

    Args:
        sunset: When the sun goes down, in hours after midnight.
        sunrise: When it comes up again, in hours after midnight.

    Returns:
        How long it burns, in hours.
    """
    return (sunrise - sunset) % 24


async def relight(lamp: Lamp, attempts: int = 3) -> int:
    """Try to bring a dark lamp back.

    Args:
        lamp: The lamp that went out.
        attempts: How often to try before giving up.

    Returns:
        The attempt that succeeded, counted from 1, or 0 when none did.
    """
    for attempt in range(1, attempts + 1):
        await lamp.warm_up()
        if lamp.switch.turn(True):
            return attempt
    return 0
