"""A catalogue of changes of meaning, each as edits of source text.

A mutation is a function that takes a `Unit` and yields candidates: lists of ``(start, end, replacement)`` over
the bytes of the unit. Candidates need not be valid; who uses them keeps those that CPython parses into another tree.
"""

import ast
import io
import keyword
import re
import tokenize

from oracle import DEFINITIONS, FUNCTIONS, docstring

MUTATIONS = {}


def mutation(function):
    """Put a function into the catalogue, under its name in words."""
    MUTATIONS[function.__name__.replace("_", " ")] = function
    return function


class Unit:
    """A piece of a module at its left margin, with its tree and tokens."""

    def __init__(self, text, tree):
        self.source = text.encode()
        self.tree = tree
        self.starts = [0]
        for line in text.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line.encode()))
        self._lines = text.splitlines(keepends=True)
        self.nodes = [node for node in walk(tree) if hasattr(node, "lineno")]
        self.statements = [node for node in self.nodes if isinstance(node, ast.stmt)]
        self.functions = [node for node in self.nodes if isinstance(node, FUNCTIONS)]
        self.tokens = [
            (token.type, token.string, self._offset(token.start), self._offset(token.end))
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
        ]

    def _offset(self, place):
        line, column = place
        if line > len(self._lines):
            return len(self.source)
        return self.starts[line - 1] + len(self._lines[line - 1][:column].encode())

    def start(self, node):
        """Return the first byte of a node."""
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node):
        """Return one past the last byte of a node."""
        return self.starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, node):
        """Return the source of a node."""
        return self.source[self.start(node) : self.end(node)]

    def of(self, kind):
        """Return the nodes of a kind."""
        return [node for node in self.nodes if isinstance(node, kind)]

    def operators(self, *texts):
        """Return the tokens with one of the texts, as (text, start, end)."""
        return [token[1:] for token in self.tokens if token[0] in (tokenize.OP, tokenize.NAME) and token[1] in texts]

    def lines_of(self, statement):
        """Return the bytes of the whole lines of a statement, if no other one shares them."""
        first = statement.lineno
        for decorator in getattr(statement, "decorator_list", []):
            first = min(first, decorator.lineno)
        start = self.starts[first - 1]
        end = self.starts[statement.end_lineno]
        indent = self.source[start : self.start(statement)] if first == statement.lineno else b""
        rest = self.source[self.end(statement) : end].split(b"#")[0]
        return None if indent.strip() or rest.strip() else (start, end)


def walk(tree):
    """Yield nodes, but none inside f-strings: older Pythons do not say where those are."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.JoinedStr):
            waiting.extend(ast.iter_child_nodes(node))


def blocks(unit):
    """Yield the lists of statements, docstrings left out."""
    for node in walk(unit.tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block:
                documented = field == "body" and isinstance(node, (*DEFINITIONS, ast.Module))
                yield block[1:] if documented and docstring(node) is not None else block


SWAPS = {
    "+": "-", "-": "+", "*": "/", "/": "//", "//": "/", "%": "*", "**": "*", "@": "*", "|": "&", "&": "|",
    "^": "|", "<<": ">>", ">>": "<<", "~": "-", "==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=",
    ">=": ">", "and": "or", "or": "and", "is": "==", "in": "not in", "+=": "-=", "-=": "+=", "*=": "/=",
    "|=": "&=", "&=": "|=", "//=": "/=", "%=": "*=", "=": "+=", ":=": "==", "break": "continue",
    "continue": "break", "pass": "...", "finally": "else", "while": "if", "global": "nonlocal", "elif": "if",
    "yield": "await", "await": "not", "...": "None", "for": "async for", "with": "async with", "def": "async def",
    "True": "False", "False": "True", "None": "True", "del": "assert", "->": ":", "import": "as", ":": ",", ",": ":",
    ".": ",", "not": "", "async": "", "lambda": "lambda q:", "from": "", "*=": "**=", "else": "finally",
}  # fmt: skip


def _swap(text, replacement):
    def swap(unit):
        for _, start, end in unit.operators(text):
            yield [(start, end, replacement.encode())]

    MUTATIONS[f"`{text}` becomes `{replacement}`" if replacement else f"`{text}` goes"] = swap


for _text, _replacement in SWAPS.items():
    _swap(_text, _replacement)


@mutation
def a_number_changes(unit):
    for kind, text, start, end in unit.tokens:
        if kind == tokenize.NUMBER:
            for other in (text + "1", text + "j", "1" + text, text + ".0"):
                yield [(start, end, other.encode())]


@mutation
def a_name_changes(unit):
    for kind, text, _, end in unit.tokens:
        if kind == tokenize.NAME and not keyword.iskeyword(text):
            yield [(end, end, b"_q")]


@mutation
def a_string_changes(unit):
    for kind, text, start, end in unit.tokens:
        if kind == tokenize.STRING:
            quotes = len(text) - len(text.lstrip("rRbBuUfF")) + (3 if text.endswith(('"""', "'''")) else 1)
            for other in (b"q", b" ", b"\\x41", b"\\\\"):
                yield [(start + quotes, start + quotes, other)]
            length = 3 if text.endswith(('"""', "'''")) else 1
            yield [(end - length, end - length, b"q")]


