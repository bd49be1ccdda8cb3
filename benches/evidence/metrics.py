#!/usr/bin/env python3
"""Compare docgate's metrics with those of other tools over real code.

The judges are the PyPI packages radon (cyclomatic complexity, Halstead, lines, maintainability index) and
cognitive_complexity. Every file below the given folders is measured by the tool of `tests/tools/metrics.rs` and
by the judges, and every figure that differs is counted under the reason for it. A reason is not believed but
tried: the judge is asked again with that one peculiarity taken away, and must then agree.

Run it with the Python of a virtual environment that holds both packages; `just evidence-metrics` does that. The
page goes to standard output. It ends with 1 when anything differs that nothing explains.

Usage: metrics.py TOOL [FOLDER...]; without folders, the standard library of the running Python.
"""

import ast
import collections
import datetime
import functools
import importlib.metadata
import json
import math
import multiprocessing
import operator
import platform
import subprocess
import sys
import sysconfig
import tokenize
import warnings
from pathlib import Path

from cognitive_complexity.api import get_cognitive_complexity
from radon import metrics as radon_metrics
from radon import raw as radon_raw
from radon.visitors import ComplexityVisitor, HalsteadVisitor

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# How many files are measured, then judged, at once.
PORTION = 200
EQUAL = "equal"
UNEXPLAINED = "UNEXPLAINED"
TOO_LONG = "radon was not asked: a statement of more than a thousand lines"


# --- radon -----------------------------------------------------------------------------------------------


def complexity_blocks(tree):
    """Give the complexity of every block that radon reports, by line and name, and that of the module."""
    visitor = ComplexityVisitor.from_ast(tree)
    blocks = {}
    pending = list(visitor.functions + visitor.classes)
    while pending:
        block = pending.pop()
        blocks[block.lineno, block.name] = getattr(block, "real_complexity", None) or block.complexity
        for inside in ("closures", "methods", "inner_classes"):
            pending.extend(getattr(block, inside, ()))
    return blocks, visitor.total_complexity


class GroupHandlers(ast.NodeTransformer):
    """Makes `try` with `except*` an ordinary `try`, which radon counts."""

    def visit_TryStar(self, node):
        """Replace one statement."""
        self.generic_visit(node)
        plain = ast.Try(node.body, node.handlers, node.orelse, node.finalbody)
        return ast.copy_location(plain, node)


def halstead_counts(visitor):
    """Give the four counts."""
    return [visitor.distinct_operators, visitor.distinct_operands, visitor.operators, visitor.operands]


def halstead(tree):
    """Give the counts by line and name of every function, those of the module, and radon's report on it."""
    functions = {}
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            visitor = HalsteadVisitor.from_ast(node).function_visitors[0]
            functions[node.lineno, node.name] = halstead_counts(visitor)
    visitor = HalsteadVisitor.from_ast(tree)
    return functions, halstead_counts(visitor), radon_metrics.halstead_visitor_report(visitor)


def logical_lines(tokens):
    """Count logical lines by the rule that radon's own documentation gives."""
    count = 0
    end = tokenize.ENDMARKER, tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE
    for part in radon_raw._split_tokens(tokens, tokenize.OP, ";"):
        strings = [text for kind, text, *_ in part if kind not in end]
        if strings:
            colons = [index for index, text in enumerate(strings) if text == ":"]
            count += 2 if colons and colons[-1] != len(strings) - 1 else 1
    return count


PECULIAR_LINE_ENDS = str.maketrans(dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))
RADON_LOGICAL = radon_raw._logical


# Radon reads a statement anew with each of its lines; one of sixteen thousand would keep it for hours.
LONGEST_STATEMENT = 1_000


@functools.lru_cache(maxsize=4)
def raw(text, line_ends=True, semicolons=True):
    """Give radon's counts of lines; the flags keep or take away what is peculiar to it."""
    radon_raw._logical = RADON_LOGICAL if semicolons else logical_lines
    try:
        return list(radon_raw.analyze(text if line_ends else text.translate(PECULIAR_LINE_ENDS)))
    except (SyntaxError, IndentationError, tokenize.TokenError):
        return None


def judge_lines(text, ours):
    """Say why the counts of lines differ, or that they do not."""
    if text is None:
        return TOO_LONG
    if ours == raw(text):
        return EQUAL
    if raw(text) is None:
        return "radon cannot read it"
    if ours == raw(text, line_ends=False):
        return "form feed and the like end a line for radon"
    if ours == raw(text, semicolons=False):
        return "radon counts `if x: a; b` as two logical lines"
    if ours == raw(text, line_ends=False, semicolons=False):
        return "both of these"
    return UNEXPLAINED


