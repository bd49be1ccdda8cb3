#!/usr/bin/env python3
"""Time the hook's check beside git's own list of staged files, in a small and in a large repository.

    staged.py [DOCGATE] [--files N]... [--runs N] [--no-write]

Makes a scratch repository of N Python files, changes and stages five of them, and runs the commands in turns, as git runs a hook.
Writes minimum, median and maximum of the wall time into docs/performance.md between its two marks.
"""

import argparse
import datetime
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "evidence"))
from speed import processor, put

ROOT = Path(__file__).resolve().parents[1]
# How many milliseconds more than git the hook may take, by the number of files.
BARS = {3_000: 25, 100_000: 40}
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


def run(root, *command):
    """Run a command in the repository and give back its wall time in milliseconds."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    if "hook" in command:
        environment["GIT_INDEX_FILE"] = ".git/index"
    begin = time.perf_counter()
    subprocess.run(command, cwd=root, env=environment, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begin) * 1000


def prepare(root, count):
    """Make the repository with its staged change: 60 folders with 7 below each, every file with twelve functions."""
    run(root, "git", "init", "--quiet")
    body = "".join(FUNCTION.format(index=number) for number in range(12))
    for index in range(count):
        folder = root / f"package_{index % 60}" / f"part_{index % 7}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"module_{index}.py").write_text(f'"""Module {index % 1000}."""\n{body}')
    run(root, "git", "add", ".")
    run(root, "git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "base")
    for path in sorted(root.glob("package_*/part_*/module_*.py"))[:5]:
        path.write_text(path.read_text().replace("limit=3)", "limit=4)"))
    run(root, "git", "add", ".")


def main():
    """Measure, print, and put the table into its place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("docgate", nargs="?", default=ROOT / "target/release/docgate", type=Path)
    parser.add_argument("--files", type=int, action="append")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--no-write", action="store_true")
    arguments = parser.parse_args()
    binary = str(arguments.docgate.resolve())
    commands = {
        "`git diff --cached --name-only`": ("git", "diff", "--cached", "--name-only"),
        "`docgate hook run --mode check`": (binary, "hook", "run", "--mode", "check"),
        "`docgate --version`": (binary, "--version"),
    }
    lines = ["| files | command | minimum | median | maximum | more than git |", "|---:|---|---:|---:|---:|---:|"]
    missed = False
    for count in arguments.files or BARS:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            prepare(root, count)
            times = {name: [] for name in commands}
            for _ in range(arguments.runs):
                for name, command in commands.items():
                    times[name].append(run(root, *command))
        medians = {name: statistics.median(taken) for name, taken in times.items()}
        git = next(iter(medians.values()))
        for name, taken in times.items():
            more = f"{medians[name] - git:.1f}" if "hook" in name else ""
            lines.append(f"| {count:,} | {name} | {min(taken):.1f} | {medians[name]:.1f} | {max(taken):.1f} | {more} |")
            missed |= "hook" in name and medians[name] - git > BARS.get(count, 40)
    lines += [
        "",
        f"Five files staged, {arguments.runs} runs in turns, wall time in milliseconds. "
        f"Measured on {datetime.date.today()} on {processor()}, {os.cpu_count()} processors.",
    ]
    table = "\n".join(lines)
    print(table)
    if not arguments.no_write:
        put(table, "staged")
    return missed


if __name__ == "__main__":
    sys.exit(main())
