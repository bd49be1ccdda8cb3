"""Six repositories adopt docgate; how long each command takes, and what the hook says; written into docs/adopting.md between its two marks.

    adopt.py [DOCGATE] [--sources FOLDER] [--no-write]

Each release is put into a new git repository as it is, and the commands of the page are run in it: `init`, `init --write`,
`config import`, `baseline`, `check`, a commit; then a function without docstring is staged, and the commit has to be refused
because of it and of nothing else. The releases are those of `gather.py`, and Twisted's; `--sources` takes them from a
folder where they are unpacked already. Exits with 1 when a step goes wrong.
"""

import argparse
import datetime
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import gather

PAGE = gather.ROOT / "docs" / "adopting.md"
RELEASES = [*gather.RELEASES, "twisted==26.10.0"]
# The repositories whose commands are shown as they went.
SHOWN = ["pandas", "twisted"]
# A minute of commands.
ALLOWED = 60
# More lines than these of an output are left out in the middle.
LINES = 24
BAD = "\n\ndef adopted_and_undocumented(value):\n    return value\n"
ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "NO_COLOR": "1",
}
STEPS = ["init", "config import", "init --write", "baseline", "check", "commit", "refused commit"]


class Adoption:
    """One repository, and what happened in it."""

    def __init__(self, release, docgate, folder):
        self.name = release.split("==")[0]
        self.release = release.replace("==", " ")
        self.docgate = docgate
        self.root = folder / self.name
        self.environment = {
            **ENVIRONMENT,
            "PATH": f"{docgate.parent}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder),
            "DOCGATE_CACHE_DIR": str(folder / "cache"),
        }
        self.seconds = {}
        self.transcript = []
        self.wrong = []

    def run(self, *command):
        """Run a command in the repository and return its code, stdout and stderr together, and the seconds."""
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=self.root, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return done.returncode, done.stdout, time.monotonic() - began

    def step(self, name, shown, command, expected):
        """Run a command that is measured and shown, and note when it ends otherwise than expected."""
        code, text, seconds = self.run(*command)
        self.seconds[name] = self.seconds.get(name, 0) + seconds
        self.transcript.append(f"$ {shown}")
        lines = text.replace(str(self.root), f"…/{self.name}").splitlines()
        if len(lines) > LINES:
            left = len(lines) - LINES
            lines = [*lines[: LINES - 6], f"… {left} lines", *lines[-6:]]
        self.transcript.extend(line.rstrip() for line in lines)
        if code != expected:
            self.wrong.append(f"{self.name}: `{shown}` ended with {code}, not {expected}")
            print(text[-2000:], file=sys.stderr)
        return text

    def adopt(self, source):
        """Put the release into a repository and go through the page."""
        shutil.copytree(source, self.root, symlinks=True)
        for command in (["init", "--quiet", "--initial-branch=main"], ["add", "--all"], ["commit", "--quiet", "-m", "release"]):
            code, text, _ = self.run("git", *command)
            if code:
                sys.exit(text)
        self.step("init", "docgate init", [self.docgate, "init"], 0)
        self.step("config import", "docgate config import", [self.docgate, "config", "import"], 0)
        self.step("init --write", "docgate init --write > init.log", [self.docgate, "init", "--write"], 0)
        # What it printed was shown above; the transcript says so in its own words.
        del self.transcript[self.transcript.index("$ docgate init --write > init.log") + 1 :]
        self.transcript[-1] = "$ docgate init --write > /dev/null"
        text = self.step("baseline", "docgate baseline", [self.docgate, "baseline"], 0)
        known = re.search(r"(\d+) known", text)
        self.known = int(known.group(1)) if known else 0
        self.step("check", "docgate check --quiet", [self.docgate, "check", "--quiet"], 0)
        self.step("commit", "git add --all", ["git", "add", "--all"], 0)
        self.step("commit", "git commit --quiet -m 'Adopt docgate'", ["git", "commit", "--quiet", "-m", "Adopt docgate"], 0)
        victim = self.victim()
        with victim.open("a", encoding="utf-8") as file:
            file.write(BAD)
        path = victim.relative_to(self.root)
        self.transcript.append(f"$ printf '\\n\\ndef adopted_and_undocumented(value):\\n    return value\\n' >> {path}")
        self.step("commit", f"git add {path}", ["git", "add", str(path)], 0)
        text = self.step("refused commit", "git commit -m 'More'", ["git", "commit", "-m", "More"], 1)
        if "adopted_and_undocumented" not in text or len(re.findall(r"^error\[", text, re.MULTILINE)) != 1:
            self.wrong.append(f"{self.name}: the hook did not refuse the bad function, and nothing else")
        if sum(self.seconds.values()) > ALLOWED and "debug" not in self.docgate.parts:
            self.wrong.append(f"{self.name}: {sum(self.seconds.values()):.0f} seconds are more than {ALLOWED}")

    def victim(self):
        """Return the largest public module outside tests, in which there is most that could be confused."""
        found = []
        for path in self.root.rglob("*.py"):
            parts = path.relative_to(self.root).parts
            if any(part.startswith((".", "_")) or "test" in part for part in parts) or path.is_symlink():
                continue
            if {"doc", "docs", "build", "externals", "vendor", "_vendor", "bin"} & set(parts) or path.stat().st_size > 400_000:
                continue
            # What is not in such a list is private, and need not have a docstring.
            if "__all__" not in path.read_text(encoding="utf-8", errors="replace"):
                found.append((path.stat().st_size, path))
        return max(found)[1]


