"""How fast docgate reads Python's own library, written into docs/performance.md between its two marks.

Times are medians of interleaved runs. The machine may be busy, so instructions are counted as well, by valgrind,
over each fortieth file: they do not depend on what else runs. Build first: cargo build --release --example speed.
"""

import datetime
import json
import platform
import re
import statistics
import subprocess
import sys

import gather

TOOL = gather.ROOT / "target" / "release" / "examples" / "speed"
PAGE = gather.ROOT / "docs" / "performance.md"
STAGES = ["tree", "walk", "metrics"]
ROUNDS = 5
SAMPLE = 40


def main():
    """Measure, print, and put the table into its place."""
    tool = sys.argv[1] if len(sys.argv) > 1 else TOOL
    (files,) = gather.library().values()
    answers = {stage: [] for stage in STAGES}
    for _ in range(ROUNDS):
        for stage in STAGES:
            answers[stage].append(json.loads(run([tool, stage, "1"], files).stdout))
    seconds = {stage: statistics.median(answer["seconds"][0] for answer in answers[stage]) for stage in STAGES}
    counts = {stage: instructions(tool, stage, files[::SAMPLE]) for stage in ["read", *STAGES]}
    counted = {stage: counts[stage] - counts["read"] for stage in STAGES}
    one = answers["walk"][0]
    rows = [
        ("tree-sitter's parse alone", "tree", ""),
        ("the same with definitions, facts and fingerprints", "walk", f"{one['definitions'] / seconds['walk']:,.0f}"),
        ("the same with metrics instead", "metrics", ""),
    ]
    lines = [
        f"{list(gather.library())[0]}: {one['files']:,} files, {one['bytes'] / 1e6:.1f} MB, "
        f"{one['definitions']:,} definitions; one thread, medians of {ROUNDS} interleaved runs.",
        "",
        "| stage | seconds | MB/s | definitions/s | million instructions | beyond the parse |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, stage, definitions in rows:
        beyond = (counted[stage] - counted["tree"]) / counted["tree"]
        lines.append(
            f"| {name} | {seconds[stage]:.2f} | {one['bytes'] / 1e6 / seconds[stage]:.1f} | {definitions} | "
            f"{counted[stage] / 1e6:,.0f} | {f'{beyond:.0%}' if stage != 'tree' else ''} |"
        )
    lines += ["", f"Measured on {datetime.date.today()} on {processor()}; `just evidence-speed` measures again."]
    table = "\n".join(lines)
    print(table)
    put(table, "speed")
    walk = (counted["walk"] - counted["tree"]) / counted["tree"]
    return walk > 1 / 3


def put(table, name):
    """Put a table between the two marks of a name."""
    page = PAGE.read_text(encoding="utf-8")
    marks = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- {name} ends? -->)", re.DOTALL)
    PAGE.write_text(marks.sub(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", page), encoding="utf-8")


def run(command, files):
    """Run the tool over files."""
    names = "\n".join(map(str, files))
    return subprocess.run(command, input=names, check=True, capture_output=True, text=True)


def instructions(tool, stage, files):
    """Count the instructions of one repetition."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", tool, stage, "1"]
    said = run(command, files).stderr
    return int(re.search(r"Collected : (\d+)", said)[1])


def processor():
    """Name the machine."""
    asked = subprocess.run(["lscpu"], capture_output=True, text=True).stdout
    found = re.search(r"Model name:\s*(.*)", asked)
    return f"{platform.system()}, {found[1] if found else platform.machine()}"


if __name__ == "__main__":
    sys.exit(main())
