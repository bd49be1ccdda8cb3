"""What a commit does under each hook manager to staged, unstaged and committed text; written into docs/hooks.md between its two marks.

    hooks.py [DOCGATE] [--only MANAGER[:STATE[:COMMIT]]]... [--keep FOLDER] [--no-write]

A cell is one manager, one state of the files and one way to commit, in a repository of its own: real git, the real manager, the
real program. Prose comes from a server on this machine which speaks Azure's protocol and counts. A cell passes when nothing is
lost and nothing leaks at any step, the commit holds what it should, and no text is asked for twice. `just evidence-hooks` installs the
managers and runs all cells; `--only` runs some, as the tests do.
"""

import argparse
import concurrent.futures
import datetime
import functools
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "target" / "evidence" / "hooks"
PAGE = ROOT / "docs" / "hooks.md"
PYTHON_TOOLS = ["pre-commit==4.7.0", "prek==0.5.11"]
NODE_TOOLS = ["lint-staged@16.4.0", "husky@9.1.7", "lefthook@2.2.2"]

# hk is built by `cargo install hk` only, which takes a quarter of an hour: it is tried where it is.
HK = shutil.which("hk")
MANAGERS = ["bare", "pre-commit", "prek", "lint-staged", "husky", "lefthook", *(["hk"] if HK else [])]
STATES = ["clean", "far", "near"]
COMMITS = ["commit", "-a", "path", "-o", "-i", "-p", "--amend", "worktree", "merge"]
# What pre-commit and prek can be asked to do without a commit.
BY_HAND = ["--all-files", "--from-ref"]
# The managers that put unstaged work aside and refuse a hook that changed files.
ROLLING_BACK = {"pre-commit", "prek"}
# The managers that put unstaged work aside and bring it back by line numbers alone, so that docgate writes nothing then.
BY_LINE_NUMBER = {"lint-staged", "lefthook"}
# The ways that take the file as it lies in the working tree, so that an edit in it belongs to the commit.
WHOLE_FILE = {"-a", "path", "-o"}

MARK = "unstaged"
BASE = '''"""A module."""


def f(a, b):
    """Do it.

    Args:
        a: The a.
        b: The b.
    """
    print(a, b)


def g(a):
    """Do that."""
    print(a)
'''
# One docstring that the code corrects and one that somebody has to write.
CHANGED = BASE.replace("def f(a, b)", "def f(a)").replace("print(a, b)", "print(a, 2)") + "\n\ndef h(a):\n    print(a)\n"
WRITTEN = '    """Say what it is for.\n\n    Args:\n        a: The value of a.\n    """\n'
DOCUMENTED = CHANGED.replace("        b: The b.\n", "").replace("def h(a):\n", "def h(a):\n" + WRITTEN)
# A machine that plays many cells at once may be slow to answer.
CONFIGURATION = 'mode = "fix"\nhook-timeout = 300\n'


def with_edit(text, state):
    """Return a text of the file with an unstaged edit; the near ones stand on the lines where the hook writes."""
    if state == "far":
        return text.replace('    """Do that."""\n', f'    """Do that."""\n    # {MARK}\n')
    if state == "near":
        end = WRITTEN if WRITTEN in text else "def h(a):\n"
        text = text.replace(end, f"{end}    # {MARK}\n")
        return text.replace('    """\n    print(a, 2)', f'    """\n    # {MARK}\n    print(a, 2)')
    return text


