"""How good the examples are that docgate chooses by words: documented functions are held out, and their families looked for.

Called with the program and the folder of a code base (pandas); writes Markdown to stdout.
"""

import ast
import json
import random
import subprocess
import sys
from datetime import date
from math import comb
from pathlib import Path

SEED = 20261126
SAMPLE = 200
COUNTS = (3, 5)

FAMILIES = {
    "same name": "a function or method of the same name in another class or module",
    "same class": "another method of the same class",
    "same word": "a function or method whose name has at least two words, as has the one held out, and begins or ends with"
    " the same word, in the same subpackage (the first two folders of the path)",
    "any": "at least one of these three",
}


def documented(root):
    """Return path and name of the public functions and methods outside the tests that have a docstring."""
    found = []
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root).as_posix()
        parts = relative.split("/")
        if "tests" in parts or path.name.startswith("test_") or path.name == "conftest.py":
            continue
        pending = [(ast.parse(path.read_bytes()), "")]
        while pending:
            node, prefix = pending.pop()
            for child in node.body:
                if isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
                    pending.append((child, f"{prefix}{child.name}."))
                if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    if not child.name.startswith("_") and ast.get_docstring(child):
                        found.append((relative, f"{prefix}{child.name}"))
    # A name that is defined twice in one place, a property with its setter for one, cannot be asked for by its name.
    return sorted({one for one in found if found.count(one) == 1})


def relation(one, other):
    """Return the families that two definitions share."""
    (path, name), (other_path, other_name) = one, other
    owner, _, plain = name.rpartition(".")
    other_owner, _, other_plain = other_name.rpartition(".")
    shared = set()
    if plain == other_plain and (path, owner) != (other_path, other_owner):
        shared.add("same name")
    if owner and (path, owner) == (other_path, other_owner):
        shared.add("same class")
    words, other_words = (name.strip("_").split("_") for name in (plain, other_plain))
    same = words[0] == other_words[0] or words[-1] == other_words[-1]
    if len(words) > 1 and len(other_words) > 1 and same and path.split("/")[:2] == other_path.split("/")[:2]:
        shared.add("same word")
    if shared:
        shared.add("any")
    return shared


def by_chance(members, others, count):
    """Return the chance that at least one of so many, drawn from the others, is a member."""
    count = min(count, others)
    return 1 - comb(others - members, count) / comb(others, count) if others else 0.0


def run(program, root, *arguments):
    """Run docgate in the code base and return what it prints as JSON."""
    command = [program, *arguments, "--output-format", "json"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main(program, root):
    """Measure, and print the page."""
    program, root = str(Path(program).resolve()), Path(root)
    sample = random.Random(SEED).sample(documented(root), SAMPLE)
    asked = [f"{path}::{name}" for path, name in sample]
    shown = run(program, root, "examples", "show", "--source", "lexical", "--count", str(max(COUNTS)), *asked)
    chosen = [[(it["path"], it["name"]) for it in one["examples"]] for one in shown["definitions"]]
    listed = run(program, root, "examples", "upload", "--dry-run")["definitions"]
    candidates = [(it["path"], it["name"]) for it in listed if it["name"]]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    print("# How good the examples are")
    print()
    print(f"Of {root.resolve().name}, {SAMPLE} documented public functions and methods outside the tests were held out at random")
    print(f"(seed {SEED}). docgate was asked for examples for each, offline, by words; a definition is never its own example, and")
    print("its docstring is no part of what is compared. An example is a hit when it is of the same family. What a family is was")
    print("written down before anything was measured:")
    print()
    for family, meaning in FAMILIES.items():
        print(f"- **{family}**: {meaning}.")
    print()
    print(f"There are {len(candidates):,} candidates: what `docgate examples upload --dry-run` lists, without the modules. *By chance* is the")
    print("expected share when as many are drawn from all of them, *from the file* when they are drawn from those of the same file.")
    print("Of *there is one*, that many of the functions have a member of their family among the candidates at all.")
    print()
    head = ["family", "there is one"]
    for count in COUNTS:
        head += [f"docgate, k = {count}", "by chance", "from the file"]
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    members = {one: {} for one in sample}
    for one in sample:
        for other in candidates:
            if other != one:
                members[one][other] = relation(one, other)
    for family in FAMILIES:
        row = [family]
        there = sum(any(family in shared for shared in members[one].values()) for one in sample)
        row.append(f"{there / SAMPLE:.1%}")
        for count in COUNTS:
            hits = sum(
                any(family in relation(one, other) for other in found[:count])
                for one, found in zip(sample, chosen, strict=True)
            )
            chance, near = 0.0, 0.0
            for one in sample:
                of_family = [other for other, shared in members[one].items() if family in shared]
                beside = [other for other in members[one] if other[0] == one[0]]
                chance += by_chance(len(of_family), len(members[one]), count)
                near += by_chance(sum(other[0] == one[0] for other in of_family), len(beside), count)
            row += [f"**{hits / SAMPLE:.1%}**", f"{chance / SAMPLE:.1%}", f"{near / SAMPLE:.1%}"]
        print("| " + " | ".join(row) + " |")
    print()
    empty = sum(not found for found in chosen)
    print(f"{empty} of them got no example. Vectors and search indexes were tried against fakes only, and are not measured here.")
    print()
    print("How much each kind of word counts was set with scikit-learn, SQLAlchemy and Twisted. pandas was measured once before that:")
    print("36.0, 43.5, 26.0 and 77.0 % for k = 3; since then the class counts more, and no docstring is shown twice.")
    print()
    print(f"`just evidence-retrieval FOLDER`, {date.today()}, at {commit}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
