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
