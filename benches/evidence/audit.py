"""A sample of findings for people to judge, drawn so that nobody chooses it.

    audit.py draw DOCGATE NAME      writes docs/audit/NAME.md
    audit.py judge NAME VERDICTS    puts verdicts into it, one a line: number, `true` or `false`, reason; tabs between them

DOCGATE is the built program, with its default settings. The findings are those between two releases of each project of
the corpus, the later one committed upon the earlier one, and those of all of Python's own library. The seed is the
commit that is checked out: at most 10 findings of each rule, 200 in all.
"""

import argparse
import datetime
import json
import os
import random
import shutil
import subprocess
import sys
import sysconfig
from collections import Counter, defaultdict
from pathlib import Path

import gather

EACH, ALL = 10, 200
HEAD = ["| # | rule | where | what it says | verdict | why |", "|---:|---|---|---|---|---|"]


def main():
    """Run what was asked for."""
    return asked(__doc__, page_of, draw, judge)


def asked(description, page_of, draw, judge):
    """Read the command line of an audit, and take the step that it names."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["draw", "judge"])
    parser.add_argument("first")
    parser.add_argument("second")
    arguments = parser.parse_args()
    if arguments.step == "draw":
        return draw(Path(arguments.first).resolve(), page_of(arguments.second))
    return judge(page_of(arguments.first), Path(arguments.second))


def page_of(name):
    """Return the page of a draw."""
    return gather.ROOT / "docs" / "audit" / f"{name}.md"


def draw(docgate, page):
    """Draw from what docgate finds, and write the list."""
    gather.fetch(gather.RELEASES + gather.EARLIER)
    commit = git(gather.ROOT, "rev-parse", "HEAD").strip()
    pool = defaultdict(list)
    library = Path(sysconfig.get_paths()["stdlib"])
    version = sys.version.split()[0]
    for entry in found(docgate, copied_library(library), ["."], f"CPython {version} Lib"):
        pool[entry[1]["code"]].append(entry)
    for earlier, later in zip(gather.EARLIER, gather.RELEASES):
        folder = upgraded(earlier, later)
        for entry in found(docgate, folder, ["--range", "HEAD~1..HEAD"], later.replace("==", " ")):
            pool[entry[1]["code"]].append(entry)
    chance = random.Random(commit)
    sample = []
    for code in sorted(pool):
        pool[code].sort(key=lambda entry: json.dumps(entry, sort_keys=True))
        sample += chance.sample(pool[code], min(EACH, len(pool[code])))
    sample = chance.sample(sample, min(ALL, len(sample)))
    sample.sort(key=lambda entry: (entry[1]["code"], entry[0], entry[1]["line"]))
    spread = ", ".join(f"{code} {len(pool[code]):,}" for code in sorted(pool))
    lines = [
        f"# Audit of findings: {page.stem}",
        "",
        f"`just audit-draw {page.stem}`, {datetime.date.today()}, drawn from what commit {commit} finds with its",
        "default settings; that commit is the seed. At most 10 findings of each rule, 200 in all, drawn before any of them",
        "was looked at. [What is judged](README.md).",
        "",
        f"Drawn from, by rule: {spread}.",
        "",
        "**Not judged yet.**",
        "",
        *HEAD,
    ]
    for number, (place, finding) in enumerate(sample, 1):
        where = f"{place} {finding['path']}:{finding['line']} `{finding['definition'] or 'module'}`"
        says = f"{finding['severity']}: {finding['message']}"
        lines.append(f"| {number} | {finding['code']} | {cell(where)} | {cell(says)} | | |")
    page.parent.mkdir(exist_ok=True)
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(sample)} findings of {sum(map(len, pool.values())):,}: {page}")


def found(docgate, folder, arguments, place):
    """Return what docgate finds, with the name of the place."""
    command = [docgate, "check", *arguments, "--output-format", "json", "--exit-zero"]
    run = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, env=bare())
    return [(place, finding) for finding in json.loads(run.stdout)["findings"]]


def copied_library(library):
    """Return a copy of Python's library without what pip installed, as a repository of its own."""
    copy = gather.PLACE / "audit" / "library"
    if not copy.exists():
        shutil.copytree(library, copy, ignore=shutil.ignore_patterns(*gather.FOREIGN))
        git(copy, "init", "--quiet")
    return copy


def upgraded(earlier, later):
    """Return a repository whose last commit takes one release to the next."""
    folder = gather.PLACE / "audit" / later
    if folder.exists():
        return folder
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet")
    for release in (earlier, later):
        for entry in folder.iterdir():
            if entry.name != ".git":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        shutil.copytree(gather.PLACE / "sources" / release, folder, dirs_exist_ok=True, symlinks=True)
        for configuration in (*folder.rglob(".gitignore"), *folder.rglob(".gitattributes")):
            configuration.unlink()
        # The projects' own settings for docgate, if there are any, would not be the default ones.
        (folder / "docgate.toml").unlink(missing_ok=True)
        git(folder, "add", "--all", "--force")
        git(folder, "commit", "--quiet", "--message", release)
    return folder


def git(folder, *arguments):
    """Run git without anybody's configuration and return what it prints."""
    names = ["-c", "user.name=audit", "-c", "user.email=audit@localhost", "-c", "core.autocrlf=false"]
    return subprocess.run(
        ["git", *names, *arguments], cwd=folder, check=True, capture_output=True, text=True, env=bare()
    ).stdout


def bare():
    """Return an environment in which nobody's configuration counts."""
    return {"PATH": os.environ["PATH"], "HOME": str(gather.PLACE), "GIT_CONFIG_NOSYSTEM": "1"}


def judge(page, verdicts):
    """Put verdicts into the list, and count them."""
    given = {}
    for line in verdicts.read_text(encoding="utf-8").splitlines():
        number, verdict, reason = line.split("\t", 2)
        if verdict not in {"true", "false"}:
            sys.exit(f"{verdict!r} is neither true nor false: {line}")
        given[number] = (verdict, cell(reason))
    lines = page.read_text(encoding="utf-8").splitlines()
    count = Counter()
    for index, line in enumerate(lines):
        cells = line.split(" | ")
        number = cells[0].removeprefix("| ")
        if number.isdigit():
            row = " | ".join(cells[:4])
            verdict, reason = given.pop(number)
            lines[index] = f"{row} | {verdict} | {reason} |"
            count[verdict] += 1
    if given:
        sys.exit(f"nothing has these numbers: {', '.join(given)}")
    total = f"**{count['true']} true, {count['false']} false.**"
    lines = [total if line.startswith("**") else line for line in lines]
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{count['true']} true, {count['false']} false")


def cell(text):
    """Return text that stays in its cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
