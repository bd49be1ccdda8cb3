"""Hostile text is written into every definition, and replaced by another one: CPython's tree without docstrings
stays the same, and `get_docstring(clean=False)` gives back what was meant."""

import tempfile
from pathlib import Path

from oracle import definitions, docstring, same_code, tree_of
from result import shown


def judge(files, facts, result):
    """Edit files, and edit the edited ones once more."""
    with tempfile.TemporaryDirectory() as folder:
        originals = files
        for seed in range(facts.rounds):
            place = Path(folder) / str(seed)
            place.mkdir()
            edited = {}
            for original, path, answer in zip(originals, files, facts.edit(place, seed, files)):
                copy = hold(original, path, answer, result)
                if copy is not None:
                    edited[original] = copy
            originals, files = list(edited), list(edited.values())


def hold(original, path, answer, result):
    """Hold an edited copy against what it was made from; return the copy if it can be edited again."""
    before = tree_of(path.read_bytes())
    if before is None:
        return None
    if "skipped" in answer:
        result.note(f"skipped: {answer['skipped']}", shown(original))
        return None
    result.figures["files"] += 1
    result.figures["edits"] += answer["edits"]
    for _, reason in answer["left"]:
        result.note(f"definitions left alone: {reason}", shown(original))
    for name, reason in answer["dropped"]:
        if answer["errors"]:
            result.note(f"edits dropped in files in which the grammar errs: {reason}", shown(original))
        else:
            result.wrong.append(f"{shown(original)}: the edit of {name or 'the module'} was dropped: {reason}")
    copy = Path(answer["edited"])
    after = tree_of(copy.read_bytes())
    if after is None:
        result.wrong.append(f"{shown(original)}: CPython cannot parse the edited file")
        return None
    if not same_code(before, after):
        result.wrong.append(f"{shown(original)}: the code differs")
    if not answer["errors"]:
        read(original, zip(definitions(before), definitions(after)), answer["definitions"], result)
    return copy


def read(original, pairs, rows, result):
    """Hold the docstrings against what was meant."""
    pairs = list(pairs)
    if len(pairs) != len(rows):
        result.wrong.append(f"{shown(original)}: {len(pairs)} definitions instead of {len(rows)}")
    for row, (old, new) in zip(rows, pairs):
        meant = row["meant"] if row["edited"] else docstring(old)
        if docstring(new) != meant:
            result.wrong.append(f"{shown(original)}:{row['line']}: reads {docstring(new)!r}, meant was {meant!r}")


def conclude(result):
    """Nothing is left to be said."""
