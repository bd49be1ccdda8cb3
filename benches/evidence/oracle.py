"""What CPython says about a file, and what docgate says; nothing here judges."""

import ast
import inspect
import json
import subprocess
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)
DOCUMENTED = (*DEFINITIONS, ast.Module)

warnings.simplefilter("ignore")


def tree_of(source):
    """Parse text or bytes, or return None where CPython cannot."""
    try:
        tree = ast.parse(source, type_comments=True)
        # They are remembered by their lines, which move.
        tree.type_ignores.clear()
        return tree
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    try:
        # A comment that only looks like a type comment is an error with them, and none without.
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@dataclass(frozen=True)
class Place:
    """Where a definition's header begins, its kind and its name."""

    line: int
    column: int
    kind: str
    name: str


def place_of(node):
    """Return the place of a definition; the module's is the line 0."""
    if isinstance(node, ast.Module):
        return Place(0, 0, "module", "")
    kind = "class" if isinstance(node, ast.ClassDef) else "function"
    return Place(node.lineno, node.col_offset, kind, node.name)


def definitions(tree):
    """Return the definitions of a tree in the order in which they begin."""
    found = [node for node in ast.walk(tree) if isinstance(node, DOCUMENTED)]
    return sorted(found, key=lambda node: (place_of(node).line, place_of(node).column))


def docstring(node):
    """Return the docstring as it is at run time."""
    return ast.get_docstring(node, clean=False)


def same_code(one, other):
    """Return whether two trees differ in nothing but their docstrings."""
    waiting = [(one, other)]
    while waiting:
        one, other = waiting.pop()
        if one.__class__ is not other.__class__:
            return False
        if isinstance(one, ast.AST):
            for name in one._fields:
                if name == "body" and isinstance(one, DOCUMENTED):
                    waiting.append((code(one), code(other)))
                else:
                    waiting.append((getattr(one, name, None), getattr(other, name, None)))
        elif isinstance(one, list):
            if len(one) != len(other):
                return False
            waiting.extend(zip(one, other))
        elif one != other and one == one:
            return False
    return True


def code(node):
    """Return the statements of a definition without its docstring."""
    return node.body if docstring(node) is None else node.body[1:]


def cleaned(text):
    """Return a docstring without its indentation and trailing blanks."""
    if text is None:
        return None
    return "\n".join(line.rstrip() for line in inspect.cleandoc(text).splitlines()).strip()


class Own:
    """The parts of each definition that have a fingerprint of their own, as text."""

    def __init__(self, tree):
        self.parts = {}
        self._visit(tree, "", tree)

    def _visit(self, node, name, module):
        names = {}
        members = []
        self.parts[name] = {
            "signature": "" if node is module else self._signature(node),
            "body": self._text(code(node), isinstance(node, FUNCTIONS)),
            "docstring": cleaned(docstring(node)),
            "members": members,
        }
        for child in direct(node.body):
            names[child.name] = names.get(child.name, 0) + 1
            local = child.name if names[child.name] == 1 else f"{child.name}#{names[child.name]}"
            members.append(local)
            self._visit(child, f"{name}.{local}" if name else local, module)
        if isinstance(node, FUNCTIONS):
            members.clear()
        members.sort()

    def _signature(self, node):
        fields = [field for field in node._fields if field not in {"name", "body"}]
        kind = type(node).__name__
        return kind + "|".join(self._text(getattr(node, field), True) for field in fields)

    def _text(self, value, whole):
        if isinstance(value, list):
            # Where a member stands among the statements is no property of a class or module.
            kept = [item for item in value if whole or not isinstance(item, DEFINITIONS)]
            return "[" + ",".join(self._text(item, whole) for item in kept) + "]"
        if not isinstance(value, ast.AST):
            return repr(value)
        if isinstance(value, DEFINITIONS):
            return f"{value.name}({self._signature(value)}{self._text(code(value), True)})"
        if isinstance(value, ast.BoolOp):
            # `(a and b) and c` is evaluated as `a and b and c` is.
            while isinstance(value.values[0], ast.BoolOp) and type(value.values[0].op) is type(value.op):
                value = ast.BoolOp(value.op, [*value.values[0].values, *value.values[1:]])
        # Which string prefix was written is no difference in meaning.
        fields = [field for field in value._fields if not (isinstance(value, ast.Constant) and field == "kind")]
        inner = ",".join(self._text(getattr(value, field, None), whole) for field in fields)
        return f"{type(value).__name__}({inner})"


def direct(body):
    """Return the definitions in statements, those inside other definitions left out, in source order."""
    found = []
    waiting = list(reversed(body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, DEFINITIONS):
            found.append(node)
        elif isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))
    return found


class Facts:
    """The test tool `tests/tools/facts.rs`, built, and how often to edit with it."""

    def __init__(self, binary, rounds):
        self.binary = binary
        self.rounds = rounds

    def describe(self, paths):
        """Return what docgate finds in each file."""
        return self._ask(["describe"], map(str, paths))

    def edit(self, folder, seed, paths):
        """Write copies with hostile docstrings into a folder; return what was meant."""
        return self._ask(["edit", folder, str(seed)], map(str, paths))

    def compare(self, pairs):
        """Return how the definitions of a new text differ from those of a base, for each pair."""
        lines = (json.dumps({"base": base, "new": new}) for base, new in pairs)
        return self._ask(["compare"], lines)

    def _ask(self, arguments, lines):
        with tempfile.TemporaryDirectory() as folder:
            questions = Path(folder) / "questions"
            with questions.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(line + "\n" for line in lines)
            with questions.open("rb") as file:
                asked = subprocess.Popen([self.binary, *arguments], stdin=file, stdout=subprocess.PIPE)
                for line in asked.stdout:
                    yield json.loads(line)
        if asked.wait() != 0:
            raise RuntimeError(f"facts {arguments[0]} ended with {asked.returncode}")
