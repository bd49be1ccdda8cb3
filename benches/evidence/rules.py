"""What docgate finds in docstrings beside ruff and pydoclint, rule by rule.

    rules.py TOOL NAME=FOLDER[:STYLE]... [--write PAGE]

TOOL is the example `rules`; ruff and pydoclint are those beside the Python that runs this. For every rule it counts the
definitions that both report, those that only docgate does, and those that only the other does. Findings are compared by
definition: a finding in a docstring belongs to what the docstring describes, and one about `__init__` to its class.
With `--show CODE` the differences of a rule are listed, at most `--most` of each side; `--write` writes the page.
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
from dataclasses import dataclass, field

HERE = pathlib.Path(sys.executable).parent
CONVENTIONS = ("none", "google", "numpy", "pep257")
# Without a convention ruff leaves out one of each pair that contradicts the other.
PAIRS = ("D203", "D213")
# pydoclint is started for so many files at a time; a run that dies is repeated in halves.
BATCH = 200
# What ruff and pydoclint both have: a question, and the codes that answer it, ours, ruff's and pydoclint's by meaning.
SHARED = {
    "DOC101": (("DOC101", "DOC103"), ("D417",), ("parameter missing",)),
    "DOC102": (("DOC102", "DOC103"), ("DOC102",), ("parameter too much",)),
    "DOC201": (("DOC201",), ("DOC201",), ("DOC201",)),
    "DOC202": (("DOC202",), ("DOC202",), ("DOC202",)),
    "DOC402": (("DOC402",), ("DOC402",), ("DOC402",)),
    "DOC403": (("DOC403",), ("DOC403",), ("DOC403",)),
    "DOC501": (("DOC501",), ("DOC501",), ("exception missing",)),
    "DOC502": (("DOC502",), ("DOC502",), ("exception too much",)),
}
# What pydoclint says in one code and docgate in several, by meaning.
MEANINGS = {
    "parameter missing": ("DOC101", "DOC103"),
    "parameter too much": ("DOC102", "DOC103"),
    "attribute missing": ("DOC601", "DOC603"),
    "attribute too much": ("DOC602", "DOC603"),
    "exception missing": ("DOC501",),
    "exception too much": ("DOC502",),
}
# What pydoclint reports only when its options ask for it, and they do not here.
UNASKED = ("DOC003", "DOC504")
# The codes that say the same as one of the meanings, or less.
COUNTS = ("DOC101", "DOC102", "DOC103", "DOC501", "DOC502", "DOC601", "DOC602", "DOC603")


class Definitions:
    """Which definition of a file a line belongs to."""

    def __init__(self, path):
        self.at, self.docstrings, self.functions = {}, [], {}
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
                        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                            self.functions[line] = ast.get_docstring(node) or ""
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


def docgate(tool, files, convention, style="", reading=""):
    """Return what docgate finds as (path, code, definition)."""
    run = subprocess.run(
        [tool, convention, style, reading], input="\n".join(files), capture_output=True, text=True, check=True
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
        code = entry["code"]
        if path in files and code:
            # The first line of a module may be that of a function.
            place = 0 if code in ("D100", "D104") else files[path].of(entry["location"]["row"])
            found.add((path, code, place))
    return found


def pydoclint(files, style):
    """Return what pydoclint finds as (path, code, definition), and the files it cannot read."""
    found, unread = set(), set()
    for batch, output in outputs(sorted(files), style):
        if output is None:
            unread.update(batch)
            continue
        for line in output.splitlines():
            parsed = re.match(r"(.*\.pyi?):(\d+): (DOC\d+):(.*)", line)
            if not parsed:
                continue
            path, row, code, text = parsed.groups()
            path = str(pathlib.Path(path).resolve())
            if path in files:
                place = files[path].of(int(row))
                found.update((path, said, place) for said in (code, *meanings(code, text)))
    return found, unread


def outputs(paths, style, *options):
    """Yield what pydoclint prints about so many files at a time; nothing about one that it cannot read."""
    pending = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    while pending:
        batch = pending.pop()
        command = [HERE / "pydoclint", "--quiet", f"--style={style}", "--native-mode-noqa-location=definition"]
        command += ["--show-filenames-in-every-violation-message=True", "--exclude=$^", *options, *batch]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        output = run.stdout + run.stderr
        if "Traceback (most recent call last)" not in output:
            yield batch, output
        elif len(batch) == 1:
            yield batch, None
        else:
            pending += [batch[: len(batch) // 2], batch[len(batch) // 2 :]]


def meanings(code, text):
    """Return what a message of pydoclint says beyond its code: which of two lists has more."""
    what = {"DOC103": "parameter", "DOC603": "attribute"}.get(code)
    if what:
        if "but not in the docstring: [" in text:
            yield f"{what} missing"
        if "in the docstring but not in the" in text:
            yield f"{what} too much"
    plain = {"DOC501": "exception missing", "DOC502": "exception too much"}.get(code)
    if plain:
        yield plain
    lists = re.search(r"in the docstring: (\[.*?\])\. Raised exceptions in the body: (\[.*?\])", text)
    if code == "DOC503" and lists:
        said, raised = (set(ast.literal_eval(names)) for names in lists.groups())
        if raised - said:
            yield "exception missing"
        if said - raised:
            yield "exception too much"


def by_meaning(ours, theirs):
    """Return both sides with the codes about lists replaced by what they mean."""
    translated = {entry for entry in ours if entry[1] not in COUNTS}
    for meaning, codes in MEANINGS.items():
        translated |= {(path, meaning, place) for path, code, place in ours if code in codes}
    return translated, {entry for entry in theirs if entry[1] not in COUNTS}


def counted(ours, theirs, codes):
    """Count by code: both, only we, only they; and of what only we report, where pydoclint gave no other verdict.

    It leaves a docstring alone that it cannot read (DOC001) or that stands beside that of a class (DOC301), and it
    does not see the sections of other styles than the project's (our DOC003).
    """
    table = defaultdict(Counter)
    blind = {(path, place) for path, code, place in theirs if code in ("DOC001", "DOC301")}
    blind |= {(path, place) for path, code, place in ours if code == "DOC003"}
    for entry in ours | theirs:
        if entry[1] in codes:
            side = "both" if entry in ours and entry in theirs else "we" if entry in ours else "they"
            table[entry[1]][side] += 1
            if side == "we" and (entry[0], entry[2]) in blind:
                table[entry[1]]["blind"] += 1
    return table


def show(ours, theirs, code, most):
    """List the differences of a rule."""
    for title, found in (("only docgate", ours - theirs), ("only the other", theirs - ours)):
        listed = sorted(entry for entry in found if entry[1] == code)
        print(f"{code}, {title}: {len(listed)}", file=sys.stderr)
        step = max(1, len(listed) // most)
        for path, _, line in listed[::step][:most]:
            print(f"    {path}:{line}", file=sys.stderr)


def looked_at(files, unread, style):
    """Return the functions whose docstring pydoclint judges: those in which it finds a section."""
    from pydoclint.utils.doc import Doc

    for path, definitions in files.items():
        for line, text in definitions.functions.items() if path not in unread else ():
            try:
                if not Doc(text, style).isShortDocstring:
                    yield path, line
            except Exception:  # noqa: BLE001 - its parser raises what it likes, and then it judges nothing
                continue


def agreed(places, ours, ruffs, pydoclints):
    """Count, where ruff and pydoclint say the same about a question, what docgate says."""
    table = defaultdict(Counter)
    for question, codes in SHARED.items():
        sides = [
            {(path, place) for path, code, place in found if code in wanted}
            for found, wanted in zip((ours, ruffs, pydoclints), codes, strict=True)
        ]
        row = table[question]
        for place in places:
            we, one, other = (place in side for side in sides)
            if one != other:
                row["split"] += 1
                continue
            row[("yes " if one else "no ") + ("same" if we == one else "other")] += 1
            if we != one:
                row[explained(question, *place)] += 1
    return table


def named_in_raises(node, text):
    """Say whether the Raises section has the name of an exception that is raised, as whatever."""
    section = re.split(r"(?m)^[ \t]*Raises:?[ \t]*$", text)[1:]
    raised = [found.exc for found in ast.walk(node) if isinstance(found, ast.Raise) and found.exc]
    names = {re.split(r"\W", ast.unparse(found).rsplit("(", 1)[0].split("(")[0].rsplit(".", 1)[-1])[0] for found in raised}
    return any(re.search(rf"\b{name}\b", part) for part in section for name in names if name)


def calls(node, text):
    """Say whether something is called, read by key or by attribute, that may raise."""
    return any(isinstance(found, ast.Call | ast.Subscript | ast.Attribute | ast.BinOp) for found in ast.walk(node))


def says(pattern):
    """Return a test of a docstring's text."""
    return lambda node, text: re.search(pattern, text) is not None


