"""The corpus: the standard library of the running Python, and source distributions of pinned releases.

Everything lands below ``target/evidence`` of the repository, which git does not see: an environment of its own
with the tools, and the unpacked sources. Where packages come from is the business of pip's configuration.
"""

import shutil
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PLACE = ROOT / "target" / "evidence"

# `unearth` finds and fetches archives without building them, which `pip download` cannot do.
TOOLS = ["unearth==0.19.0", "black==26.10.1", "ruff==0.17.6"]
RELEASES = [
    "ansible-core==2.21.5",
    "django==5.2.19",
    "pandas==3.1.1",
    "scikit-learn==1.9.1",
    "sqlalchemy==2.1.9",
]
# The releases before them, for what is only found between two versions.
EARLIER = [
    "ansible-core==2.19.14",
    "django==5.1.15",
    "pandas==2.3.3",
    "scikit-learn==1.7.2",
    "sqlalchemy==2.0.58",
]
# What pip has put beside the standard library differs from machine to machine.
FOREIGN = {"site-packages", "dist-packages", "__pycache__"}


def tool(name):
    """Return the path of a tool in the environment."""
    return PLACE / "venv" / "bin" / name


def fetch(wanted=RELEASES):
    """Make the environment, then fetch and unpack what is not there yet."""
    if not tool("pip").exists():
        subprocess.run([sys.executable, "-m", "venv", PLACE / "venv"], check=True)
    subprocess.run([tool("pip"), "install", "--quiet", *TOOLS], check=True)
    archives = PLACE / "archives"
    archives.mkdir(parents=True, exist_ok=True)
    for release in wanted:
        folder = PLACE / "sources" / release
        if folder.exists():
            continue
        # The releases need not run here, so the newest Python's are as good as any.
        command = [tool("unearth"), "--no-binary", "--python-version", "3.14", *index(), "--download", archives]
        subprocess.run([*command, release], check=True, stdout=subprocess.DEVNULL)
        stem = release.replace("-", "_").replace("==", "-")
        unpacked = PLACE / "sources" / "unpacking"
        shutil.rmtree(unpacked, ignore_errors=True)
        with tarfile.open(archives / f"{stem}.tar.gz") as archive:
            archive.extractall(unpacked, filter="data")
        (inner,) = unpacked.iterdir()
        inner.rename(folder)
        unpacked.rmdir()
        print(f"fetched {release}")


def index():
    """Return the arguments that make `unearth` ask where pip would ask."""
    asked = subprocess.run([tool("pip"), "config", "list"], check=True, capture_output=True, text=True)
    for line in asked.stdout.splitlines():
        key, _, value = line.partition("=")
        if key.endswith("index-url") and "extra" not in key:
            return ["--index-url", value.strip("'\"")]
    return []


def library():
    """Return the files of the running Python's library, under its name."""
    return {f"CPython {sys.version.split()[0]} Lib": python_files(Path(sysconfig.get_paths()["stdlib"]))}


def releases():
    """Return the files of each release, by its name."""
    parts = {}
    for release in RELEASES:
        folder = PLACE / "sources" / release
        if not folder.exists():
            sys.exit(f"{release} is not there: run `corpus.py fetch` first")
        parts[release.replace("==", " ")] = python_files(folder)
    return parts


def python_files(folder):
    """Return the Python files and stubs below a folder, in the order of their paths."""
    found = []
    for path in sorted(folder.rglob("*.py*")):
        if path.suffix in {".py", ".pyi"} and path.is_file() and not path.is_symlink():
            if not FOREIGN & set(path.relative_to(folder).parts):
                found.append(path)
    return found
