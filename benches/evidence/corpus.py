"""Evidence that docgate reads and edits Python as CPython does, over a corpus of real code.

    corpus.py fetch         the tools and the corpus; the only step that needs a network
    corpus.py definitions   definitions, lines and docstrings are those of CPython's `ast`
    corpus.py edits         hostile docstrings everywhere: the code is the same, and each reads as it was meant
    corpus.py formatters    what black and ruff do to a file touches no definition
    corpus.py mutations     every change of meaning touches the definition that it is in, and no other
    corpus.py all           the four judgements; writes docs/evidence/python.md

Each prints its figures and exits with 1 when its bar is missed. Needs the test tool: cargo build --release
--example facts.
"""

import argparse
import datetime
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import definitions
import edits
import formatting
import gather
import mutants
from oracle import Facts
from result import spread

JUDGES = {
    "definitions": definitions,
    "edits": edits,
    "formatters": formatting,
    "mutations": mutants,
}


def main():
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["fetch", *JUDGES, "all"])
    parser.add_argument("--library", action="store_true", help="take nothing but Python's own library")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take each Nth file")
    parser.add_argument("--rounds", type=int, default=2, metavar="N", help="edit everything N times")
    parser.add_argument("--facts", type=Path, default=gather.ROOT / "target" / "release" / "examples" / "facts")
    arguments = parser.parse_args()
    if arguments.step == "fetch":
        return gather.fetch()
    parts = gather.library() if arguments.library else gather.library() | gather.releases()
    files = [path for paths in parts.values() for path in paths[:: arguments.every]]
    steps = list(JUDGES) if arguments.step == "all" else [arguments.step]
    page = []
    missed = False
    for step in steps:
        began = time.monotonic()
        result = spread(JUDGES[step].judge, files, Facts(arguments.facts, arguments.rounds))
        JUDGES[step].conclude(result)
        lines = [f"## {step.capitalize()}", "", JUDGES[step].__doc__.strip(), "", *result.lines(), ""]
        print("\n".join(lines))
        print(f"({time.monotonic() - began:.0f} s)\n", flush=True)
        page.extend(lines)
        missed |= bool(result.wrong)
    if arguments.step == "all" and not arguments.library and arguments.every == 1:
        write(page, parts)
    return missed


def write(lines, parts):
    """Write what was found to the page that is kept."""
    asked = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.run(asked, check=True, capture_output=True, text=True, cwd=gather.ROOT).stdout.strip()
    page = gather.ROOT / "docs" / "evidence" / "python.md"
    page.parent.mkdir(exist_ok=True)
    corpus = ", ".join(f"{name} ({len(paths):,} files)" for name, paths in parts.items())
    head = [
        "# Evidence: Python is read and edited as CPython does",
        "",
        f"`just evidence`, {datetime.date.today()}, commit {commit}, CPython {platform.python_version()}.",
        f"Judges beside CPython: {', '.join(tool for tool in gather.TOOLS if 'unearth' not in tool)}.",
        "What is judged and how is told in `benches/evidence/`.",
        "",
        f"The corpus: {corpus}.",
        "",
    ]
    page.write_text("\n".join([*head, *lines]).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    # Copies of the corpus are written and deleted again; what keeps them in memory is faster.
    tempfile.tempdir = "/dev/shm" if Path("/dev/shm").is_dir() else None
    sys.exit(main())
