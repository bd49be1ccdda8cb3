"""Mutations: each change of meaning must touch the definition that it is in, and no other."""

import random
import re
from collections import Counter

from catalogue import MUTATIONS, Unit
from formatting import text_of
from oracle import Own, tree_of
from result import shown

# Mutants for each piece of source; what is mutated is drawn with the path as the seed.
MUTANTS = 4
UNITS = 3
LARGEST = 12_000
DRAWN = "mutants by the kind of mutation"
FLAGS = ("signature", "body", "docstring", "members")


def judge(files, facts, result):
    """Mutate pieces of files, and compare what is touched with what CPython says differs."""
    kinds = Counter()
    batch = []
    for path in files:
        batch.extend(mutants_of(path, result, kinds))
    hold(batch, facts, result)


def mutants_of(path, result, kinds):
    """Yield (path, kind, base, mutant, …) for pieces of a file; the rarest kinds come first."""
    text = text_of(path)
    if text is None:
        return
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    tree = tree_of(text)
    if tree is None:
        return
    draw = random.Random(path.name + str(len(text)))
    pieces = list(pieces_of(text, tree))
    for piece in draw.sample(pieces, min(UNITS, len(pieces))):
        base = tree_of(piece)
        if base is None:
            continue
        before = Own(base).parts
        try:
            unit = Unit(piece, base)
        except (SyntaxError, IndexError):
            continue
        result.figures["pieces of source"] += 1
        made = 0
        for kind in sorted(draw.sample(list(MUTATIONS), len(MUTATIONS)), key=lambda kind: kinds[kind]):
            candidates = list(MUTATIONS[kind](unit))
            for edits in draw.sample(candidates, min(3, len(candidates))):
                mutant = applied(unit.source, edits)
                after = mutant and tree_of(mutant)
                after = after and Own(after).parts
                if after and after != before and all("\0" not in str(name) for name in after):
                    kinds[kind] += 1
                    yield path, kind, piece, mutant, before, after
                    made += 1
                    break
            if made == MUTANTS:
                break


def pieces_of(text, tree):
    """Yield the definitions at the top level as source, and whole small modules."""
    lines = text.splitlines(keepends=True) if "\x0b" not in text and "\x85" not in text else text.split("\n")
    if len(lines) != text.count("\n") + (not text.endswith("\n")):
        return
    if len(text) <= LARGEST:
        yield text
    for node in tree.body:
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        piece = "".join(lines[first - 1 : node.end_lineno])
        if getattr(node, "body", None) and len(piece) <= LARGEST:
            yield piece


def applied(source, edits):
    """Apply edits, or return None where they do not fit."""
    ordered = sorted(edits)
    if any(one[1] > other[0] for one, other in zip(ordered, ordered[1:])):
        return None
    for start, end, replacement in reversed(ordered):
        source = source[:start] + replacement + source[end:]
    try:
        return source.decode()
    except UnicodeDecodeError:
        return None


def hold(batch, facts, result):
    """Compare what docgate says is touched with what CPython says differs."""
    answers = facts.compare((base, mutant) for _, _, base, mutant, *_ in batch)
    for (path, kind, base, mutant, before, after), answer in zip(batch, answers):
        if answer["errors"] != [0, 0]:
            result.note("mutants in which the grammar errs", kind)
            continue
        result.figures["mutants"] += 1
        result.note(DRAWN, kind)
        if set(before) != set(after):
            # Names came or went: what counts is that something is touched.
            result.figures["mutants with other definitions"] += 1
            if not answer["touched"] and not answer["gone"]:
                complain(result, path, kind, base, mutant, "nothing is touched")
            continue
        expected = {}
        for name, parts in after.items():
            flags = [flag for flag in FLAGS if parts[flag] != before[name][flag]]
            if flags:
                expected[name] = flags
        given = {row["qualified_name"]: row["how"] for row in answer["touched"]}
        if given != expected and (has_reordered_redefinitions(before, after) or alike(given, expected)):
            # Which is which is told by what is inside, not by the order.
            result.note("mutants in which definitions of one name changed places", kind)
            continue
        result.figures["definitions touched"] += len(expected)
        result.figures["definitions not touched"] += len(after) - len(expected)
        if given != expected:
            complain(result, path, kind, base, mutant, f"touched is {given}, expected was {expected}")


def alike(given, expected):
    """Return whether the same names are touched in the same way, whichever of several definitions of one name it is."""
    one, other = (sorted((re.sub(r"#\d+", "", name), how) for name, how in rows.items()) for rows in (given, expected))
    return one == other


def has_reordered_redefinitions(before, after):
    """Return whether definitions of one name are the same ones as before, in another order."""

    def variants(parts):
        found = {}
        for name, part in parts.items():
            found.setdefault(re.sub(r"#\d+", "", name), []).append(str(part))
        return found

    one, other = variants(before), variants(after)
    return any(one[name] != other[name] and sorted(one[name]) == sorted(other[name]) for name in one)


def complain(result, path, kind, base, mutant, why):
    """Note a mutant that was misjudged, with the first line that differs."""
    lines = zip([*base.splitlines(), ""], [*mutant.splitlines(), ""])
    one, other = next((pair for pair in lines if pair[0] != pair[1]), ("", ""))
    result.wrong.append(f"{shown(path)}: {kind}: `{one.strip()}` → `{other.strip()}`: {why}")


def conclude(result):
    """Name the kinds of mutations that were not tried."""
    drawn = result.notes.pop(DRAWN, Counter())
    result.figures["kinds of mutations"] = len(drawn)
    for kind in sorted(set(MUTATIONS) - set(drawn)):
        result.note("kinds of mutations that no place was found for", kind)