def is_long(node):
    """Say whether radon would take a node for one endless line."""
    simple = isinstance(node, ast.stmt) and not hasattr(node, "body")
    return simple and node.end_lineno - node.lineno > LONGEST_STATEMENT


# --- cognitive complexity --------------------------------------------------------------------------------

# What the package does otherwise than the white paper says. Each can be switched on in `Reader`.
PECULIARITIES = {
    "recursion": "recursion: a call of any name equal to the function's, never `self.name()`, never a cycle",
    "sequences": "`and`/`or`: one per node of the syntax tree, and what is inside them is not read",
    "conditions": "conditions are nested in what they decide",
    "branches": "an `if` that has an `elif` does not nest, and its `elif`s do",
    "else_if": "`else:` with an `if` inside is an `elif`",
    "statements": "`async for` and `match` do not count",
    "decorators": "decorators: not with a docstring or `async`, not when nested, any return value",
    "headers": "parameters and decorators of nested functions are read",
}


class Reader:
    """Cognitive complexity by the white paper, over the tree of CPython: a second implementation."""

    def __init__(self, lines, recursive, peculiar=()):
        self.lines = lines
        self.recursive = recursive
        self.peculiar = frozenset(peculiar)

    def function(self, node, top=True):
        """Give the complexity of a function."""
        if top and "decorators" in self.peculiar and self.is_package_decorator(node):
            return self.function(node.body[0])
        nested = 0 if self.is_decorator(node) else 1
        total = sum(self.read(child, 0, nested) for child in node.body)
        return total + self.recursion(node)

    def recursion(self, node):
        """Give what recursion adds to a function by itself."""
        if "recursion" in self.peculiar:
            calls = (each for each in ast.walk(node) if isinstance(each, ast.Call))
            names = (call.func.id for call in calls if isinstance(call.func, ast.Name))
            return int(node.name in names)
        return int((node.lineno, node.name) in self.recursive)

    @staticmethod
    def is_package_decorator(node):
        """Say whether the package takes a function for a decorator."""
        kinds = [type(child) for child in node.body]
        return isinstance(node, ast.FunctionDef) and kinds == [ast.FunctionDef, ast.Return]

    def is_decorator(self, node):
        """Say whether a function holds nothing but a function and a `return`."""
        if "decorators" in self.peculiar:
            return False
        body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
        first = node.body[0]
        if len(body) == len(node.body) and isinstance(first, ast.Expr) and isinstance(first.value, ast.JoinedStr):
            body = node.body[1:]
        kinds = sorted("function" if isinstance(child, FUNCTIONS) else type(child).__name__ for child in body)
        return kinds == ["Return", "function"]

    def read(self, node, nesting, nested=1):
        """Give the complexity of a node; `nested` is how much deeper a function inside it lies."""
        if isinstance(node, FUNCTIONS):
            return self.nested_function(node, nesting + nested)
        if isinstance(node, ast.ClassDef):
            parts = node.body
            if "headers" in self.peculiar:
                parts = list(ast.iter_child_nodes(node))
            return self.all(parts, nesting)
        if isinstance(node, ast.Lambda):
            return self.all(ast.iter_child_nodes(node), nesting + 1)
        if isinstance(node, ast.BoolOp):
            return self.sequence(node, nesting)
        if isinstance(node, ast.IfExp):
            return 1 + nesting + self.all(ast.iter_child_nodes(node), nesting + 1)
        if isinstance(node, ast.If):
            return self.branch(node, nesting)
        if isinstance(node, (ast.For, ast.While)) or (
            isinstance(node, ast.AsyncFor) and "statements" not in self.peculiar
        ):
            return self.loop(node, nesting)
        if isinstance(node, ast.ExceptHandler):
            inside = self.all(node.body, nesting + 1)
            deeper = "conditions" in self.peculiar
            return 1 + nesting + inside + (self.read(node.type, nesting + deeper) if node.type else 0)
        if isinstance(node, ast.Match) and "statements" not in self.peculiar:
            return 1 + nesting + self.read(node.subject, nesting) + self.all(node.cases, nesting + 1)
        return self.all(ast.iter_child_nodes(node), nesting)

    def all(self, nodes, nesting):
        """Give the complexity of several nodes."""
        return sum(self.read(node, nesting) for node in nodes)

    def nested_function(self, node, nesting):
        """Give the complexity of a function as part of another."""
        # A decorator that is nested keeps its own nesting free.
        nested = 0 if self.is_decorator(node) else 1
        total = sum(self.read(child, nesting, nested) for child in node.body)
        if "headers" in self.peculiar:
            rest = [child for child in ast.iter_child_nodes(node) if child not in node.body]
            total += self.all(rest, nesting)
        return total + (0 if "recursion" in self.peculiar else self.recursion(node))

    def loop(self, node, nesting):
        """Give the complexity of a loop."""
        deeper = "conditions" in self.peculiar
        head = [node.test] if isinstance(node, ast.While) else [node.target, node.iter]
        total = 1 + nesting + bool(node.orelse) + self.all(head, nesting + deeper)
        return total + self.all(node.body + node.orelse, nesting + 1)

    def branch(self, node, nesting, is_elif=False):
        """Give the complexity of an `if` with all that follows it."""
        rest = node.orelse
        chained = len(rest) == 1 and isinstance(rest[0], ast.If) and (
            "else_if" in self.peculiar or self.lines[rest[0].lineno - 1].lstrip().startswith("elif")
        )
        if "branches" in self.peculiar:
            # What the package does, number by number.
            inner = nesting if chained else nesting + 1
            total = max(1, inner) + (bool(rest) and not chained)
            deeper = "conditions" in self.peculiar
            total += self.read(node.test, inner if deeper else nesting) + self.all(node.body, inner)
            return total + self.all(rest, inner)
        deeper = nesting + ("conditions" in self.peculiar)
        total = (1 if is_elif else 1 + nesting) + self.read(node.test, deeper) + self.all(node.body, nesting + 1)
        if chained:
            return total + self.branch(rest[0], nesting, is_elif=True)
        return total + bool(rest) + self.all(rest, nesting + 1)

    def sequence(self, node, nesting):
        """Give the complexity of `and` and `or`."""
        if "sequences" in self.peculiar:
            return sum(isinstance(inner, ast.BoolOp) for inner in ast.walk(node))
        operators, operands = [], []
        self.flatten(node, operators, operands)
        changes = sum(before is not after for before, after in zip([None, *operators], operators))
        return changes + self.all(operands, nesting)

    def flatten(self, node, operators, operands):
        """List operators and operands from left to right."""
        for index, value in enumerate(node.values):
            if index:
                operators.append(type(node.op))
            if isinstance(value, ast.BoolOp):
                self.flatten(value, operators, operands)
            else:
                operands.append(value)


