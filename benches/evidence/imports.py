"""Whether `docgate config import` turns the rules on that ruff has on, over random configurations; written into docs/adopting.md.

    imports.py [DOCGATE] [--ruff RUFF] [--count N] [--seed N] [--no-write]

Each configuration is a `ruff.toml` that selects and ignores, with and without convention, preview and exact codes. Which rules are on
is asked of ruff itself (`ruff check --show-settings`), and worked out from what the import prints, as docgate does. A family of rules
of which ruff looks for none is left out: there docgate keeps its own. Exits with 1 when one differs.
"""

import argparse
import datetime
import json
import random
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import gather

PAGE = gather.ROOT / "docs" / "adopting.md"
SELECTORS = ["D", "D1", "D2", "D3", "D4", "D10", "D20", "D40", "D107", "D203", "D401", "D413", "D417", "DOC", "DOC2", "DOC201", "ALL", "E", "F"]
PYDOCLINT = {"DOC102", "DOC201", "DOC202", "DOC402", "DOC403", "DOC501", "DOC502"}
# Looked for by ruff where nothing is selected, which says nothing about the others.
USUAL = {"D301", "D419"}
# In preview, so that ruff without preview has no opinion of them.
PREVIEW = {"D420", "D421"}


def family(code):
    """Return the letters of a code."""
    return re.match("[A-Z]*", code).group()


def weight(selectors, code):
    """Return the length of the selector that names a code best; -1 for none."""
    meant = [len(one) for one in selectors if family(one) == family(code) and code.startswith(one)]
    return max([*meant, 1 if "ALL" in selectors else -1])


def random_configuration(draw):
    """Return the text of a ruff.toml."""
    lists = {"select": 4, "ignore": 3, "extend-select": 2}
    lines = ["[lint]"]
    for name, most in lists.items():
        chosen = draw.sample(SELECTORS, draw.randint(0, most))
        if chosen:
            lines.append(f"{name} = {json.dumps(chosen)}")
    preview = draw.choice([True, False])
    lines.append(f"preview = {str(preview).lower()}")
    lines.append(f"explicit-preview-rules = {str(draw.choice([True, False, False])).lower()}")
    convention = draw.choice([None, "google", "numpy", "pep257"])
    if convention:
        lines += ["[lint.pydocstyle]", f'convention = "{convention}"']
    return "\n".join(lines) + "\n", preview


def on_in_ruff(ruff, folder):
    """Return the codes of the rules about docstrings that ruff has on."""
    command = [ruff, "check", "--show-settings", "--no-cache", "."]
    shown = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    enabled = re.search(r"linter\.rules\.enabled = \[(.*?)\]", shown, re.DOTALL)
    return set(re.findall(r"\(((?:D|DOC)\d+)\)", enabled[1]))


def on_in_docgate(rules, configuration):
    """Return the codes of the rules that a configuration of docgate's has on."""
    convention = configuration.get("rules", {}).get("convention", "auto")
    extended, ignored = configuration.get("extend-select", []), configuration.get("ignore", [])
    on = set()
    for rule in rules:
        code = rule["code"]
        chosen = max(weight(extended, code), 0 if rule["default"] != "off" else -1)
        is_silent = convention in rule["off_in"] and code not in extended
        if chosen >= 0 and weight(ignored, code) < max(chosen, 1) and not is_silent:
            on.add(code)
    return on


def main():
    """Compare and print or write what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docgate", nargs="?", type=Path, default=gather.ROOT / "target" / "release" / "docgate")
    parser.add_argument("--ruff", type=Path, default=gather.tool("ruff"))
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-write", action="store_true")
    arguments = parser.parse_args()
    docgate = arguments.docgate.resolve()
    listed = subprocess.run([docgate, "rule", "--all", "--output-format", "json"], check=True, capture_output=True, text=True)
    rules = json.loads(listed.stdout)
    rules = rules["rules"] if isinstance(rules, dict) else rules
    families = [{rule["code"] for rule in rules if family(rule["code"]) == "D"}, PYDOCLINT]
    draw = random.Random(arguments.seed)
    compared, wrong = 0, []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "a.py").touch()
        for _ in range(arguments.count):
            text, preview = random_configuration(draw)
            (folder / "ruff.toml").write_text(text, encoding="utf-8")
            printed = subprocess.run([docgate, "config", "import", "."], cwd=folder, check=True, capture_output=True, text=True).stdout
            wanted, found = on_in_ruff(arguments.ruff, folder), on_in_docgate(rules, tomllib.loads(printed))
            for codes in families:
                if not (wanted & codes) - USUAL:
                    continue
                compared += 1
                different = ((wanted ^ found) & codes) - (set() if preview else PREVIEW)
                if different:
                    wrong.append(f"{sorted(different)}, ruff has {sorted(different & wanted)}:\n{text}\n{printed}")
    version = subprocess.run([arguments.ruff, "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]
    line = (
        f"{arguments.count} random configurations of ruff {version} (seed {arguments.seed}), in which it looks for rules of a family "
        f"{compared} times: {compared - len(wrong)} times the import has the same rules on. Compared on {datetime.date.today()}."
    )
    print(line, *wrong[:5], sep="\n")
    if not arguments.no_write:
        marks = re.compile(r"(<!-- imports: .*? -->\n).*?(<!-- imports ends -->)", re.DOTALL)
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(marks.sub(lambda found: f"{found[1]}\n{line}\n\n{found[2]}", page), encoding="utf-8")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
