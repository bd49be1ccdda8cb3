"""The figures of one judgement, how they are put together and written down."""

import multiprocessing
import sys
from collections import Counter

import gather

# So many files are judged by one process at a time.
CHUNK = 64


class Result:
    """Figures of one judgement, and what keeps it from its bar."""

    def __init__(self):
        self.figures = Counter()
        self.notes = {}
        self.wrong = []

    def note(self, reason, what):
        """Remember something that is not judged, by the reason."""
        self.notes.setdefault(reason, Counter())[what] += 1

    def merge(self, other):
        """Take over what another process found."""
        self.figures.update(other.figures)
        for reason, names in other.notes.items():
            self.notes.setdefault(reason, Counter()).update(names)
        self.wrong.extend(other.wrong)

    def lines(self):
        """Return the result as Markdown."""
        yield from (f"- {name}: {number:,}" for name, number in self.figures.items())
        yield f"- **wrong: {len(self.wrong):,}**"
        for reason, names in self.notes.items():
            yield f"- {reason}: {names.total():,}"
            for name, number in list(names.items())[:40]:
                yield f"    - {name}" + (f" ({number})" if number > 1 else "")
            if len(names) > 40:
                yield f"    - and {len(names) - 40:,} more"
        if self.wrong:
            yield ""
            yield from (f"- wrong: {line}" for line in self.wrong[:200])


def spread(judge, files, facts):
    """Judge files with as many processes as there are processors; the order does not depend on them."""
    result = Result()
    chunks = [(judge, files[start : start + CHUNK], facts) for start in range(0, len(files), CHUNK)]
    with multiprocessing.Pool() as pool:
        for part in pool.imap(judge_chunk, chunks):
            result.merge(part)
    return result


def judge_chunk(chunk):
    """Judge some of the files."""
    judge, files, facts = chunk
    result = Result()
    judge(files, facts, result)
    return result


def shown(path):
    """Return a path as it is written in a report."""
    try:
        return str(path.relative_to(gather.PLACE / "sources"))
    except ValueError:
        return "/".join(["Lib", *path.parts[path.parts.index(f"python3.{sys.version_info[1]}") + 1 :]])