def main():
    """Let all of them adopt docgate and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docgate", nargs="?", type=Path, default=gather.ROOT / "target" / "release" / "docgate")
    parser.add_argument("--sources", type=Path)
    parser.add_argument("--no-write", action="store_true")
    arguments = parser.parse_args()
    if not arguments.sources:
        gather.fetch(RELEASES)
    docgate = arguments.docgate.resolve()
    done = []
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        for release in RELEASES:
            adoption = Adoption(release, docgate, Path(folder))
            adoption.adopt(source(release, arguments.sources))
            shutil.rmtree(adoption.root)
            print(adoption.name, {name: round(seconds, 2) for name, seconds in adoption.seconds.items()}, flush=True)
            done.append(adoption)
    lines = list(page(done, docgate))
    wrong = [line for adoption in done for line in adoption.wrong]
    if arguments.no_write:
        print("\n".join(lines))
    else:
        marks = re.compile(r"(<!-- adoption: .*? -->\n).*?(<!-- adoption ends -->)", re.DOTALL)
        text = PAGE.read_text(encoding="utf-8")
        written = marks.sub(lambda found: found[1] + "\n" + "\n".join(lines) + "\n\n" + found[2], text)
        PAGE.write_text(written, encoding="utf-8")
    print("\n".join(wrong), file=sys.stderr)
    return bool(wrong)


def source(release, folder):
    """Return where a release is unpacked."""
    if not folder:
        return gather.PLACE / "sources" / release
    name, version = release.split("==")
    (found,) = (path for path in folder.iterdir() if path.name == f"{name.replace('-', '_')}-{version}" and path.is_dir())
    return found


def page(done, docgate):
    """Return what was seen, as Markdown."""
    asked = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.run(asked, check=True, capture_output=True, text=True, cwd=gather.ROOT).stdout.strip()
    build = " with a debug build" if "debug" in docgate.parts else ""
    yield f"Seconds of each command{build}; {datetime.date.today()}, commit {commit}."
    yield ""
    yield "| release | " + " | ".join(f"`{name}`" if "commit" not in name else name for name in STEPS) + " | all | known findings | wrong |"
    yield "|---|" + "---:|" * (len(STEPS) + 3)
    for adoption in done:
        cells = [f"{adoption.seconds[name]:.2f}" for name in STEPS]
        total = sum(adoption.seconds.values())
        yield f"| {adoption.release} | {' | '.join(cells)} | {total:.1f} | {adoption.known:,} | {len(adoption.wrong)} |"
    for adoption in (adoption for adoption in done if adoption.name in SHOWN):
        yield from ["", f"### {adoption.release}", "", "```text", *adoption.transcript, "```"]


if __name__ == "__main__":
    sys.exit(main())
