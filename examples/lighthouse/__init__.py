"""Keep a light burning: tides, signals, the lamp and the book that is kept about them."""

from .lamp import Lamp, LampError, Switch, burning_hours, relight
from .logbook import Entry, Logbook, logged
from .signals import Characteristic, SignalError, parse
from .tides import Tide, TideTable, under_keel
from .weather import Wind, beaufort

__all__ = [
    "Characteristic",
    "Entry",
    "Lamp",
    "LampError",
    "Logbook",
    "SignalError",
    "Switch",
    "Tide",
    "TideTable",
    "Wind",
    "beaufort",
    "burning_hours",
    "logged",
    "parse",
    "relight",
    "under_keel",
]
