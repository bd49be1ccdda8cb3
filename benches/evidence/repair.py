"""What `docgate fix --no-model` does to real code, and whether it keeps its promises.

    repair.py DOCGATE NAME=FOLDER:CONVENTION:STYLE... [--write PAGE]

DOCGATE is the built program; ruff and pydoclint are those beside the Python that runs this. Each corpus is copied, and the
copy is repaired with every rule on, under the convention that it has; nothing that loses words is done. Then it is asked:
is anything left that could be repaired; does a second run change a byte; is CPython's syntax tree the same without docstrings;
did a description lose or gain a word (`wording.py`); what do ruff and pydoclint count before and after.
"""

import argparse
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import gather
import wording
from rules import outputs

HERE = Path(sys.executable).parent
SETTINGS = """select = ["ALL"]
[rules]
convention = "{convention}"
"""
# pydoclint compares types only once the names of a list agree: what a renamed entry says of its type was there before.
UNMATCHED = {"DOC101", "DOC102", "DOC103"}
TYPES = {"DOC104", "DOC105"}
# Headings that pydoclint does not read as such, or not as those of the docstring's own sections.
HEADINGS = {"D214", "D215", "D405", "D406", "D407", "D408", "D409", "D416"}
# Without a word of why, a rule that may not go up.
SHOWN = 40


def main():
    """Repair the corpora and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docgate", type=Path)
    parser.add_argument("corpora", nargs="+")
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    found = []
    for corpus in arguments.corpora:
        name, place = corpus.split("=", 1)
        folder, convention, style = place.rsplit(":", 2)
        found.append(examined(arguments.docgate.resolve(), name, Path(folder).resolve(), (convention, style)))
        print(summary(found[-1]), file=sys.stderr)
    text = page(found)
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8")
    else:
        print(text)
    return any(corpus["broken"] for corpus in found)


def examined(docgate, name, folder, ways):
    """Repair a copy of a corpus and return all that can be counted about it."""
    convention, style = ways
    copy = copied(folder, gather.PLACE / "repair" / name)
    (copy / "docgate.toml").write_text(SETTINGS.format(convention=convention), encoding="utf-8")
    before = texts(copy)
    checked = report(docgate, copy, ["check", "--exit-zero", "."])
    ruffs, pydoclints = [ruff(copy, convention)], [pydoclint(copy, style)]
    start = time.monotonic()
    fixed = report(docgate, copy, ["fix", "--no-model", "."])
    seconds = time.monotonic() - start
    after = texts(copy)
    report(docgate, copy, ["fix", "--no-model", "."])
    again = texts(copy)
    left = report(docgate, copy, ["check", "--exit-zero", "."])
    untouched = {(one["path"], one["definition"]): one["reason"] for one in fixed["outcomes"] if one["state"] == "skipped"}
    remains = [one for one in left["findings"] if one["answer"] == "repair"]
    broken = []
    for finding in remains:
        if (finding["path"], finding["definition"]) not in untouched:
            broken.append(f"still to be repaired: {finding['path']}:{finding['line']} {finding['code']}")
    broken += [f"changed by the second run: {path}" for path in after if after[path] != again[path]]
    kinds = Counter()
    programs = Counter()
    for path in (path for path in before if before[path] != after[path]):
        programs["changed"] += 1
        try:
            same = wording.without_docstrings(before[path]) == wording.without_docstrings(after[path])
        except (SyntaxError, ValueError):
            programs["not read by this Python"] += 1
            continue
        if not same:
            broken.append(f"another program: {path}")
        for what, line, found in wording.differences(before[path], after[path]):
            kinds[what] += 1
            if what in ("lost", "come"):
                broken.append(f"{what}: {path}:{line} {' '.join(found)}")
    ruffs.append(ruff(copy, convention))
    pydoclints.append(pydoclint(copy, style))
    ill = (one for one in checked["findings"] if one["code"] in HEADINGS)
    hidden = {(str(copy / one["path"]), one["definition"].split(".")[-1]) for one in ill}
    others = [("ruff", *ruffs), ("pydoclint", *read_twice(*pydoclints, hidden))]
    for checker, counted, now in others:
        broken += [f"went up: {checker} {code}" for code in sorted(now) if now[code] > counted[code]]
    return {
        "name": name,
        "ways": ways,
        "files": len(before),
        "definitions": fixed["summary"]["definitions"],
        "changed": fixed["summary"]["changed"],
        "seconds": seconds,
        "programs": programs,
        "kinds": kinds,
        "skipped": Counter(untouched.values()),
        "rules": rules(checked, left, untouched),
        "hidden": len(hidden),
        "others": others,
        "broken": broken,
    }


def rules(before, after, untouched):
    """Count the findings that a repair answers: before, and after those that stay because nobody may edit there."""
    counts = {}
    for place, found in enumerate((before, after)):
        for finding in found["findings"]:
            if finding["answer"] in ("repair", "unsafe-repair"):
                row = counts.setdefault(finding["code"], [0, 0, 0, 0])
                row[place + (2 if finding["answer"] == "unsafe-repair" else 0)] += 1
    return counts


def copied(folder, copy):
    """Return a fresh copy of the Python files of a folder, as a repository of its own."""
    shutil.rmtree(copy, ignore_errors=True)
    for path in gather_files(folder):
        target = copy / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    subprocess.run(["git", "init", "--quiet"], cwd=copy, check=True, env=bare())
    return copy


def gather_files(folder):
    """Yield the Python files of a folder that are not somebody else's."""
    for path in sorted(folder.rglob("*.py")):
        if not gather.FOREIGN & set(path.parts) and path.is_file() and not path.is_symlink():
            yield path


