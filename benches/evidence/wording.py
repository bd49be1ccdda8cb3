"""What people wrote in docstrings, before and after a repair: no word of a description may be lost or come.

It reads docstrings with its own eyes and knows nothing of how docgate reads them. Lines are compared as multisets of words;
of lines that differ, what stands before a colon at the head of an entry is left out (names and types are what repairs
are about). What is left must be explained by the code: the entry of a parameter that it does not have, a default as
it is in the signature, the message of an exception, an annotation.
"""

import ast
import inspect
import re
from collections import Counter

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
FIELD = re.compile(r"^[:@](?:param|parameter|arg|argument|key|keyword|raises?|except|exception)\s+(.+?):\s*(.*)$")
TYPE_FIELD = re.compile(r"^[:@](?:type|rtype|ytype|kwtype|returntype)\b[^:]*:")
RESULT_FIELD = re.compile(r"^[:@](?:returns?|yields?):\s*(.*)$")
ENTRY = re.compile(r"^(\*{0,2}[\w.]+(?:\s*,\s*\*{0,2}[\w.]+)*)\s*(\(.*?\))?\s*:(?:\s(.*))?$")
TYPED = re.compile(r"^([\w.\[\], |'\"()`~]+):\s+(.*)$")
# The titles of numpydoc's lists; first those whose entries may be a type.
LISTS = ("returns", "yields", "raises", "parameters", "other parameters", "attributes")
NAMES = re.compile(r"^`*\*{0,2}\w+`*(?:\s*,\s*`*\*{0,2}\w+`*)*$")


def without_docstrings(source):
    """Return the syntax tree of a text without its docstrings, as a text."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
    return ast.dump(tree)


def differences(before, after):
    """Yield what a repair did to words, as (what, line of the definition, words); `lost` and `come` are not allowed."""
    for one, other in both(ast.parse(before), ast.parse(after)):
        texts = [ast.get_docstring(node, clean=False) for node in (one, other)]
        if texts[0] != texts[1] and None not in texts:
            yield from compared(one, *map(inspect.cleandoc, texts))


def both(before, after):
    """Yield the definitions of two trees that stand at the same place."""
    sides = [[node for node in ast.walk(tree) if isinstance(node, DOCUMENTED)] for tree in (before, after)]
    yield from zip(*sides, strict=True)


def position(node):
    """Return the line of a definition."""
    return getattr(node, "lineno", 1)


def words(text):
    """Return the words of a text in small letters."""
    return tuple(re.findall(r"\w+", text.lower()))


def compared(node, before, after):
    """Yield what differs between two docstrings of a definition."""
    gone = {name for name in heads(before) - heads(after) if not has_parameter(node, name)}
    old, new = (lines(without_types(text)) for text in (without_entries(before, gone, after), after))
    # What still stands somewhere is not lost, whatever it reads as there.
    lost, come = old - new - (lines(after) - new), new - old - (lines(before) - old)
    # A name or a type at the head of an entry is not a word of its description.
    summaries = {text.split("\n", 1)[0].strip() for text in (before, after)}
    lost, come = said(lost, summaries), said(come, summaries)
    lost, come = lost - come, come - lost
    # What stood in an entry under another name has not come.
    come -= said(lines(without_types(before)), summaries)
    line = position(node)
    if gone:
        yield "entry", line, tuple(sorted(gone))
    types, messages, defaults = words_of_code(node)
    for new in list(come.elements()):
        partner = next((old for old in lost if "default" in " ".join(old) and set(new) - set(old) <= defaults), None)
        if partner is not None and "default" in " ".join(new):
            yield "default", line, new
            lost[partner] -= 1
        elif set(new) <= messages:
            yield "message", line, new
        elif set(new) <= types:
            partner = next((old for old in +lost if len(old) <= 12), None)
            if partner is not None:
                lost[partner] -= 1
            yield "type", line, new
        else:
            yield "come", line, new
    for old in (+lost).elements():
        yield "lost", line, old


def lines(text):
    """Count the lines of a text by their words."""
    rule = re.compile(r"^[-=~#*]+$")
    stripped = (line.strip() for line in text.splitlines())
    return Counter(line for line in stripped if words(line) and not rule.match(line))


def said(counter, summaries):
    """Count lines by the words of what they describe; the only word of a summary is no name of an entry."""
    counted = Counter()
    for line, count in counter.items():
        is_word = line in summaries and NAMES.match(line.rstrip(".!?"))
        counted[words(line if is_word else description(line))] += count
    return Counter({key: count for key, count in counted.items() if key})


def description(line):
    """Return what a line says without the head of an entry."""
    if TYPE_FIELD.match(line):
        return ""
    if NAMES.match(line.rstrip(":")) and line[:1].isupper():
        return line
    field = FIELD.match(line) or ENTRY.match(line) or RESULT_FIELD.match(line)
    if field:
        return (field.groups()[-1] or "") if ENTRY.match(line) is None or not numpys(line) else ""
    typed = TYPED.match(line)
    if typed:
        return typed[2]
    line = line.rstrip(".!?")
    return "" if NAMES.match(line) and " " not in line.replace(", ", ",") and line.islower() else line


def numpys(line):
    """Return whether a line is the head of an entry in numpydoc's way: `name : type`."""
    return " : " in line and not line.startswith((":", "@"))


