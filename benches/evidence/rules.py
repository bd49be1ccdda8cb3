"""What docgate finds in docstrings beside ruff and pydoclint, rule by rule.

    rules.py TOOL NAME=FOLDER[:STYLE]...

TOOL is the example `rules`; ruff and pydoclint are those beside the Python that runs this. For every rule it counts the
definitions that both report, those that only docgate does, and those that only the other does. Findings are compared by
definition: a finding in a docstring belongs to what the docstring describes, and one about `__init__` to its class.
With `--show CODE` the differences of a rule are listed, at most `--most` of each side.
"""

import argparse
import ast
import bisect
import datetime
import json
import pathlib
import re
import subprocess
import sys
from collections import Counter, defaultdict

HERE = pathlib.Path(sys.executable).parent
CONVENTIONS = ("none", "google", "numpy", "pep257")
# Without a convention ruff leaves out one of each pair that contradicts the other.
PAIRS = ("D203", "D213")


class Definitions:
    """Which definition of a file a line belongs to."""

    def __init__(self, path):
        self.at, self.docstrings, self.outer = {}, [], {}
        tree = ast.parse(path.read_bytes())
        pending = [(tree, 0, None)]
        while pending:
            node, line, owner = pending.pop()
            body = getattr(node, "body", None)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                if not isinstance(node, ast.Module):
                    is_init = getattr(node, "name", "") == "__init__" and owner is not None
                    line = owner if is_init else node.lineno
                    self.at[node.lineno] = line
                first = body[0] if body else None
                if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                    if isinstance(first.value.value, str):
                        self.docstrings.append((first.lineno, first.end_lineno, line))
                for decorator in getattr(node, "decorator_list", []):
                    self.at.setdefault(decorator.lineno, line)
            owner = line if isinstance(node, ast.ClassDef) else None
            for child in ast.iter_child_nodes(node):
                pending.append((child, line, owner))
        self.docstrings.sort()

    def of(self, row):
        """Return the line of the definition that a line speaks of; 0 for the module."""
        if row in self.at:
            return self.at[row]
        place = bisect.bisect(self.docstrings, (row, sys.maxsize, 0)) - 1
        if place >= 0 and self.docstrings[place][0] <= row <= self.docstrings[place][1]:
            return self.docstrings[place][2]
        return 0


def readable(folder):
    """Return the files that Python can parse, with their definitions."""
    files = {}
    for path in sorted(pathlib.Path(folder).rglob("*.py")):
        if "site-packages" in path.parts:
            continue
        try:
            files[str(path)] = Definitions(path)
        except (SyntaxError, ValueError, RecursionError):
            continue
    return files


def docgate(tool, files, convention, style=""):
    """Return what docgate finds as (path, code, definition)."""
    run = subprocess.run(
        [tool, convention, style], input="\n".join(files), capture_output=True, text=True, check=True
    )
    found = set()
    for line in run.stdout.splitlines():
        entry = json.loads(line)
        row = entry["definition"] if entry["name"] else 0
        place = files[entry["path"]].at.get(row, row) if row else 0
        found.add((entry["path"], entry["code"], place))
    return found