def is_interface(node, text):
    """Say whether subclasses do what the text says."""
    decorators = [ast.unparse(found) for found in node.decorator_list]
    refuses = any(isinstance(found, ast.Raise) and "Error" in ast.unparse(found) for found in node.body)
    return refuses or any("abstract" in name for name in decorators)


def is_generator(node, text):
    """Say whether a function yields."""
    return any(isinstance(found, ast.Yield | ast.YieldFrom) for found in ast.walk(node))


# What is counted beside the classes.
COUNTED = ("split", "yes same", "yes other", "no same", "no other")
# Why docgate says otherwise than both others, tested without docgate; the pages of the rules say why it is meant.
NO_SECTION = ("no section: a title without an indented or underlined text", says(r"(?m)^[A-Z]\w+( \w+)?:(?!.*\n+[ \t]+\S)"))
CLASSES = {
    "DOC101": [("a list of parameters in a form of its own (see the page)", says(r"(?m)^ *(Parameters|Args|Arguments)"))],
    "DOC201": [("a paragraph begins with Return", says(r"(?m)(\A|\n[ \t]*\n)[ \t]*Returns?\b(?!:?[ \t]*\n)")), NO_SECTION],
    "DOC202": [("a generator, said to return an iterator", is_generator), ("an abstract method", is_interface)],
    "DOC402": [("a Returns section says what the iterator gives", says(r"(?m)^[ \t]*(Returns?|:returns?.*):?[ \t]*$")), NO_SECTION],
    "DOC501": [
        ("named in the Raises section, in a form that is no entry for the others", named_in_raises),
        ("a Raises section without the name that is raised (see the page)", says(r"(?m)^[ \t]*Raises:?[ \t]*$")),
        NO_SECTION,
    ],
    "DOC502": [
        ("named in the Raises section, in a form that is no entry for the others, and raised", named_in_raises),
        ("something is called, read or computed that may raise it", calls),
        ("an abstract method", is_interface),
    ],
}


