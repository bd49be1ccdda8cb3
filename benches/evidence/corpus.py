"""Evidence that docgate reads and edits Python as CPython does, over a corpus of real code.

    corpus.py fetch         the tools and the corpus; the only step that needs a network
    corpus.py definitions   definitions, lines and docstrings are those of CPython's `ast`
    corpus.py edits         hostile docstrings everywhere: the code is the same, and each reads as it was meant
    corpus.py formatters    what black and ruff do to a file touches no definition
    corpus.py mutations     every change of meaning touches the definition that it is in, and no other
    corpus.py all           the four judgements; writes docs/evidence/python.md

Each prints its figures and exits with 1 when its bar is missed. ``--part WORD`` takes the parts of the corpus whose
name has the word, ``--every N`` each Nth file. Needs the test tool: cargo build --release --example facts.
"""

import argparse
import datetime
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import formatting
import gather
import mutants
from oracle import Facts, Place, code, definitions, docstring, place_of, tree_of
from result import Result, shown

# Files on which the grammar errs although CPython reads them, in ten thousand files.
MOST_GAPS = 5
GAPS = "files in which the grammar errs although CPython parses them"
# Two texts for each definition.
SEEDS = [1, 2]


def judge_definitions(files, facts):
    """Hold the definitions of every file against CPython's."""
    result = Result("Definitions")
    for path, found in zip(files, facts.describe(files)):
        source = path.read_bytes()
        tree = tree_of(source)
        if tree is None:
            result.figures["files that CPython cannot parse"] += 1
            continue
        result.figures["files"] += 1
        if "skipped" in found:
            result.note(f"skipped: {found['skipped']}", shown(path))
            continue
        if found["errors"]:
            result.note(GAPS, f"{shown(path)}:{found['errors'][0]}")
            continue
        expected = [(place_of(node), docstring(node)) for node in definitions(tree)]
        given = []
        for row in found["definitions"]:
            text = row["docstring"] if row["exact"] else None
            given.append((place_in(row, source), text))
        for index, row in enumerate(found["definitions"]):
            if not row["exact"] and index < len(expected):
                result.note("docstrings whose value is not known exactly", f"{shown(path)}:{row['line']}")
                expected[index] = (expected[index][0], None)
        result.figures["definitions"] += len(expected)
        result.figures["docstrings"] += sum(text is not None for _, text in expected)
        if given != expected:
            differing = [pair for pair in zip(given, expected) if pair[0] != pair[1]]
            where = differing[0] if differing else f"{len(given)} instead of {len(expected)} definitions"
            result.wrong.append(f"{shown(path)}: {where}")
    gaps = len(result.notes.get(GAPS, []))
    if gaps * 10_000 > MOST_GAPS * max(result.figures["files"], 10_000):
        result.wrong.append(f"{gaps} grammar gaps are more than {MOST_GAPS} in 10,000 files")
    return result


def place_in(row, source):
    """Return the place of a definition that docgate found."""
    # CPython does not count the byte order mark.
    mark = 3 if row["line"] == 1 and source.startswith(b"\xef\xbb\xbf") else 0
    return Place(row["line"], row["column"] - mark, row["kind"], row["name"])


def judge_edits(files, facts):
    """Write hostile text into every definition, and let CPython read the result."""
    result = Result("Edits")
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            for path, answer in zip(files, facts.edit(folder, seed, files)):
                judge_edited(path, answer, result)
    return result


def judge_edited(path, answer, result):
    """Hold one edited copy against the original."""
    before = tree_of(path.read_bytes())
    if before is None:
        return
    if "skipped" in answer:
        result.note(f"skipped: {answer['skipped']}", shown(path))
        return
    result.figures["files"] += 1
    result.figures["edits"] += answer["edits"]
    for _, reason in answer["left"]:
        result.note(f"definitions left alone: {reason}", shown(path))
    for name, reason in answer["dropped"]:
        if answer["errors"]:
            result.note(f"edits dropped in files in which the grammar errs: {reason}", shown(path))
            continue
        result.wrong.append(f"{shown(path)}: the edit of {name or 'the module'} was dropped: {reason}")
    edited = Path(answer["edited"])
    after = tree_of(edited.read_bytes())
    edited.unlink()
    if after is None:
        result.wrong.append(f"{shown(path)}: CPython cannot parse the edited file")
        return
    if not answer["errors"]:
        texts = [(docstring(old), docstring(new)) for old, new in zip(definitions(before), definitions(after))]
        meant = [row["meant"] for row in answer["definitions"]]
        if len(texts) != len(meant):
            result.wrong.append(f"{shown(path)}: {len(texts)} definitions instead of {len(meant)}")
        for row, (old, new), text in zip(answer["definitions"], texts, meant):
            if new != (old if text is None else text):
                result.wrong.append(f"{shown(path)}:{row['line']}: reads {new!r}, meant was {text!r}")
    if code(before) != code(after):
        result.wrong.append(f"{shown(path)}: the code differs")


def report(results, files, command):
    """Write what was found to the page that is kept."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=gather.ROOT)
    page = gather.ROOT / "docs" / "evidence" / "python.md"
    page.parent.mkdir(exist_ok=True)
    parts = ", ".join(f"{name} ({len(paths):,} files)" for name, paths in files.items())
    lines = [
        "# Evidence: Python read and edited as CPython does",
        "",
        f"`{command}`, {datetime.date.today()}, commit {commit.stdout.strip()}, CPython {platform.python_version()},",
        f"{', '.join(gather.TOOLS)}. What is judged, and how: `benches/evidence/corpus.py`.",
        "",
        f"The corpus: {parts}.",
        "",
    ]
    for result in results:
        lines.extend(result.lines())
    page.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


JUDGES = {
    "definitions": judge_definitions,
    "edits": judge_edits,
    "formatters": formatting.judge,
    "mutations": mutants.judge,
}


def main():
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["fetch", *JUDGES, "all"])
    parser.add_argument("--part", default="", metavar="WORD")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--facts", type=Path, default=gather.ROOT / "target" / "release" / "examples" / "facts")
    arguments = parser.parse_args()
    if arguments.step == "fetch":
        return gather.fetch()
    parts = {name: paths[:: arguments.every] for name, paths in gather.corpora().items() if arguments.part in name}
    files = [path for paths in parts.values() for path in paths]
    results = []
    for step in JUDGES if arguments.step == "all" else [arguments.step]:
        began = time.monotonic()
        result = JUDGES[step](files, Facts(arguments.facts))
        print("\n".join(result.lines()))
        print(f"({time.monotonic() - began:.0f} s)\n", flush=True)
        results.append(result)
    if arguments.step == "all" and not arguments.part and arguments.every == 1:
        report(results, parts, "just evidence")
    return any(result.wrong for result in results)


if __name__ == "__main__":
    sys.exit(main())