def texts(folder):
    """Return the bytes of all Python files."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.py"))}


def report(docgate, folder, arguments):
    """Run docgate and return its report."""
    command = [docgate, *arguments, "--output-format", "json"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=bare(), check=False)
    if run.returncode not in (0, 1):
        sys.exit(run.stderr)
    return json.loads(run.stdout)


def bare():
    """Return an environment in which nobody's configuration counts."""
    return {"PATH": os.environ["PATH"], "HOME": str(gather.PLACE), "GIT_CONFIG_NOSYSTEM": "1"}


def ruff(folder, convention):
    """Count what ruff finds, by code."""
    chosen = f'lint.pydocstyle.convention="{convention if convention in ("google", "numpy") else "pep257"}"'
    command = [HERE / "ruff", "check", "--isolated", "--no-cache", "--preview", "--select", "D,DOC", "--config", chosen]
    command += ["--ignore-noqa", "--output-format", "json", "--exit-zero", "--quiet", "."]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return Counter(finding["code"] for finding in json.loads(run.stdout))


def pydoclint(folder, style):
    """Return what pydoclint finds, as (path, name, code); files that it cannot read are left out."""
    if style == "none":
        return []
    found = []
    paths = sorted(str(path) for path in folder.rglob("*.py"))
    finding = re.compile(r"^(.+?\.py):\d+: (DOC\d+): [^`\n]*(?:`([^`\n]*)`)?", re.MULTILINE)
    # A summary that is set apart makes a docstring longer, and no worse.
    for _, output in outputs(paths, style, "--skip-checking-short-docstrings=False"):
        for path, code, name in finding.findall(output or ""):
            found.append((path, name.split(".")[-1], code))
    return found


def read_twice(before, after, hidden):
    """Count what pydoclint judges before and after: sections that it can read, and types where the names agree."""
    unread = hidden | {found[:2] for found in (*before, *after) if found[2] == "DOC001"}
    unmatched = {found[:2] for found in (*before, *after) if found[2] in UNMATCHED}

    def counts(found):
        *definition, code = found
        if code in TYPES and tuple(definition) in unmatched:
            return False
        return code == "DOC001" and tuple(definition) not in hidden or tuple(definition) not in unread

    return [Counter(found[2] for found in side if counts(found)) for side in (before, after)]


def summary(corpus):
    """Return one line about a corpus, and what is broken."""
    kinds = ", ".join(f"{what} {count}" for what, count in sorted(corpus["kinds"].items()))
    head = f"{corpus['name']}: {corpus['changed']} docstrings in {corpus['seconds']:.1f} s; {kinds}"
    return "\n".join([head, *corpus["broken"][:SHOWN]])


def page(corpora):
    """Return the page."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=gather.ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    versions = [
        subprocess.run([HERE / name, "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]
        for name in ("ruff", "pydoclint")
    ]
    lines = [
        "# Repairs over real code",
        "",
        "`just evidence-repair` wrote this page: `docgate fix --no-model` over copies of real projects, with every rule on under the",
        "convention that a project has. How it is judged is told in `benches/evidence/repair.py` and `benches/evidence/wording.py`. pydoclint is",
        "asked about short docstrings, too, and of what it finds counts what it judges before and after: in docstrings that it can read (DOC001",
        "says that it cannot) with headings that are well formed, and of types (DOC104, DOC105) where the names of a list agree.",
        "",
        f"- docgate at `{commit}`, ruff {versions[0]}, pydoclint {versions[1]}, Python {sys.version.split()[0]}, {datetime.date.today()}",
        "",
        "| corpus | convention | files | definitions | docstrings repaired | seconds | left to repair | second run | another program | words lost or come |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for corpus in corpora:
        broken = Counter(entry.split(":")[0] for entry in corpus["broken"])
        cells = [
            corpus["name"],
            corpus["ways"][0],
            f"{corpus['files']:,}",
            f"{corpus['definitions']:,}",
            f"{corpus['changed']:,}",
            f"{corpus['seconds']:.1f}",
            broken["still to be repaired"],
            broken["changed by the second run"],
            broken["another program"],
            broken["lost"] + broken["come"],
        ]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    lines += ["", "What was done to words: the entries of parameters that are gone went, and what the code says came.", ""]
    for corpus in corpora:
        kinds = ", ".join(f"{what} {count:,}" for what, count in sorted(corpus["kinds"].items())) or "nothing"
        skipped = ", ".join(f"{why} {count:,}" for why, count in sorted(corpus["skipped"].items())) or "none"
        lines.append(f"- {corpus['name']}: {kinds}. Not read by this Python: {corpus['programs']['not read by this Python']}. "
                     f"Docstrings left alone: {skipped}. With an ill-formed heading before: {corpus['hidden']:,}.")
    for corpus in corpora:
        lines += ["", f"## {corpus['name']}", "", *tables(corpus)]
    return "\n".join(lines) + "\n"


def tables(corpus):
    """Return the counts of a corpus by rule."""
    lines = [
        "| rule | to be repaired | left | unsafe | left | ruff | after | pydoclint | after |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    others = {name: (before, after) for name, before, after in corpus["others"]}
    differs = {code for before, after in others.values() for code in before | after if before[code] != after[code]}
    for code in sorted(set(corpus["rules"]) | differs):
        safe, left, unsafe, kept = corpus["rules"].get(code, [0, 0, 0, 0])
        counts = [others[name][side][code] for name in ("ruff", "pydoclint") for side in (0, 1)]
        marked = [
            f"**{after:,}**" if after > before else f"{after:,}"
            for before, after in (counts[:2], counts[2:])
        ]
        cells = [f"{count:,}" for count in (safe, left, unsafe, kept)]
        cells += [f"{counts[0]:,}", marked[0], f"{counts[2]:,}", marked[1]]
        lines.append(f"| {code} | " + " | ".join(cells) + " |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
