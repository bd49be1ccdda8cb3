#!/usr/bin/env python3
"""Time `docgate check --staged` beside git's own list of staged files.

Makes a scratch repository of N Python files, changes and stages five of them, and runs both commands in turns.
Prints minimum, median and maximum of the wall time in milliseconds, and the ratio of the medians.

Usage: staged.py BINARY [FILES] [RUNS]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FUNCTION = '''
def function_{index}(path, limit={index}):
    """List what lies below a path.

    Args:
        path: Where to begin.
        limit: How many to give.

    Returns:
        The names, in order.
    """
    found = []
    for name in sorted(path):
        if name:
            found.append(name)
    return found[:limit]

'''


def run(root, *command, check=True):
    """Run a command in the repository and give back its wall time in milliseconds."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    begin = time.perf_counter()
    subprocess.run(command, cwd=root, env=environment, check=check, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begin) * 1000


def prepare(root, count):
    """Make the repository with its staged change."""
    run(root, "git", "init", "--quiet")
    for index in range(count):
        folder = root / f"package_{index % 60}" / f"part_{index % 7}"
        folder.mkdir(parents=True, exist_ok=True)
        body = "".join(FUNCTION.format(index=number) for number in range(12))
        (folder / f"module_{index}.py").write_text(f'"""Module {index}."""\n{body}')
    run(root, "git", "add", ".")
    run(root, "git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "base")
    for path in sorted(root.glob("package_*/part_*/module_*.py"))[:5]:
        path.write_text(path.read_text().replace("limit=3)", "limit=4)"))
    run(root, "git", "add", ".")


def describe(name, times):
    """Print one row."""
    row = [min(times), statistics.median(times), max(times)]
    print(f"{name:<34} {row[0]:7.1f} {row[1]:7.1f} {row[2]:7.1f}")
    return row[1]


def main():
    """Measure and print."""
    binary = Path(sys.argv[1]).resolve()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 40
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        prepare(root, count)
        commands = {
            "git diff --cached --name-only": ("git", "diff", "--cached", "--name-only"),
            "docgate check --staged": (str(binary), "check", "--staged"),
            "docgate --version": (str(binary), "--version"),
        }
        times = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                times[name].append(run(root, *command))
        print(f"{count} files, 5 staged, {runs} runs; ms: minimum, median, maximum")
        git, docgate, _ = [describe(name, taken) for name, taken in times.items()]
        print(f"docgate takes {docgate - git:.1f} ms more than git, {docgate / git:.1f} times as long")


if __name__ == "__main__":
    main()
