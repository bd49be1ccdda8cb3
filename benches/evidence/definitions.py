"""The definitions of every file that CPython can parse, their lines and docstrings, are those of its `ast`."""

from oracle import Place, definitions, docstring, place_of, tree_of
from result import shown

# Files on which the grammar errs although CPython reads them, in ten thousand files.
MOST_GAPS = 5
GAPS = "files in which the grammar errs although CPython parses them"


def judge(files, facts, result):
    """Hold the definitions of files against CPython's."""
    for path, found in zip(files, facts.describe(files)):
        source = path.read_bytes()
        tree = tree_of(source)
        if tree is None:
            result.figures["files that CPython cannot parse"] += 1
            continue
        result.figures["files"] += 1
        if "skipped" in found:
            result.note(f"skipped: {found['skipped']}", shown(path))
        elif found["errors"]:
            result.note(GAPS, f"{shown(path)}:{found['errors'][0]}")
        else:
            compare(path, source, tree, found["definitions"], result)


def compare(path, source, tree, found, result):
    """Note the first definition that differs."""
    expected = [(place_of(node), docstring(node)) for node in definitions(tree)]
    given = [(place_in(row, source), row["docstring"]) for row in found]
    for index, row in enumerate(found):
        if not row["exact"] and index < len(expected):
            result.note("docstrings whose value is not known exactly", f"{shown(path)}:{row['line']}")
            expected[index] = given[index] = (expected[index][0], None)
    result.figures["definitions"] += len(expected)
    result.figures["docstrings"] += sum(text is not None for _, text in expected)
    if given != expected:
        differing = [pair for pair in zip(given, expected) if pair[0] != pair[1]]
        where = differing[0] if differing else f"{len(given)} instead of {len(expected)} definitions"
        result.wrong.append(f"{shown(path)}: {where}")


def place_in(row, source):
    """Return the place of a definition that docgate found."""
    # CPython does not count the byte order mark.
    mark = 3 if row["line"] == 1 and source.startswith(b"\xef\xbb\xbf") else 0
    return Place(row["line"], row["column"] - mark, row["kind"], row["name"])


def conclude(result):
    """Count the gaps of the grammar."""
    gaps = len(result.notes.get(GAPS, []))
    if gaps * 10_000 > MOST_GAPS * max(result.figures["files"], 10_000):
        result.wrong.append(f"{gaps} grammar gaps are more than {MOST_GAPS} in 10,000 files")