def explained(question, path, line):
    """Return the class of a difference."""
    for node in ast.walk(ast.parse(pathlib.Path(path).read_bytes())):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if node.lineno != line:
            continue
        if isinstance(node, ast.ClassDef):
            node = next((part for part in node.body if getattr(part, "name", "") == "__init__"), node)
        text = ast.get_docstring(node) or ""
        for title, holds in CLASSES.get(question, ()):
            if holds(node, text):
                return title
    return "others"


def show_agreed(places, ours, ruffs, pydoclints, shown):
    """List what docgate says otherwise than both others."""
    for question in shown:
        codes = SHARED.get(question)
        if not codes:
            continue
        sides = [
            {(path, place) for path, code, place in found if code in wanted}
            for found, wanted in zip((ours, ruffs, pydoclints), codes, strict=True)
        ]
        for place in sorted(places):
            we, one, other = (place in side for side in sides)
            if one == other != we:
                print(f"{question}: both others {'report' if one else 'do not report'} {place[0]}:{place[1]}", file=sys.stderr)


@dataclass
class Tables:
    """What was counted, over all projects."""

    layout: dict = field(default_factory=lambda: defaultdict(lambda: defaultdict(Counter)))
    sections: dict = field(default_factory=lambda: defaultdict(Counter))
    styles: dict = field(default_factory=lambda: defaultdict(lambda: defaultdict(Counter)))
    shared: dict = field(default_factory=lambda: defaultdict(Counter))
    letter: dict = field(default_factory=lambda: defaultdict(Counter))
    sizes: list = field(default_factory=list)


def share_of(row):
    """Return the agreement, and the one where pydoclint looked."""
    total = row["both"] + row["we"] + row["they"]
    return 100 * row["both"] / total, 100 * row["both"] / max(1, total - row["blind"])


def layout_of(tables):
    """Return the part about ruff's D rules."""
    yield from ("## ruff: D100 to D421", "")
    yield "| convention | rules that report | both | only docgate | only ruff | agreement |"
    yield "|---|---:|---:|---:|---:|---:|"
    differing = defaultdict(dict)
    for convention, table in tables.items():
        total = sum(table.values(), Counter())
        share, _ = share_of(total)
        yield (
            f"| {convention} | {len(table)} | {total['both']:,} | {total['we']:,} | {total['they']:,} | {share:.3f} % |"
        )
        for code, row in table.items():
            if row["we"] or row["they"]:
                differing[code, row["both"], row["we"], row["they"]].setdefault(convention, row)
    yield from ("", "The rules that do not agree everywhere:", "")
    yield "| rule | convention | both | only docgate | only ruff | agreement |"
    yield "|---|---|---:|---:|---:|---:|"
    for (code, both, we, they), conventions in sorted(differing.items()):
        share = 100 * both / (both + we + they)
        names = ", ".join(conventions)
        yield f"| [{code}]({PAGES}/{code}.md) | {names} | {both:,} | {we:,} | {they:,} | {share:.2f} % |"
    yield ""