@mutation
def a_string_gets_another_prefix(unit):
    for kind, text, start, _ in unit.tokens:
        if kind == tokenize.STRING:
            for prefix in ("r", "b", "f"):
                if prefix not in text[: text.find(text[-1])].lower():
                    yield [(start, start, prefix.encode())]
            if text[0] in "rRbBfF":
                yield [(start, start + 1, b"")]


@mutation
def a_field_of_an_f_string_changes(unit):
    for kind, text, start, end in unit.tokens:
        prefix = text[: text.find(text[-1])].lower() if kind == tokenize.STRING else ""
        if "f" not in prefix:
            continue
        for old, new in ((r"(\w)\}", r"\1_q}"), (r"(\w)\}", r"\1!r}"), (r"(\w)\}", r"\1:>3}"), (r"(\w)\}", r"\1=}"),
                         (r":([^{}]*)\}", r":\1x}"), (r"!r", "!s"), (r"\{(\w)", r"{-\1"), (r"\}([^{}])", r"}q\1"),
                         (r"\{(\w+)\}", r"{{\1}}"), (r"\{(\w+)\}", r"{\1 }"), (r"\((\w)", r"(*\1")):  # fmt: skip
            for match in re.finditer(old, text):
                changed = text[: match.start()] + match.expand(new) + text[match.end() :]
                yield [(start, end, changed.encode())]


@mutation
def adjoining_strings_part(unit):
    strings = (tokenize.STRING, tokenize.NL, tokenize.COMMENT)
    for (kind, _, _, end), (other, *_) in zip(unit.tokens, unit.tokens[1:]):
        if kind == tokenize.STRING and other in strings:
            yield [(end, end, b",")]
            yield [(end, end, b" +")]


def pairs(unit, opening, closing):
    waiting = []
    for kind, text, start, end in unit.tokens:
        if kind == tokenize.OP and text == opening:
            waiting.append((start, end))
        elif kind == tokenize.OP and text == closing and waiting:
            yield waiting.pop(), (start, end)


@mutation
def brackets_go(unit):
    for opening, closing in ("()", "[]", "{}"):
        for one, other in pairs(unit, opening, closing):
            yield [(*one, b" "), (*other, b" ")]


@mutation
def brackets_become_others(unit):
    for opening, closing in ("()", "[]", "{}"):
        for new in (b"()", b"[]", b"{}"):
            for one, other in pairs(unit, opening, closing):
                yield [(*one, new[:1]), (*other, new[1:])]


@mutation
def brackets_enclose_less(unit):
    # (a + b) * c → (a) + b * c
    for opening, closing in ("()", "[]"):
        for one, other in pairs(unit, opening, closing):
            inside = [token for token in unit.tokens if one[1] <= token[2] < other[0] and token[0] == tokenize.OP]
            for _, _, start, _ in inside[:3]:
                yield [(start, start, closing.encode()), (*other, b" ")]


@mutation
def brackets_enclose_more(unit):
    # (a + b) * c → (a + b * c)
    for opening, closing in ("()", "[]"):
        for _, other in pairs(unit, opening, closing):
            following = [token for token in unit.tokens if token[2] >= other[1]][:4]
            for _, _, _, end in following:
                # In brackets CPython ignores a type comment, and a formatter puts it there all the same.
                if b"# type:" not in unit.source[other[1] : end]:
                    yield [(*other, b" "), (end, end, closing.encode())]