class Model(ThreadingHTTPServer):
    """Azure's chat completions, for those who ask about definitions; what was asked for is remembered by path."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.lock = Lock()
        self.asked = {}
        Thread(target=self.serve_forever, daemon=True).start()

    def address(self, name):
        """Return the endpoint of one cell."""
        return f"http://127.0.0.1:{self.server_port}/{name}"


class Answer(BaseHTTPRequestHandler):
    """Answers one request."""

    def log_message(self, *_):
        """Say nothing."""

    def do_POST(self):
        """Write what is asked for."""
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        asked = json.loads(request["messages"][-1]["content"])["definitions"]
        with self.server.lock:
            self.server.asked.setdefault(self.path.split("/")[1], []).extend(one["id"] for one in asked)
        content = json.dumps({"definitions": [written(one) for one in asked]})
        message = {"role": "assistant", "content": content, "refusal": None}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        answer = {"id": "x", "object": "chat.completion", "created": 1, "model": request.get("model", "gpt-4o-mini")}
        body = json.dumps({**answer, "choices": [choice], "usage": usage}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def written(asked):
    """Answer for one definition."""
    write = asked["write"]
    return {
        "id": asked["id"],
        "summary": "Say what it is for." if write["summary"] else None,
        "description": None,
        "parameters": [{"name": one, "text": f"The value of {one}."} for one in write["parameters"]],
        "returns": "What came of it." if write["returns"] else None,
        "yields": None,
        "raises": [{"name": one, "text": "If it cannot be."} for one in write["raises"]],
    }


class Wrong(Exception):
    """A claim of the cell that does not hold."""


class Cell:
    """One manager, one state, one way to commit."""

    def __init__(self, manager, state, commit, model, docgate, folder):
        self.manager, self.state, self.commit = manager, state, commit
        self.name = f"{manager}-{state}-{commit.strip('-')}"
        self.model = model
        self.folder = folder / self.name
        self.root = self.folder / "repository"
        self.work = self.folder / "linked" if commit == "worktree" else self.root
        self.docgate = docgate
        self.attempts = []
        self.environment = {
            "PATH": os.pathsep.join([str(docgate.parent), str(TOOLS / "venv/bin"), str(TOOLS / "npm/node_modules/.bin"), os.environ["PATH"]]),
            "HOME": str(self.folder / "home"),
            "PRE_COMMIT_HOME": str(self.folder / "pre-commit"),
            "PREK_HOME": str(self.folder / "prek"),
            "DOCGATE_CACHE_DIR": str(self.folder / "cache"),
            "DOCGATE_ENDPOINT": model.address(self.name),
            "DOCGATE_API_KEY": "not-a-real-key",
            "DOCGATE_DEPLOYMENT": "docs",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.org",
            "GIT_EDITOR": f"{sys.executable} {Path(__file__).resolve()} --edit-hunk",
            "NO_COLOR": "1",
        }

    def run(self, *command, check=True, given=None):
        """Run a command where the commit is made."""
        work = self.work if self.work.exists() else self.root
        done = subprocess.run(command, cwd=work, env=self.environment, input=given, capture_output=True, text=True, timeout=600)
        if check and done.returncode != 0:
            raise Wrong(f"{command}: {done.stdout}{done.stderr}")
        return done

    def git(self, *arguments):
        """Return what a git command prints."""
        return self.run("git", *arguments).stdout

    def write(self, path, text):
        """Write a file where the commit is made."""
        work = self.work if self.work.exists() else self.root
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(text, encoding="utf-8")

    def asked(self):
        """Return the definitions that the model was asked about."""
        with self.model.lock:
            return list(self.model.asked.get(self.name, []))

    def prepare(self):
        """Make the repository, its hook and the state of the cell."""
        self.root.mkdir(parents=True)
        (self.folder / "home").mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.write("docgate.toml", CONFIGURATION)
        for path in ("a.py", "b.py"):
            self.write(path, BASE)
        self.write("notes.txt", "base\n")
        self.write(".gitignore", "node_modules\n")
        self.configure()
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", "base")
        if self.commit == "--amend":
            self.write("notes.txt", "amended\n")
            self.git("commit", "--quiet", "--no-verify", "--all", "--message", "to be amended")
        if self.commit == "worktree":
            self.git("worktree", "add", "--quiet", "-b", "side", str(self.work))
        if self.commit == "merge":
            self.git("checkout", "--quiet", "-b", "side")
            self.write("notes.txt", "theirs\n")
            self.git("commit", "--quiet", "--no-verify", "--all", "--message", "theirs")
            self.git("checkout", "--quiet", "main")
            self.write("notes.txt", "ours\n")
            self.git("commit", "--quiet", "--no-verify", "--all", "--message", "ours")
            self.run("git", "merge", "--quiet", "side", check=False)
            self.write("notes.txt", "both\n")
            self.git("add", "notes.txt")
        self.hook()
        edited = with_edit(CHANGED, self.state)
        if self.commit in {"path", "-o", "-i"}:
            # The edit that nobody asked for stands in another file, which is staged in part.
            self.write("b.py", CHANGED)
            self.git("add", "b.py")
            self.write("b.py", edited)
            self.write("a.py", edited if self.commit != "-i" else CHANGED)
        elif self.commit in {"-a", "-p"}:
            self.write("a.py", edited)
        else:
            self.write("a.py", CHANGED)
            self.git("add", "a.py")
            self.write("a.py", edited)
        self.write("untracked.py", CHANGED)

    def configure(self):
        """Write the configuration of the manager."""
        hook = "docgate hook run --mode fix"
        if self.manager in ROLLING_BACK:
            self.write(
                ".pre-commit-config.yaml",
                "repos:\n  - repo: local\n    hooks:\n      - id: docgate-fix\n        name: docgate\n"
                f"        entry: {hook}\n        language: system\n        types_or: [python, pyi]\n        require_serial: true\n",
            )
        elif self.manager == "lint-staged":
            self.write("lint-staged.config.mjs", f"export default {{ '*.{{py,pyi}}': '{hook}' }};\n")
        elif self.manager == "lefthook":
            self.write("lefthook.yml", f"pre-commit:\n  commands:\n    docgate:\n      run: {hook}\n")
        elif self.manager == "hk":
            # A `fix` step would have hk stage the file whole, with the unstaged edit in it.
            package = f"package://github.com/jdx/hk/releases/download/v{hk_version()}/hk@{hk_version()}#/Config.pkl"
            step = f'["docgate"] {{ glob = List("*.py", "*.pyi"); check = "{hook} {{{{files}}}}" }}'
            self.write("hk.pkl", f'amends "{package}"\n\nhooks {{ ["pre-commit"] {{ steps {{ {step} }} }} }}\n')
        elif self.manager == "husky":
            self.write(".husky/pre-commit", f"{hook}\n")
        if self.manager in {"lint-staged", "husky", "lefthook"}:
            self.write("package.json", '{"private": true}\n')

    def hook(self):
        """Install the hook."""
        if self.manager == "bare":
            self.run("docgate", "hook", "install")
        elif self.manager in ROLLING_BACK:
            self.run(self.manager, "install")
        elif self.manager == "lint-staged":
            hook = self.root / ".git/hooks/pre-commit"
            hook.parent.mkdir(exist_ok=True)
            hook.write_text("#!/bin/sh\nexec lint-staged\n")
            hook.chmod(0o755)
        else:
            self.run(self.manager, *(["install"] if self.manager in {"lefthook", "hk"} else []))

    def attempt(self, after_fix=False):
        """Try to commit once and return whether it went through."""
        arguments = {
            "commit": [],
            "-a": ["-a"],
            "path": ["a.py"],
            "-o": ["-o", "a.py"],
            "-i": ["-i", "a.py"],
            "-p": ["-p"],
            "--amend": ["--amend", "--no-edit"],
            "worktree": [],
            "merge": ["--no-edit"],
        }[self.commit]
        if after_fix and self.commit == "-p":
            arguments = []
        message = [] if self.commit in {"--amend", "merge"} else ["--message", "the change"]
        given = self.answers() if "-p" in arguments else None
        done = self.run("git", "commit", *message, *arguments, check=False, given=given)
        self.attempts.append(f"$ git commit {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return done.returncode == 0, done.stdout + done.stderr

    def answers(self):
        """Return what a person answers who wants all but the unstaged edit: yes, no, or the hunk without those lines."""
        answers = []
        files = re.split(r"^diff --git .*\n", self.git("diff", "--no-ext-diff"), flags=re.MULTILINE)[1:]
        for hunk in itertools.chain.from_iterable(re.split(r"^@@ .*\n", text, flags=re.MULTILINE)[1:] for text in files):
            changed = [line for line in hunk.splitlines() if line[:1] in "+-"]
            meant = [MARK not in line for line in changed]
            answers.append("y" if all(meant) else "e" if any(meant) else "n")
        return "\n".join([*answers, "q", ""])

    def play_by_hand(self):
        """Let the manager run without a commit, over all files or a range, and return the word."""
        self.commit = "commit"
        self.root.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")
        self.write("docgate.toml", CONFIGURATION)
        self.configure()
        for path, text in (("a.py", BASE), ("b.py", CHANGED)):
            self.write(path, text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", "debt")
        self.write("a.py", CHANGED)
        self.git("commit", "--quiet", "--no-verify", "--all", "--message", "the change")
        everything = self.name.endswith("all-files")
        arguments = ["--all-files"] if everything else ["--from-ref", "HEAD~1", "--to-ref", "HEAD"]
        done = self.run(self.manager, "run", *arguments, check=False)
        self.attempts.append(f"$ {self.manager} run {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        found = [(self.root / path).read_text(encoding="utf-8") for path in ("a.py", "b.py")]
        if done.returncode == 0 or found != [DOCUMENTED, DOCUMENTED if everything else CHANGED]:
            raise Wrong(f"ended with {done.returncode}, and the files are\n{found}")
        if self.git("diff", "--cached", "--name-only"):
            raise Wrong("something was staged")
        asked = self.asked()
        self.git("commit", "--quiet", "--no-verify", "--all", "--message", "docstrings")
        arguments = ["--all-files"] if everything else ["--from-ref", "HEAD~2", "--to-ref", "HEAD"]
        done = self.run(self.manager, "run", *arguments, check=False)
        self.attempts.append(f"$ {self.manager} run {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        if done.returncode != 0 or self.asked() != asked or self.git("status", "--porcelain"):
            raise Wrong(f"the second run ended with {done.returncode}")
        return "as it should be"

    def play(self):
        """Commit, look, and go on until it is through; return the word for the table."""
        if self.commit in BY_HAND:
            return self.play_by_hand()
        self.prepare()
        went_through, said = self.attempt()
        self.nothing_is_lost()
        after_first = self.asked()
        word = "committed"
        tries = 1
        if not went_through:
            went_through, said = self.attempt()
            tries += 1
            self.nothing_is_lost()
            word = "refused once"
        if not went_through:
            word = "refused; `fix --staged`"
            by_number = self.manager in BY_LINE_NUMBER and self.state != "clean"
            if self.manager not in ROLLING_BACK and not by_number:
                raise Wrong("does not converge")
            if "docgate fix --staged" not in said:
                raise Wrong("the message does not say what to do")
        while not went_through:
            if self.commit == "-p":
                # What was chosen for the commit is not staged after it was refused.
                self.run("git", "add", "-p", given=self.answers())
            fixed = self.run("docgate", "fix", "--staged", check=False)
            self.attempts.append(f"$ docgate fix --staged\n{fixed.stdout}{fixed.stderr}")
            self.nothing_is_lost()
            went_through, said = self.attempt(after_fix=True)
            tries += 1
            self.nothing_is_lost()
            if tries > 5:
                raise Wrong("does not converge")
        if self.asked() != after_first:
            raise Wrong(f"asked again: {self.asked()}")
        self.everything_is_in_place()
        return word

    def nothing_is_lost(self):
        """Look for edits that are gone or that were committed, and for staged text that is gone."""
        work = self.work
        marks = with_edit(CHANGED, self.state).count(MARK)
        files = {"path": "b.py", "-o": "b.py", "-i": "b.py"}.get(self.commit, "a.py")
        for path in {files, *(["a.py"] if self.commit in WHOLE_FILE else [])}:
            text = (work / path).read_text(encoding="utf-8")
            if text.count(MARK) != marks:
                raise Wrong(f"the unstaged edit of {path} is gone or doubled:\n{text}")
            if without_docs(text) != without_docs(with_edit(CHANGED, self.state)):
                raise Wrong(f"{path} lost or got something:\n{text}")
        if (work / "untracked.py").read_text(encoding="utf-8") != CHANGED:
            raise Wrong("the untracked file was touched")
        for path in ("a.py", "b.py"):
            if path == "a.py" and self.commit in WHOLE_FILE:
                continue
            for place in (f"HEAD:{path}", f":{path}"):
                text = self.git("show", place)
                if MARK in text:
                    raise Wrong(f"the unstaged edit leaked into {place}:\n{text}")
                if without_docs(text) not in {without_docs(BASE), without_docs(CHANGED)}:
                    raise Wrong(f"{place} is something else:\n{text}")
        if self.git("stash", "list"):
            raise Wrong("a stash was left behind")

    def everything_is_in_place(self):
        """Compare HEAD, the index and the working tree with what they should hold."""
        edited = with_edit(DOCUMENTED, self.state)
        whole = edited if self.commit in WHOLE_FILE else DOCUMENTED
        wanted = {"HEAD:a.py": whole, ":a.py": whole, "HEAD:b.py": BASE, ":b.py": BASE}
        working = {"a.py": edited if self.commit not in {"-i"} else DOCUMENTED, "b.py": BASE}
        if self.commit in {"path", "-o"}:
            # Nobody committed it, so it stays as it was staged.
            wanted[":b.py"] = CHANGED
            working["b.py"] = with_edit(CHANGED, self.state)
        if self.commit == "-i":
            wanted |= {"HEAD:b.py": DOCUMENTED, ":b.py": DOCUMENTED}
            working["b.py"] = edited
        for place, text in wanted.items():
            found = self.git("show", place)
            if found != text:
                raise Wrong(f"{place} is\n{found}\nand not\n{text}")
        for path, text in working.items():
            found = (self.work / path).read_text(encoding="utf-8")
            if found != text:
                raise Wrong(f"{path} is\n{found}\nand not\n{text}")
        changed = set(self.git("status", "--porcelain").splitlines())
        expected = {"?? untracked.py"}
        partly = self.state != "clean"
        if self.commit in {"path", "-o"}:
            expected.add("MM b.py" if partly else "M  b.py")
        elif self.commit == "-i" and partly:
            expected.add(" M b.py")
        elif partly and self.commit not in WHOLE_FILE:
            expected.add(" M a.py")
        if changed != expected:
            raise Wrong(f"the status is {changed} and not {expected}")
        left = [path.name for path in Path(self.git("rev-parse", "--absolute-git-dir").strip()).glob("*.lock")]
        # hk keeps locks of its own there.
        left = [name for name in left if "hk" not in name]
        if left:
            raise Wrong(f"locks were left behind: {left}")


def without_docs(text):
    """Return a text without what docgate writes or removes."""
    return text.replace(WRITTEN, "").replace("        b: The b.\n", "")


def edit_hunk(path):
    """Do what a person does who edits a hunk in an editor: take the lines out that are not meant."""
    lines = Path(path).read_text(encoding="utf-8").splitlines(keepends=True)
    Path(path).write_text("".join(line for line in lines if not (line.startswith("+") and MARK in line)), encoding="utf-8")


def versions():
    """Name what was tried, with versions."""

    def said(*command):
        return re.search(r"\d+\.\d+[\d.]*", subprocess.run(command, capture_output=True, text=True).stdout)[0]

    own = [("git", said("git", "--version"))]
    own += [("hk", hk_version())] if HK else []
    own += [tool.split("==") for tool in PYTHON_TOOLS] + [tool.split("@") for tool in NODE_TOOLS]
    return ", ".join(f"{name} {version}" for name, version in own)


@functools.cache
def hk_version():
    """Return the version of hk, which its configuration has to name."""
    return re.search(r"\d+\.\d+\.\d+", subprocess.run([HK, "--version"], capture_output=True, text=True).stdout)[0]


def install():
    """Install the managers, once for these versions."""
    wanted = "\n".join(PYTHON_TOOLS + NODE_TOOLS)
    mark = TOOLS / "complete"
    if mark.exists() and mark.read_text() == wanted:
        return
    shutil.rmtree(TOOLS, ignore_errors=True)
    (TOOLS / "npm").mkdir(parents=True)
    (TOOLS / "npm/package.json").write_text('{"private": true}')
    subprocess.run([sys.executable, "-m", "venv", TOOLS / "venv"], check=True)
    subprocess.run([TOOLS / "venv/bin/pip", "install", "--quiet", *PYTHON_TOOLS], check=True)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *NODE_TOOLS], cwd=TOOLS / "npm", check=True)
    mark.write_text(wanted)


def table(found):
    """Return the cells as a table: a row for a manager and a state, a column for a way to commit."""
    signs = {"committed": "✓", "refused once": "✓ 2nd", "refused; `fix --staged`": "✓ fix"}
    lines = [
        "| manager | unstaged edit | " + " | ".join(f"`{commit}`" if commit.startswith("-") else commit for commit in COMMITS) + " |",
        "|---|---|" + "---|" * len(COMMITS),
    ]
    for manager in MANAGERS:
        for state in STATES:
            row = [signs.get(found.get((manager, state, commit)), "**✗**") for commit in COMMITS]
            lines.append(f"| {manager} | {'none' if state == 'clean' else state} | " + " | ".join(row) + " |")
    words = [word for (_, _, commit), word in found.items() if commit in COMMITS]
    by_hand = [word for (_, _, commit), word in found.items() if commit in BY_HAND]
    lines += [
        "",
        f"{len(words)} cells: {words.count('committed')} committed at once, {words.count('refused once')} by the second attempt, "
        f"{words.count('refused; `fix --staged`')} after `docgate fix --staged`, "
        f"**{sum(word not in signs for word in words)} wrong**. `run --all-files` and `run --from-ref … --to-ref …` of pre-commit and prek: "
        f"{by_hand.count('as it should be')} of {len(by_hand)} as it should be. Measured on {datetime.date.today()} with {versions()}.",
    ]
    return "\n".join(lines)


def put(text, name):
    """Put a text between the two marks of a name in docs/hooks.md."""
    page = PAGE.read_text(encoding="utf-8")
    marks = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- {name} ends -->)", re.DOTALL)
    PAGE.write_text(marks.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", page), encoding="utf-8")


def main():
    """Run the cells and print or write what came of them."""
    if sys.argv[1:2] == ["--edit-hunk"]:
        return edit_hunk(sys.argv[2])
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("docgate", nargs="?", default=ROOT / "target/release/docgate", type=Path)
    parser.add_argument("--only", action="append")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--no-write", action="store_true")
    arguments = parser.parse_args()
    wanted = list(itertools.product(MANAGERS, STATES, COMMITS))
    wanted += [(manager, "clean", by_hand) for manager in sorted(ROLLING_BACK) for by_hand in BY_HAND]
    if arguments.only:
        patterns = [one.split(":") for one in arguments.only]
        wanted = [cell for cell in wanted if any(all(map(matches, pattern, cell)) for pattern in patterns)]
    if any(manager != "bare" for manager, _, _ in wanted):
        install()
    model = Model()
    found, wrong = {}, []
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            cells = [Cell(*cell, model, arguments.docgate.resolve(), folder) for cell in wanted]
            for place, cell, result in zip(wanted, cells, pool.map(played, cells)):
                found[place], problem = result
                print(f"{' '.join(place):<28} {found[place]}", flush=True)
                if problem:
                    wrong.append(problem)
                    print(problem, *cell.attempts, sep="\n", file=sys.stderr, flush=True)
    if not arguments.only:
        print(table(found))
        if not arguments.no_write:
            put(table(found), "matrix")
    return bool(wrong)


def matches(pattern, word):
    """Return whether a part of a pattern is empty or the word."""
    return pattern in {"", word}


def played(cell):
    """Play a cell; return its word and what is wrong."""
    try:
        return cell.play(), None
    except Wrong as problem:
        return "wrong", f"{cell.name}: {problem}"
    except Exception:
        return "wrong", f"{cell.name}: {traceback.format_exc()}"


if __name__ == "__main__":
    sys.exit(main())
