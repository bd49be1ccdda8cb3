"""Holds docgate's reading of docstrings against the libraries that read them for others.

    python docstrings.py TOOL NAME=FOLDER…

TOOL is the built example `docstrings`; the libraries (docstring_parser, griffe, numpydoc, sphinx, pydoctor) must be
importable. Prints Markdown. A docstring counts where two libraries agree with each other; where they do not, it is
excluded and counted. `--show CLASS` prints docstrings of one class of disagreement instead.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import importlib.metadata
import io
import json
import logging
import os
import pathlib
import re
import subprocess
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

import docstring_parser  # noqa: E402
import docstring_parser.epydoc  # noqa: E402
import docstring_parser.google  # noqa: E402
import docstring_parser.numpydoc  # noqa: E402
import docstring_parser.rest  # noqa: E402
import griffe  # noqa: E402
import numpydoc.docscrape  # noqa: E402
import pydoctor.epydoc.markup.epytext as epytext  # noqa: E402
import pydoctor.epydoc.markup.restructuredtext as restructuredtext  # noqa: E402
import pyment.docstring  # noqa: E402
from sphinx.ext.napoleon import Config, GoogleDocstring, NumpyDocstring  # noqa: E402

PARAMETERS, RETURNS, YIELDS, RAISES = "parameters", "returns", "yields", "raises"
ATTRIBUTES, RECEIVES, WARNS, EXAMPLES = "attributes", "receives", "warns", "examples"
NOTES, SEE, REFERENCES, METHODS, WARNINGS = "notes", "see-also", "references", "methods", "warnings"


class Reading:
    """What one reader found: kinds of sections, names of parameters, their types."""

    def __init__(self, kinds):
        self.kinds = kinds
        self.sections: set[str] = set()
        self.names: list[str] = []
        self.types: dict[str, str] = {}

    def section(self, kind):
        if kind in self.kinds:
            self.sections.add(kind)

    def parameter(self, written, type_text=None):
        self.section(PARAMETERS)
        for name in split_names(written):
            self.names.append(name)
            if type_text:
                self.types[name] = plain_type(type_text)


def split_names(written):
    """Cuts a list of names and takes off what is notation: stars, escapes, backticks, roles."""
    for part in re.split(r",\s*", written.strip()):
        name = re.sub(r"^:[\w:]+:", "", part).replace("\\", "").strip("*` ")
        if name and name != "...":
            yield name


def plain_type(text):
    text = " ".join(str(text).replace("\\\n", " ").split())
    text = re.sub(r",?\s*\(?\bdefault(s|ing)?\b.*$", "", text)
    text = re.sub(r"(,\s*|\s*\(|^)optional\)?$", "", text.rstrip(", ("))
    return text.strip(" ,").replace("`", "")


# Oracles ----------------------------------------------------------------------------------------

DP_KINDS = {PARAMETERS, RETURNS, YIELDS, RAISES, ATTRIBUTES, EXAMPLES}


def docstring_parser_reads(module, kinds):
    def read(text):
        found = Reading(kinds)
        for meta in module.parse(text).meta:
            key = meta.args[0] if meta.args else "returns"
            if isinstance(meta, docstring_parser.DocstringParam):
                if key in ("attribute", "attributes", "ivar", "cvar", "var"):
                    found.section(ATTRIBUTES)
                elif key in ("receives",):
                    found.section(RECEIVES)
                elif meta.arg_name:
                    found.parameter(meta.arg_name, meta.type_name)
            elif isinstance(meta, docstring_parser.DocstringReturns):
                found.section(YIELDS if meta.is_generator else RETURNS)
            elif isinstance(meta, docstring_parser.DocstringRaises):
                found.section(WARNS if key == "warns" else RAISES)
            elif isinstance(meta, docstring_parser.DocstringExample):
                found.section(EXAMPLES)
            else:
                found.section({"see_also": SEE}.get(key, key))
        return found

    return read


GRIFFE_KINDS = {
    "parameters": PARAMETERS, "other parameters": PARAMETERS, "returns": RETURNS, "yields": YIELDS,
    "raises": RAISES, "attributes": ATTRIBUTES, "receives": RECEIVES, "warns": WARNS, "examples": EXAMPLES,
    "functions": METHODS,
}


def griffe_reads(parser, kinds):
    def read(text):
        found = Reading(kinds)
        for section in griffe.parse(griffe.Docstring(text, lineno=1), parser, **options(parser)):
            kind = GRIFFE_KINDS.get(section.kind.value)
            if kind == PARAMETERS:
                for parameter in section.value:
                    found.parameter(parameter.name, parameter.annotation)
            elif kind:
                found.section(kind)
        return found

    return read


def options(parser):
    if parser == "sphinx":
        return {"warnings": False}
    return {"warnings": False, "trim_doctest_flags": False}


NAPOLEON_KINDS = {
    PARAMETERS: ("args", "arguments", "parameters", "params", "keyword args", "keyword arguments",
                 "other parameters", "other params", "other arguments", "other args"),
    RETURNS: ("return", "returns"), YIELDS: ("yield", "yields"), RAISES: ("raise", "raises"),
    ATTRIBUTES: ("attributes",), RECEIVES: ("receive", "receives"), WARNS: ("warn", "warns"),
    EXAMPLES: ("example", "examples"), NOTES: ("note", "notes"), SEE: ("see also",), REFERENCES: ("references",),
    METHODS: ("methods",), WARNINGS: ("warning", "warnings"),
}


def napoleon_reads(base, kinds):
    titles = {title: kind for kind, titles in NAPOLEON_KINDS.items() for title in titles}

    class Recorder(base):
        def _load_custom_sections(self):
            super()._load_custom_sections()
            self.found = Reading(kinds)
            self.inside = None
            for title, function in list(self._sections.items()):
                self._sections[title] = self.recording(title, function)

        def recording(self, title, function):
            def recorded(section):
                kind = titles.get(title)
                if kind:
                    self.found.section(kind)
                self.inside = kind
                try:
                    return function(section)
                finally:
                    self.inside = None

            return recorded

        def _consume_fields(self, *arguments, **keywords):
            fields = super()._consume_fields(*arguments, **keywords)
            if self.inside == PARAMETERS:
                for name, type_text, _ in fields:
                    self.found.parameter(name, type_text)
            return fields

    config = Config(napoleon_use_param=True, napoleon_preprocess_types=False)

    def read(text):
        import inspect

        return Recorder(inspect.cleandoc(text), config, what="function").found

    return read


def docscrape_reads(kinds):
    titles = {
        "Returns": RETURNS, "Yields": YIELDS, "Raises": RAISES, "Attributes": ATTRIBUTES, "Receives": RECEIVES,
        "Warns": WARNS, "Examples": EXAMPLES, "Notes": NOTES, "See Also": SEE, "References": REFERENCES,
        "Methods": METHODS, "Warnings": WARNINGS,
    }

    def read(text):
        found = Reading(kinds)
        doc = numpydoc.docscrape.NumpyDocString(text)
        for title in ("Parameters", "Other Parameters"):
            for parameter in doc[title]:
                found.parameter(parameter.name, parameter.type)
        for title, kind in titles.items():
            if doc[title]:
                found.section(kind)
        return found

    return read


EPYTEXT_TAGS = {
    "param": PARAMETERS, "parameter": PARAMETERS, "arg": PARAMETERS, "argument": PARAMETERS,
    "keyword": PARAMETERS, "kwarg": PARAMETERS, "key": PARAMETERS, "return": RETURNS, "returns": RETURNS,
    "rtype": RETURNS, "returntype": RETURNS, "yield": YIELDS, "yields": YIELDS, "yieldtype": YIELDS,
    "raise": RAISES, "raises": RAISES, "except": RAISES, "exception": RAISES, "ivar": ATTRIBUTES,
    "cvar": ATTRIBUTES, "var": ATTRIBUTES, "note": NOTES, "see": SEE, "warn": WARNS, "warns": WARNS,
}


def pydoctor_reads(kinds):
    def read(text):
        import inspect

        found = Reading(kinds)
        errors = []
        parsed = epytext.parse_docstring(inspect.cleandoc(text), errors)
        if any(error.is_fatal() for error in errors):
            raise ValueError("pydoctor gives up")
        for field in parsed.fields:
            kind = EPYTEXT_TAGS.get(field.tag())
            if kind == PARAMETERS and field.arg():
                found.parameter(field.arg())
            elif kind:
                found.section(kind)
        return found

    return read


def pydoctor_rest_reads(kinds):
    def read(text):
        import inspect

        found = Reading(kinds)
        for field in restructuredtext.parse_docstring(inspect.cleandoc(text), []).fields:
            kind = EPYTEXT_TAGS.get(field.tag())
            if kind == PARAMETERS and field.arg():
                found.parameter(field.arg().split()[-1])
            elif kind:
                found.section(kind)
        return found

    return read


def pyment_reads(kinds):
    def read(text):
        found = Reading(kinds)
        doc = pyment.docstring.DocString("def f():", docs_raw=f"'''{text}'''", input_style="javadoc")
        doc.parse_docs()
        for name, _, type_text in doc.docs["in"]["params"]:
            found.parameter(name, type_text)
        if doc.docs["in"]["return"] or doc.docs["in"]["rtype"]:
            found.section(RETURNS)
        if doc.docs["in"]["raises"]:
            found.section(RAISES)
        return found

    return read


FIELDS = {PARAMETERS, RETURNS, RAISES}
COMMON_NUMPY = {PARAMETERS, RETURNS, YIELDS, RAISES, ATTRIBUTES, WARNS, EXAMPLES}
ORACLES = {
    "google": {
        "docstring_parser": docstring_parser_reads(docstring_parser.google, DP_KINDS),
        "griffe": griffe_reads("google", DP_KINDS),
        "napoleon": napoleon_reads(GoogleDocstring, DP_KINDS),
    },
    "numpy": {
        "docscrape": docscrape_reads(COMMON_NUMPY),
        "griffe": griffe_reads("numpy", COMMON_NUMPY),
        "napoleon": napoleon_reads(NumpyDocstring, COMMON_NUMPY),
        "docstring_parser": docstring_parser_reads(docstring_parser.numpydoc, COMMON_NUMPY),
    },
    "sphinx": {
        "docstring_parser": docstring_parser_reads(docstring_parser.rest, FIELDS),
        "griffe": griffe_reads("sphinx", FIELDS),
        "pydoctor": pydoctor_rest_reads(FIELDS),
    },
    "epytext": {
        "docstring_parser": docstring_parser_reads(docstring_parser.epydoc, FIELDS),
        "pydoctor": pydoctor_reads(FIELDS),
        "pyment": pyment_reads(FIELDS),
    },
}
KINDS = {"google": DP_KINDS, "numpy": COMMON_NUMPY, "sphinx": FIELDS, "epytext": FIELDS}

# Without one of these no reader of that style can find anything.
TRACE = {
    "google": re.compile(r":[ \t\r\f\v]*$", re.M),
    "numpy": re.compile(r"^[ \t]*(--|==|[`:'\"~^_*+#<>]{2})", re.M),
    "sphinx": re.compile(r"^[ \t]*:\w", re.M),
    "epytext": re.compile(r"^[ \t]*@\w", re.M),
}


def ours(model, style):
    found = Reading(KINDS[style])
    for section in model["sections"]:
        if section["style"] != style:
            continue
        kind = {"other-parameters": PARAMETERS}.get(section["kind"], section["kind"])
        filled = section["entries"] or section["text"]
        if kind == PARAMETERS:
            if style == "google" or style == "numpy":
                found.section(kind)
            for entry in section["entries"]:
                orphan = re.match(r"[:@](type|vartype|kwtype|paramtype)\b", entry["source"])
                if not orphan and entry["names"]:
                    found.parameter(", ".join(entry["names"]), entry["type"])
        elif filled or style in ("google", "numpy"):
            found.section(kind)
    return found


# Counting ---------------------------------------------------------------------------------------


class Tally:
    def __init__(self):
        self.docstrings = self.with_trace = self.compared = 0
        self.names = self.names_right = self.sections = self.sections_right = 0
        self.types = self.types_right = self.odd = 0
        self.pairs = collections.Counter()
        self.classes = collections.Counter()
        self.excluded = collections.Counter()
        self.examples = collections.defaultdict(list)


def readings(style, text):
    found, failed = {}, []
    for name, read in ORACLES[style].items():
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                found[name] = read(text)
        except Exception:
            failed.append(name)
    return found, failed


def agreed(found, part):
    """Returns what two readers agree on, the most common answer first."""
    answers = [part(reading) for reading in found.values()]
    if len(answers) < 2:
        return None
    answer, count = collections.Counter(answers).most_common(1)[0]
    return answer if count > 1 else None


def compare(record, style, tally):
    text = record["value"]
    tally.docstrings += 1
    if text is None or not TRACE[style].search(text):
        if text is not None and ours(record["models"][style], style).names:
            classify(tally, "only we find anything", record, None, None)
        return
    tally.with_trace += 1
    found, failed = readings(style, text)
    mine = ours(record["models"][style], style)
    names = agreed(found, lambda reading: tuple(sorted(set(reading.names))))
    sections = agreed(found, lambda reading: frozenset(reading.sections))
    if names is None:
        reason = "a reader gives up" if failed else "no two agree on names"
        tally.excluded[reason] += 1
        if any(reading.names for reading in found.values()) or mine.names:
            tally.examples["excluded: " + reason].append((record, mine, found))
    else:
        tally.compared += 1
        wanted = collections.Counter(names)
        got = collections.Counter(set(mine.names))
        for odd in [name for name in wanted if re.search(r"[\s()\[\]<>=]", name) and name not in got]:
            # "x (func" and "x Optional" are a name with what follows it, and a sentence is none at all.
            tally.odd += 1
            del wanted[odd]
            first = re.match(r"[\w.]+", odd)
            if first and first.group() in got and first.group() not in wanted:
                del got[first.group()]
        both = wanted & got
        tally.names += (wanted | got).total()
        tally.names_right += both.total()
        if wanted != got:
            classify(tally, class_of_names(wanted - got, got - wanted), record, mine, found)
        types = [reading.types for reading in found.values() if tuple(sorted(set(reading.names))) == names]
        for name in set(both):
            written = [known.get(name, "") for known in types]
            answer, count = collections.Counter(written).most_common(1)[0]
            if count > 1:
                tally.types += 1
                right = plain_type(answer) == plain_type(mine.types.get(name, ""))
                tally.types_right += right
                if not right:
                    kind = "types: " + ("we find none" if name not in mine.types else "they find none" if not answer else "differ")
                    tally.classes[kind] += 1
                    tally.examples[kind].append((record, mine, found))
    if sections is None:
        reason = "a reader gives up" if failed else "no two agree on sections"
        tally.excluded["sections: " + reason] += 1
        tally.examples["excluded sections: " + reason].append((record, mine, found))
        return
    tally.sections += len(sections | mine.sections)
    tally.sections_right += len(sections & mine.sections)
    if sections != mine.sections:
        missing, more = sections - mine.sections, mine.sections - sections
        kind = "sections: " + ", ".join([f"-{kind}" for kind in sorted(missing)] + [f"+{kind}" for kind in sorted(more)])
        classify(tally, kind, record, mine, found)


def class_of_names(missing, more):
    if missing and not more:
        odd = all(not re.fullmatch(r"[\w.]+", name) for name in missing)
        return "names: they take prose for a name" if odd else "names: we miss some"
    if more and not missing:
        return "names: we find more"
    return "names: written differently"


def classify(tally, kind, record, mine, found):
    tally.classes[kind] += 1
    tally.examples[kind].append((record, mine, found))


def files_of(folder):
    found = pathlib.Path(folder).rglob("*.py")
    return sorted(str(path) for path in found if "site-packages" not in path.parts)


def read_corpus(tool, folder):
    run = subprocess.run([tool], input="\n".join(files_of(folder)), capture_output=True, text=True, check=True)
    for line in run.stdout.splitlines():
        yield json.loads(line)


def percent(part, whole):
    return "–" if whole == 0 else f"{100 * part / whole:.2f} %"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("corpora", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--show", help="print docstrings of a class of disagreement")
    parser.add_argument("--style", choices=list(ORACLES), action="append")
    parser.add_argument("--limit", type=int, default=5)
    arguments = parser.parse_args()
    tallies = {}
    for corpus in arguments.corpora:
        name, _, folder = corpus.partition("=")
        for record in read_corpus(arguments.tool, folder):
            for style in arguments.style or ORACLES:
                compare(record, style, tallies.setdefault((style, name), Tally()))
    if arguments.show is not None:
        show(tallies, arguments)
    else:
        report(tallies)
        conversions(arguments)


def show(tallies, arguments):
    for (style, corpus), tally in tallies.items():
        for kind, examples in tally.examples.items():
            if arguments.show not in kind:
                continue
            for record, mine, found in examples[: arguments.limit]:
                print("=" * 100)
                print(style, corpus, kind, record["path"], record["name"])
                if mine:
                    print("  ours:", mine.names, sorted(mine.sections), mine.types)
                for name, reading in (found or {}).items():
                    print(f"  {name}:", reading.names, sorted(reading.sections), reading.types)
                print(record["value"][:3000])


def conversions(arguments):
    """Counts what becomes of docstrings on the way google, numpy, sphinx, epytext, google."""
    print("\n## Conversions\n\n| corpus | what came of it | docstrings |\n|---|---|---|")
    for corpus in arguments.corpora:
        name, _, folder = corpus.partition("=")
        run = subprocess.run([arguments.tool, "--convert"], input="\n".join(files_of(folder)), capture_output=True, text=True, check=True)
        for kind, count in sorted(json.loads(run.stdout).items(), key=lambda item: -item[1]):
            print(f"| {name} | {kind} | {count} |")


def report(tallies):
    versions = {
        name: importlib.metadata.version(name)
        for name in ("docstring_parser", "griffelib", "numpydoc", "sphinx", "pydoctor", "pyment")
    }
    print("Readers:", ", ".join(f"{name} {version}" for name, version in versions.items()), "\n")
    print("| style | corpus | docstrings | with a trace | names compared | odd names | names | sections compared | sections | types | excluded (names) | excluded (sections) |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for (style, corpus), tally in sorted(tallies.items()):
        excluded_names = sum(count for reason, count in tally.excluded.items() if not reason.startswith("sections"))
        excluded_sections = sum(count for reason, count in tally.excluded.items() if reason.startswith("sections"))
        print(
            f"| {style} | {corpus} | {tally.docstrings} | {tally.with_trace} | {tally.names} | {tally.odd}"
            f" | {percent(tally.names_right, tally.names)} | {tally.sections}"
            f" | {percent(tally.sections_right, tally.sections)} | {percent(tally.types_right, tally.types)} of {tally.types}"
            f" | {excluded_names} ({percent(excluded_names, tally.docstrings)})"
            f" | {excluded_sections} ({percent(excluded_sections, tally.docstrings)}) |"
        )
    for style in ORACLES:
        own = [tally for (known, _), tally in tallies.items() if known == style]
        names, right = sum(tally.names for tally in own), sum(tally.names_right for tally in own)
        sections, good = sum(tally.sections for tally in own), sum(tally.sections_right for tally in own)
        print(f"| {style} | **all** | | | {names} | {sum(tally.odd for tally in own)} | {percent(right, names)} | {sections} | {percent(good, sections)} | | | |")
    print("\n## Classes of disagreement\n")
    print("| style | class | docstrings |\n|---|---|---|")
    classes = collections.Counter()
    for (style, _), tally in tallies.items():
        for kind, count in tally.classes.items():
            classes[style, kind] += count
        for kind, count in tally.excluded.items():
            classes[style, "excluded: " + kind] += count
    for (style, kind), count in sorted(classes.items(), key=lambda item: (item[0][0], -item[1])):
        print(f"| {style} | {kind} | {count} |")


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(main())
