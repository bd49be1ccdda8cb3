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

# A commit in a scratch repository, from the finding to the written docstring.
demo:
    .ci/run demo

# Everything, in the order of CI.
ci:
    .ci/run

# What docgate reads in docstrings against what other libraries read; needs the network once, for the libraries.
# Corpora are given as NAME=FOLDER: just evidence-docstrings django=/src/django
evidence-docstrings +corpora:
    cargo build --release --locked --example docstrings
    python3 -m venv target/evidence/docstrings
    target/evidence/docstrings/bin/pip install --quiet docstring_parser==0.18.0 griffelib==2.4.1 numpydoc==1.11.0 sphinx==9.0.4 pydoctor==25.10.1 pyment==0.3.3
    target/evidence/docstrings/bin/python benches/evidence/docstrings.py target/release/examples/docstrings {{corpora}}