def linked(code):
    """Return a code as a link to its page."""
    pages = {"parameter": ("DOC101", "DOC102"), "attribute": ("DOC601", "DOC602"), "exception": ("DOC501", "DOC502")}
    what, _, how = code.partition(" ")
    page = pages[what][how == "too much"] if how else code
    return f"[{code}]({PAGES}/{page}.md)" if (ROOT / "src/rules/pages" / f"{page}.md").is_file() else code


def compared(title, other, table):
    """Return a part about another tool."""
    blind = other == "pydoclint"
    titles, ruler = ("| not looked at there ", "---:|") if blind else ("", "")
    yield from (title, "", f"| rule | both | only docgate {titles}| only {other} | agreement |")
    yield f"|---|---:|---:|---:|{ruler}---:|"
    for code in sorted(table):
        row = table[code]
        cell = f"| {row['blind']:,} " if blind else ""
        share, looked = share_of(row)
        share = looked if blind else share
        yield f"| {linked(code)} | {row['both']:,} | {row['we']:,} {cell}| {row['they']:,} | {share:.2f} % |"
    yield ""


def shared_of(letter, meant):
    """Return the part about what ruff and pydoclint both say."""
    yield from ("## Where ruff and pydoclint agree", "")
    yield "Functions whose docstring both look at, and about which both report the same. They ask by the letter, and so does docgate with"
    yield '`sections-only = true`, `own-code-only = true` and `short-docstrings = "asked"`: that is the comparison of like with like. Under both'
    yield "report: how many of them docgate reports as well; under neither reports: how many docgate is silent about as well. The last column is"
    yield "what docgate says without these options, when it reads sentences and looks into what is called."
    yield ""
    yield "| rule | they disagree | both report | docgate, too | neither reports | nor docgate | agreement | and with what is explained | as it is meant |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for question, row in sorted(letter.items()):
        yes, no = row["yes same"] + row["yes other"], row["no same"] + row["no other"]
        yield (
            f"| {linked(question)} | {row['split']:,} | {yes:,} | {row['yes same']:,} | {no:,} | {row['no same']:,} "
            f"| {same(row):.2f} % | {100 - 100 * row['others'] / max(1, yes + no):.2f} % | {same(meant[question]):.2f} % |"
        )
    yield ""
    yield from classes_of("What docgate says otherwise by the letter, by class, as a test of the code and the text alone sorts it:", letter)
    yield from classes_of("And what it says otherwise as it is meant:", meant)


def same(row):
    """Return in how many cases, of a hundred, docgate says what both others say."""
    return 100 * (row["yes same"] + row["no same"]) / max(1, sum(row[key] for key in COUNTED if key != "split"))


def classes_of(title, table):
    """Return the classes of differences as a table."""
    yield from (title, "", "| rule | class | definitions |", "|---|---|---:|")
    for question, row in sorted(table.items()):
        for name, count in sorted(row.items(), key=lambda entry: (entry[0] == "others", -entry[1])):
            if name not in COUNTED and count:
                yield f"| {linked(question)} | {name} | {count:,} |"
    yield ""


def version(name):
    """Return the version of a tool."""
    run = subprocess.run([HERE / name, "--version"], capture_output=True, text=True, check=True)
    return run.stdout.split()[-1]