@mutation
def grouping_changes(unit):
    # a + b * c → (a + b) * c, a.b(c) → a.(b(c)): whatever parses. `A | (B | C)` is the same annotation as `A | B | C`.
    annotated = [getattr(node, part, None) for node in unit.of(ast.AST) for part in ("annotation", "returns")]
    unions = {id(inner) for node in annotated if node for inner in ast.walk(node) if is_union(inner)}
    for node in unit.of((ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp)):
        if id(node) in unions:
            continue
        ends = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        for one in ends:
            for other in ast.iter_child_nodes(one):
                if isinstance(other, ast.expr):
                    yield [(unit.start(node), unit.start(node), b"("), (unit.end(other), unit.end(other), b")")]
                    yield [(unit.start(other), unit.start(other), b"("), (unit.end(node), unit.end(node), b")")]


def is_union(node):
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr)


@mutation
def a_comparison_is_chained_otherwise(unit):
    for node in unit.of(ast.Compare):
        if len(node.ops) > 1:
            yield [(unit.start(node), unit.start(node), b"("), (unit.end(node.comparators[0]),) * 2 + (b")",)]
            yield [(unit.start(node.comparators[0]),) * 2 + (b"(",), (unit.end(node), unit.end(node), b")")]


@mutation
def a_tuple_comma_comes(unit):
    for node in unit.of(ast.expr):
        yield [(unit.end(node), unit.end(node), b",")]


@mutation
def a_comma_goes(unit):
    for _, start, end in unit.operators(","):
        yield [(start, end, b" ")]


@mutation
def an_expression_is_negated(unit):
    for node in unit.of(ast.expr):
        yield [(unit.start(node), unit.start(node), b"(not "), (unit.end(node), unit.end(node), b")")]


@mutation
def an_expression_is_starred(unit):
    for node in unit.of(ast.expr):
        yield [(unit.start(node), unit.start(node), b"*")]
        yield [(unit.start(node), unit.start(node), b"**")]


@mutation
def an_expression_is_replaced(unit):
    for node in unit.of(ast.expr):
        yield [(unit.start(node), unit.end(node), b"q")]