def recursive_functions(tree):
    """Find the functions that call themselves, directly or through others of the file."""
    calls, scopes = {}, {}

    def note(node, function, chain, owner):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            is_class = isinstance(node, ast.ClassDef)
            inner = {"names": {}, "class": is_class}
            key = node.lineno, node.name
            chain[-1]["names"][node.name] = None if is_class else key
            scopes[key] = [*chain, inner], owner
            if is_class:
                owner = inner
            else:
                calls[key] = []
                arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
                arguments += [each for each in (node.args.vararg, node.args.kwarg) if each]
                inner["values"] = {argument.arg for argument in arguments}
                scopes[key] = [*chain, inner], owner
            header = [child for child in ast.iter_child_nodes(node) if child not in node.body]
            target = function if is_class else key
            for child in header:
                note(child, target, chain, owner)
            for child in node.body:
                note(child, None if is_class else key, [*chain, inner], owner)
            return
        if isinstance(node, ast.Call) and function is not None:
            calls[function].append(node.func)
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            chain[-1].setdefault("values", set()).add(node.id)
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            chain[-1].setdefault("elsewhere", set()).update(node.names)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [(alias.asname or alias.name).split(".")[0] for alias in node.names]
            chain[-1].setdefault("imports", set()).update(names)
        if isinstance(node, ast.ExceptHandler) and node.name:
            chain[-1].setdefault("values", set()).add(node.name)
        for child in ast.iter_child_nodes(node):
            note(child, function, chain, owner)

    note(tree, None, [{"names": {}, "class": False, "module": True}], None)

    def resolve(function, callee):
        chain, owner = scopes[function]
        if isinstance(callee, ast.Attribute):
            value = callee.value
            if owner and isinstance(value, ast.Name) and value.id in ("self", "cls"):
                return owner["names"].get(callee.attr)
            return None
        if not isinstance(callee, ast.Name):
            return None
        for scope in reversed(chain):
            if scope["class"] or callee.id in scope.get("elsewhere", ()):
                continue
            if callee.id in scope.get("imports", ()):
                return None
            if callee.id in scope["names"]:
                return scope["names"][callee.id]
            if callee.id in scope.get("values", ()) and not scope.get("module"):
                return None
        return None

    graph = {key: {resolve(key, callee) for callee in found} - {None} for key, found in calls.items()}

    def reaches_itself(start):
        seen, pending = set(), list(graph[start])
        while pending:
            at = pending.pop()
            if at == start:
                return True
            if at not in seen:
                seen.add(at)
                pending.extend(graph.get(at, ()))
        return False

    return {key for key in graph if reaches_itself(key)}


