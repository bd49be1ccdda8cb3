"""The keeper's book: who did what in the tower, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Entry:
    """One line of the book."""

    moment: datetime
    text: str
    facts: dict[str, str] = field(default_factory=dict)


class Logbook:
    """The entries of one watch, oldest first."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def note(self, moment: datetime, *words: str, **facts: object) -> Entry:
        """Write a line into the book.

        Args:
            moment: When it happened.
            *words: What happened, joined by blanks.
            **facts: Readings that belong to it, such as the barometer.

        Returns:
            The entry, already part of the book.

        Raises:
            ValueError: If nothing happened.
        """
        if not words:
            raise ValueError("an entry needs words")
        entry = Entry(moment, " ".join(words), {name: str(fact) for name, fact in facts.items()})
        self.entries.append(entry)
        return entry

    def _last(self) -> Entry | None: return self.entries[-1] if self.entries else None


def logged(book: Logbook, clock: Callable[[], datetime]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a decorator that notes each call of a function.

    Args:
        book: Where the calls are noted.
        clock: What tells the time of a call.

    Returns:
        The decorator.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def noted(*args: P.args, **kwargs: P.kwargs) -> R:
            book.note(clock(), "called", function.__name__)
            return function(*args, **kwargs)

        return noted

    return decorate