def ruff(folder, files, convention, codes):
    """Return what ruff finds as (path, code, definition)."""
    command = [HERE / "ruff", "check", "--isolated", "--no-cache", "--preview", "--output-format", "json"]
    command += ["--select", codes, "--ignore-noqa", "--exit-zero", "--config", "exclude = []", folder]
    if convention != "none":
        command += ["--config", f"lint.pydocstyle.convention = '{convention}'"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    found = set()
    for entry in json.loads(run.stdout):
        path = entry["filename"]
        if path in files and entry["code"]:
            found.add((path, entry["code"], files[path].of(entry["location"]["row"])))
    return found


def pydoclint(folder, files, style, options=()):
    """Return what pydoclint finds as (path, code, definition)."""
    command = [HERE / "pydoclint", "--quiet", f"--style={style}", "--native-mode-noqa-location=definition"]
    command += ["--show-filenames-in-every-violation-message=True", *options, folder]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = set()
    for line in (run.stdout + run.stderr).splitlines():
        parsed = re.match(r"(.*\.pyi?):(\d+): (DOC\d+):", line)
        if not parsed:
            continue
        path, row, code = parsed.groups()
        path = str(pathlib.Path(path).resolve())
        if path in files:
            found.add((path, code, files[path].of(int(row))))
    return found


def counted(ours, theirs, codes):
    """Count by code: both, only we, only they."""
    table = defaultdict(Counter)
    for entry in ours | theirs:
        if entry[1] in codes:
            side = "both" if entry in ours and entry in theirs else "we" if entry in ours else "they"
            table[entry[1]][side] += 1
    return table


def show(ours, theirs, code, most):
    """List the differences of a rule."""
    for title, found in (("only docgate", ours - theirs), ("only the other", theirs - ours)):
        listed = sorted(entry for entry in found if entry[1] == code)
        print(f"{code}, {title}: {len(listed)}")
        step = max(1, len(listed) // most)
        for path, _, line in listed[::step][:most]:
            print(f"    {path}:{line}")


def lines_of(title, table):
    """Return a table as Markdown."""
    yield f"### {title}"
    yield ""
    yield "| rule | both | only docgate | only the other | agreement |"
    yield "|---|---:|---:|---:|---:|"
    for code in sorted(table):
        row = table[code]
        share = 100 * row["both"] / row.total()
        yield f"| {code} | {row['both']:,} | {row['we']:,} | {row['they']:,} | {share:.2f} % |"
    yield ""


def agreed(ours, ruffs, pydoclints):
    """Count, by code that both have, what ruff and pydoclint both report, and what docgate makes of it."""
    table = defaultdict(Counter)
    shared = {entry[1] for entry in ruffs} & {entry[1] for entry in pydoclints}
    for entry in ours | (ruffs & pydoclints):
        if entry[1] not in shared:
            continue
        if entry in ruffs and entry in pydoclints:
            table[entry[1]]["both" if entry in ours else "they"] += 1
        elif entry not in ruffs and entry not in pydoclints:
            table[entry[1]]["we"] += 1
    return table


def versions(tool):
    """Say what was compared."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout
    yield f"- docgate: commit {commit.strip()[:12] or 'unknown'}, `{pathlib.Path(tool).name}`"
    for name in ("ruff", "pydoclint"):
        run = subprocess.run([HERE / name, "--version"], capture_output=True, text=True, check=True)
        yield f"- {name}: {run.stdout.split()[-1]}"
    yield f"- date: {datetime.date.today().isoformat()}"


def main():
    """Compare, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    parser.add_argument("corpora", nargs="+", metavar="NAME=FOLDER[:STYLE]")
    parser.add_argument("--conventions", default=",".join(CONVENTIONS))
    parser.add_argument("--against", default="ruff,pydoclint")
    parser.add_argument("--show", default="")
    parser.add_argument("--most", type=int, default=10)
    arguments = parser.parse_args()
    against = arguments.against.split(",")
    shown = [code for code in arguments.show.split(",") if code]
    totals = defaultdict(lambda: defaultdict(Counter))
    sizes = []
    for corpus in arguments.corpora:
        name, _, rest = corpus.partition("=")
        folder, _, style = rest.partition(":")
        folder = str(pathlib.Path(folder).resolve())
        files = readable(folder)
        sizes.append(f"{name} ({len(files):,} files{', ' + style if style else ''})")
        print(sizes[-1], file=sys.stderr)
        for convention in arguments.conventions.split(",") if "ruff" in against else ():
            ours = docgate(arguments.tool, files, convention)
            theirs = ruff(folder, files, convention, "D,DOC")
            if convention == "none":
                theirs |= ruff(folder, files, convention, ",".join(PAIRS))
            codes = {entry[1] for entry in ours | theirs if re.fullmatch(r"D\d+", entry[1])}
            codes |= {entry[1] for entry in theirs}
            for code in shown:
                show(ours, theirs, code, arguments.most)
            for code, row in counted(ours, theirs, codes).items():
                totals[f"ruff, convention {convention}"][code] += row
        if "pydoclint" in against and style:
            ours = docgate(arguments.tool, files, style, style)
            theirs = pydoclint(folder, files, style)
            for code in shown:
                show(ours, theirs, code, arguments.most)
            codes = {entry[1] for entry in ours | theirs if entry[1].startswith("DOC")}
            for code, row in counted(ours, theirs, codes).items():
                totals[f"pydoclint, style {style}"][code] += row
            if style in ("google", "numpy"):
                both = ruff(folder, files, style, "DOC")
                for code, row in agreed(ours, both, theirs).items():
                    totals["What ruff and pydoclint both report"][code] += row
    print("\n".join(versions(arguments.tool)))
    print(f"- code: {', '.join(sizes)}\n")
    for title, table in totals.items():
        print("\n".join(lines_of(title, table)))


if __name__ == "__main__":
    main()