def judge_cognition(node, ours, lines, recursive, counted):
    """Say how a function's cognitive complexity compares with the package's, and whose rule differs."""
    paper = Reader(lines, recursive).function(node)
    package = get_cognitive_complexity(node)
    if ours != paper:
        return UNEXPLAINED
    if ours == package:
        return EQUAL
    if Reader(lines, recursive, PECULIARITIES).function(node) != package:
        return "differs, and the package's rules as understood here do not give its number"
    for name in PECULIARITIES:
        if Reader(lines, recursive, [name]).function(node) != paper:
            counted[name] += 1
    return "differs by the package's rules"


# --- one file --------------------------------------------------------------------------------------------


def close(left, right):
    """Say whether two numbers are the same but for rounding."""
    return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)


def judge(line):
    """Compare one file; gives counts by metric and reason, and the places that nothing explains."""
    answer = json.loads(line)
    path = answer["path"]
    counts, places = collections.Counter(), []
    counted = collections.Counter()

    def note(metric, reason, where):
        counts[metric, reason] += 1
        if reason == UNEXPLAINED or reason.startswith("differs, and"):
            places.append((metric, path, where))

    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
        with tokenize.open(path) as file:
            text = file.read().removeprefix("\ufeff")
    except (SyntaxError, ValueError, RecursionError, UnicodeDecodeError):
        counts["files", "CPython cannot parse it"] += 1
        return counts, counted, places
    if "skipped" in answer:
        counts["files", f"docgate skips it: {answer['skipped']}"] += 1
        return counts, counted, [("skipped", path, answer["skipped"])]
    if not answer["aligned"]:
        return counts, counted, [("definitions", path, "not aligned")]
    counts["files", "compared"] += 1
    lines = text.split("\n")
    module, *rest = answer["definitions"]
    ours = {(definition["line"], definition["name"]): definition for definition in rest}

    blocks, total = complexity_blocks(tree)
    corrected, corrected_total = blocks, total
    if any(isinstance(node, ast.TryStar) for node in ast.walk(tree)):
        changed = GroupHandlers().visit(ast.parse(text))
        corrected, corrected_total = complexity_blocks(changed)
    groups = "radon does not count `except*`"
    for key, expected in blocks.items():
        found = ours[key]["cyclomatic"] if key in ours else None
        reason = EQUAL if found == expected else groups if found == corrected[key] else UNEXPLAINED
        note("cyclomatic complexity of functions, methods and classes", reason, key)
    found = module["cyclomatic"]
    reason = EQUAL if found == total else groups if found == corrected_total else UNEXPLAINED
    note("cyclomatic complexity of modules", reason, 1)

    functions, whole, report = halstead(tree)
    for key, expected in functions.items():
        same = key in ours and ours[key]["halstead"] == expected
        note("Halstead's counts of functions", EQUAL if same else UNEXPLAINED, key)
    note("Halstead's counts of modules", EQUAL if module["halstead"] == whole else UNEXPLAINED, 1)
    same = close(module["volume"], report.volume) and close(module["effort"], report.effort)
    note("Halstead's volume and effort of modules", EQUAL if same else UNEXPLAINED, 1)

    if any(is_long(node) for node in ast.walk(tree)):
        text = None
    reason = judge_lines(text, module["raw"])
    note("lines of modules", reason, 1)
    for index, definition in enumerate(rest):
        # Radon has no lines per definition; a tenth of them is cut out and counted as a file.
        if index % 10 == 0:
            part = lines[definition["first"] - 1:definition["first"] - 1 + definition["raw"][0]]
            part = None if text is None else "\n".join(part)
            note("lines of definitions (every tenth)", judge_lines(part, definition["raw"]), definition["line"])
    counts_of_lines = raw(text) if text is not None else None
    if counts_of_lines:
        loc, lloc, sloc, comments, multi, *_ = counts_of_lines
        percent = (comments + multi) / sloc * 100 if sloc else 0
        index = radon_metrics.mi_compute(report.volume, total, lloc, percent)
        same = close(index, module["maintainability"])
        explained = reason != EQUAL or module["cyclomatic"] != total
        note("maintainability index of modules",
             EQUAL if same else "differs with its inputs" if explained else UNEXPLAINED, 1)

    recursive = recursive_functions(tree)
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            key = node.lineno, node.name
            found = ours[key]["cognitive"] if key in ours else None
            reason = judge_cognition(node, found, lines, recursive, counted)
            note("cognitive complexity of functions", reason, (*key, found))
    return counts, counted, places


