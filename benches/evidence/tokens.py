"""How many tokens a written docstring takes, beside two plainer ways to ask for the same ones.

    tokens.py DOCGATE DJANGO [--count N] [--seed TEXT] [--write PAGE]

DOCGATE is the built program, DJANGO the folder `django` of its sources. Files are drawn at random until they miss so many docstrings;
their copies are a repository in which `docgate fix` writes that many, asking a service on this machine that speaks Azure's protocol and answers
every definition with sentences of usual length. Every request that arrives is counted with Python's tiktoken, and put in two other ways:

- *alone*: each definition in a request of its own, with the same rules, schema, examples and context;
- *whole file*: each definition in a request of its own, with the file that it is in, and nothing beside it.

Answers are the same in all three. What is cached of a prompt is not counted: a service decides that.
"""

import argparse
import ast
import datetime
import http.server
import json
import os
import random
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import gather

MODEL = "gpt-4o-mini"
WORDS = {
    "summary": "Tell what the caller has asked for, in its order.",
    "returns": "What was found, or nothing when there is none.",
    "yields": "One after the other, in the order of the source.",
    "parameter": "What is looked at, as the caller gives it.",
    "raises": "If what is given cannot be used here.",
}


def main():
    """Draw the files, let docgate write, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docgate", type=Path)
    parser.add_argument("django", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", default="docgate")
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    docgate = arguments.docgate.resolve()
    copy = drawn(docgate, arguments.django.resolve(), arguments.count, arguments.seed)
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(copy.rglob("*.py"))}
    bodies, report = asked(docgate, copy, arguments.count)
    written = sum(outcome["state"] == "written" for outcome in report["outcomes"])
    if not written:
        sys.exit("nothing was written")
    counts = counted(bodies, texts, tokenizer())
    lines = page(counts, written, len(bodies), (arguments.count, arguments.seed, len(texts)))
    if arguments.write:
        arguments.write.write_text(lines, encoding="utf-8")
    else:
        print(lines)


def drawn(docgate, source, count, seed):
    """Return a repository with a copy of files that miss enough docstrings."""
    copy = gather.PLACE / "tokens"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet"], cwd=copy, check=True, env=environment())
    paths = sorted(path for path in source.rglob("*.py") if "migrations" not in path.parts and path.stat().st_size > 500)
    random.Random(seed).shuffle(paths)
    missing = 0
    for path in paths:
        target = copy / path.relative_to(source.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        command = [docgate, "fix", "--estimate", "--output-format", "json", target]
        run = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=True, env=environment())
        missing += json.loads(run.stdout)["estimate"]["definitions"]
        if missing >= count:
            return copy
    sys.exit(f"only {missing} docstrings are missing")


def environment(**more):
    """Return an environment in which nobody's configuration counts."""
    place = gather.PLACE / "tokens-cache"
    return {"PATH": os.environ["PATH"], "HOME": str(place), "GIT_CONFIG_NOSYSTEM": "1", "DOCGATE_CACHE": "off", **more}


def asked(docgate, copy, count):
    """Let docgate write, and return the requests that arrived and its report."""
    bodies = []

    class Service(http.server.BaseHTTPRequestHandler):
        """Answers every definition."""

        def do_POST(self):
            """Keep the request and answer it."""
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            bodies.append(body)
            answer = {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": MODEL,
                "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said(data_of(body))}}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }
            text = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    azure = {
        "AZURE_OPENAI_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
        "AZURE_OPENAI_API_KEY": "not-a-key",
        "AZURE_OPENAI_DEPLOYMENT": "docs",
        "DOCGATE_AZURE_MODEL": MODEL,
        "DOCGATE_REQUESTS_PER_MINUTE": "6000000",
        "DOCGATE_TOKENS_PER_MINUTE": "600000000",
    }
    command = [docgate, "fix", ".", "--max-definitions", str(count), "--output-format", "json"]
    run = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False, env=environment(**azure))
    if run.returncode not in (0, 1):
        sys.exit(run.stderr)
    return bodies, json.loads(run.stdout)


def data_of(body):
    """Return the data of a request: its last message."""
    return json.loads(body["messages"][-1]["content"])


def said(data):
    """Return the answer about all definitions of a request."""

    def prose(definition):
        write = definition["write"]
        named = lambda names, text: [{"name": name, "text": text} for name in names]  # noqa: E731
        return {
            "id": definition["id"],
            "summary": WORDS["summary"] if write["summary"] else None,
            "description": None,
            "parameters": named(write["parameters"], WORDS["parameter"]),
            "returns": WORDS["returns"] if write["returns"] else None,
            "yields": WORDS["yields"] if write["yields"] else None,
            "raises": named(write["raises"], WORDS["raises"]),
        }

    return json.dumps({"definitions": [prose(definition) for definition in data["definitions"]]}, separators=(",", ":"))


