"""How long docgate, ruff and pydoclint take over Django, written into docs/performance.md between its two marks.

    checkers.py [DOCGATE]

All of Django, and five of its files given as paths, with all rules on. The three take turns, so that what else the machine
does falls on each alike; what counts is the median, and the ratio to it. Needs `corpus.py fetch`, and pydoclint beside
the tools: `just evidence-checkers` sees to both.
"""

import datetime
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import gather
from speed import processor, put

RELEASE = next(release for release in gather.RELEASES if release.startswith("django"))
FILES = [
    "django/contrib/auth/models.py",
    "django/db/models/query.py",
    "django/http/request.py",
    "django/template/library.py",
    "django/utils/http.py",
]
ALL_RULES = ["--select", "D,DOC", "--preview", "--no-cache"]
ROUNDS = {"whole": 5, "five": 40}


def commands(docgate):
    """Return how each checker is called, without its paths."""
    return {
        "docgate": [docgate, "check", "--select", "ALL", "--exit-zero", "--quiet"],
        "ruff": [gather.tool("ruff"), "check", "--isolated", "--exit-zero", "--quiet", *ALL_RULES],
        "pydoclint": [gather.tool("pydoclint"), "--quiet", "--style=sphinx"],
    }


def main():
    """Measure, print, and put the table into its place."""
    built = Path(sys.argv[1]) if len(sys.argv) > 1 else gather.ROOT / "target" / "release" / "docgate"
    docgate = built.resolve()
    folder = gather.PLACE / "sources" / RELEASE
    lines = [
        f"{RELEASE.replace('==', ' ')}, all rules: `docgate check --select ALL`, `ruff check {' '.join(ALL_RULES)}`, `pydoclint`. "
        f"Whole: {len(gather.python_files(folder)):,} files. Five: {', '.join(f'`{name}`' for name in FILES)}.",
        "",
        "| what | checker | median, ms | fastest, ms | of ruff's | memory, MB |",
        "|---|---|---:|---:|---:|---:|",
    ]
    ratio = 0.0
    for what, paths in (("whole", ["."]), ("five", FILES)):
        found = {name: [] for name in commands(docgate)}
        for _ in range(ROUNDS[what]):
            for name, command in commands(docgate).items():
                found[name].append(timed([*command, *paths], folder))
        medians = {name: statistics.median(seconds for seconds, _ in runs) for name, runs in found.items()}
        for name, runs in found.items():
            fastest = min(seconds for seconds, _ in runs)
            memory = max(memory for _, memory in runs)
            of_ruff = medians[name] / medians["ruff"]
            lines.append(
                f"| {what} | {name} | {medians[name] * 1e3:,.0f} | {fastest * 1e3:,.0f} | {of_ruff:.2f} | {memory / 1e3:,.0f} |"
            )
        ratio = medians["docgate"] / medians["ruff"]
    versions = ", ".join(tool for tool in [*gather.TOOLS, "pydoclint==0.12.0"] if "ruff" in tool or "pydoclint" in tool)
    lines += ["", f"Measured on {datetime.date.today()} with {versions} on {processor()}, {os.cpu_count()} processors."]
    table = "\n".join(lines)
    print(table)
    put(table, "checkers")
    return ratio > 1.5


def timed(command, folder):
    """Return how many seconds a command takes, and the most memory it has, in kilobytes."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    # pydoclint has no way to say that findings are no failure.
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        sys.exit(f"failed: {command}")
    return seconds, usage.ru_maxrss


if __name__ == "__main__":
    sys.exit(main())