@mutation
def an_expression_is_called(unit):
    for node in unit.of((ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
        for more in (b"()", b"[0]", b".q", b"[:]"):
            yield [(unit.end(node), unit.end(node), more)]


@mutation
def an_expression_goes_into_a_list(unit):
    for node in unit.of(ast.expr):
        yield [(unit.start(node), unit.start(node), b"["), (unit.end(node), unit.end(node), b"]")]


def neighbours(unit):
    for node in walk(unit.tree):
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and not isinstance(node, ast.JoinedStr):
                placed = [item for item in value if hasattr(item, "lineno")]
                yield from zip(placed, placed[1:])


@mutation
def neighbours_change_places(unit):
    for one, other in neighbours(unit):
        if isinstance(one, (ast.expr, ast.arg, ast.keyword, ast.alias, ast.withitem)):
            first, second = sorted((one, other), key=unit.start)
            yield [
                (unit.start(first), unit.end(first), unit.text(second)),
                (unit.start(second), unit.end(second), unit.text(first)),
            ]


@mutation
def operands_change_places(unit):
    for node in unit.of((ast.BinOp, ast.Compare, ast.IfExp, ast.Assign, ast.Subscript)):
        placed = [child for child in ast.iter_child_nodes(node) if hasattr(child, "lineno")]
        if len(placed) > 1:
            first, second = sorted(placed[:2], key=unit.start)
            yield [
                (unit.start(first), unit.end(first), unit.text(second)),
                (unit.start(second), unit.end(second), unit.text(first)),
            ]


@mutation
def an_item_goes(unit):
    for one, other in neighbours(unit):
        first, second = sorted((one, other), key=unit.start)
        yield [(unit.start(first), unit.start(second), b"")]
        yield [(unit.end(first), unit.end(second), b"")]


@mutation
def a_statement_goes(unit):
    for block in blocks(unit):
        for statement in block:
            yield [(unit.start(statement), unit.end(statement), b"pass")]
            lines = unit.lines_of(statement)
            if lines and len(block) > 1:
                yield [(*lines, b"")]


@mutation
def a_statement_comes(unit):
    for block in blocks(unit):
        for statement in block:
            lines = unit.lines_of(statement)
            if lines:
                indent = b" " * statement.col_offset
                for more in (b"pass", b"q()", b"return", b"'text'", b"...", b"import q", b"q: int", b"global q"):
                    yield [(lines[1], lines[1], indent + more + b"\n")]


@mutation
def a_statement_is_doubled(unit):
    for block in blocks(unit):
        for statement in block:
            lines = unit.lines_of(statement)
            if lines:
                yield [(lines[1], lines[1], unit.source[lines[0] : lines[1]])]


@mutation
def statements_change_places(unit):
    for block in blocks(unit):
        for one, other in zip(block, block[1:]):
            first, second = unit.lines_of(one), unit.lines_of(other)
            if first and second and first[1] <= second[0]:
                yield [(*first, unit.source[slice(*second)]), (*second, unit.source[slice(*first)])]


def shifted(lines, by):
    kept = lines.splitlines(keepends=True)
    if by < 0:
        return b"".join(line[-by:] if not line[:-by].strip() else line for line in kept)
    return b"".join(b" " * by + line if line.strip() else line for line in kept)


@mutation
def a_statement_leaves_its_block(unit):
    for node in unit.statements:
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if not isinstance(block, list) or len(block) < 2 or isinstance(node, DEFINITIONS):
                continue
            lines = unit.lines_of(block[-1])
            if lines:
                by = node.col_offset - block[-1].col_offset
                yield [(*lines, shifted(unit.source[slice(*lines)], by))]


@mutation
def a_statement_enters_a_block(unit):
    for block in blocks(unit):
        for one, other in zip(block, block[1:]):
            inner = getattr(one, "orelse", None) or getattr(one, "finalbody", None) or getattr(one, "body", None)
            lines = unit.lines_of(other)
            if isinstance(inner, list) and inner and lines and not isinstance(one, DEFINITIONS):
                yield [(*lines, shifted(unit.source[slice(*lines)], inner[-1].col_offset - other.col_offset))]


@mutation
def a_value_is_dropped(unit):
    for node in unit.of((ast.Return, ast.Yield, ast.Raise, ast.YieldFrom)):
        value = getattr(node, "value", None) or getattr(node, "exc", None)
        if value is not None:
            yield [(unit.start(value), unit.end(value), b"")]
            yield [(unit.start(node), unit.start(value), b"")]
        if getattr(node, "cause", None) is not None:
            yield [(unit.end(node.exc), unit.end(node), b"")]
    for node in unit.of((ast.Assert, ast.AnnAssign)):
        last = getattr(node, "msg", None) or getattr(node, "value", None)
        before = getattr(node, "test", None) or getattr(node, "annotation", None)
        if last is not None:
            yield [(unit.end(before), unit.end(last), b"")]


@mutation
def a_yield_delegates(unit):
    for node in unit.of(ast.Yield):
        if node.value is not None:
            yield [(unit.start(node.value), unit.start(node.value), b"from ")]
    for node in unit.of(ast.Raise):
        if node.exc is not None and node.cause is None:
            yield [(unit.end(node.exc), unit.end(node.exc), b" from None")]


@mutation
def a_handler_changes(unit):
    for node in unit.of(ast.ExceptHandler):
        start = unit.start(node)
        if node.type is None:
            yield [(start + 6, start + 6, b" Q")]
        else:
            yield [(start + 6, start + 6, b"*")]
            yield [(unit.end(node.type), unit.end(node.type), b" as q")]
            yield [(unit.start(node.type), unit.end(node.type), b"")]


@mutation
def a_default_comes(unit):
    for node in unit.of(ast.arg):
        yield [(unit.end(node), unit.end(node), b"=q")]


@mutation
def an_annotation_comes_or_goes(unit):
    for node in unit.of(ast.arg):
        if node.annotation is None:
            yield [(unit.end(node), unit.end(node), b": q")]
        else:
            yield [(unit.start(node) + len(node.arg.encode()), unit.end(node), b"")]
    for node in unit.functions:
        if node.returns is not None:
            yield [(unit.start(node.returns), unit.end(node.returns), b"q")]
    for node in unit.of(ast.Assign):
        if len(node.targets) == 1:
            yield [(unit.end(node.targets[0]), unit.end(node.targets[0]), b": q")]


@mutation
def a_parameter_comes(unit):
    for node in unit.of(ast.arg):
        for more in (b", q", b", *", b", /", b", *q", b", **q", b", q=1"):
            yield [(unit.end(node), unit.end(node), more)]
        for more in (b"q, ", b"*, ", b"*", b"**"):
            yield [(unit.start(node), unit.start(node), more)]


@mutation
def a_decorator_comes_or_goes(unit):
    for node in unit.of(DEFINITIONS):
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        indent = b" " * node.col_offset
        yield [(unit.starts[first - 1], unit.starts[first - 1], indent + b"@q\n")]
        for decorator in node.decorator_list:
            yield [(unit.starts[decorator.lineno - 1], unit.starts[decorator.end_lineno], b"")]
            yield [(unit.end(decorator), unit.end(decorator), b".q")]


@mutation
def a_class_gets_another_base(unit):
    for node in unit.of(ast.ClassDef):
        for base in node.bases:
            yield [(unit.end(base), unit.end(base), b", Q")]
            yield [(unit.end(base), unit.end(base), b", metaclass=Q")]
        name = unit.source.find(node.name.encode(), unit.start(node)) + len(node.name.encode())
        yield [(name, name, b"(Q)")]


@mutation
def an_import_changes(unit):
    for node in unit.of(ast.alias):
        yield [(unit.end(node), unit.end(node), b" as q")]
        if node.asname:
            yield [(unit.start(node) + len(node.name), unit.end(node), b"")]
    for node in unit.of(ast.ImportFrom):
        yield [(unit.start(node) + 5, unit.start(node) + 5, b".")]


@mutation
def a_slice_changes(unit):
    for node in unit.of(ast.Slice):
        yield [(unit.end(node), unit.end(node), b":2" if node.step is None else b"1")]
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                yield [(unit.start(part), unit.end(part), b"")]
        yield [(unit.start(node), unit.end(node), unit.text(node).replace(b":", b","))]


@mutation
def a_comprehension_changes(unit):
    for node in unit.of((ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
        end = unit.end(node) - (0 if unit.source[unit.end(node) - 1 : unit.end(node)] not in b")]}" else 1)
        yield [(end, end, b" if q")]
        yield [(end, end, b" for q in q")]
        for comprehension in node.generators:
            for test in comprehension.ifs:
                before = comprehension.ifs.index(test)
                after = comprehension.iter if before == 0 else comprehension.ifs[before - 1]
                yield [(unit.end(after), unit.end(test), b"")]


@mutation
def a_branch_changes(unit):
    for node in unit.of(ast.If):
        yield [(unit.start(node), unit.start(node) + 2, b"while")]
        for _, start, end in unit.operators("else"):
            yield [(start, end, b"elif q")]
    for node in unit.of(ast.IfExp):
        yield [
            (unit.start(node.body), unit.end(node.body), unit.text(node.orelse)),
            (unit.start(node.orelse), unit.end(node.orelse), unit.text(node.body)),
        ]


@mutation
def a_context_manager_loses_its_name(unit):
    for node in unit.of((ast.With, ast.AsyncWith)):
        for item in node.items:
            if item.optional_vars is not None:
                yield [(unit.end(item.context_expr), unit.end(item.optional_vars), b"")]
            else:
                yield [(unit.end(item.context_expr), unit.end(item.context_expr), b" as q")]


@mutation
def a_pattern_changes(unit):
    for node in unit.of(getattr(ast, "pattern", ())):
        yield [(unit.end(node), unit.end(node), b" | q")]
        yield [(unit.end(node), unit.end(node), b" as q")]
        yield [(unit.end(node), unit.end(node), b" if q")]


@mutation
def a_type_comment_changes(unit):
    for kind, text, _, end in unit.tokens:
        if kind == tokenize.COMMENT and text.startswith("# type:") and "ignore" not in text:
            yield [(end, end, b"_q")]


@mutation
def a_lambda_changes(unit):
    for node in unit.of(ast.Lambda):
        yield [(unit.start(node.body), unit.end(node.body), b"q")]
        yield [(unit.start(node), unit.start(node) + 6, b"lambda q=1, ")]
        yield [(unit.end(node.body), unit.end(node.body), b", q")]