PAGE = """# Metrics, compared with other tools

The figures of `src/python/metrics/` over real code, beside those of radon {radon} (cyclomatic complexity, Halstead,
lines, maintainability index) and of cognitive_complexity {cognitive_complexity} (cognitive complexity). A reason for
a difference was tried: with that one peculiarity taken from the judge, both must agree. For cognitive complexity a
second implementation of the white paper, over CPython's own tree, must give docgate's number, and with the
package's peculiarities switched on, the package's.

```sh
just evidence-metrics{folders}
```

Measured on {date} at commit {commit}, with {python} on {machine}.
"""


def name_of(folder):
    """Name a folder without the place where this machine keeps it."""
    folder = Path(folder)
    return f"Lib of CPython {platform.python_version()}" if folder.name.startswith("python3") else folder.name


def table(heads, rows):
    """Print a table whose last column holds numbers."""
    print("\n| " + " | ".join(heads) + " |\n|" + "---|" * (len(heads) - 1) + "---:|")
    for row in rows:
        print("| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else cell for cell in row) + " |")


def run(*command, text=None):
    """Run a program and give back what it prints."""
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout.strip()


def compare(tool, folder):
    """Compare the files of one folder and print a section of Markdown; gives the number of what is not explained."""
    below = (path for path in Path(folder).rglob("*.py") if "site-packages" not in path.parts)
    paths = sorted(path for path in below if path.is_file())
    counts, counted, places = collections.Counter(), collections.Counter(), []
    with multiprocessing.Pool(2) as pool:
        # In portions, because a pool takes in all that it is given at once.
        for start in range(0, len(paths), PORTION):
            portion = "\n".join(map(str, paths[start:start + PORTION]))
            answers = run(tool, text=portion).splitlines()
            for one, reasons, where in pool.imap_unordered(judge, answers, chunksize=5):
                counts.update(one)
                counted.update(reasons)
                places.extend(where)
            print(f"{folder}: {min(start + PORTION, len(paths))} of {len(paths)} files", file=sys.stderr)
    print(f"\n## {name_of(folder)}")
    table(["figure", "verdict", "number"], [(*key, number) for key, number in sorted(counts.items())])
    differing = sorted(counted.items(), key=operator.itemgetter(1), reverse=True)
    table(
        ["how cognitive_complexity differs from the white paper", "functions"],
        [(PECULIARITIES[name], number) for name, number in differing],
    )
    print("\nProcessor time, the shortest of three runs on one thread; `measure` parses for itself:\n")
    print("```text\n" + run(tool, "--time", text="\n".join(map(str, paths))) + "\n```")
    skipped = [place for place in places if place[0] == "skipped"]
    wrong = [place for place in places if place[0] != "skipped"]
    for title, list_of in (("Skipped by docgate:", skipped), ("Not explained:", wrong)):
        if list_of:
            print(f"\n{title}\n")
            for _, path, where in sorted(list_of, key=str):
                print(f"- `{Path(path).relative_to(folder)}`: {where}")
    sys.stdout.flush()
    return len(wrong)


def main():
    """Compare everything and print a page of Markdown."""
    tool, *given = sys.argv[1:]
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20_000)
    versions = {name: importlib.metadata.version(name) for name in ("radon", "cognitive_complexity")}
    print(PAGE.format(
        **versions,
        folders=" FOLDER..." if given else "",
        date=datetime.datetime.now(datetime.UTC).date(),
        commit=run("git", "rev-parse", "--short", "HEAD"),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        machine=f"{platform.system()} {platform.machine()}",
    ).rstrip())
    wrong = [compare(tool, folder) for folder in given or [sysconfig.get_paths()["stdlib"]]]
    return 1 if any(wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