def page(tables, corpora):
    """Return the page, line by line."""
    describe = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    commit = subprocess.run(describe, capture_output=True, text=True, check=False).stdout.strip()
    yield from (HEAD.rstrip("\n"), "", "```sh", "just evidence-rules \\")
    # Where the sources lie on one machine is nobody's business; the folder tells the version.
    places = [re.sub(r"=[^:]*/", "=…/", corpus) for corpus in corpora]
    yield from (f"  {place} \\" for place in places[:-1])
    yield from (f"  {places[-1]}", "```", "")
    yield f"- docgate at `{commit or 'unknown'}`, ruff {version('ruff')}, pydoclint {version('pydoclint')}"
    yield f"- {datetime.date.today().isoformat()}, Python {sys.version.split()[0]}"
    for size in tables.sizes:
        yield f"- {size}"
    yield ""
    if tables.shared:
        yield from shared_of(tables.letter, tables.shared)
    if tables.layout:
        yield from layout_of(tables.layout)
    if tables.sections:
        yield from compared("## ruff: DOC", "ruff", tables.sections)
    for style, table in tables.styles.items():
        yield from compared(f"## pydoclint, style {style}", "pydoclint", table)


ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = "../../src/rules/pages"
HEAD = """# Rules beside ruff and pydoclint

What docgate finds over real code beside `ruff --select D,DOC --preview` and pydoclint, by rule and definition. `benches/evidence/rules.py`
wrote this page. What the differences of a rule are, and which side is right, is on the page of the rule, under "Beside ruff and pydoclint".

A finding belongs to what the docstring describes; one about `__init__` belongs to its class. Every definition counts as new, and every rule
is on. D rules are compared under each convention; ruff's DOC rules under the one a project has (`none` for Sphinx, which ruff does not read).
pydoclint runs in the style of the project, with its defaults; docgate then has `check-class-attributes = "all"` and
`short-docstrings = "without-sections"`, which are those defaults. pydoclint says in DOC101 to DOC103 (and DOC601 to DOC603) that two lists
differ, and docgate names each member: both are read as "missing" and "too much" here, and DOC501 to DOC503 likewise. Where pydoclint does
not look is a column of its own and no part of the agreement: docstrings that it cannot read (DOC001), those of classes that have one at
`__init__` as well (DOC301), and sections in another style than the project's. DOC003 and DOC504 are off there and left out. The command,
with the sources of the projects unpacked beside the repository:"""


def compare(name, corpus, arguments, tables):
    """Compare one project, and add what is found to the tables."""
    folder, _, style = corpus.partition(":")
    folder = str(pathlib.Path(folder).resolve())
    files = readable(folder)
    shown = [code for code in arguments.show.split(",") if code]
    against = arguments.against.split(",")
    own = style if style in ("google", "numpy") else "none"
    size = f"{name}: {len(files):,} files, {style or 'no style'}"
    print(size, file=sys.stderr)
    for convention in arguments.conventions.split(",") if "ruff" in against else ():
        ours = docgate(arguments.tool, files, convention)
        theirs = ruff(folder, files, convention, "D,DOC")
        if convention == "none":
            theirs |= ruff(folder, files, convention, ",".join(PAIRS))
        for code in shown:
            show(ours, theirs, code, arguments.most)
        codes = {entry[1] for entry in ours | theirs}
        layout = {code for code in codes if re.fullmatch(r"D\d+", code)}
        for code, row in counted(ours, theirs, layout).items():
            tables.layout[convention][code] += row
        if convention == own:
            sections = {code for _, code, _ in theirs if code.startswith("DOC")}
            for code, row in counted(ours, theirs, sections).items():
                tables.sections[code] += row
    if "pydoclint" in against and style:
        raw = docgate(arguments.tool, files, style, style)
        said, unread = pydoclint(files, style)
        raw = {entry for entry in raw if entry[0] not in unread}
        ours, theirs = by_meaning(raw, said)
        for code in shown:
            show(ours, theirs, code, arguments.most)
        codes = {code for _, code, _ in ours | theirs if code.startswith("DOC") or code in MEANINGS} - set(UNASKED)
        for code, row in counted(ours, theirs, codes).items():
            tables.styles[style][code] += row
        if unread:
            size += f"; {len(unread)} of them kill pydoclint and are left out there"
        if own != "none":
            places = set(looked_at(files, unread, style))
            both = ruff(folder, files, style, "DOC,D417")
            for code, row in agreed(places, raw, both, said).items():
                tables.shared[code] += row
            literal = docgate(arguments.tool, files, style, style, "letter")
            for code, row in agreed(places, literal, both, said).items():
                tables.letter[code] += row
            show_agreed(places, literal, both, said, shown)
    tables.sizes.append(size)


def main():
    """Compare, and print the page or write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    parser.add_argument("corpora", nargs="+", metavar="NAME=FOLDER[:STYLE]")
    parser.add_argument("--conventions", default=",".join(CONVENTIONS))
    parser.add_argument("--against", default="ruff,pydoclint")
    parser.add_argument("--show", default="")
    parser.add_argument("--most", type=int, default=10)
    parser.add_argument("--write", metavar="PAGE", type=pathlib.Path)
    arguments = parser.parse_args()
    tables = Tables()
    for corpus in arguments.corpora:
        name, _, rest = corpus.partition("=")
        compare(name, rest, arguments, tables)
    text = "\n".join(page(tables, arguments.corpora)).rstrip("\n") + "\n"
    if arguments.write:
        arguments.write.write_text(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