def counted(bodies, texts, count):
    """Return prompt and answer tokens of the three ways, and how many requests each has."""
    totals = {"docgate": [0, 0, 0], "alone": [0, 0, 0], "whole file": [0, 0, 0]}

    def add(way, body):
        totals[way][0] += of_request(body, count)
        totals[way][1] += count(said(data_of(body)))
        totals[way][2] += 1

    for body in bodies:
        add("docgate", body)
        data = data_of(body)
        for definition in data["definitions"]:
            if "complaints" in definition:
                sys.exit("an answer was sent back, which the other ways are spared")
            around = [block for block in data.get("context", []) if definition["id"] in block["for"]]
            around = [{**block, "for": ["d1"]} for block in around]
            one = {**definition, "id": "d1"}
            add("alone", with_data(body, {"context": around, "definitions": [one]} if around else {"definitions": [one]}))
            whole = file_of(definition, texts)
            only_rules = {**body, "messages": [body["messages"][0], body["messages"][-1]]}
            add("whole file", with_data(only_rules, {"definitions": [{**one, "code": whole}]}))
    return totals


def with_data(body, data):
    """Return a request with other data."""
    last = {**body["messages"][-1], "content": json.dumps(data, ensure_ascii=False, separators=(",", ":"))}
    return {**body, "messages": [*body["messages"][:-1], last]}


def file_of(definition, texts):
    """Return the text of the file that a definition is in."""
    first = definition["code"].splitlines()[0].strip() if definition["code"].strip() else ""
    for text in texts.values():
        if first in text and definition["name"] in names(text):
            return text
    sys.exit(f"no file has {definition['name']}")


def names(text, known={}):  # noqa: B006
    """Return the qualified names of what a text defines; the module's is empty."""
    if text not in known:
        found = {""}
        open_nodes = [("", ast.parse(text))]
        while open_nodes:
            prefix, node = open_nodes.pop()
            for child in ast.iter_child_nodes(node):
                is_definition = isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
                name = f"{prefix}{child.name}" if is_definition else ""
                if is_definition:
                    found.add(name)
                open_nodes.append((f"{name}." if is_definition else prefix, child))
        known[text] = found
    return known[text]


def of_request(body, count):
    """Count a prompt as OpenAI's cookbook does, the schema with it."""
    total = 3
    for message in body["messages"]:
        total += 3 + count(message["role"]) + count(message["content"])
    schema = body["response_format"]["json_schema"]
    return total + count(schema["name"]) + count(json.dumps(schema["schema"], separators=(",", ":")))


def tokenizer():
    """Return what counts; the vocabulary is the file that the counting library of docgate brings."""
    import tiktoken
    from tiktoken.load import load_tiktoken_bpe
    from tiktoken_ext import openai_public

    command = ["cargo", "metadata", "--format-version=1", "--locked", "--offline"]
    metadata = subprocess.run(command, cwd=gather.ROOT, capture_output=True, text=True, check=True).stdout
    packages = json.loads(metadata)["packages"]
    manifest = next(package["manifest_path"] for package in packages if package["name"] == "tiktoken-rs")
    vocabulary = str(Path(manifest).with_name("assets") / "o200k_base.tiktoken")
    openai_public.load_tiktoken_bpe = lambda *_, **__: load_tiktoken_bpe(vocabulary)
    encoding = tiktoken.Encoding(**openai_public.o200k_base())
    return lambda text: len(encoding.encode(text, disallowed_special=()))


def page(totals, written, requests, drawing):
    """Return the page."""
    count, seed, files = drawing
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=gather.ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    lines = [
        "# Tokens for a docstring",
        "",
        "`just evidence-tokens` wrote this page: what it takes to have the same docstrings written in three ways. How they are asked for and counted is",
        "told in `benches/evidence/tokens.py`.",
        "",
        f"- docgate at `{commit}`, {MODEL}, {datetime.date.today()}",
        f"- {count} definitions without a docstring, in {files} files of Django 5.2.19 drawn at random (seed `{seed}`); {written} were written in {requests} requests",
        "",
        "| way | requests | tokens in prompts | in answers | per docstring | beside docgate |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    ours = sum(totals["docgate"][:2])
    for way, (prompts, answers, sent) in totals.items():
        both = prompts + answers
        lines.append(f"| {way} | {sent:,} | {prompts:,} | {answers:,} | {both / written:,.0f} | {both / ours:.2f} × |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