def heads(text):
    """Return the names at the heads of entries; the only word of a summary is none."""
    found = Counter()
    first, *rest = text.splitlines() or [""]
    for line in [first if ":" in first else "", *rest]:
        for names in head_of(line):
            found.update(name.strip().lstrip("*\\`").rstrip("`") for name in names.split(","))
    return found


def head_of(line):
    """Return the names that a line gives an entry to."""
    line = line.strip()
    field = re.match(r"^[:@](?:param|parameter|arg|argument|key|keyword)\s+(.+?):", line)
    if field:
        return [field[1].split()[-1]]
    entry = ENTRY.match(line)
    if entry:
        return [entry[1]]
    line = line.rstrip(".!?")
    return [line] if NAMES.match(line) else []


def without_types(text):
    """Return a text without the lines of numpydoc's lists that hold a name or a type alone."""
    all_lines = text.splitlines()
    kept, margin, is_result = [], None, False
    for number, line in enumerate(all_lines):
        below = all_lines[number + 1] if number + 1 < len(all_lines) else ""
        indentation = len(line) - len(line.lstrip())
        if re.match(r"^\s*-{3,}\s*$", below):
            margin = indentation if line.strip().rstrip(":").lower() in LISTS else None
            is_result = line.strip().rstrip(":").lower() in LISTS[:3]
        above = all_lines[number - 1] if number else ""
        is_first = is_result and re.match(r"^\s*-{3,}\s*$", above)
        is_head = below.strip() and len(below) - len(below.lstrip()) > indentation
        if margin == indentation and line.strip() and (is_first or is_head or " " not in line.strip()):
            continue
        kept.append(line)
    return "\n".join(kept)


def without_entries(text, gone, after):
    """Return a text without the entries of some names; one whose description is still there only got another head."""
    known = lines(after)
    kept, entry, inside = [], [], None
    for line in [*text.splitlines(), None]:
        indentation = len(line) - len(line.lstrip()) if line is not None else 0
        if inside is not None and line is not None and (not line.strip() or indentation > inside):
            entry.append(line)
            continue
        if any(below.strip() in known for below in entry[1:] if words(below)):
            kept.extend(entry[1:])
        entry, inside = [], None
        if line is None:
            break
        names = {name.strip().lstrip("*\\`").rstrip("`") for names in head_of(line) for name in names.split(",")}
        field = re.match(r"^\s*[:@]type\s+(\w+):", line)
        if names & gone or field and field[1] in gone:
            entry, inside = [line], indentation
            continue
        kept.append(line)
    return "\n".join(kept)


def functions_of(node):
    """Return the functions whose signature a docstring is about."""
    if isinstance(node, ast.ClassDef):
        made = ("__init__", "__new__")
        return [inner for inner in node.body if isinstance(inner, DOCUMENTED[2:]) and inner.name in made]
    return [node] if isinstance(node, DOCUMENTED[2:]) else []


def arguments_of(function):
    """Return the parameters of a function."""
    given = function.args
    rest = [argument for argument in (given.vararg, given.kwarg) if argument]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *rest]


def has_parameter(node, name):
    """Return whether a name is a parameter; of a class, also any other name in it."""
    return any(argument.arg == name for function in functions_of(node) for argument in arguments_of(function))


def words_of_code(node):
    """Return the words of annotations, of the messages of exceptions, and of defaults."""
    # A condition is told of a message: "a must be b" is "If a is not b."
    types, messages, defaults = {"returns", "yields", "raises", "or", "optional"}, {"if", "is", "not"}, {"none"}
    for function in functions_of(node):
        given = function.args
        for annotation in [function.returns, *(argument.annotation for argument in arguments_of(function))]:
            if annotation is not None:
                types |= set(words(ast.unparse(annotation)))
        for default in (*given.defaults, *given.kw_defaults):
            if default is not None:
                defaults |= set(words(ast.unparse(default)))
        for inner in ast.walk(function):
            if isinstance(inner, ast.Raise) and inner.exc is not None:
                messages |= set(words(ast.unparse(inner.exc)))
    return types, messages, defaults
