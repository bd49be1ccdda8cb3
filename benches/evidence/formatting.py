"""Formatters as transformations that change no meaning: no definition may count as touched."""

import subprocess
import tempfile
import tokenize
from pathlib import Path

import gather
from oracle import Own, tree_of
from result import shown

BLACK = ["black", "--quiet", "--fast", "--workers=1"]
# Each has its own habits; the narrow ones split what the wide ones join. Black takes its time, so that two of its
# habits are tried on each sixth file only.
FORMATTERS = {
    "black": BLACK,
    "black, 50 columns (each sixth file)": [*BLACK, "--line-length=50", "--skip-magic-trailing-comma"],
    "black, preview (each sixth file)": [*BLACK, "--preview", "--line-length=120", "--skip-string-normalization"],
    "ruff": ["ruff", "format", "--quiet", "--isolated"],
    "ruff, 50 columns, single quotes": [
        *["ruff", "format", "--quiet", "--isolated", "--line-length=50"],
        *["--config", "format.quote-style='single'", "--config", "format.skip-magic-trailing-comma=true"],
    ],
}

# A few files take a formatter minutes; the others of a chunk are tried again without them.
SECONDS = 4

def judge(every, facts, result):
    """Run each formatter over copies of the files; nothing may be touched."""
    for name, command in FORMATTERS.items():
        files = every[::6] if "sixth" in name else every
        with tempfile.TemporaryDirectory() as folder:
            copies = copy(files, Path(folder))
            run(command, copies)
            pairs = [pair for pair in zip(files, map(text_of, files), map(text_of, copies)) if None not in pair]
            changed = [(path, before, after) for path, before, after in pairs if before != after]
        answers = facts.compare((before, after) for _, before, after in changed)
        for (path, before, after), answer in zip(changed, answers):
            hold(name, path, before, after, answer, result)
        result.figures[f"{name}: files that it changed"] += len(changed)

def copy(files, folder):
    """Copy files under short names, so that no configuration beside them is found."""
    (folder / "pyproject.toml").touch()
    copies = []
    for number, path in enumerate(files):
        copies.append(folder / f"m{number}{path.suffix}")
        copies[-1].write_bytes(path.read_bytes())
    return copies

def run(command, copies):
    """Format some files; what the formatter refuses, or takes too long for, stays as it is."""
    environment = {"BLACK_CACHE_DIR": str(copies[0].parent / "cache"), "RUFF_NO_CACHE": "true", "PATH": "/usr/bin:/bin"}
    try:
        subprocess.run(
            [gather.tool(command[0]), *command[1:], *copies],
            env=environment,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS * (len(copies) + 10),
        )
    except subprocess.TimeoutExpired:
        for half in (copies[: len(copies) // 2], copies[len(copies) // 2 :]):
            if half and len(copies) > 1:
                run(command, half)

def text_of(path):
    """Return the text of a file with its line ends, or None where it cannot be decoded."""
    try:
        with path.open("rb") as file:
            encoding, _ = tokenize.detect_encoding(file.readline)
        return path.read_bytes().decode(encoding)
    except (SyntaxError, UnicodeDecodeError):
        return None

def hold(name, path, before, after, answer, result):
    """Note what is touched although only the layout changed."""
    result.figures[f"{name}: definitions"] += answer["definitions"]
    if answer["errors"] != [0, 0]:
        result.note(f"{name}: files in which the grammar errs", shown(path))
        return
    if not answer["touched"] and not answer["gone"]:
        return
    old, new = tree_of(before), tree_of(after)
    if old is None or new is None:
        result.note(f"{name}: files that CPython cannot parse, before or after", shown(path))
        return
    old, new = Own(old).parts, Own(new).parts
    for row in answer["touched"]:
        own = row["qualified_name"]
        differ = [part for part in row["how"] if old.get(own, {}).get(part) != new.get(own, {}).get(part)]
        line = f"{name}: {shown(path)}:{row['line']}: {own or 'module'}: {', '.join(row['how'])}"
        if differ == row["how"]:
            result.note(f"{name}: definitions whose syntax tree the formatter changed", line)
        else:
            result.wrong.append(line)
    result.wrong.extend(f"{name}: {shown(path)}: {gone} is gone" for gone in answer["gone"])

def conclude(result):
    """Nothing is left to be said."""
