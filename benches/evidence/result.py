"""The figures of one judgement, and how they are written down."""

import sys
from collections import Counter

import gather


class Result:
    """Figures of one judgement, and what keeps it from its bar."""

    def __init__(self, title):
        self.title = title
        self.figures = Counter()
        self.notes = {}
        self.wrong = []

    def note(self, reason, what):
        """Remember something that is not judged, by the reason."""
        self.notes.setdefault(reason, Counter())[what] += 1

    def lines(self):
        """Return the result as Markdown."""
        yield f"## {self.title}"
        yield ""
        yield from (f"- {name}: {number:,}" for name, number in self.figures.items())
        yield f"- **wrong: {len(self.wrong):,}**"
        for reason, names in self.notes.items():
            yield f"- {reason}: {names.total():,}"
            for name, number in list(names.items())[:40]:
                yield f"    - {name}" + (f" ({number})" if number > 1 else "")
            if len(names) > 40:
                yield f"    - and in {len(names) - 40:,} more places"
        if self.wrong:
            yield ""
            yield from (f"- wrong: {line}" for line in self.wrong[:200])
        yield ""


def shown(path):
    """Return a path as it is written in a report."""
    try:
        return str(path.relative_to(gather.PLACE / "sources"))
    except ValueError:
        return "/".join(["Lib", *path.parts[path.parts.index(f"python3.{sys.version_info[1]}") + 1 :]])
