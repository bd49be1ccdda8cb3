"""A sample of repairs for people to judge, drawn so that nobody chooses it.

    audit_repairs.py draw DOCGATE NAME      writes docs/audit/repairs-NAME.md
    audit_repairs.py judge NAME VERDICTS    puts verdicts into it, one a line: number, `accept` or `refuse`, reason; tabs
                                            between them

The pool is what `docgate fix --no-model` changes, with its default settings, in copies of the projects of the corpus and of
Python's own library. The seed is the commit that is checked out: at most 5 repairs of each rule, 60 in all. What is drawn
is a docstring with all of its repairs, as a diff.
"""

import ast
import datetime
import difflib
import json
import random
import sys
import sysconfig
from collections import Counter, defaultdict
from pathlib import Path

import audit
import gather
import repair
import wording

EACH, ALL = 5, 60
# Lines of code around a docstring that are shown.
AROUND = 2
WAITS = "Verdict: not judged yet"


def main():
    """Run what was asked for."""
    return audit.asked(__doc__, page_of, draw, judge)


def page_of(name):
    """Return the page of a draw."""
    return gather.ROOT / "docs" / "audit" / f"repairs-{name}.md"


def places():
    """Return the folders of the corpus by name; what is not there is left out, and the page says what was."""
    found = {f"CPython {sys.version.split()[0]} Lib": Path(sysconfig.get_paths()["stdlib"])}
    for release in gather.RELEASES:
        folder = gather.PLACE / "sources" / release
        if folder.exists():
            found[release.replace("==", " ")] = folder
    return found


def draw(docgate, page):
    """Draw from what docgate repairs, and write the list."""
    commit = audit.git(gather.ROOT, "rev-parse", "HEAD").strip()
    pool = defaultdict(list)
    corpora = places()
    for name, folder in corpora.items():
        for found in repaired(docgate, name, folder):
            for code in found["rules"]:
                pool[code].append(found)
    chance = random.Random(commit)
    sample = {}
    for code in sorted(pool):
        pool[code].sort(key=lambda found: (found["where"], found["line"]))
        for found in chance.sample(pool[code], min(EACH, len(pool[code]))):
            sample[found["where"], found["line"]] = found
    keys = sorted(sample)
    chosen = sorted(chance.sample(keys, min(ALL, len(keys))))
    spread = ", ".join(f"{code} {len(pool[code]):,}" for code in sorted(pool))
    lines = [
        f"# Audit of repairs: {page.stem.removeprefix('repairs-')}",
        "",
        f"`just audit-draw-repairs {page.stem.removeprefix('repairs-')}`, {datetime.date.today()}, drawn from what commit {commit}",
        f"repairs with its default settings in {', '.join(corpora)}; that commit is the seed. At most {EACH} repairs of",
        f"each rule, {ALL} in all, drawn before any of them was looked at. Would a maintainer accept the diff?",
        "",
        f"Drawn from, by rule: {spread}.",
        "",
        "**Not judged yet.**",
    ]
    for number, key in enumerate(chosen, 1):
        found = sample[key]
        lines += ["", f"## {number}", "", f"{found['where']}:{found['line']} `{found['definition'] or 'module'}`: "
                  f"{', '.join(sorted(found['rules']))}", "", "````diff", *found["diff"], "````", "", WAITS]
    page.parent.mkdir(exist_ok=True)
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(chosen)} repairs: {page}")


def repaired(docgate, name, folder):
    """Yield the docstrings of a corpus that are repaired, each with its rules and its diff."""
    copy = repair.copied(folder, gather.PLACE / "audit-repairs" / name.replace(" ", "-"))
    before = repair.texts(copy)
    rules = defaultdict(set)
    for finding in repair.report(docgate, copy, ["check", "--exit-zero", "."])["findings"]:
        if finding["answer"] == "repair":
            rules[finding["path"], finding["definition"]].add(finding["code"])
    repair.report(docgate, copy, ["fix", "--no-model", "."])
    after = repair.texts(copy)
    for path in (path for path in before if before[path] != after[path]):
        try:
            pairs = list(wording.both(ast.parse(before[path]), ast.parse(after[path])))
        except (SyntaxError, ValueError):
            continue
        sides = [text.decode("utf-8", "replace").splitlines() for text in (before[path], after[path])]
        names = qualified([one for one, _ in pairs])
        for one, other in pairs:
            spans = [span(node) for node in (one, other)]
            if None in spans:
                continue
            old, new = (side[start:end] for side, (start, end) in zip(sides, spans, strict=True))
            wanted = rules.get((path, names[one]), set())
            if old != new and wanted:
                yield {
                    "where": f"{name} {path}",
                    "line": wording.position(one),
                    "definition": names[one],
                    "rules": sorted(wanted),
                    "diff": list(difflib.unified_diff(old, new, n=60, lineterm=""))[3:],
                }


def qualified(nodes):
    """Return the dotted name of each definition."""
    inside, names = {}, {}
    for node in nodes:
        for child in ast.walk(node):
            if child is not node and isinstance(child, wording.DOCUMENTED):
                inside[child] = node
    for node in nodes:
        parts, current = [], node
        while not isinstance(current, ast.Module):
            parts.append(current.name)
            current = inside[current]
        names[node] = ".".join(reversed(parts))
    return names


def span(node):
    """Return the lines of a docstring with those around it, from 0; nothing without one."""
    if ast.get_docstring(node, clean=False) is None:
        return None
    literal = node.body[0]
    return max(0, literal.lineno - 1 - AROUND), literal.end_lineno + AROUND


def judge(page, verdicts):
    """Put verdicts into the list, and count them."""
    given = {}
    for line in verdicts.read_text(encoding="utf-8").splitlines():
        number, verdict, reason = line.split("\t", 2)
        if verdict not in {"accept", "refuse"}:
            sys.exit(f"{verdict!r} is neither accept nor refuse: {line}")
        given[number] = f"Verdict: {verdict}. {' '.join(reason.split())}"
    lines = page.read_text(encoding="utf-8").splitlines()
    count, number = Counter(), None
    for index, line in enumerate(lines):
        if line.startswith("## "):
            number = line.removeprefix("## ")
        elif line.startswith("Verdict: ") and number in given:
            lines[index] = given.pop(number)
            count[lines[index].split()[1].rstrip(".")] += 1
    if given:
        sys.exit(f"nothing has these numbers: {', '.join(given)}")
    total = f"**{count['accept']} accepted, {count['refuse']} refused.**"
    lines = [total if line.startswith("**") else line for line in lines]
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(json.dumps(count))


if __name__ == "__main__":
    sys.exit(main())
