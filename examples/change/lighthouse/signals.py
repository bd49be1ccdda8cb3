"""Light characteristics as a chart abbreviates them, such as ``Fl(3) W 15s``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import overload

_PRINTED = re.compile(r"(Fl|Oc|Iso)(?:\((\d+)\))? ([WRG]) (\d+)s")
_CODES = {"a": ".-", "e": ".", "i": "..", "n": "-.", "o": "---", "s": "...", "t": "-"}


class SignalError(ValueError):
    """A signal that nobody could send or read."""


@dataclass(frozen=True)
class Characteristic:
    """The rhythm by which a light is told from its neighbours.

    Attributes:
        kind: Class of the light, such as Fl for flashing.
        count: Flashes in one period.
        colour: One of W, R and G.
        period: Seconds until the rhythm starts again.
    """

    kind: str
    count: int
    colour: str
    period: int


def parse(text: str, /) -> Characteristic:
    """Read a characteristic.

    Args:
        text: The abbreviation as printed on the chart.

    Returns:
        The rhythm it stands for.

    Raises:
        SignalError: If no chart would print the text.
    """
    found = _PRINTED.fullmatch(text.strip())
    if found is None:
        raise SignalError(f"not a light characteristic: {text!r}")
    kind, count, colour, period = found.groups()
    return Characteristic(kind, int(count or 1), colour, int(period))


@overload
def period_of(light: None) -> None: ...
@overload
def period_of(light: str | Characteristic) -> int: ...
def period_of(light: str | Characteristic | None) -> int | None:
    """Look up the period of a light.

    Args:
        light: A characteristic, its abbreviation, or None for a dark tower.

    Returns:
        Seconds until the rhythm starts again, or None for a dark tower.

    Raises:
        SignalError: If the abbreviation cannot be read.
    """
    if light is None:
        return None
    return (parse(light) if isinstance(light, str) else light).period


def describe(light: Characteristic) -> str:
    """Spell a characteristic out for the pilot book.

    Args:
        abbreviation: The characteristic as printed on the chart.

    Returns:
        A phrase such as "3 flashes every 15 seconds".
    """
    noun = "flashes" if is_group(light) else "flash"
    return f"{light.count} {noun} every {light.period} seconds"


def flash_times(light: Characteristic, periods: int) -> Iterator[float]:
    """Count out the moments at which a light flashes.

    Args:
        light: The rhythm to follow.
        cycles: How many times to go through it.

    Yields:
        Seconds since the first flash.
    """
    for period in range(periods):
        for flash in range(light.count):
            yield period * light.period + flash * 2.0


def is_group(light: Characteristic) -> bool:
    return light.count > 1


def morse(
    word: str,
    *,
    gap: str = ' ',
) -> str:
    """Turn a word into the dots and dashes of a Morse light.

    Args:
        word: The letters to send, in either case.
        gap: What stands between two letters.

    Returns:
        The code, letter by letter.

    Raises:
        SignalError: If a letter has no code.
    """
    unknown = [
        letter
        for letter in word.lower()
        if (letter not in _CODES)
    ]
    if unknown:
        raise SignalError('no code for ' + ', '.join(unknown))
    return (gap.join(_CODES[letter] for letter in word.lower()))  # one letter at a time


def horizon(height: float) -> float:
    """Find how far away the horizon lies.

    Args:
        height: Metres from the water up to the eye.

    Returns:
        The distance in nautical miles.
    """
    return 2.08 * math.sqrt(height)
