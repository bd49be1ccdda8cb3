"""What a SIGKILL at a random moment leaves of files, index and commit; written into docs/hooks.md between its two marks.

    kills.py [DOCGATE] [--rounds N] [--seed N] [--no-write]

A round repairs six staged files, one of them with another edit that is not staged, and is killed after a random time: docgate alone,
or all processes of the commit. Then each file and each index entry must be old or new, no entry may be ahead of its file, the unstaged
edit must be there, and the next commit must go through with everything in its place.
"""

import argparse
import collections
import concurrent.futures
import datetime
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hooks import BASE, ROOT, Wrong, put, with_edit

NAMES = [f"file_{number}.py" for number in range(6)]
OLD = BASE.replace("def f(a, b)", "def f(a)").replace("print(a, b)", "print(a, 2)")
NEW = OLD.replace("        b: The b.\n", "")
# What is run, and who is killed.
WAYS = [("fix --staged", "docgate"), ("commit", "docgate"), ("commit", "all"), ("commit -a", "all")]
ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "NO_COLOR": "1",
}


class Round:
    """One run that is killed, in a repository of its own."""

    def __init__(self, docgate, template, folder, way):
        self.docgate, self.root = docgate, folder
        self.command, self.killed = way
        self.seen = collections.Counter()
        shutil.copytree(template, folder, symlinks=True)
        self.environment = {**ENVIRONMENT, "PATH": os.environ["PATH"], "HOME": str(folder.parent), "DOCGATE_CACHE_DIR": str(folder.parent / "cache")}
        self.whole = self.command == "commit -a"

    def run(self, *command, check=True):
        """Run a command to its end."""
        done = subprocess.run(command, cwd=self.root, env=self.environment, capture_output=True, text=True, timeout=120)
        if check and done.returncode != 0:
            raise Wrong(f"{command}: {done.stdout}{done.stderr}")
        return done

    def start(self):
        """Start what is to be killed, in a session of its own."""
        command = [self.docgate, "fix", "--staged", "--no-model"] if self.command.startswith("fix") else ["git", *self.command.split(), "-m", "x"]
        return subprocess.Popen(
            command, cwd=self.root, env=self.environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def kill(self, after):
        """Start, wait, kill, and wait until nobody of it is left."""
        process = self.start()
        time.sleep(after)
        members = session(process.pid)
        if self.killed == "docgate":
            members = {number: name for number, name in members.items() if name == "docgate"}
        for number in members:
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.wait()
        while session(process.pid):
            time.sleep(0.01)
        self.seen["killed" if members else "over before"] += 1

    def text(self, place):
        """Return a text of HEAD or the index."""
        return self.run("git", "show", place).stdout

    def look(self):
        """Check that everything is old or new."""
        ahead = behind = 0
        for name in NAMES:
            edited = name == NAMES[0]
            working = (self.root / name).read_text(encoding="utf-8")
            if working not in ([with_edit(OLD, "far"), with_edit(NEW, "far")] if edited else [OLD, NEW]):
                raise Wrong(f"{name} is neither old nor new:\n{working}")
            staged = self.text(f":{name}")
            allowed = {OLD, NEW} if not (self.whole and edited) else {OLD, with_edit(OLD, "far"), with_edit(NEW, "far")}
            if staged not in allowed:
                raise Wrong(f"the entry of {name} is neither old nor new:\n{staged}")
            is_new = "b: The b." not in working
            ahead += is_new
            if "b: The b." not in staged:
                behind += 1
                if not is_new:
                    raise Wrong(f"the entry of {name} is ahead of the file")
        head = self.text(f"HEAD:{NAMES[1]}")
        if head not in {BASE, NEW}:
            raise Wrong(f"this was committed:\n{head}")
        moment = "nothing was written" if not ahead else "files were written, the index not" if behind < len(NAMES) else "all was written"
        if head != BASE:
            moment = "it was committed"
        self.seen[moment] += 1
        self.run("git", "fsck", "--strict", "--connectivity-only")

    def go_on(self):
        """Clear what was left behind, and commit."""
        folder = self.root / ".git"
        locks = sorted({lock.name.rstrip("0123456789") for pattern in ("index*.lock", "next-index*.lock") for lock in folder.glob(pattern)})
        files = list(self.root.glob(".docgate-*.tmp"))
        self.seen["a lock of the index was left behind"] += bool(locks)
        self.seen["a temporary file was left behind"] += bool(files)
        other = [lock for lock in folder.glob("**/*.lock") if not lock.name.startswith(("index", "next-index"))]
        self.seen["another lock of git's was left behind"] += bool(other)
        for lock in other:
            lock.unlink()
        if locks or files:
            self.run(self.docgate, "doctor", "--clear-lock")
        committed = self.text(f"HEAD:{NAMES[1]}") != BASE
        if committed and self.whole and "index.lock" in locks and self.run("git", "diff", "--cached", "--quiet", check=False).returncode:
            # Git moves HEAD first and puts the index in place after it.
            self.seen["it was committed, and git had not put the index in place"] += 1
            self.run("git", "reset", "--quiet")
        if not committed:
            self.run("git", *(self.command if self.command.startswith("commit") else "commit").split(), "-m", "again")
        for name in NAMES:
            edited = name == NAMES[0]
            wanted = with_edit(NEW, "far") if edited and self.whole else NEW
            for place in (f"HEAD:{name}", f":{name}"):
                if self.text(place) != wanted:
                    raise Wrong(f"in the end, {place} is\n{self.text(place)}")
            if (self.root / name).read_text(encoding="utf-8") != (with_edit(NEW, "far") if edited else NEW):
                raise Wrong(f"in the end, {name} is another")
        status = self.run("git", "status", "--porcelain").stdout
        if status != ("" if self.whole else f" M {NAMES[0]}\n"):
            raise Wrong(f"in the end, the status is {status}")


def session(leader):
    """Return the processes of a session that are alive, with their names."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            line = (entry / "stat").read_text()
        except OSError:
            continue
        name = line[line.index("(") + 1 : line.rindex(")")]
        state, _, _, number = line[line.rindex(")") + 2 :].split()[:4]
        if number == str(leader) and state not in "ZX":
            found[int(entry.name)] = name
    return found


def prepare(docgate, template):
    """Make the repository that every round begins with."""
    template.mkdir(parents=True)
    environment = {**ENVIRONMENT, "PATH": os.environ["PATH"], "HOME": str(template.parent)}

    def run(*command):
        subprocess.run(command, cwd=template, env=environment, check=True, capture_output=True)

    run("git", "init", "--quiet", "--initial-branch=main")
    run("git", "config", "gc.auto", "0")
    (template / "docgate.toml").write_text('mode = "fix"\nmodel = "none"\n')
    for name in NAMES:
        (template / name).write_text(BASE)
    run("git", "add", "--all")
    run("git", "commit", "--quiet", "-m", "base")
    run(docgate, "hook", "install")
    for name in NAMES:
        (template / name).write_text(OLD)
    run("git", "add", "--all")
    (template / NAMES[0]).write_text(with_edit(OLD, "far"))


def main():
    """Run the rounds and print or write what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("docgate", nargs="?", default=ROOT / "target/release/docgate", type=Path)
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-write", action="store_true")
    arguments = parser.parse_args()
    docgate = arguments.docgate.resolve()
    chance = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        template = folder / "template"
        prepare(docgate, template)
        lengths = {}
        for way in WAYS:
            taken = []
            for number in range(3):
                whole = Round(docgate, template, folder / f"whole-{WAYS.index(way)}-{number}", way)
                began = time.perf_counter()
                whole.start().wait()
                taken.append(time.perf_counter() - began)
            lengths[way] = statistics.median(taken)
        plans = []
        for number in range(arguments.rounds):
            way = WAYS[number % len(WAYS)]
            # The first third is reading, which cannot go wrong in an interesting way.
            plans.append((number, way, chance.uniform(0.3 if number % 8 else 0, 1.1) * lengths[way]))
        seen, wrong = {way: collections.Counter() for way in WAYS}, []

        def play(plan):
            number, way, after = plan
            one = Round(docgate, template, folder / f"round-{number}", way)
            try:
                one.kill(after)
                one.look()
                one.go_on()
            except Wrong as problem:
                wrong.append(f"round {number}, {way}, after {after:.4f} s, seed {arguments.seed}: {problem}")
            shutil.rmtree(one.root)
            return way, one.seen

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for way, found in pool.map(play, plans):
                seen[way].update(found)
    rows = [
        "killed",
        "nothing was written",
        "files were written, the index not",
        "all was written",
        "it was committed",
        "it was committed, and git had not put the index in place",
        "a lock of the index was left behind",
        "another lock of git's was left behind",
        "a temporary file was left behind",
    ]
    heads = [f"`{command}`, {'all of it' if killed == 'all' else 'docgate alone'}" for command, killed in WAYS]
    lines = [f"| | {' | '.join(heads)} |", "|---|" + "---:|" * len(WAYS)]
    lines += [f"| {row} | {' | '.join(str(seen[way][row]) for way in WAYS)} |" for row in rows]
    lines += ["", f"{arguments.rounds} rounds, **{len(wrong)} wrong**; seed {arguments.seed}, measured on {datetime.date.today()}."]
    table = "\n".join(lines)
    print(table, *wrong, sep="\n")
    if not arguments.no_write:
        put(table, "kills")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
