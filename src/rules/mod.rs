//! What is wrong with a docstring, with the evidence: one constant table of rules, pure functions over definitions.
